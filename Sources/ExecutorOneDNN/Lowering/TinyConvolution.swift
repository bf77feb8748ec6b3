import NetworkGraph

/// A convolution of images of few pixels, written as a dense layer.
///
/// There each output pixel sees most input pixels, each through one tap: [N, C·P] × [C·P, K·P′] with
/// W[(k, o), (c, i)] = w[k, c, tap from i to o]. A 3×3 window on 2×2 pixels is 16 products of C·K
/// where a convolution kernel does 36, most of them with padding: 2.2 to 2.7 times faster in a
/// prototype of these layers (oneDNN 3.2, f32, Zen 5). An image in memory is already such a row of
/// features; only their order follows from its layout. In f32 and with many channels ``Winograd``
/// comes first.
struct TinyConvolution {
  let channels, filters: Int
  /// Pixels of the input and of the output.
  let inputPixels, outputPixels: Int
  /// Weights of one filter and channel: the window's taps.
  let taps: Int
  /// Each pair of pixels that meet, and the tap through which.
  let pairs: [(tap: Int, output: Int, input: Int)]
  /// Channels that lie together in an input, filters in an output.
  let channelBlock, filterBlock: Int

  /// nil where a convolution is better left one.
  init?(
    _ input: TensorType, _ output: TensorType, _ window: Window, _ element: Element
  ) {
    let (x, y) = (input.dimensions, output.dimensions)
    inputPixels = x[1] * x[2]
    outputPixels = y[1] * y[2]
    guard inputPixels <= 16, outputPixels <= 16 else { return nil }
    channels = x[0]
    filters = y[0]
    taps = window.size * window.size
    channelBlock = Layout.blockedChannels(input, element)
    filterBlock = Layout.blockedChannels(output, element)
    var pairs: [(tap: Int, output: Int, input: Int)] = []
    for output in 0..<outputPixels {
      for input in 0..<inputPixels {
        let row = input / x[2] + window.padding - output / y[2] * window.stride
        let column = input % x[2] + window.padding - output % y[2] * window.stride
        guard 0..<window.size ~= row, 0..<window.size ~= column else { continue }
        pairs.append((row * window.size + column, output, input))
      }
    }
    self.pairs = pairs
    // A product of matrices is about 1.6 times as fast as a convolution kernel that leaves the
    // padding out, and it multiplies by the zeros of pairs that do not meet: 5×5 on 4×4 pixels
    // (0.77) gains a fourth, 3×3 on 4×4 (0.39) would lose.
    guard Double(pairs.count) >= 0.7 * Double(inputPixels * outputPixels) else { return nil }
  }

  var inputFeatures: Int { channels * inputPixels }
  var outputFeatures: Int { filters * outputPixels }

  /// Channels that are moved together.
  private var lanes: Int { [16, 8].first { channelBlock.isMultiple(of: $0) } ?? 1 }

  /// The row of the dense layer's weights in which a filter's output pixel is.
  private func row(_ filter: Int, _ pixel: Int) -> Int {
    (filter / filterBlock * outputPixels + pixel) * filterBlock + filter % filterBlock
  }

  /// Writes the dense layer's weights `[K·P′, C·P]`.
  ///
  /// - Parameter w: `[K][C / block][tap][block]`: channels lie together as in an image.
  func expand(
    _ w: UnsafeRawPointer, to dense: UnsafeMutableRawPointer, _ element: Element
  ) {
    switch (lanes, element) {
    case (16, .f32): expand(w, to: dense, absent: SIMD16<Float>.zero)
    case (16, .bf16): expand(w, to: dense, absent: SIMD16<UInt16>.zero)
    case (8, .f32): expand(w, to: dense, absent: SIMD8<Float>.zero)
    case (8, .bf16): expand(w, to: dense, absent: SIMD8<UInt16>.zero)
    case (_, .f32): expand(w, to: dense, absent: Float.zero)
    case (_, .bf16): expand(w, to: dense, absent: UInt16.zero)
    }
  }

