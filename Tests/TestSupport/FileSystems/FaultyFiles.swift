import Foundation
import RunRecords
import Synchronization

/// A file system one of whose calls fails, and all later ones of its kind where the fault lasts.
package final class FaultyFiles: FileSystem {
  /// The calls that change a disk, or bring something new to it.
  package enum Call: String, CaseIterable, Sendable {
    case open, write, truncate, sync, close, rename, remove, makeFolder
  }

  private struct State {
    var calls = 0
    var failed: [Call: Int] = [:]
  }

  private let files: any FileSystem
  private let state = Mutex(State())
  private let failing: Int
  private let number: Int32
  private let lasts: Bool
  private let before: @Sendable () -> Void

  /// - Parameters:
  ///   - failing: the call that fails, counted from 1.
  ///   - number: the `errno` that it fails with; 0 for writes that lose half and report success.
  ///   - lasts: whether every later call fails too.
  ///   - before: what happens at that moment.
  package init(
    _ files: any FileSystem, failing: Int, with number: Int32, lasts: Bool,
    before: @escaping @Sendable () -> Void = {}
  ) {
    self.files = files
    self.failing = failing
    self.number = number
    self.lasts = lasts
    self.before = before
  }

  /// How many calls have failed, by kind.
  package var failed: [Call: Int] { state.withLock(\.failed) }
  /// How many calls there were.
  package var calls: Int { state.withLock(\.calls) }

  private func meet(_ call: Call) throws(SystemFault) {
    let (fails, isFirst) = state.withLock { state in
      state.calls += 1
      let fails = lasts ? state.calls >= failing : state.calls == failing
      if fails { state.failed[call, default: 0] += 1 }
      return (fails, state.calls == failing)
    }
    if isFirst { before() }
    if fails, call == .write || number != 0 { throw SystemFault(number) }
  }

  package func open(_ path: String, flags: Int32) throws(SystemFault) -> Int32 {
    try meet(.open)
    return try files.open(path, flags: flags)
  }

  package func close(_ file: Int32) throws(SystemFault) {
    // A close that fails has closed.
    try files.close(file)
    try meet(.close)
  }

  package func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemFault) -> Int {
    do throws(SystemFault) {
      try meet(.write)
    } catch {
      // A disk that becomes full takes a part before it says so.
      _ = try files.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]))
      if error.number == 0 { return bytes.count }
      throw error
    }
    return try files.write(file, bytes)
  }

  package func truncate(_ file: Int32, to size: Int) throws(SystemFault) {
    try meet(.truncate)
    try files.truncate(file, to: size)
  }

  package func sync(_ file: Int32) throws(SystemFault) {
    try meet(.sync)
    try files.sync(file)
  }

  package func rename(_ path: String, to other: String) throws(SystemFault) {
    try meet(.rename)
    try files.rename(path, to: other)
  }

  package func remove(_ path: String) throws(SystemFault) {
    try meet(.remove)
    try files.remove(path)
  }

  package func makeFolder(_ path: String) throws(SystemFault) {
    try meet(.makeFolder)
    try files.makeFolder(path)
  }

  package func status(of file: Int32) throws(SystemFault) -> FileStatus {
    try files.status(of: file)
  }

  package func status(at path: String, followingLink: Bool) throws(SystemFault) -> FileStatus {
    try files.status(at: path, followingLink: followingLink)
  }

  package func read(
    _ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemFault) -> Int {
    try files.read(file, into: buffer, at: offset)
  }

  package func names(in folder: String) throws(SystemFault) -> [String] {
    try files.names(in: folder)
  }
}
