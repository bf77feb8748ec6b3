import CPJRT
import Executors

/// The devices of this process, and what lies in their memory and runs on them.
///
/// A client takes its share of each device's memory when it is made.
public final class PJRTClient: @unchecked Sendable {
  // Its functions may be called from any thread.
  public let plugin: PJRTPlugin
  /// Such as `cuda` or `cpu`.
  public let platform: String
  /// Those of this process.
  public let devices: [PJRTDevice]
  /// Where it is one of several whose devices know each other.
  public let group: ClientGroup?
  private let leastMemoryOfGroup: Int?
  private let handle: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - memoryFraction: the part of each device's memory that is taken at once; nil for as much as is
  ///     needed, when it is needed. NVIDIA's plugin knows it.
  ///   - visible: which of the machine's devices are this process's; nil for all. NVIDIA's plugin
  ///     knows it.
  ///   - group: to join. All of its processes make their clients at the same time.
  /// - Throws: ``ExecutorError`` with code `unsupported` where the plugin finds no device.
  public init(
    _ plugin: PJRTPlugin, memoryFraction: Double? = nil, visible: Range<Int>? = nil,
    joining group: ClientGroup? = nil
  ) throws(ExecutorError) {
    (self.plugin, self.group) = (plugin, group)
    var options: [(name: String, value: CNamedValues.Value)] = group?.options ?? []
    if let memoryFraction {
      options += [
        ("preallocate", .flag(true)), ("memory_fraction", .number(Float(memoryFraction))),
      ]
    }
    if let visible { options.append(("visible_devices", .wholes(Array(visible)))) }
    let created = try CNamedValues(options).withPointer { named, count throws(ExecutorError) in
      var arguments = PJRT_Client_Create_Arguments()
      (arguments.options, arguments.option_count) = (named, count)
      group?.fill(&arguments)
      return try plugin.call(PJRT_Function_Client_Create, arguments)
    }
    guard let client = created.client else { preconditionFailure("a plugin that makes no client") }
    handle = client
    var named = PJRT_Client_Platform_Arguments()
    named.client = client
    named = try plugin.call(PJRT_Function_Client_Platform, named)
    platform = PJRTPlugin.text(named.name, named.name_size)
    devices = try Self.devices(of: client, plugin, PJRT_Function_Client_Devices)
    guard !devices.isEmpty else {
      throw ExecutorError(
        .unsupported, problem: "the plugin \(plugin.path) has no device here",
        fix: "see that its driver sees one")
    }
    leastMemoryOfGroup = try group?.least(
      of: devices.compactMap(\.memoryLimit).min(), named: "memory")
  }

  /// Bytes that programs and their arguments may take together on the device that has the fewest,
  /// of all processes of the group; nil where no plugin says.
  public var leastMemory: Int? {
    group == nil ? devices.compactMap(\.memoryLimit).min() : leastMemoryOfGroup
  }

  deinit { plugin.destroy(PJRT_Function_Client_Destroy, handle) }

  /// The devices of all processes, in the order of these.
  func devicesOfGroup() throws(ExecutorError) -> [[PJRTDevice]] {
    guard let group else { return [devices] }
    let all = try Self.devices(of: handle, plugin, PJRT_Function_Client_AllDevices)
    return (0..<group.count).map { process in all.filter { $0.process == process } }
  }

  private static func devices(
    of client: UnsafeMutableRawPointer, _ plugin: PJRTPlugin, _ function: Int
  ) throws(ExecutorError) -> [PJRTDevice] {
    var asked = PJRT_Client_Devices_Arguments()
    asked.client = client
    asked = try plugin.call(function, asked)
    var devices: [PJRTDevice] = []
    for device in UnsafeBufferPointer(start: asked.devices, count: asked.count) {
      if let device { devices.append(try PJRTDevice(device, plugin)) }
    }
    return devices
  }

  /// Copies numbers into a device's memory.
  ///
  /// - Parameter sizes: of the array, row-major; none for one number.
  public func buffer(
    _ numbers: HostNumbers, _ sizes: [Int], on device: PJRTDevice
  ) throws(ExecutorError) -> PJRTBuffer {
    let sizes = sizes.map(Int64.init)
    let count = sizes.reduce(1, *)
    return try numbers.withBytes { type, bytes throws(ExecutorError) in
      precondition(
        Int64(bytes.count) == count * numbers.stride, "\(bytes.count) bytes for \(sizes)")
      return try sizes.withUnsafeBufferPointer { sizes throws(ExecutorError) in
        var arguments = PJRT_Client_Buffer_Arguments()
        (arguments.client, arguments.data) = (handle, bytes.baseAddress)
        (arguments.type, arguments.device) = (Int32(type), device.handle)
        (arguments.sizes, arguments.size_count) = (sizes.baseAddress, sizes.count)
        arguments.host = Int32(PJRT_Host_UntilTransferred)
        arguments = try plugin.call(PJRT_Function_Client_Buffer, arguments)
        let buffer = PJRTBuffer(arguments.buffer, self)
        try plugin.await(arguments.event)
        return buffer
      }
    }
  }

