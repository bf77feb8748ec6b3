import NetworkGraph

/// A convolution of stride 1 by products of transformed tiles, as in Lavin and Gray, "Fast Algorithms
/// for Convolutional Neural Networks" (arXiv:1509.09308, §4).
///
/// An output of m×m pixels is Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, with g the filter and d the pixels that it
/// meets: for 4×4 pixels and filters of 3×3, 36 multiplications for each channel where the definition
/// has 144. Over all channels and tiles that is 36 products of matrices, which oneDNN makes. Tiles of
/// 2×4 pixels, and images that are one tile, have matrices of their own: ``TileAlgorithm``.
///
/// The input gradient is the same with filters turned around. The weight gradient is the transpose
/// of the whole: Gᵀ[Σ (A·dy·Aᵀ) ⊙ (Bᵀ·d·B)]G, summed over tiles.
struct Winograd {
  let algorithm: TileAlgorithm
  let input, output: ImageTiles
  let filters: WinogradFilters
  /// Rows of tiles that are transformed and multiplied together.
  let rowsOfPiece: Int
  /// The most that are, in whatever number of images.
  let mostRows: Int
  /// How often that is done, with pieces as equal as can be.
  let pieces: Int

  /// nil where a convolution is made otherwise: where that is faster, and in bf16, whose rounding
  /// tiles would add to.
  init?(
    _ input: TensorType, _ output: TensorType, _ window: Window, _ element: Element,
    imageCount: Int, imagesOfTiles: Int
  ) {
    let channels = [input.dimensions[0], output.dimensions[0]]
    guard element == .f32,
      [input, output].allSatisfy({ Layout.blockedChannels($0, element) >= 8 }),
      channels.allSatisfy({ $0.isMultiple(of: WinogradFilters.together) }),
      let algorithm = TileAlgorithm(
        of: input, window, images: imagesOfTiles, channels: channels)
    else { return nil }
    self.algorithm = algorithm
    self.input = ImageTiles(input, element, algorithm, images: imageCount)
    self.output = ImageTiles(output, element, algorithm, images: imageCount)
    filters = WinogradFilters(algorithm: algorithm, filters: channels[1], channels: channels[0])
    let most = Self.numbersTogether / algorithm.places / max(channels[0], channels[1])
    let mostRows = max(1, most / self.input.columns)
    self.mostRows = min(mostRows, self.input.rows)
    pieces = self.input.rows.divided(by: mostRows)
    rowsOfPiece = self.input.rows.divided(by: pieces)
  }

  /// Numbers of all matrices that tiles of images become, 4 MB, which the caches hold.
  ///
  /// A VGG19_BN step of 128 images by tiles of 2×2 pixels takes 1.1 times as long with twice
  /// as many (oneDNN 3.2, two cores of an Intel Xeon, model 207, with 2 MB of L2 each; with more cores
  /// not measured).
  private static let numbersTogether = 1 << 20

  /// Of the matrices that tiles become.
  var rowsOfMatrix: Int { input.rowsOfMatrix(rowsOfPiece) }

  /// Rows for which there is room, so that more images never need less memory in tiles of one size.
  var rowsReserved: Int { input.rowsOfMatrix(mostRows) }

  /// Rows of tiles of a piece, some of them beyond the last image where it is the last one.
  func rows(of piece: Int) -> Range<Int> {
    piece * rowsOfPiece..<(piece + 1) * rowsOfPiece
  }

  /// Floating-point operations of the products, a multiplication and an addition counted as two.
  var operations: Int {
    2 * algorithm.places * input.count * input.channels * output.channels
  }
}
