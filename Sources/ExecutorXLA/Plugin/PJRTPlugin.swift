import CPJRT
import Executors
import Foundation

/// An accelerator's compiler and runtime, loaded from a shared library: a PJRT plugin.
///
/// One interface for NVIDIA's, AMD's, Apple's and Google's devices; a build needs none of their
/// software. A plugin is loaded once for the process, and never let go.
public struct PJRTPlugin: @unchecked Sendable {
  // Its functions may be called from any thread.
  private let api: UnsafePointer<PJRT_Api>
  public let path: String

  /// The interface that it was built with, as in `0.115`.
  public var version: String { "\(api.pointee.version.major).\(api.pointee.version.minor)" }

  /// The oldest interface whose functions stand where we look for them.
  private static let oldestMinor: Int32 = 33

  /// - Parameter path: of the shared library, such as `xla_cuda_plugin.so`.
  /// - Throws: ``ExecutorError`` with code `unsupported` that says what is wrong with the library.
  public init(loading path: String) throws(ExecutorError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Self.unusable(path, "there is no such file", "name the plugin's shared library")
    }
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw Self.unusable(
        path, String(cString: dlerror()), "name a PJRT plugin that is built for this system")
    }
    guard let symbol = dlsym(library, "GetPjrtApi") else {
      throw Self.unusable(
        path, "it is no PJRT plugin: it has no GetPjrtApi", "name another shared library")
    }
    typealias GetAPI = @convention(c) () -> UnsafePointer<PJRT_Api>?
    guard let api = unsafeBitCast(symbol, to: GetAPI.self)() else {
      throw Self.unusable(path, "it gives no interface", "install it again")
    }
    (self.api, self.path) = (api, path)
    let (major, minor) = (api.pointee.version.major, api.pointee.version.minor)
    guard major == 0, minor >= Self.oldestMinor else {
      throw Self.unusable(
        path, "its interface is \(major).\(minor)",
        "use a plugin with an interface from 0.\(Self.oldestMinor) on, below 1.0")
    }
    try call(PJRT_Function_Plugin_Initialize, PJRT_Plugin_Initialize_Arguments())
  }

  private static func unusable(_ path: String, _ reason: String, _ fix: String) -> ExecutorError {
    ExecutorError(.unsupported, problem: "the plugin \(path) cannot be used: \(reason)", fix: fix)
  }

  /// What it says of itself, such as `stablehlo_current_version`, as text.
  public func attributes() throws(ExecutorError) -> [String: String] {
    let found = try call(
      PJRT_Function_Plugin_Attributes, PJRT_Plugin_Attributes_Arguments())
    let all = UnsafeBufferPointer(start: found.attributes, count: found.count)
    return Dictionary(
      all.map { (Self.text($0.name, $0.name_size), Self.value(of: $0)) }, uniquingKeysWith: { $1 })
  }

  private static func value(of named: PJRT_Named) -> String {
    switch Int(named.type) {
    case PJRT_Value_String: text(named.string, named.value_size)
    case PJRT_Value_Integer: "\(named.integer)"
    case PJRT_Value_Integers:
      UnsafeBufferPointer(start: named.integers, count: named.value_size)
        .map(String.init).joined(separator: ".")
    case PJRT_Value_Float: "\(named.number)"
    default: "\(named.flag)"
    }
  }

  /// Compiles for devices that are described and need not be here.
  ///
  /// - Parameters:
  ///   - program: StableHLO.
  ///   - target: the device, a `GpuTargetConfig` as a text proto.
  ///   - topology: processes × hosts × devices.
  /// - Returns: how many results the program has.
  /// - Throws: ``ExecutorError`` with what the compiler says.
  public func compile(
    _ program: String, for target: String, topology: String = "1x1x1"
  ) throws(ExecutorError) -> Int {
    let topology = try makeTopology([("target_config", target), ("topology", topology)])
    defer {
      var arguments = PJRT_Topology_Destroy_Arguments()
      arguments.topology = topology
      _ = try? call(PJRT_Function_Topology_Destroy, arguments)
    }
    let executable = try compile(program, topology)
    defer {
      var arguments = PJRT_Executable_Destroy_Arguments()
      arguments.executable = executable
      _ = try? call(PJRT_Function_Executable_Destroy, arguments)
    }
    var outputs = PJRT_Executable_NumOutputs_Arguments()
    outputs.executable = executable
    return try call(PJRT_Function_Executable_NumOutputs, outputs).count
  }

  private func makeTopology(
    _ options: [(name: String, value: String)]
  ) throws(ExecutorError) -> UnsafeMutableRawPointer? {
    let texts = options.map { (CText($0.name), CText($0.value)) }
    let named = texts.map { name, value in
      var named = PJRT_Named()
      named.struct_size = MemoryLayout<PJRT_Named>.size
      (named.name, named.name_size) = (name.pointer, name.count)
      named.type = Int32(PJRT_Value_String)
      (named.string, named.value_size) = (value.pointer, value.count)
      return named
    }
    return try withExtendedLifetime(texts) { () throws(ExecutorError) in
      try named.withUnsafeBufferPointer { named throws(ExecutorError) in
        var arguments = PJRT_Topology_Create_Arguments()
        (arguments.options, arguments.option_count) = (named.baseAddress, named.count)
        return try call(PJRT_Function_Topology_Create, arguments).topology
      }
    }
  }

  private func compile(
    _ program: String, _ topology: UnsafeMutableRawPointer?
  ) throws(ExecutorError) -> UnsafeMutableRawPointer? {
    let (code, format) = (CText(program), CText("mlir"))
    let options = CText(bytes: Self.compileOptions)
    return try withExtendedLifetime((code, format, options)) { () throws(ExecutorError) in
      var text = PJRT_Program_Text()
      text.struct_size = MemoryLayout<PJRT_Program_Text>.size
      (text.code, text.code_size) = (code.pointer, code.count)
      (text.format, text.format_size) = (format.pointer, format.count)
      return try withUnsafePointer(to: &text) { text throws(ExecutorError) in
        var arguments = PJRT_Compile_Arguments()
        (arguments.topology, arguments.program) = (UnsafeRawPointer(topology), text)
        (arguments.options, arguments.options_size) = (options.pointer, options.count)
        return try call(PJRT_Function_Compile, arguments).executable
      }
    }
  }

  // CompileOptionsProto { executable_build_options { num_replicas: 1 num_partitions: 1 } }
  private static let compileOptions: [UInt8] = [0x1a, 0x04, 0x20, 0x01, 0x28, 0x01]
}

