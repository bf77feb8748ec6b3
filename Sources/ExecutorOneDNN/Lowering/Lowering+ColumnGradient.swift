import CDNNL
import Executors
import Glibc
import NetworkGraph

// A convolution's weight gradient as one product of matrices: a row is an output pixel of an image,
// its columns what the filters saw there.
extension Lowering {
  /// Whether a weight gradient is faster as a product.
  ///
  /// So it is with tiles (AMX), for many channels of few pixels: 440 GFLOP/s against 47 to 130 for
  /// 512 → 512 channels of 2×2 and 4×4 pixels, 128 images, and a VGG19_BN step of 798 ms against
  /// 1180 (oneDNN 3.2 by its inner product, two cores of an Intel Xeon, model 207); by the matmul
  /// that makes it now 510 to 660 GFLOP/s. Without tiles it is slower (2.98 s against 2.45).
  func isFasterByColumns(_ input: TensorType, _ output: TensorType) -> Bool {
    let channels = min(input.dimensions[0], output.dimensions[0])
    return Layout.isForTiles(compact) && channels >= 128
      && [input, output].allSatisfy { $0.dimensions[1] * $0.dimensions[2] <= 64 }
  }

  mutating func lowerWeightGradientByColumns(
    _ node: Node, at index: Int, _ window: Window
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), graph.type(of: node.inputs[1]))
    let sizes = node.types[0].dimensions
    let rows = imageCount * output.dimensions[1] * output.dimensions[2]
    let width = sizes[1] * sizes[2] * sizes[3]
    let columns = try columns(of: node.inputs[0], input, output, window, rows: rows, width)
    let dy = tensor(node.inputs[1])
    let dw = try makeGradient(Value(node: index), Descriptor(sizes, dnnl_acdb))
    try appendWeightGradient(
      "convolutionWeightGradient", columns, dy, rows: rows, width: sizes[0],
      to: Tensor(descriptor: try Descriptor([sizes[0], width], dnnl_ab), place: dw.place))
    guard node.types.count == 2 else { return }
    let dbias = try makeGradient(
      Value(node: index, output: 1), try Descriptor([sizes[0]], dnnl_a))
    let element = compact
    appendNative("sumBias", [dy, dbias]) { program in
      sumColumns(
        of: program.memory(dy), rows: rows, width: sizes[0], element, to: program.floats(dbias))
    }
  }

  /// What each output pixel's filters see, `[N·P′, s·s·C]`.
  private mutating func columns(
    of value: Value, _ input: TensorType, _ output: TensorType, _ window: Window, rows: Int,
    _ width: Int
  ) throws(ExecutorError) -> Tensor {
    let x = tensor(value)
    let columns = block(try Descriptor([rows, width], dnnl_ab, compact))
    let view = WindowColumns(
      channels: input.dimensions[0], height: input.dimensions[1], width: input.dimensions[2],
      rows: output.dimensions[1], columns: output.dimensions[2], window: window)
    let count = imageCount * view.rows
    appendNative("columns", [x, columns]) { program in
      let (source, target) = (program.memory(x), program.memory(columns))
      OpenMP.parallel(count, atLeast: 1) { view.write($0, of: source, to: target) }
    }
    return columns
  }
}

/// How windows lie over an image of bf16 whose channels lie together.
private struct WindowColumns {
  let channels, height, width: Int
  /// Of windows.
  let rows, columns: Int
  let window: Window

  private var pixelBytes: Int { channels * Element.bf16.bytes }

  /// - Parameter lines: rows of windows, of all images.
  func write(
    _ lines: Range<Int>, of source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer
  ) {
    for line in lines {
      let pixels = source + line / rows * height * width * pixelBytes
      var place = target + line * columns * window.size * window.size * pixelBytes
      for column in 0..<columns {
        write(from: pixels, (line % rows * window.stride, column * window.stride), to: &place)
      }
    }
  }

  /// What a window sees whose corner is there, padding counted.
  private func write(
    from pixels: UnsafeMutableRawPointer, _ corner: (y: Int, x: Int),
    to place: inout UnsafeMutableRawPointer
  ) {
    for tap in 0..<window.size * window.size {
      let y = corner.y + tap / window.size - window.padding
      let x = corner.x + tap % window.size - window.padding
      if 0..<height ~= y, 0..<width ~= x {
        memcpy(place, pixels + (y * width + x) * pixelBytes, pixelBytes)
      } else {
        memset(place, 0, pixelBytes)
      }
      place += pixelBytes
    }
  }
}
