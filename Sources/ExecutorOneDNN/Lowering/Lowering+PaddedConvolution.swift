import Executors
import Glibc
import NetworkGraph

/// An image with its padding in memory, as far as a convolution's windows reach.
struct PaddedImage {
  let type: TensorType
  /// The window that slides over it.
  let window: Window
  /// Zeros above and before the image.
  let margin: Int
  /// What profiles call the copying.
  static let step = "pad"

  init(_ input: TensorType, _ output: TensorType, _ window: Window) {
    let sizes = output.dimensions.dropFirst().map { window.stride * ($0 - 1) + window.size }
    type = TensorType([input.dimensions[0]] + sizes, perImage: true)
    self.window = Window(size: window.size, stride: window.stride, padding: 0)
    margin = window.padding
  }
}

// Convolutions whose padding oneDNN's fast kernels do not take.
extension Lowering {
  /// A copy with padding of images that lie plainly.
  ///
  /// With AVX2, no fast kernel takes a padding wider than the 3 outputs that it makes together, or any
  /// with filters wider than 7 and a stride (oneDNN 3.2). AlexNet's first convolution of 256 images
  /// takes 4 ms from a copy, and took 13 in plain layouts, reorders counted (two cores of a Zen 3).
  mutating func pad(
    _ x: Tensor, _ input: TensorType, _ padded: PaddedImage
  ) throws(ExecutorError) -> Tensor {
    let copy = block(try plainDescriptor(padded.type, compact))
    let (from, to) = (PlaneBytes(input, compact), PlaneBytes(padded.type, compact))
    let margin = padded.margin
    let planes = imageCount * input.dimensions[0]
    appendNative(PaddedImage.step, [x, copy]) { program in
      let (source, target) = (program.memory(x), program.memory(copy))
      OpenMP.parallel(planes, atLeast: 16) { share in
        for plane in share {
          from.copy(source + plane * from.bytes, into: to, target + plane * to.bytes, margin)
        }
      }
    }
    return copy
  }
}

/// One channel of an image that lies plainly.
private struct PlaneBytes {
  let rows, row, element: Int
  var bytes: Int { rows * row }

  init(_ type: TensorType, _ element: Element) {
    rows = type.dimensions[1]
    row = type.dimensions[2] * element.bytes
    self.element = element.bytes
  }

  /// Copies what has room, with zeros around it.
  func copy(
    _ source: UnsafeRawPointer, into other: PlaneBytes, _ target: UnsafeMutableRawPointer,
    _ margin: Int
  ) {
    memset(target, 0, other.bytes)
    let before = margin * element
    let (count, bytes) = (min(rows, other.rows - margin), min(row, other.row - before))
    guard count > 0, bytes > 0 else { return }
    for index in 0..<count {
      memcpy(target + (margin + index) * other.row + before, source + index * row, bytes)
    }
  }
}
