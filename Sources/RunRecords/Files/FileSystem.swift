import Foundation

/// The system's calls that a run is written and read with: as few as do.
///
/// Tests put others in their place, whose calls fail, or which forget what was not synced when the
/// power goes. Signals that come between are the implementation's to deal with.
package protocol FileSystem: Sendable {
  /// Opens a file, or a folder, with the flags of `open(2)`; returns its descriptor.
  func open(_ path: String, flags: Int32) throws(SystemFault) -> Int32
  func close(_ file: Int32) throws(SystemFault)
  func status(of file: Int32) throws(SystemFault) -> FileStatus
  /// Of what `path` names, or of the link that it is.
  func status(at path: String, followingLink: Bool) throws(SystemFault) -> FileStatus
  /// Returns how many bytes were read; 0 at the end of the file.
  func read(
    _ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemFault) -> Int
  /// Writes at the end; returns how many bytes were taken.
  func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemFault) -> Int
  func truncate(_ file: Int32, to size: Int) throws(SystemFault)
  /// Has what was written, or the names in a folder, outlive a power failure.
  func sync(_ file: Int32) throws(SystemFault)
  func rename(_ path: String, to other: String) throws(SystemFault)
  func remove(_ path: String) throws(SystemFault)
  func makeFolder(_ path: String) throws(SystemFault)
  /// In no order.
  func names(in folder: String) throws(SystemFault) -> [String]
}

/// A call that failed: its `errno`.
package struct SystemFault: Error, Equatable {
  package let number: Int32

  package init(_ number: Int32) { self.number = number }
}

/// What a file system says of a file.
package struct FileStatus: Sendable {
  package let size: Int
  package let kind: Kind

  package enum Kind: Sendable { case file, folder, other }

  package init(size: Int, kind: Kind) {
    self.size = size
    self.kind = kind
  }
}
