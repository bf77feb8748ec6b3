import Foundation
import RunRecords
import Synchronization

/// A disk in memory that, like a real one, keeps through a power failure only what was synced.
///
/// A file's content is safe when the file was synced, a name when its folder was. What was not may
/// survive all the same, each kind apart: disks write in an order of their own.
package final class MemoryDisk: FileSystem {
  /// What outlives a power failure beside what was synced.
  package enum Luck: CaseIterable, Sendable { case nothing, names, contents, everything }

  fileprivate struct Node {
    var kind: FileStatus.Kind
    var content: [UInt8] = []
    var safeContent: [UInt8] = []

    mutating func keep() { safeContent = content }
    mutating func forget() { content = safeContent }
    mutating func cut(to size: Int) { content = Array(content.prefix(size)) }
  }

  fileprivate struct State {
    var nodes: [Int: Node] = [0: Node(kind: .folder)]
    /// Absolute paths, without the root's.
    var names: [String: Int] = [:]
    var safeNames: [String: Int] = [:]
    var open: [Int32: (node: Int, path: String)] = [:]
    var nextNode = 1
    var nextFile: Int32 = 3
  }

  private let state = Mutex(State())
  private let syncs: Bool

  /// - Parameter syncs: whether a sync does what it says; a disk that lies is a test's control.
  package init(syncs: Bool = true) { self.syncs = syncs }

  /// Ends every open file and forgets what was not synced.
  package func failPower(_ luck: Luck) {
    state.withLock { state in
      if luck == .nothing || luck == .contents { state.names = state.safeNames }
      if luck == .nothing || luck == .names {
        for key in state.nodes.keys { state.nodes[key]?.forget() }
      }
      state.safeNames = state.names
      for key in state.nodes.keys { state.nodes[key]?.keep() }
      state.open = [:]
    }
  }

  package func open(_ path: String, flags: Int32) throws(SystemFault) -> Int32 {
    try change { state throws(SystemFault) in
      var node = state.node(path)
      if node == nil, flags & O_CREAT != 0 { node = try state.add(path, .file) }
      guard let node else { throw SystemFault(ENOENT) }
      if flags & O_TRUNC != 0 { state.nodes[node]?.content = [] }
      state.nextFile += 1
      state.open[state.nextFile] = (node, path)
      return state.nextFile
    }
  }

  package func close(_ file: Int32) throws(SystemFault) {
    try change { state throws(SystemFault) in
      if state.open.removeValue(forKey: file) == nil { throw SystemFault(EBADF) }
    }
  }

  package func status(of file: Int32) throws(SystemFault) -> FileStatus {
    try change { state throws(SystemFault) in
      state.status(try state.node(of: file))
    }
  }

  package func status(at path: String, followingLink: Bool) throws(SystemFault) -> FileStatus {
    try change { state throws(SystemFault) in
      guard let node = state.node(path) else { throw SystemFault(ENOENT) }
      return state.status(node)
    }
  }

  package func read(
    _ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemFault) -> Int {
    let content = try change { state throws(SystemFault) in
      state.nodes[try state.node(of: file)]?.content ?? []
    }
    let part = content.dropFirst(offset).prefix(buffer.count)
    buffer.copyBytes(from: part)
    return part.count
  }

  package func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemFault) -> Int {
    let copy = Array(bytes)
    try change { state throws(SystemFault) in
      state.nodes[try state.node(of: file)]?.content += copy
    }
    return copy.count
  }

  package func truncate(_ file: Int32, to size: Int) throws(SystemFault) {
    try change { state throws(SystemFault) in
      state.nodes[try state.node(of: file)]?.cut(to: size)
    }
  }

  package func sync(_ file: Int32) throws(SystemFault) {
    guard syncs else { return }
    try change { state throws(SystemFault) in
      let node = try state.node(of: file)
      guard state.nodes[node]?.kind == .folder, let folder = state.open[file]?.path else {
        state.nodes[node]?.keep()
        return
      }
      let inside = { (name: String) in parentFolder(of: name) == folder }
      state.safeNames = state.safeNames.filter { !inside($0.key) }
        .merging(state.names.filter { inside($0.key) }) { $1 }
    }
  }

  package func rename(_ path: String, to other: String) throws(SystemFault) {
    try change { state throws(SystemFault) in
      guard let node = state.names.removeValue(forKey: path) else { throw SystemFault(ENOENT) }
      state.names[other] = node
    }
  }

  package func remove(_ path: String) throws(SystemFault) {
    try change { state throws(SystemFault) in
      if state.names.removeValue(forKey: path) == nil { throw SystemFault(ENOENT) }
    }
  }

  package func makeFolder(_ path: String) throws(SystemFault) {
    try change { state throws(SystemFault) in
      if state.node(path) != nil { throw SystemFault(EEXIST) }
      _ = try state.add(path, .folder)
    }
  }

  package func names(in folder: String) throws(SystemFault) -> [String] {
    try change { state throws(SystemFault) in
      guard state.node(folder) != nil else { throw SystemFault(ENOENT) }
      return state.names.keys.filter { parentFolder(of: $0) == folder }
        .map { String($0.dropFirst(folder.count + 1)) }
    }
  }

  private func change<Result: Sendable>(
    _ body: (inout State) throws(SystemFault) -> Result
  ) throws(SystemFault) -> Result {
    try state.withLock { state throws(SystemFault) in try body(&state) }
  }
}

extension MemoryDisk.State {
  fileprivate func node(_ path: String) -> Int? { path == "/" ? 0 : names[path] }

  fileprivate func node(of file: Int32) throws(SystemFault) -> Int {
    guard let node = open[file]?.node else { throw SystemFault(EBADF) }
    return node
  }

  fileprivate func status(_ node: Int) -> FileStatus {
    FileStatus(size: nodes[node]?.content.count ?? 0, kind: nodes[node]?.kind ?? .other)
  }

  fileprivate mutating func add(
    _ path: String, _ kind: FileStatus.Kind
  ) throws(SystemFault) -> Int {
    guard node(parentFolder(of: path)) != nil else { throw SystemFault(ENOENT) }
    defer { nextNode += 1 }
    nodes[nextNode] = MemoryDisk.Node(kind: kind)
    names[path] = nextNode
    return nextNode
  }
}
