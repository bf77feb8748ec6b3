import Executors

extension XLAAccelerator {
  /// Runs a convolution and a product, once for a device.
  ///
  /// The libraries behind them make their handles at the first call of a process. Within a graph they
  /// may not ("No DNN support for stream"), and where all programs come from the cache there is no
  /// call before.
  func wakeLibraries() throws(ExecutorError) {
    guard client.platform == "cuda" else { return }
    var options = options(.thisProcess)
    // One kernel after the other.
    options.flags["xla_gpu_enable_command_buffer"] = .text("CONDITIONAL")
    options.flags["xla_gpu_enable_triton_gemm"] = .isOn(false)
    let program = try executable(WakingText(replicas: deviceCount).text, options)
    let arguments = try devices.map { device throws(ExecutorError) in
      try WakingText.sizes.map { sizes throws(ExecutorError) in
        let count = sizes.reduce(1, *)
        return try client.buffer(
          .floats(Array(repeating: 1, count: count)), sizes, on: device)
      }
    }
    for results in try program.run(arguments) { _ = try results[0].floats(WakingText.resultCount) }
  }

  /// A program, from the cache where that has it.
  func executable(
    _ text: String, _ options: CompileOptions
  ) throws(ExecutorError) -> PJRTExecutable {
    guard let cache else { return try client.compile(text, options) }
    return try cache.executable(text, options, for: client)
  }

  /// A program of all processes, which the first one makes: a compiler that measures kernels may
  /// choose others in each, with other last bits, and all have to come to the same weights.
  func sharedExecutable(
    _ text: String, _ options: CompileOptions
  ) throws(ExecutorError) -> PJRTExecutable {
    guard let group = client.group else { return try executable(text, options) }
    let key = Digest(of: [Array(text.utf8), options.bytes]).text
    if group.own == 0 {
      let made = Result { () throws(ExecutorError) in try executable(text, options) }
      // Nothing, where the others are to find out themselves what is wrong.
      group.give((try? made.get().serialized()) ?? [], named: key)
      return try made.get()
    }
    if let bytes = group.given(named: key), let program = try? client.load(bytes, options) {
      return program
    }
    return try executable(text, options)
  }
}

/// A convolution of images by filters, and its result's product with a matrix.
private struct WakingText {
  static let sizes = [[1, 8, 8, 64], [64, 3, 3, 64], [64, 64]]
  static let resultCount = 64 * 64

  let text: String

  init(replicas: Int) {
    var function = FunctionText(named: "waking")
    let arguments = zip(["images", "filters", "matrix"], Self.sizes).map { name, sizes in
      function.argument(name, HLOType(sizes, .f32))
    }
    var body = HLOText()
    let padding = [[1, 1], [1, 1]]
    let pixels = body.convolution(
      arguments[0], arguments[1], "[b, 0, 1, f]x[o, 0, 1, i]->[b, 0, 1, f]",
      HLOText.Sliding(strides: [1, 1], padding: padding), "DEFAULT", to: arguments[0].type)
    let product = body.product(
      body.reshape(pixels, [64, 64]), arguments[2], over: (1, 0), "DEFAULT", to: .f32)
    text = function.finished(body, returning: [product], replicas: replicas)
  }
}
