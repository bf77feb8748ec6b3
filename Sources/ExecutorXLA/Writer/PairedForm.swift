import NetworkGraph

/// A 3 × 3 convolution of few channels as one of twice as many: two pixels of a row, which lie side by
/// side in memory, are one pixel, and nothing is moved.
///
/// Of the filters half is zeros then. But tensor cores multiply by at least 32 channels at a time, and
/// of 16 they fill up as many: NVIDIA's kernels for 16 channels took 114 to 128 µs for 1024 images of
/// 32 × 32 on an H200, seven times what reading and writing them takes.
struct PairedForm {
  /// The most channels that leave room in a tile.
  private static let mostChannels = 16

  /// nil where it would not help, or not be the same.
  init?(_ window: Window, width: Int, channels: Int) {
    guard window.size == 3, window.stride == 1, window.padding == 1, width.isMultiple(of: 2),
      channels <= Self.mostChannels
    else { return nil }
  }

  /// Of images `[N, H, W, C]`, or of what is like them.
  func paired(_ dimensions: [Int]) -> [Int] {
    [dimensions[0], dimensions[1], dimensions[2] / 2, 2 * dimensions[3]]
  }

  func filterDimensions(_ dimensions: [Int]) -> [Int] {
    [2 * dimensions[0], 3, 3, 2 * dimensions[3]]
  }

  /// Filters `[K, 3, 3, C]` as `[2·K, 3, 3, 2·C]`.
  ///
  /// The window of a pair is three pairs wide, six pixels: the left pixel's own begins at the second,
  /// the right one's at the third.
  func filters(_ w: HLOValue, _ text: inout HLOText) -> HLOValue {
    let d = w.type.dimensions
    // Added, as nothing is where the other one is: XLA writes the filters of all layers at once then.
    let sides = (0...1).map { side in
      text.pad(
        w, low: [side * d[0], 0, 1 + side, 0], high: [(1 - side) * d[0], 0, 2 - side, 0])
    }
    return text.reshape(text.binary(.add, sides[0], sides[1]), filterDimensions(d))
  }

  /// The sum of what the wide filters' gradient holds for each filter.
  func sum(_ dw: HLOValue, to dimensions: [Int], _ text: inout HLOText) -> HLOValue {
    let (filters, channels) = (dimensions[0], dimensions[3])
    let all = text.reshape(
      text.convert(dw, to: .f32), [2 * filters, 3, 6, channels])
    let sides = (0...1).map { side in
      text.slice(
        all,
        [side * filters..<(side + 1) * filters, 0..<3, 1 + side..<4 + side, 0..<channels])
    }
    return text.binary(.add, sides[0], sides[1])
  }
}
