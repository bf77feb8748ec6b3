import NetworkGraph

/// A way to make convolutions by tiles: an algorithm down the tile and one across it, nested, as
/// compiled for both.
struct TileAlgorithm: Sendable {
  /// A tile's pixels.
  let height, width: Int
  /// Weights of a filter's edge.
  let taps: Int
  /// Products of matrices: one for each place in a transformed tile.
  let places: Int
  /// Whether tiles see pixels around them, and an image can have many.
  let hasMargin: Bool
  /// Channels of images and outputs with which it rounds little enough.
  ///
  /// Larger tiles round more, and the more so the longer their sums. Whatever its number of images,
  /// three updates of VGG19_BN end 1.8 times as far from float64 as the farthest of PyTorch's f32 runs
  /// with the limits below; with 128 channels by 4×4 pixels, or 512 by 2×4, 2.2 times, and twice is
  /// what is promised.
  let mostChannels: Int

  let writeInputs: Reading
  let writeOutputGradients: Reading
  let writeOutputs: Writing
  let transformFilters: FilterTransform
  let gatherFilters: FilterGathering

  private init<Down: LineAlgorithm, Across: LineAlgorithm>(
    _: Down.Type, _: Across.Type, mostChannels: Int = .max
  ) {
    precondition(Down.Filter.length == Across.Filter.length, "filters are square")
    self.mostChannels = mostChannels
    (height, width) = (Down.Output.result, Across.Output.result)
    taps = Down.Filter.length
    places = Down.Input.result * Across.Input.result
    hasMargin = Down.Input.length > Down.Output.result
    writeInputs = {
      $0.read(Down.Input.self, Across.Input.self, of: $1, $2, to: $3, sums: $4)
    }
    writeOutputGradients = {
      $0.read(Down.OutputGradient.self, Across.OutputGradient.self, of: $1, $2, to: $3, sums: $4)
    }
    writeOutputs = { $0.write(Down.Output.self, Across.Output.self, of: $1, $2, to: $3, $4) }
    transformFilters = {
      $0.transform(Down.Filter.self, Across.Filter.self, $1, turned: $2, to: $3)
    }
    gatherFilters = {
      $0.gather(Down.FilterGradient.self, Across.FilterGradient.self, $1, to: $2)
    }
  }
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
  private static let all = [
    Self(TwoOutputs.self, TwoOutputs.self),
    Self(TwoOutputs.self, FourOutputs.self, mostChannels: 256),
    Self(FourOutputs.self, FourOutputs.self, mostChannels: 64),
    Self(TwoPixels.self, TwoPixels.self),
    Self(FourPixels.self, FourPixels.self),
  ]

  /// The one that makes a convolution fastest, nil where another form does.
  ///
  /// - Parameter channels: of the images, and of the outputs.
  init?(of type: TensorType, _ window: Window, images: Int, channels: [Int]) {
    let (height, width) = (type.dimensions[1], type.dimensions[2])
    func products(_ algorithm: Self) -> Int {
      algorithm.places * height.divided(by: algorithm.height)
        * width.divided(by: algorithm.width)
    }
    func cost(_ algorithm: Self) -> Int {
      products(algorithm) * images + algorithm.places * Self.rowsOfTransform
    }
    let fitting = Self.all.filter { algorithm in
      window == Window(size: algorithm.taps, stride: 1, padding: algorithm.taps / 2)
        && (algorithm.hasMargin || (height, width) == (algorithm.height, algorithm.width))
        && channels.allSatisfy { $0 <= algorithm.mostChannels }
    }
    guard let best = fitting.min(by: { cost($0) < cost($1) }),
      products(best) < window.taps(on: height) * window.taps(on: width),
      channels.allSatisfy({ $0 >= Self.fewestChannels })
    else { return nil }
    self = best
  }

  /// Channels below which transforms, at four numbers at a time, cost more than products save.
  ///
  /// Where vectors are of 8 numbers products save more, for oneDNN's convolutions are farther from the
  /// machine's rate there: 16 → 16 channels of 32×32 pixels by tiles take 0.7 to 0.85 of their time,
  /// 32 → 32 of 16×16 a little more than half (oneDNN 3.2, AVX2, two cores of a Zen 3). With AVX-512, 32
  /// took 1.5 times as long, with slower transforms (two cores of an Intel Xeon, model 207).
  private static var fewestChannels: Int { OneDNNLibrary.vectorWidth == 8 ? 16 : 64 }

  /// Rows of a matrix whose product takes as long as to transform and read the filters.
  ///
  /// Larger tiles make more matrices of fewer rows. So of 64 channels and 8×8 pixels, tiles of 2×4 are
  /// taken from 9 images on and of 4×4 from 17; measured, 4×4 takes less time than 2×2 from 8 on
  /// (oneDNN 3.2, two cores of an Intel Xeon, model 207; with fewer channels not measured).
  private static let rowsOfTransform = 64
}

extension Int {
  /// Rounded up.
  func divided(by size: Int) -> Int { (self + size - 1) / size }
}