  /// Compiles a program for the client's first devices, as many as it has replicas, or for those that
  /// the options name.
  public func compile(
    _ program: String, _ options: CompileOptions = CompileOptions()
  ) throws(ExecutorError) -> PJRTExecutable {
    let loaded = try plugin.withProgram(program, options) {
      program, options throws(ExecutorError) in
      var arguments = PJRT_Client_Compile_Arguments()
      (arguments.client, arguments.program) = (handle, program)
      (arguments.options, arguments.options_size) = (options.pointer, options.count)
      return try plugin.call(PJRT_Function_Client_Compile, arguments).loaded
    }
    return try PJRTExecutable(loaded, self, replicas: ownReplicas(options))
  }

  private func ownReplicas(_ options: CompileOptions) -> Int {
    let own = Set(devices.map(\.number))
    return options.devices?.count(where: own.contains) ?? options.replicas
  }

  /// Loads a program that ``PJRTExecutable/serialized()`` gave, of this version of the plugin.
  ///
  /// - Parameter options: that it was compiled with.
  public func load(
    _ bytes: [UInt8], _ options: CompileOptions = CompileOptions()
  ) throws(ExecutorError) -> PJRTExecutable {
    let text = CText(bytes: bytes)
    let loaded = try withExtendedLifetime(text) { () throws(ExecutorError) in
      var arguments = PJRT_Client_Load_Arguments()
      (arguments.client, arguments.bytes, arguments.size) = (handle, text.pointer, text.count)
      return try plugin.call(PJRT_Function_Client_Load, arguments).loaded
    }
    return try PJRTExecutable(loaded, self, replicas: ownReplicas(options))
  }
}

/// One of a client's devices.
public struct PJRTDevice: @unchecked Sendable {
  /// What it calls itself, such as `NVIDIA H200`.
  public let kind: String
  /// Among those of all processes.
  let number: Int
  /// Whose it is.
  let process: Int
  let handle: UnsafeMutableRawPointer
  private let plugin: PJRTPlugin

  fileprivate init(_ handle: UnsafeMutableRawPointer, _ plugin: PJRTPlugin) throws(ExecutorError) {
    (self.handle, self.plugin) = (handle, plugin)
    var asked = PJRT_Device_Description_Arguments()
    asked.device = handle
    let description = try plugin.call(PJRT_Function_Device_Description, asked).description
    var numbered = PJRT_Description_Number_Arguments()
    numbered.description = description
    number = Int(try plugin.call(PJRT_Function_Description_Number, numbered).number)
    process = Int(try plugin.call(PJRT_Function_Description_Process, numbered).number)
    var described = PJRT_Description_Kind_Arguments()
    described.description = description
    described = try plugin.call(PJRT_Function_Description_Kind, described)
    kind = PJRTPlugin.text(described.kind, described.kind_size)
  }

  /// Bytes that programs and their arguments may take together; nil where the plugin does not say.
  public var memoryLimit: Int? { memory.flatMap { $0.limit.is_set ? Int($0.limit.bytes) : nil } }

  private var memory: PJRT_Device_Memory_Arguments? {
    var arguments = PJRT_Device_Memory_Arguments()
    arguments.device = handle
    return try? plugin.call(PJRT_Function_Device_Memory, arguments)
  }
}

/// Numbers in this process's memory, to be copied to a device.
public enum HostNumbers {
  case floats([Float])
  case integers([Int32])
  case bytes([UInt8])

  var stride: Int64 {
    switch self {
    case .floats, .integers: 4
    case .bytes: 1
    }
  }

  fileprivate func withBytes<Result>(
    _ body: (_ type: Int, UnsafeRawBufferPointer) throws(ExecutorError) -> Result
  ) throws(ExecutorError) -> Result {
    func of<Number>(_ numbers: [Number], _ type: Int) throws(ExecutorError) -> Result {
      try numbers.withUnsafeBufferPointer { numbers throws(ExecutorError) in
        try body(type, UnsafeRawBufferPointer(numbers))
      }
    }
    switch self {
    case .floats(let numbers): return try of(numbers, PJRT_Type_F32)
    case .integers(let numbers): return try of(numbers, PJRT_Type_S32)
    case .bytes(let numbers): return try of(numbers, PJRT_Type_U8)
    }
  }
}