// Calls.
extension PJRTPlugin {
  /// Calls a function with its structure; returns that with what the function wrote.
  @discardableResult
  private func call<Arguments>(
    _ function: Int, _ arguments: Arguments
  ) throws(ExecutorError) -> Arguments {
    var arguments = arguments
    let error = withUnsafeMutableBytes(of: &arguments) { bytes in
      bytes.storeBytes(of: MemoryLayout<Arguments>.size, as: Int.self)
      return self.function(function)(bytes.baseAddress)
    }
    guard let error else { return arguments }
    throw ExecutorError(
      .unsupported, problem: "the plugin \(path) says: \(message(of: error))",
      fix: "see its documentation")
  }

  private func function(_ place: Int) -> PJRT_Function {
    // The table lies behind the version.
    let table = UnsafeRawPointer(api).advanced(by: MemoryLayout<PJRT_Api>.size)
      .assumingMemoryBound(to: PJRT_Function?.self)
    guard let function = table[place] else { preconditionFailure("function \(place) is missing") }
    return function
  }

  /// What an error says; frees it.
  private func message(of error: UnsafeMutableRawPointer) -> String {
    var arguments = PJRT_Error_Message_Arguments()
    arguments.struct_size = MemoryLayout<PJRT_Error_Message_Arguments>.size
    arguments.error = UnsafeRawPointer(error)
    _ = function(PJRT_Function_Error_Message)(&arguments)
    let text = Self.text(arguments.message, arguments.message_size)
    var destroyed = PJRT_Error_Destroy_Arguments()
    destroyed.struct_size = MemoryLayout<PJRT_Error_Destroy_Arguments>.size
    destroyed.error = error
    _ = function(PJRT_Function_Error_Destroy)(&destroyed)
    return text
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Text in memory that stays where it is.
private final class CText {
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
