import CDNNL
import Executors
import NetworkGraph

// A convolution of stride 1 that keeps the image's size is also the input gradient of one whose
// filters are turned by 180° and whose channels are exchanged.
extension Lowering {
  /// Whether oneDNN computes a convolution faster with its kernel for input gradients.
  ///
  /// So it is into 16 filters (453 against 320 GFLOP/s for 16 → 16 channels, 32×32 pixels) and for
  /// images of 4×4 pixels, whose padding that kernel leaves out better (601 against 499 for 512 →
  /// 512, which in f32 tiles make faster still); elsewhere they are equal. Measured for 3×3 and 128 images with oneDNN 3.2, f32, AVX-512,
  /// two cores of a Zen 5. The kernel has neither bias nor ReLU.
  func isFasterTurned(_ node: Node, at index: Int, _ window: Window) -> Bool {
    let (input, output) = (graph.type(of: node.inputs[0]), node.types[0])
    let pixels = output.dimensions[1] * output.dimensions[2]
    return OneDNNLibrary.vectorWidth == 16 && !Layout.isForTiles(compact)
      && (output.dimensions[0] == 16
        || pixels <= 16 && Layout.blockedChannels(output, compact) == 16)
      && Layout.blockedChannels(input, compact) == 16 && window.size > 1 && window.stride == 1
      && 2 * window.padding == window.size - 1 && !graph.gradients.isEmpty
      && soleReLU(after: index) == nil
  }

  mutating func lowerTurned(
    _ node: Node, at index: Int, _ window: Window
  ) throws(ExecutorError) {
    let x = tensor(node.inputs[0])
    let y = try make(Value(node: index))
    let sizes = graph.type(of: node.inputs[1]).dimensions
    let turned = TensorType([sizes[1], sizes[0], sizes[2], sizes[3]], perImage: false)
    let kernel = try inputGradientKernel(
      y.descriptor, try anyDescriptor(turned, compact), x.descriptor, Sizes(window))
    // Under the convolution's own key: in layout these weights may look like the others.
    let key = Value(node: index)
    let plain = try turnedWeights(tensor(node.inputs[1]), sizes, turned, key: key)
    let w = try packed(plain, kernel.layout(of: dnnl_query_weights_md), key: key)
    try append(
      "convolution", kernel,
      [(DNNL_ARG_DIFF_DST, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, y)])
    if node.inputs.count == 3 { try addBias(tensor(node.inputs[2]), to: y, filters: sizes[0]) }
  }

  private mutating func addBias(
    _ bias: Tensor, to y: Tensor, filters: Int
  ) throws(ExecutorError) {
    // In blocks like y: oneDNN has a fast kernel for that alone.
    let perFilter = Tensor(
      descriptor: try Descriptor([1, filters, 1, 1], dnnl_aBcd16b), place: bias.place)
    let kernel = try Kernel("dnnl_binary_primitive_desc_create") {
      dnnl_binary_primitive_desc_create(
        &$0, engine.handle, dnnl_binary_add, y.descriptor.handle, perFilter.descriptor.handle,
        y.descriptor.handle, attributes.handle)
    }
    try append(
      "addBias", kernel, [(DNNL_ARG_SRC_0, y), (DNNL_ARG_SRC_1, perFilter), (DNNL_ARG_DST, y)])
  }

  private mutating func turnedWeights(
    _ source: Tensor, _ sizes: [Int], _ type: TensorType, key: Value
  ) throws(ExecutorError) -> Tensor {
    let (filters, channels, taps) = (sizes[0], sizes[1], sizes[2] * sizes[3])
    return try packedOnce(source, plainDescriptor(type), key: key) {
      lowering, copy throws(ExecutorError) in
      lowering.nativeStep("turnWeights", [source, copy], in: .packing) { program in
        let (w, turned) = (program.floats(source), program.floats(copy))
        OpenMP.parallel(filters, atLeast: 16) { share in
          for filter in share {
            for channel in 0..<channels {
              let from = w + (filter * channels + channel) * taps
              let to = turned + (channel * filters + filter) * taps
              for tap in 0..<taps { to[taps - 1 - tap] = from[tap] }
            }
          }
        }
      }
    }
  }
}
