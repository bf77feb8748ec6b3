import CDNNL
import Executors
import NetworkGraph

/// A convolution of images of at most 2×2 pixels, written as a dense layer.
///
/// There the window is larger than the image, and each output pixel sees each input pixel through
/// one tap: [N, C·P] × [C·P, K·P′] with W[(k, o), (c, i)] = w[k, c, tap from i to o]. A 3×3 window on
/// 2×2 pixels is 16 products of C·K where a convolution kernel does 36, most of them with padding:
/// 2.2 to 2.7 times faster on AVX-512. An image in memory is already such a row of features; only
/// their order follows from its layout.
struct TinyConvolution {
  let channels, filters: Int
  /// Pixels of the input and of the output.
  let inputPixels, outputPixels: Int
  /// Weights of one filter and channel: the window's taps.
  let taps: Int
  /// Each pair of pixels that meet, and the tap through which.
  let pairs: [(tap: Int, output: Int, input: Int)]
  /// Channels that lie together in an input, filters in an output.
  let channelBlock, filterBlock: Int

  /// nil where a convolution is better left one.
  init?(_ input: TensorType, _ output: TensorType, _ window: Window) {
    let (x, y) = (input.dimensions, output.dimensions)
    inputPixels = x[1] * x[2]
    outputPixels = y[1] * y[2]
    guard inputPixels <= 4, outputPixels <= 4 else { return nil }
    channels = x[0]
    filters = y[0]
    taps = window.size * window.size
    channelBlock = Layout.blockedChannels(input)
    filterBlock = Layout.blockedChannels(output)
    var pairs: [(tap: Int, output: Int, input: Int)] = []
    for output in 0..<outputPixels {
      for input in 0..<inputPixels {
        let row = input / x[2] + window.padding - output / y[2] * window.stride
        let column = input % x[2] + window.padding - output % y[2] * window.stride
        guard 0..<window.size ~= row, 0..<window.size ~= column else { continue }
        pairs.append((row * window.size + column, output, input))
      }
    }
    self.pairs = pairs
  }

  var inputFeatures: Int { channels * inputPixels }
  var outputFeatures: Int { filters * outputPixels }

  /// Where a channel's pixel lies in an image's row of features.
  private func feature(_ channel: Int, _ pixel: Int, of pixels: Int, _ block: Int) -> Int {
    (channel / block * pixels + pixel) * block + channel % block
  }

  /// Calls `body` for each weight of the dense layer with its place there and in the convolution.
  @inline(__always)
  private func forEachWeight(_ body: (_ dense: Int, _ convolution: Int) -> Void) {
    let (rows, columns) = (pairs.map(\.output), pairs.map(\.input))
    let taps = pairs.map(\.tap)
    let stride = inputFeatures
    var offsets = Array(repeating: 0, count: pairs.count)
    for filter in 0..<filters {
      for index in offsets.indices {
        offsets[index] = feature(filter, rows[index], of: outputPixels, filterBlock) * stride
      }
      for channel in 0..<channels {
        let weight = (filter * channels + channel) * self.taps
        for index in offsets.indices {
          let column = feature(channel, columns[index], of: inputPixels, channelBlock)
          body(offsets[index] + column, weight + taps[index])
        }
      }
    }
  }

  /// Writes the dense layer's weights `[K·P′, C·P]`.
  func expand(_ w: UnsafePointer<Float>, to dense: UnsafeMutablePointer<Float>) {
    dense.update(repeating: 0, count: outputFeatures * inputFeatures)
    forEachWeight { dense[$0] = w[$1] }
  }

  /// Adds up the dense layer's weight gradients to those of the convolution.
  func fold(_ dense: UnsafePointer<Float>, to dw: UnsafeMutablePointer<Float>) {
    dw.update(repeating: 0, count: filters * channels * taps)
    forEachWeight { dw[$1] += dense[$0] }
  }

  func expandBias(_ bias: UnsafePointer<Float>, to dense: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      for pixel in 0..<outputPixels {
        dense[feature(filter, pixel, of: outputPixels, filterBlock)] = bias[filter]
      }
    }
  }

  func foldBias(_ dense: UnsafePointer<Float>, to dbias: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      var sum: Float = 0
      for pixel in 0..<outputPixels {
        sum += dense[feature(filter, pixel, of: outputPixels, filterBlock)]
      }
      dbias[filter] = sum
    }
  }
}

extension Lowering {
  mutating func lower(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let bias = node.inputs.count == 3 ? try expandedBias(tiny, node.inputs[2]) : nil
    let y = try asRow(try make(Value(node: index)), tiny.outputFeatures)
    let w = try expandedWeights(tiny, node.inputs[1])
    let kernel = try denseKernel(x.descriptor, w.descriptor, bias?.descriptor, y.descriptor)
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DST, y)]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias)) }
    try append("tinyConvolution \(node.layer)", kernel, arguments)
  }

  mutating func lowerInputGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let dy = try asRow(tensor(node.inputs[0]), tiny.outputFeatures)
    let dx = try asRow(try make(Value(node: index)), tiny.inputFeatures)
    let w = try expandedWeights(tiny, node.inputs[1])
    let kernel = try denseInputGradientKernel(dy.descriptor, w.descriptor, dx.descriptor)
    try append(
      "tinyConvolutionInputGradient \(node.layer)", kernel,
      [(DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerWeightGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int, bias hasBias: Bool
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let dy = try asRow(tensor(node.inputs[1]), tiny.outputFeatures)
    let wide = block(try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab))
    let wideBias = block(try Descriptor([tiny.outputFeatures], dnnl_a))
    let kernel = try denseWeightGradientKernel(
      x.descriptor, dy.descriptor, wide.descriptor, wideBias.descriptor)
    try append(
      "tinyConvolutionWeightGradient \(node.layer)", kernel,
      [
        (DNNL_ARG_SRC, x), (DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_DIFF_WEIGHTS, wide),
        (DNNL_ARG_DIFF_BIAS, wideBias),
      ])
    let dw = try makeGradient(Value(node: index), plainDescriptor(node.types[0]))
    appendNative("foldWeights", [wide, dw]) { program in
      program.withMemory(wide, dw) { tiny.fold($0, to: $1) }
    }
    guard hasBias else { return }
    let dbias = try makeGradient(Value(node: index, output: 1), plainDescriptor(node.types[1]))
    appendNative("foldBias", [wideBias, dbias]) { program in
      program.withMemory(wideBias, dbias) { tiny.foldBias($0, to: $1) }
    }
  }

  /// The same memory, seen as one row of features for each image.
  private func asRow(_ image: Tensor, _ features: Int) throws(ExecutorError) -> Tensor {
    Tensor(descriptor: try Descriptor([imageCount, features], dnnl_ab), place: image.place)
  }

  private mutating func expandedWeights(
    _ tiny: TinyConvolution, _ weights: Value
  ) throws(ExecutorError) -> Tensor {
    let wanted = try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab)
    let source = tensor(weights)
    return try packedOnce(weights, wanted) { _, copy throws(ExecutorError) in
      .native("expandWeights") { program in
        program.withMemory(source, copy) { tiny.expand($0, to: $1) }
      }
    }
  }

  private mutating func expandedBias(
    _ tiny: TinyConvolution, _ bias: Value
  ) throws(ExecutorError) -> Tensor {
    let source = tensor(bias)
    let wanted = try Descriptor([tiny.outputFeatures], dnnl_a)
    return try packedOnce(bias, wanted) { _, copy throws(ExecutorError) in
      .native("expandBias") { program in
        program.withMemory(source, copy) { tiny.expandBias($0, to: $1) }
      }
    }
  }
}
