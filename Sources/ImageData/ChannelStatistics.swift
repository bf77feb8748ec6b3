/// The mean and deviation of the pixels of each channel, on the scale where white is 1.
public struct ChannelStatistics: Sendable, Equatable {
  public let mean: [Double]
  /// Over all pixels of all images (not the mean of each image's own).
  public let deviation: [Double]
}

extension LabelledImages {
  /// Returns the statistics of all images.
  ///
  /// - Complexity: O(bytes).
  public func channelStatistics() -> ChannelStatistics {
    // How often each byte occurs: a table is as good as the pixels, and much shorter.
    var counts = Array(repeating: Array(repeating: 0, count: 256), count: channels)
    for index in 0..<imageCount {
      withPixels(of: index) { pixels in
        for channel in 0..<channels {
          let plane = pixels[channel * height * width..<(channel + 1) * height * width]
          counts[channel].withUnsafeMutableBufferPointer { counts in
            for pixel in plane { counts[Int(pixel)] += 1 }
          }
        }
      }
    }
    let moments = counts.map(Self.moments)
    return ChannelStatistics(mean: moments.map(\.mean), deviation: moments.map(\.deviation))
  }

  private static func moments(_ counts: [Int]) -> (mean: Double, deviation: Double) {
    let total = Double(counts.reduce(0, +))
    let mean = Double(counts.indices.reduce(0) { $0 + counts[$1] * $1 }) / total
    let squares = counts.indices.reduce(0.0) { sum, byte in
      sum + Double(counts[byte]) * (Double(byte) - mean) * (Double(byte) - mean)
    }
    return (mean / 255, (squares / total).squareRoot() / 255)
  }
}
