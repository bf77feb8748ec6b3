import Foundation

/// Notes that ranks leave for each other, each under a key: whoever asks for one waits until it is
/// there.
///
/// For what libraries of devices tell each other while they join, and the programs they run: few
/// notes, at moments that no meeting could know of. May be used from any thread.
public final class NoteBoard: Sendable {
  private let changed = NSCondition()
  // Guarded by `changed`.
  nonisolated(unsafe) private var notes: [[UInt8]: [UInt8]] = [:]
  nonisolated(unsafe) private var isClosed = false
  nonisolated(unsafe) private var othersClosed = false
  private let send: @Sendable (_ letter: [UInt8]) -> Void

  /// - Parameter send: brings a letter to all other ranks, who ``take(_:)`` it.
  package init(send: @escaping @Sendable (_ letter: [UInt8]) -> Void) { self.send = send }

  /// Leaves a note for all ranks.
  ///
  /// Of each key one rank is the writer: its later note takes the place of its earlier one.
  public func put(_ note: [UInt8], under key: [UInt8]) {
    add(note, under: key)
    send(Self.letter(key, note))
  }

  /// The note under a key, once it is there; nil where it did not come in time.
  public func note(under key: [UInt8], seconds: Double = 0) -> [UInt8]? {
    let end = Date(timeIntervalSinceNow: seconds)
    return changed.withLock {
      while notes[key] == nil, !isClosed, changed.wait(until: end) {}
      return notes[key]
    }
  }

  /// Has all ranks wait for no more notes: this one has failed, and would not leave its own.
  public func close() {
    shut(byOther: false)
    send([])
  }

  /// Whether another rank has closed the board.
  public var wasClosedByOther: Bool { changed.withLock { othersClosed } }

  /// Takes what another rank has sent.
  package func take(_ letter: [UInt8]) {
    guard letter.count >= Self.headSize else { return shut(byOther: true) }
    let count = letter.withUnsafeBytes {
      Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)))
    }
    let rest = letter.dropFirst(Self.headSize)
    add(Array(rest.dropFirst(count)), under: Array(rest.prefix(count)))
  }

  private func add(_ note: [UInt8], under key: [UInt8]) {
    changed.withLock {
      notes[key] = note
      changed.broadcast()
    }
  }

  private func shut(byOther: Bool) {
    changed.withLock {
      isClosed = true
      if byOther { othersClosed = true }
      changed.broadcast()
    }
  }

  // A letter: the key's length, the key, the note.
  private static let headSize = MemoryLayout<UInt64>.size

  private static func letter(_ key: [UInt8], _ note: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(key.count).littleEndian, Array.init) + key + note
  }
}
