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
  /// The most that are, in whatever number of images.
  private let mostRows: Int
  /// How often that is done, with pieces as equal as can be.
  let pieces: Int

  /// nil where a convolution is made otherwise: where that is faster, and in bf16, whose rounding
  /// tiles would add to.
  init?(
    _ input: TensorType, _ output: TensorType, _ window: Window, _ element: Element,
    imageCount: Int
  ) {
    guard element == .f32, window == Window(size: 3, stride: 1, padding: 1),
      [input, output].allSatisfy({ Layout.blockedChannels($0, element) >= 8 })
    else { return nil }
    self.input = ImageTiles(input, element, images: imageCount)
    self.output = ImageTiles(output, element, images: imageCount)
    filters = WinogradFilters(filters: self.output.channels, channels: self.input.channels)
    let channels = [self.input.channels, self.output.channels]
    let mostTogether = max(
      1, Self.numbersTogether / max(channels[0], channels[1]) / self.input.columns)
    mostRows = min(mostTogether, self.input.rows)
    pieces = Self.parts(of: self.input.rows, mostTogether)
    rowsTogether = Self.parts(of: self.input.rows, pieces)
    let fewest = Self.fewestChannels(self.input)
    guard channels.allSatisfy({ $0 >= fewest && $0.isMultiple(of: WinogradFilters.together) })
    else { return nil }
  }

  /// Channels from which on tiles pay.
  ///
  /// With fewer, transforms, at four numbers at a time, cost more than products save. A
  /// ``TinyConvolution`` of 2×2 pixels makes no more products, and none of these transforms: with 192
  /// to 384 channels and 256 images it takes three quarters of the time; with 512 as much, and its
  /// weights, 17 MB for each layer, would have to be kept (oneDNN 3.2, two cores of an Intel Xeon,
  /// model 207).
  private static func fewestChannels(_ images: ImageTiles) -> Int {
    // Of the taps of all positions, so many are on the image.
    let taps = (3 * images.height - 2) * (3 * images.width - 2)
    let products = places * images.rowsOfImage * images.columns
    if products > taps { return .max }
    return products < taps ? 64 : 512
  }

  private static func parts(of count: Int, _ size: Int) -> Int { (count + size - 1) / size }

  /// Numbers of a matrix, 4 MB in all 16: a VGG19_BN step of 128 images takes 1.1 times as long with
  /// twice as many (oneDNN 3.2, two cores of an Intel Xeon, model 207, with 2 MB of L2 each; with more
  /// cores not measured).
  private static let numbersTogether = 65536

  /// Of the matrices that tiles become.
  var rowsOfMatrix: Int { input.rowsOfMatrix(rowsTogether) }

  /// Rows for which there is room, so that more images never need less memory.
  var rowsReserved: Int { input.rowsOfMatrix(mostRows) }

  /// Rows of tiles of a piece, some of them beyond the last image where it is the last one.
  func rows(of piece: Int) -> Range<Int> {
    piece * rowsTogether..<(piece + 1) * rowsTogether
  }

  /// Floating-point operations of the products, a multiplication and an addition counted as two.
  var operations: Int {
    2 * Self.places * input.count * input.channels * output.channels
  }
}
