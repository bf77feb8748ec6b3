import CPJRT
import Executors

/// A program that is compiled and can be run.
public final class PJRTExecutable: @unchecked Sendable {
  public let resultCount: Int
  /// Devices of this process that run it.
  public let replicas: Int
  /// Bytes of a device that it needs while it runs, arguments and results included.
  public let memoryBytes: Int
  private let handle: UnsafeMutableRawPointer
  private let client: PJRTClient
  private var plugin: PJRTPlugin { client.plugin }

  init(
    _ handle: UnsafeMutableRawPointer?, _ client: PJRTClient, replicas: Int
  ) throws(ExecutorError) {
    guard let handle else { preconditionFailure("a plugin that makes no program") }
    (self.handle, self.client, self.replicas) = (handle, client, replicas)
    do throws(ExecutorError) {
      (resultCount, memoryBytes) = try Self.described(handle, client.plugin)
    } catch {
      client.plugin.destroy(PJRT_Function_Loaded_Destroy, handle)
      throw error
    }
  }

  deinit { plugin.destroy(PJRT_Function_Loaded_Destroy, handle) }

  private static func described(
    _ loaded: UnsafeMutableRawPointer, _ plugin: PJRTPlugin
  ) throws(ExecutorError) -> (results: Int, bytes: Int) {
    try withExecutable(loaded, plugin) { executable throws(ExecutorError) in
      var outputs = PJRT_Executable_NumOutputs_Arguments()
      outputs.executable = executable
      let count = try plugin.call(PJRT_Function_Executable_NumOutputs, outputs).count
      var memory = PJRT_Executable_Memory_Arguments()
      memory.executable = executable
      // Not every plugin says.
      guard let found = try? plugin.call(PJRT_Function_Executable_Memory, memory) else {
        return (count, 0)
      }
      let bytes =
        found.argument_bytes + found.output_bytes - found.alias_bytes + found.temporary_bytes
      return (count, Int(bytes))
    }
  }

  private static func withExecutable<Result>(
    _ loaded: UnsafeMutableRawPointer, _ plugin: PJRTPlugin,
    _ body: (UnsafeMutableRawPointer?) throws(ExecutorError) -> Result
  ) throws(ExecutorError) -> Result {
    var asked = PJRT_Loaded_Executable_Arguments()
    asked.loaded = loaded
    let executable = try plugin.call(PJRT_Function_Loaded_Executable, asked).executable
    defer { plugin.destroy(PJRT_Function_Executable_Destroy, executable) }
    return try body(executable)
  }

  /// The program as bytes, which ``PJRTClient/load(_:_:)`` of the same plugin takes.
  public func serialized() throws(ExecutorError) -> [UInt8] {
    let plugin = plugin
    return try Self.withExecutable(handle, plugin) { executable throws(ExecutorError) in
      var arguments = PJRT_Executable_Serialize_Arguments()
      arguments.executable = UnsafeRawPointer(executable)
      let found = try plugin.call(PJRT_Function_Executable_Serialize, arguments)
      defer { found.destroy?(found.serialized) }
      return Array(
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: found.bytes, count: found.size)))
    }
  }

  /// Starts the program, and returns while it runs: who copies its results waits.
  ///
  /// Arguments that results take the memory of are lost.
  ///
  /// - Parameter arguments: of each replica.
  /// - Returns: the results of each replica.
  public func run(_ arguments: [[PJRTBuffer]]) throws(ExecutorError) -> [[PJRTBuffer]] {
    precondition(arguments.count == replicas, "arguments for \(replicas) devices")
    let results = HandleTable(
      Array(repeating: Array(repeating: nil, count: resultCount), count: replicas))
    let given = HandleTable(arguments.map { $0.map(\.handle) })
    var options = PJRT_Execute_Options()
    options.struct_size = MemoryLayout<PJRT_Execute_Options>.size
    try withUnsafeMutablePointer(to: &options) { options throws(ExecutorError) in
      var call = PJRT_Loaded_Execute_Arguments()
      (call.loaded, call.options) = (handle, options)
      (call.device_count, call.argument_count) = (replicas, arguments[0].count)
      call.arguments = given.constant
      call.results = UnsafePointer(results.rows)
      try plugin.call(PJRT_Function_Loaded_Execute, call)
    }
    return withExtendedLifetime((given, arguments)) {
      results.content.map { $0.map { PJRTBuffer($0, client) } }
    }
  }
}

/// Rows of handles, as C has tables: a pointer to pointers.
private final class HandleTable {
  typealias Row = UnsafeMutablePointer<UnsafeMutableRawPointer?>

  let rows: UnsafeMutablePointer<Row?>
  private let count, width: Int

  init(_ content: [[UnsafeMutableRawPointer?]]) {
    (count, width) = (content.count, content.first?.count ?? 0)
    rows = .allocate(capacity: count)
    for (index, handles) in content.enumerated() {
      let row = Row.allocate(capacity: width)
      for (place, handle) in handles.enumerated() { row[place] = handle }
      rows[index] = row
    }
  }

  deinit {
    for index in 0..<count { rows[index]?.deallocate() }
    rows.deallocate()
  }

  var constant: UnsafePointer<UnsafePointer<UnsafeMutableRawPointer?>?> {
    UnsafeRawPointer(rows).assumingMemoryBound(
      to: UnsafePointer<UnsafeMutableRawPointer?>?.self)
  }

  var content: [[UnsafeMutableRawPointer?]] {
    (0..<count).map { index in (0..<width).map { rows[index]?[$0] } }
  }
}
