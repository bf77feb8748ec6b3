import NetworkGraph

/// A convolution of images of at most 2×2 pixels, written as a dense layer.
///
/// There the window is larger than the image, and each output pixel sees each input pixel through
/// one tap: [N, C·P] × [C·P, K·P′] with W[(k, o), (c, i)] = w[k, c, tap from i to o]. A 3×3 window on
/// 2×2 pixels is 16 products of C·K where a convolution kernel does 36, most of them with padding:
/// 2.2 to 2.7 times faster in a prototype of these layers (oneDNN 3.2, f32, Zen 5). An image in memory
/// is already such a row of features; only their order follows from its layout.
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
  init?(_ input: TensorType, _ output: TensorType, _ window: Window) {
    let (x, y) = (input.dimensions, output.dimensions)
    inputPixels = x[1] * x[2]
    outputPixels = y[1] * y[2]
    guard inputPixels <= 4, outputPixels <= 4 else { return nil }
    channels = x[0]
    filters = y[0]
    taps = window.size * window.size
    channelBlock = Layout.blockedChannels(input)
    filterBlock = Layout.blockedChannels(output)
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
  }

  var inputFeatures: Int { channels * inputPixels }
  var outputFeatures: Int { filters * outputPixels }

  /// Where a channel's pixel lies in an image's row of features.
  private func feature(_ channel: Int, _ pixel: Int, of pixels: Int, _ block: Int) -> Int {
    (channel / block * pixels + pixel) * block + channel % block
  }

  /// Calls `body` for each weight of the dense layer with its place there and in the convolution.
  @inline(__always)
  private func forEachWeight(_ body: (_ dense: Int, _ convolution: Int) -> Void) {
    let (rows, columns) = (pairs.map(\.output), pairs.map(\.input))
    let taps = pairs.map(\.tap)
    let stride = inputFeatures
    var offsets = Array(repeating: 0, count: pairs.count)
    for filter in 0..<filters {
      for index in offsets.indices {
        offsets[index] = feature(filter, rows[index], of: outputPixels, filterBlock) * stride
      }
      for channel in 0..<channels {
        let weight = (filter * channels + channel) * self.taps
        for index in offsets.indices {
          let column = feature(channel, columns[index], of: inputPixels, channelBlock)
          body(offsets[index] + column, weight + taps[index])
        }
      }
    }
  }

  /// Writes the dense layer's weights `[K·P′, C·P]`.
  func expand(_ w: UnsafePointer<Float>, to dense: UnsafeMutablePointer<Float>) {
    dense.update(repeating: 0, count: outputFeatures * inputFeatures)
    forEachWeight { dense[$0] = w[$1] }
  }

  /// Adds up the dense layer's weight gradients to those of the convolution.
  func fold(_ dense: UnsafePointer<Float>, to dw: UnsafeMutablePointer<Float>) {
    dw.update(repeating: 0, count: filters * channels * taps)
    forEachWeight { dw[$1] += dense[$0] }
  }

  func expandBias(_ bias: UnsafePointer<Float>, to dense: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      for pixel in 0..<outputPixels {
        dense[feature(filter, pixel, of: outputPixels, filterBlock)] = bias[filter]
      }
    }
  }

  func foldBias(_ dense: UnsafePointer<Float>, to dbias: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      var sum: Float = 0
      for pixel in 0..<outputPixels {
        sum += dense[feature(filter, pixel, of: outputPixels, filterBlock)]
      }
      dbias[filter] = sum
    }
  }
}
