import NetworkGraph

/// The edge of a tile in pixels.
enum TileSize: Int {
  case two = 2
  case four = 4

  /// The one that makes a convolution fastest, nil where another form does.
  ///
  /// - Parameter channels: of the images, and of the outputs.
  init?(of type: TensorType, images: Int, channels: [Int]) {
    let (height, width) = (type.dimensions[1], type.dimensions[2])
    func tiles(_ size: TileSize) -> Int {
      height.divided(by: size.edge) * width.divided(by: size.edge)
    }
    func cost(_ size: TileSize) -> Int {
      size.places * (tiles(size) * images + Self.rowsOfTransform)
    }
    let mayBeFour = channels.allSatisfy { $0 <= Self.mostChannelsOfFour }
    self = mayBeFour && cost(.four) < cost(.two) ? .four : .two
    // Of the taps of all positions, so many are on the image.
    let taps = (3 * height - 2) * (3 * width - 2)
    let products = places * tiles(self)
    // With fewer channels, transforms, at four numbers at a time, cost more than products save. A
    // TinyConvolution of 2×2 pixels makes no more products, and none of these transforms: with 192 to
    // 384 channels and 256 images it takes three quarters of the time; with 512 as much, and its
    // weights, 17 MB for each layer, would have to be kept.
    let fewest = products < taps ? 64 : 512
    guard products <= taps, channels.allSatisfy({ $0 >= fewest }) else { return nil }
  }

  /// Larger tiles round more, and the more so the longer their sums: with 128 channels by tiles of 4×4
  /// pixels three updates of VGG19_BN end 2.2 times as far from float64 as the farthest of PyTorch's f32
  /// runs, and twice is what is promised.
  private static let mostChannelsOfFour = 64

  /// Rows of a matrix whose product takes as long as to transform and read the filters.
  ///
  /// So tiles of 4×4 pixels, which make more matrices of fewer rows, are taken from 12 images of 8×8
  /// pixels on; measured, they pay from 8 on (oneDNN 3.2, two cores of an Intel Xeon, model 207).
  private static let rowsOfTransform = 64

  var edge: Int { rawValue }
  /// Products of matrices: one for each place in a transformed tile.
  var places: Int { (edge + 2) * (edge + 2) }
}

extension Int {
  /// Rounded up.
  func divided(by size: Int) -> Int { (self + size - 1) / size }
}
