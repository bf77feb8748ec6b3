import CPJRT
import Communication
import Executors
import Foundation

/// Processes whose clients know each other's devices, so that a program may run on all of them.
///
/// A plugin brings them together by notes, which go from process to process over a ``NoteBoard``.
///
/// > Source: the PJRT C API's key-value callbacks, interface 0.60; `num_nodes` and `node_id` are options
/// > of NVIDIA's plugin.
public final class ClientGroup: Sendable {
  /// This process, from 0.
  public let own: Int
  public let count: Int
  private let board: NoteBoard

  /// - Parameter board: of these processes and nobody else.
  public init(own: Int, count: Int, _ board: NoteBoard) {
    (self.own, self.count, self.board) = (own, count, board)
  }

  /// Has the others wait for this process no longer, which made no client.
  public func giveUp() { board.close() }

  /// Whether another process has made none.
  public var othersGaveUp: Bool { board.wasClosedByOther }

  /// Gives the others a program.
  func give(_ program: [UInt8], named name: String) {
    board.put(program, under: Array("program \(name)".utf8))
  }

  /// The program that another process gives, once it is there; nil where it could not make it.
  func given(named name: String) -> [UInt8]? {
    let program = board.note(under: Array("program \(name)".utf8), seconds: Self.patience)
    return program?.isEmpty == true ? nil : program
  }

  /// The least of the numbers that the processes have, as far as they have one.
  func least(of number: Int?, named name: String) throws(ExecutorError) -> Int? {
    func key(_ process: Int) -> String { "\(name) of \(process)" }
    board.put(Array((number.map(String.init) ?? "").utf8), under: Array(key(own).utf8))
    var found: [Int] = []
    for process in 0..<count {
      found += try [Int(awaited(key(process)))].compactMap(\.self)
    }
    return found.min()
  }

  /// What the first process finds, for all of them.
  func agreed(_ own: Bool, on name: String) throws(ExecutorError) -> Bool {
    if self.own == 0 { board.put(Array("\(own)".utf8), under: Array(name.utf8)) }
    return try awaited(name) == "true"
  }

  private func awaited(_ name: String) throws(ExecutorError) -> String {
    guard let note = board.note(under: Array(name.utf8), seconds: Self.patience) else {
      throw ExecutorError(
        .library, problem: "another process has not said its part: \(name)",
        fix: "see what it says itself")
    }
    return String(decoding: note, as: UTF8.self)
  }

  /// Seconds, as many as a compiler takes; a process that ends ends all.
  private static let patience = 3600.0

  var options: [(name: String, value: CNamedValues.Value)] {
    [("num_nodes", .whole(count)), ("node_id", .whole(own))]
  }

  /// The functions by which a client leaves and asks for notes, as long as this group is there.
  func fill(_ arguments: inout PJRT_Client_Create_Arguments) {
    let context = Unmanaged.passUnretained(board).toOpaque()
    (arguments.get_context, arguments.put_context) = (context, context)
    arguments.try_get_context = context
    arguments.get = { asked in
      guard let asked else { return nil }
      let call = asked.pointee
      let seconds = Double(call.milliseconds) / 1000
      guard
        let note = notes(call.context).note(under: bytes(call.key, call.key_size), seconds: seconds)
      else { return refusal(call.error, PJRT_Code_DeadlineExceeded, call.key, call.key_size) }
      asked.pointee.value = copy(note)
      asked.pointee.value_size = note.count
      asked.pointee.destroy = { free($0) }
      return nil
    }
    arguments.try_get = { asked in
      guard let asked else { return nil }
      let call = asked.pointee
      guard let note = notes(call.context).note(under: bytes(call.key, call.key_size)) else {
        return refusal(call.error, PJRT_Code_NotFound, call.key, call.key_size)
      }
      asked.pointee.value = copy(note)
      asked.pointee.value_size = note.count
      asked.pointee.destroy = { free($0) }
      return nil
    }
    arguments.put = { left in
      guard let call = left?.pointee else { return nil }
      notes(call.context).put(
        bytes(call.value, call.value_size), under: bytes(call.key, call.key_size))
      return nil
    }
  }
}

// What the functions above are made of: they are C's, and hold nothing.

private func notes(_ context: UnsafeMutableRawPointer?) -> NoteBoard {
  guard let context else { preconditionFailure("a plugin that forgets whom it asks") }
  return Unmanaged<NoteBoard>.fromOpaque(context).takeUnretainedValue()
}

private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> [UInt8] {
  Array(UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count)))
}

/// In memory that `free` gives back.
private func copy(_ note: [UInt8]) -> UnsafeMutablePointer<CChar>? {
  guard let memory = malloc(note.count + 1) else { return nil }
  UnsafeMutableRawBufferPointer(start: memory, count: note.count).copyBytes(from: note)
  return memory.assumingMemoryBound(to: CChar.self)
}

private func refusal(
  _ error: UnsafeMutablePointer<PJRT_Callback_Error?>?, _ code: Int,
  _ key: UnsafePointer<CChar>?, _ keySize: Int
) -> UnsafeMutableRawPointer? {
  let name = String(decoding: bytes(key, keySize), as: UTF8.self)
  let message = "no process has left the note '\(name)'"
  return error?.pointee?(Int32(code), message, message.utf8.count)
}
