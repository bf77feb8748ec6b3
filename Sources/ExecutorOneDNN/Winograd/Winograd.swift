import NetworkGraph

/// A convolution of 3×3 by products of transformed tiles: F(2×2, 3×3) of Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks" (arXiv:1509.09308, §4.1).
///
/// An output of 2×2 pixels is Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, with g the filter and d the 4×4 pixels that it
/// meets: 16 multiplications for each channel where the definition has 36. Over all channels and
/// tiles that is 16 products of matrices, which oneDNN makes. The transforms are sums of a few terms
/// with factors of ½, and round about as much as the definition's long sums do; larger tiles would
/// save more and round several times as much.
///
/// The input gradient is the same with filters turned around. The weight gradient is the transpose
/// of the whole: Gᵀ[Σ (A·dy·Aᵀ) ⊙ (Bᵀ·d·B)]G, summed over tiles.
struct Winograd {
  /// Products of matrices: one for each place in a transformed tile.
  static let places = 16

  let input, output: ImageTiles
  let filters: WinogradFilters
  /// Rows of tiles that are transformed and multiplied together, so few that the caches hold them.
  private let rowsTogether: Int
  /// How often that is done, with pieces as equal as can be.
  let pieces: Int

  /// nil where a convolution is made otherwise.
  ///
  /// So it is where channels are so few that transforms, at four numbers at a time, cost more than
  /// products save; and in bf16, whose rounding tiles would add to. A ``TinyConvolution`` of 2×2
  /// pixels makes no more products, and none of these transforms: with 192 to 384 channels and 256
  /// images it takes three quarters of the time (oneDNN 3.2, two cores of an Intel Xeon, model 207);
  /// with 512 as much, and its weights, 17 MB for each layer, would have to be kept.
  init?(
    _ input: TensorType, _ output: TensorType, _ window: Window, _ element: Element,
    imageCount: Int
  ) {
    let fewest = input.dimensions[1] * input.dimensions[2] > 4 ? 64 : 512
    let isFit = [input, output].allSatisfy { images in
      let channels = images.dimensions[0]
      return channels >= fewest && channels.isMultiple(of: WinogradFilters.channelsTogether)
        && Layout.blockedChannels(images, element) >= 8
    }
    guard element == .f32, window == Window(size: 3, stride: 1, padding: 1), isFit else {
      return nil
    }
    self.input = ImageTiles(input, element, images: imageCount)
    self.output = ImageTiles(output, element, images: imageCount)
    filters = WinogradFilters(filters: self.output.channels, channels: self.input.channels)
    let channels = max(self.input.channels, self.output.channels)
    let mostTogether = max(1, Self.numbersTogether / channels / self.input.columns)
    pieces = Self.parts(of: self.input.rows, mostTogether)
    rowsTogether = Self.parts(of: self.input.rows, pieces)
  }

  private static func parts(of count: Int, _ size: Int) -> Int { (count + size - 1) / size }

  /// Numbers of a matrix, 4 MB in all 16: a VGG19_BN step of 128 images takes 1.1 times as long with
  /// twice as many (oneDNN 3.2, two cores of an Intel Xeon, model 207, with 2 MB of L2 each).
  private static let numbersTogether = 65536

  /// Rows of a matrix: its tiles, and a spare one.
  ///
  /// With it, matrices do not lie powers of two apart, where a tile's 16 places would share the few
  /// cache lines of a set and push each other out; writing them took 2.7 times as long.
  var rowsOfMatrix: Int { rowsTogether * input.columns + 1 }

  /// Rows of tiles of a piece, some of them beyond the last image where it is the last one.
  func rows(of piece: Int) -> Range<Int> {
    piece * rowsTogether..<(piece + 1) * rowsTogether
  }

  /// Floating-point operations of the products, a multiplication and an addition counted as two.
  var operations: Int {
    2 * Self.places * input.count * input.channels * output.channels
  }
}
