import CPJRT
import Executors

// Compiling for devices that are not here.
extension PJRTPlugin {
  /// Compiles for devices that are described and need not be here.
  ///
  /// - Parameters:
  ///   - program: StableHLO.
  ///   - target: the device, a `GpuTargetConfig` as a text proto.
  ///   - topology: processes × hosts × devices.
  /// - Returns: how many results the program has.
  /// - Throws: ``ExecutorError`` with what the compiler says.
  public func compile(
    _ program: String, for target: String, topology: String = "1x1x1",
    options: CompileOptions = CompileOptions()
  ) throws(ExecutorError) -> Int {
    let topology = try makeTopology([
      ("target_config", .text(target)), ("topology", .text(topology)),
    ])
    defer { destroy(PJRT_Function_Topology_Destroy, topology) }
    let executable = try compile(program, topology, options)
    defer { destroy(PJRT_Function_Executable_Destroy, executable) }
    var outputs = PJRT_Executable_NumOutputs_Arguments()
    outputs.executable = executable
    return try call(PJRT_Function_Executable_NumOutputs, outputs).count
  }

  private func makeTopology(
    _ options: [(name: String, value: CNamedValues.Value)]
  ) throws(ExecutorError) -> UnsafeMutableRawPointer? {
    try CNamedValues(options).withPointer { named, count throws(ExecutorError) in
      var arguments = PJRT_Topology_Create_Arguments()
      (arguments.options, arguments.option_count) = (named, count)
      return try call(PJRT_Function_Topology_Create, arguments).topology
    }
  }

  private func compile(
    _ program: String, _ topology: UnsafeMutableRawPointer?, _ options: CompileOptions
  ) throws(ExecutorError) -> UnsafeMutableRawPointer? {
    try withProgram(program, options) { program, options throws(ExecutorError) in
      var arguments = PJRT_Compile_Arguments()
      (arguments.topology, arguments.program) = (UnsafeRawPointer(topology), program)
      (arguments.options, arguments.options_size) = (options.pointer, options.count)
      return try call(PJRT_Function_Compile, arguments).executable
    }
  }

  /// Puts a program and its options where a plugin can read them.
  func withProgram<Result>(
    _ program: String, _ options: CompileOptions,
    _ body: (UnsafePointer<PJRT_Program_Text>, CText) throws(ExecutorError) -> Result
  ) throws(ExecutorError) -> Result {
    let (code, format, options) = (CText(program), CText("mlir"), CText(bytes: options.bytes))
    return try withExtendedLifetime((code, format)) { () throws(ExecutorError) in
      var text = PJRT_Program_Text()
      text.struct_size = MemoryLayout<PJRT_Program_Text>.size
      (text.code, text.code_size) = (code.pointer, code.count)
      (text.format, text.format_size) = (format.pointer, format.count)
      return try withUnsafePointer(to: &text) { text throws(ExecutorError) in
        try body(text, options)
      }
    }
  }
}