  /// Adds up the dense layer's weight gradients to those of the convolution, `[K, C, s, s]`.
  func fold(_ dense: UnsafePointer<Float>, to dw: UnsafeMutablePointer<Float>) {
    switch lanes {
    case 16: fold(dense, to: dw, SIMD16<Float>.self)
    case 8: fold(dense, to: dw, SIMD8<Float>.self)
    default: fold(dense, to: dw, Float.self)
    }
  }

  func expandBias(_ bias: UnsafePointer<Float>, to dense: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      for pixel in 0..<outputPixels { dense[row(filter, pixel)] = bias[filter] }
    }
  }

  func foldBias(_ dense: UnsafePointer<Float>, to dbias: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      var sum: Float = 0
      for pixel in 0..<outputPixels { sum += dense[row(filter, pixel)] }
      dbias[filter] = sum
    }
  }
}

// Channels that lie together are moved together, as one vector.
extension TinyConvolution {
  /// - Parameter absent: the weights of pixels that do not meet.
  private func expand<Block: BitwiseCopyable>(
    _ w: UnsafeRawPointer, to dense: UnsafeMutableRawPointer, absent: Block
  ) {
    let (blocks, vectors) = (channels / channelBlock, channelBlock / lanes)
    let source = w.assumingMemoryBound(to: Block.self)
    let target = dense.assumingMemoryBound(to: Block.self)
    // -1 where pixels do not meet.
    var tapOf = Array(repeating: -1, count: outputPixels * inputPixels)
    for pair in pairs { tapOf[pair.output * inputPixels + pair.input] = pair.tap }
    OpenMP.parallel(filters, atLeast: 16) { share in
      tapOf.withUnsafeBufferPointer { tapOf in
        for filter in share {
          let weights = source + filter * blocks * taps * vectors
          for output in 0..<outputPixels {
            var element = target + row(filter, output) * blocks * inputPixels * vectors
            for block in 0..<blocks {
              for input in 0..<inputPixels {
                let tap = tapOf[output * inputPixels + input]
                let first = (block * taps + tap) * vectors
                for vector in 0..<vectors {
                  element.pointee = tap < 0 ? absent : weights[first + vector]
                  element += 1
                }
              }
            }
          }
        }
      }
    }
  }

  private func fold<Block: Lanes>(
    _ dense: UnsafePointer<Float>, to dw: UnsafeMutablePointer<Float>, _: Block.Type
  ) {
    let (blocks, vectors) = (channels / channelBlock, channelBlock / lanes)
    let source = UnsafeRawPointer(dense).assumingMemoryBound(to: Block.self)
    OpenMP.parallel(filters, atLeast: 16) { share in
      withUnsafeTemporaryAllocation(of: Block.self, capacity: taps * vectors) { sums in
        pairs.withUnsafeBufferPointer { pairs in
          for filter in share {
            for block in 0..<blocks {
              sums.update(repeating: Block.zero)
              for pair in pairs {
                let row = (row(filter, pair.output) * blocks + block) * inputPixels + pair.input
                for vector in 0..<vectors {
                  sums[pair.tap * vectors + vector] += source[row * vectors + vector]
                }
              }
              spread(sums, to: dw + (filter * blocks + block) * channelBlock * taps)
            }
          }
        }
      }
    }
  }

  /// Writes a block of channels channel by channel.
  private func spread<Block: Lanes>(
    _ sums: UnsafeMutableBufferPointer<Block>, to dw: UnsafeMutablePointer<Float>
  ) {
    sums.withMemoryRebound(to: Float.self) { sums in
      var element = dw
      for lane in 0..<channelBlock {
        for tap in 0..<taps {
          element.pointee = sums[tap * channelBlock + lane]
          element += 1
        }
      }
    }
  }
}

/// Floats that are moved and added together.
private protocol Lanes: BitwiseCopyable {
  static var zero: Self { get }
  static func += (sum: inout Self, other: Self)
}

extension Float: Lanes {}
extension SIMD8<Float>: Lanes {}
extension SIMD16<Float>: Lanes {}
