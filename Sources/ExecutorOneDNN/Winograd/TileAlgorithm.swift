import NetworkGraph

/// A way to make convolutions by tiles: their sizes, and what its ``TileTransform`` does to images and
/// filters, as compiled for it.
struct TileAlgorithm: Sendable {
  /// A tile's edge in pixels.
  let edge: Int
  /// A filter's edge in weights.
  let taps: Int
  /// Pixels around a tile that its outputs see.
  let margin: Int
  /// Products along an edge.
  let points: Int

  let writeInputs: Reading
  let writeOutputGradients: Reading
  let writeOutputs: Writing
  let transformFilters: FilterTransform
  let gatherFilters: FilterGathering

  private init<Transform: TileTransform>(_: Transform.Type) {
    (edge, taps) = (Transform.Output.result, Transform.Filter.length)
    margin = (Transform.Input.length - Transform.Output.result) / 2
    points = Transform.Input.result
    writeInputs = { $0.read(Transform.Input.self, of: $1, $2, to: $3, sums: $4) }
    writeOutputGradients = { $0.read(Transform.OutputGradient.self, of: $1, $2, to: $3, sums: $4) }
    writeOutputs = { $0.write(Transform.Output.self, of: $1, $2, to: $3, $4) }
    transformFilters = { $0.transform(Transform.Filter.self, $1, turned: $2, to: $3) }
    gatherFilters = { $0.gather(Transform.FilterGradient.self, $1, to: $2) }
  }

  /// Products of matrices: one for each place in a transformed tile.
  var places: Int { points * points }
}

extension TileAlgorithm {
  typealias Reading =
    @Sendable (
      ImageTiles, UnsafePointer<Vector>, _ rows: Range<Int>,
      _ products: UnsafeMutablePointer<Vector>, _ sums: UnsafeMutablePointer<Vector>?
    ) -> Void
  typealias Writing =
    @Sendable (
      ImageTiles, UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
      _ outputs: UnsafeMutablePointer<Vector>, ImageTiles.Ending
    ) -> Void
  typealias FilterTransform =
    @Sendable (
      WinogradFilters, UnsafePointer<Float>, _ turned: Bool,
      _ products: UnsafeMutablePointer<Vector>
    ) -> Void
  typealias FilterGathering =
    @Sendable (
      WinogradFilters, UnsafePointer<Vector>, _ gradient: UnsafeMutablePointer<Float>
    ) -> Void
}

extension TileAlgorithm {
  private static let tileOfTwo = Self(TileOfTwo.self)
  private static let tileOfFour = Self(TileOfFour.self)
  private static let imageOfTwo = Self(ImageOfTwo.self)
  private static let imageOfFour = Self(ImageOfFour.self)

  /// The one that makes a convolution fastest, nil where another form does.
  ///
  /// - Parameter channels: of the images, and of the outputs.
  init?(of type: TensorType, _ window: Window, images: Int, channels: [Int]) {
    let (height, width) = (type.dimensions[1], type.dimensions[2])
    func products(_ algorithm: Self) -> Int {
      algorithm.places * height.divided(by: algorithm.edge) * width.divided(by: algorithm.edge)
    }
    func cost(_ algorithm: Self) -> Int {
      products(algorithm) * images + algorithm.places * Self.rowsOfTransform
    }
    var all = [Self.tileOfTwo, .imageOfTwo, .imageOfFour]
    if channels.allSatisfy({ $0 <= Self.mostChannelsOfFour }) { all.append(.tileOfFour) }
    let fitting = all.filter {
      window == Window(size: $0.taps, stride: 1, padding: $0.taps / 2)
        && ($0.margin > 0 || (height, width) == ($0.edge, $0.edge))
    }
    // With fewer channels, transforms, at four numbers at a time, cost more than products save.
    guard let best = fitting.min(by: { cost($0) < cost($1) }),
      products(best) < window.taps(onLength: height) * window.taps(onLength: width),
      channels.allSatisfy({ $0 >= 64 })
    else { return nil }
    self = best
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
}

extension Window {
  /// Pairs of an output and a tap that meet the image, along an edge of so many pixels.
  fileprivate func taps(onLength length: Int) -> Int {
    (0..<length).reduce(0) { sum, output in
      let first = output - padding
      return sum + min(length, first + size) - max(0, first)
    }
  }
}

extension Int {
  /// Rounded up.
  func divided(by size: Int) -> Int { (self + size - 1) / size }
}
