/// What is wrong with one image file, in a few words.
struct ImageFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A decoded image of any size.
struct Photograph {
  let width: Int
  let height: Int
  /// `[H, W, 3]`: red, green, blue.
  let pixels: [UInt8]

  /// Pixels of an image that is decoded: a few bytes can claim billions.
  static let mostPixels = 100_000_000

  static func checkSize(width: Int, height: Int) throws(ImageFault) {
    guard width > 0, height > 0 else { throw ImageFault("it has no pixels") }
    guard width <= mostPixels, height <= mostPixels, width * height <= mostPixels else {
      throw ImageFault(
        "it is \(width) × \(height) pixels, and more than \(grouped(mostPixels)) are not decoded")
    }
  }
}

extension Photograph {
  /// Scales the image so that its shorter side has `size` pixels, and keeps the middle.
  ///
  /// Every new pixel is a mean of those under it, the nearer the heavier (a triangle as wide as two
  /// new pixels, or as two old ones where the image grows): what torchvision's `Resize` and
  /// `CenterCrop` give, to a rounding.
  ///
  /// - Returns: `[3, size, size]`.
  func square(_ size: Int) -> [UInt8] {
    let short = min(width, height)
    let columns = Taps(from: width, to: size * width / short, keeping: size)
    let rows = Taps(from: height, to: size * height / short, keeping: size)
    let first = rows.starts[0]
    let scaled = scaledRows(first..<rows.starts[size - 1] + rows.count, columns, size)
    var square = [UInt8](repeating: 0, count: 3 * size * size)
    for row in 0..<size {
      let start = rows.starts[row] - first
      for column in 0..<size {
        var sum = SIMD3<Float>()
        for tap in 0..<rows.count {
          sum += rows.weights[row * rows.count + tap] * scaled[(start + tap) * size + column]
        }
        let bytes = SIMD3<UInt8>(
          truncatingIfNeeded: SIMD3<Int32>(
            (sum + 0.5).clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 255)))
        )
        for channel in 0..<3 { square[(channel * size + row) * size + column] = bytes[channel] }
      }
    }
    return square
  }

  /// Some rows with `size` columns each.
  private func scaledRows(_ rows: Range<Int>, _ columns: Taps, _ size: Int) -> [SIMD3<Float>] {
    var scaled: [SIMD3<Float>] = []
    scaled.reserveCapacity(rows.count * size)
    pixels.withUnsafeBufferPointer { pixels in
      for row in rows {
        for column in 0..<size {
          var sum = SIMD3<Float>()
          for tap in 0..<columns.count {
            let place = 3 * (row * width + columns.starts[column] + tap)
            let pixel = SIMD3(
              Float(pixels[place]), Float(pixels[place + 1]), Float(pixels[place + 2]))
            sum += columns.weights[column * columns.count + tap] * pixel
          }
          scaled.append(sum)
        }
      }
    }
    return scaled
  }
}

/// Along one side: which old pixels each of the new ones is made of, and how much of each.
private struct Taps {
  /// Of each new pixel.
  private(set) var starts: [Int] = []
  /// Old pixels for each new one; some weigh nothing.
  let count: Int
  private(set) var weights: [Float] = []

  /// - Parameters:
  ///   - new: pixels of the whole side, of which the middle `kept` are made.
  init(from old: Int, to new: Int, keeping kept: Int) {
    let scale = Double(old) / Double(new)
    let reach = max(1, scale)
    count = min(old, 2 * Int(reach.rounded(.up)) + 1)
    // As Python's round: half to even.
    let margin = Int((Double(new - kept) / 2).rounded(.toNearestOrEven))
    for pixel in margin..<margin + kept {
      let centre = (Double(pixel) + 0.5) * scale
      let start = min(max(0, Int((centre - reach + 0.5).rounded(.down))), old - count)
      let heights = (start..<start + count).map {
        max(0, 1 - abs(Double($0) + 0.5 - centre) / reach)
      }
      let sum = heights.reduce(0, +)
      starts.append(start)
      weights += heights.map { Float($0 / sum) }
    }
  }
}
