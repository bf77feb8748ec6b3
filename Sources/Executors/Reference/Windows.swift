import NetworkGraph

/// The sizes of a row-major tensor of images `[N, C, H, W]`.
struct ImageShape {
  let count, channels, height, width: Int

  init(count: Int, channels: Int, height: Int, width: Int) {
    self.count = count
    self.channels = channels
    self.height = height
    self.width = width
  }

  init(_ type: TensorType, count: Int) {
    let sizes = type.dimensions
    let image = sizes.count == 3
    self.init(
      count: count, channels: sizes.first ?? 1, height: image ? sizes[1] : 1,
      width: image ? sizes[2] : 1)
  }

  var plane: Int { height * width }
  var elementCount: Int { count * channels * plane }

  /// The shape after a window has slid over the images.
  func slid(_ window: Window, channels: Int) -> ImageShape {
    ImageShape(
      count: count, channels: channels, height: window.positions(along: height),
      width: window.positions(along: width))
  }
}

extension Window {
  /// The positions whose pixel at `tap` of the window lies inside an edge of `extent` pixels.
  func positionsInside(_ extent: Int, tap: Int) -> Range<Int> {
    let first = max(0, (padding - tap + stride - 1) / stride)
    let last = (extent - 1 + padding - tap) / stride
    let end = extent - 1 + padding - tap < 0 ? 0 : min(positions(along: extent), last + 1)
    return min(first, end)..<end
  }

  /// The pixel under `tap` of the window at `position`.
  func pixel(_ position: Int, tap: Int) -> Int { position * stride - padding + tap }
}
