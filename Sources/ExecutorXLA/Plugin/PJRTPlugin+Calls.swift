import CPJRT
import Executors

// Calls.
extension PJRTPlugin {
  /// Calls a function with its structure; returns that with what the function wrote.
  @discardableResult
  func call<Arguments>(
    _ function: Int, _ arguments: Arguments
  ) throws(ExecutorError) -> Arguments {
    var arguments = arguments
    guard let pointer = self.function(function) else {
      throw ExecutorError(
        .unsupported,
        problem: "the plugin \(path), of interface \(version), lacks function \(function)",
        fix: "use a newer plugin")
    }
    let error = withUnsafeMutableBytes(of: &arguments) { bytes in
      bytes.storeBytes(of: MemoryLayout<Arguments>.size, as: Int.self)
      return pointer(bytes.baseAddress)
    }
    guard let error else { return arguments }
    throw failure(of: error)
  }

  /// Lets go of something, by the function for its kind.
  func destroy(_ function: Int, _ object: UnsafeMutableRawPointer?) {
    var arguments = PJRT_Destroy_Arguments()
    arguments.struct_size = MemoryLayout<PJRT_Destroy_Arguments>.size
    arguments.object = object
    let error = self.function(function)?(&arguments)
    // The function for errors returns nothing; an error of the others would have nobody to be told.
    if function == PJRT_Function_Error_Destroy { return }
    if let error { destroy(PJRT_Function_Error_Destroy, error) }
  }

  /// nil where the plugin's table ends before.
  private func function(_ place: Int) -> PJRT_Function? {
    // The table lies behind the version.
    let end = MemoryLayout<PJRT_Api>.size + (place + 1) * MemoryLayout<PJRT_Function?>.stride
    guard api.pointee.struct_size >= end else { return nil }
    let table = UnsafeRawPointer(api).advanced(by: MemoryLayout<PJRT_Api>.size)
      .assumingMemoryBound(to: PJRT_Function?.self)
    return table[place]
  }

  /// What an error says; frees it.
  private func failure(of error: UnsafeMutableRawPointer) -> ExecutorError {
    var code = PJRT_Error_Code_Arguments()
    code.struct_size = MemoryLayout<PJRT_Error_Code_Arguments>.size
    code.error = UnsafeRawPointer(error)
    _ = function(PJRT_Function_Error_Code)?(&code)
    let text = message(of: error)
    if Int(code.code) == PJRT_Code_ResourceExhausted {
      return ExecutorError(
        .outOfMemory, problem: "the device has too little memory: \(text)",
        fix: "use a smaller --batch-size or --max-batch")
    }
    return ExecutorError(
      .unsupported, problem: "the plugin \(path) says: \(text)", fix: "see its documentation")
  }

  private func message(of error: UnsafeMutableRawPointer) -> String {
    var arguments = PJRT_Error_Message_Arguments()
    arguments.struct_size = MemoryLayout<PJRT_Error_Message_Arguments>.size
    arguments.error = UnsafeRawPointer(error)
    _ = function(PJRT_Function_Error_Message)?(&arguments)
    let text = Self.text(arguments.message, arguments.message_size)
    destroy(PJRT_Function_Error_Destroy, error)
    return text
  }

  static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Waits until what an event stands for is done, and lets go of it.
  ///
  /// - Throws: what went wrong meanwhile.
  func await(_ event: UnsafeMutableRawPointer?) throws(ExecutorError) {
    guard let event else { return }
    defer { destroy(PJRT_Function_Event_Destroy, event) }
    var arguments = PJRT_Event_Await_Arguments()
    arguments.event = event
    try call(PJRT_Function_Event_Await, arguments)
  }
}

/// Text in memory that stays where it is.
final class CText {
  let pointer: UnsafePointer<CChar>
  let count: Int

  convenience init(_ text: String) { self.init(bytes: Array(text.utf8)) }

  init(bytes: [UInt8]) {
    count = bytes.count
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: count + 1)
    for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
    copy[count] = 0
    pointer = UnsafePointer(copy)
  }

  deinit { pointer.deallocate() }
}

/// Named values in memory, as several functions take them.
final class CNamedValues {
  enum Value {
    case text(String)
    case number(Float)
    case whole(Int)
    case wholes([Int])
    case flag(Bool)
  }

  private var texts: [CText] = []
  private var lists: [UnsafeMutablePointer<Int64>] = []
  private var named: [PJRT_Named] = []

  init(_ values: [(name: String, value: Value)]) {
    named = values.map { name, value in
      var result = PJRT_Named()
      result.struct_size = MemoryLayout<PJRT_Named>.size
      let name = kept(name)
      (result.name, result.name_size) = (name.pointer, name.count)
      result.value_size = 1
      switch value {
      case .text(let text):
        let text = kept(text)
        result.type = Int32(PJRT_Value_String)
        (result.string, result.value_size) = (text.pointer, text.count)
      case .number(let number):
        result.type = Int32(PJRT_Value_Float)
        result.number = number
      case .whole(let number):
        result.type = Int32(PJRT_Value_Integer)
        result.integer = Int64(number)
      case .wholes(let numbers):
        result.type = Int32(PJRT_Value_Integers)
        (result.integers, result.value_size) = (kept(numbers), numbers.count)
      case .flag(let flag):
        result.type = Int32(PJRT_Value_Bool)
        result.flag = flag
      }
      return result
    }
  }

  deinit { lists.forEach { $0.deallocate() } }

  private func kept(_ numbers: [Int]) -> UnsafePointer<Int64> {
    let list = UnsafeMutablePointer<Int64>.allocate(capacity: numbers.count)
    list.initialize(from: numbers.map(Int64.init), count: numbers.count)
    lists.append(list)
    return UnsafePointer(list)
  }

  private func kept(_ text: String) -> CText {
    let text = CText(text)
    texts.append(text)
    return text
  }

  func withPointer<Result>(
    _ body: (UnsafePointer<PJRT_Named>?, Int) throws(ExecutorError) -> Result
  ) throws(ExecutorError) -> Result {
    try withExtendedLifetime(self) { () throws(ExecutorError) in
      try named.withUnsafeBufferPointer { named throws(ExecutorError) in
        try body(named.baseAddress, named.count)
      }
    }
  }
}
