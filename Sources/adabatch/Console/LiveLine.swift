import AdaBatch
import Foundation
import Synchronization

/// The line at the end of a terminal's text that changes where it stands.
///
/// What else is printed takes its place, on stderr too, and it comes back below. It hides no cursor
/// and sets no mode, so there is nothing to restore after a kill.
struct LiveLine: ~Copyable {
  private static let clear = "\r\u{1B}[K"

  /// What is shown; nil while there is no such line.
  private let text = Mutex<String?>(nil)

  /// From here on there is a line to draw on.
  func begin() { text.withLock { $0 = "" } }

  /// Draws the line anew; returns false once it has ended.
  func draw(_ new: String) -> Bool {
    text.withLock { text in
      guard text != nil else { return false }
      guard Terminal.isForeground else { return true }
      text = new
      put(Self.clear + new, to: STDOUT_FILENO)
      return true
    }
  }

  /// Takes the line away for good.
  func end() {
    text.withLock { text in
      if text?.isEmpty == false { put(Self.clear, to: STDOUT_FILENO) }
      text = nil
    }
  }

  /// Writes what stays, above the line; returns the system's error number where that failed.
  @discardableResult
  func write(_ permanent: String, to descriptor: Int32) -> Int32? {
    text.withLock { text in
      guard let text, !text.isEmpty else { return put(permanent, to: descriptor) }
      put(Self.clear, to: STDOUT_FILENO)
      defer { put(text, to: STDOUT_FILENO) }
      return put(permanent, to: descriptor)
    }
  }
}

/// Returns the system's error number where the text could not be written.
@discardableResult
private func put(_ text: String, to descriptor: Int32) -> Int32? {
  Array(text.utf8).withUnsafeBytes { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = retrying { Foundation.write(descriptor, piece.baseAddress, piece.count) }
      guard count >= 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}
