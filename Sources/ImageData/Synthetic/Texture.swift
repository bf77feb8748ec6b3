import Foundation

/// A wavelength and a slant; ten of them make the synthetic classes.
struct Texture {
  /// In pixels.
  let wavelength: Double
  /// Degrees from upright stripes to level ones; both leanings belong to the texture.
  let slant: Double

  var name: String { (wavelength < 4 ? "fine_" : "coarse_") + String(Int(slant)) }

  static let all: [Texture] = [3.2, 5.5].flatMap { wavelength in
    [0, 22.5, 45, 67.5, 90].map { Texture(wavelength: wavelength, slant: $0) }
  }
}

/// A wave under a bell, as two tables of which any phase is a sum.
struct WavePacket {
  /// The packet reaches so many pixels to each side: three deviations of its bell.
  static let reach = 8
  static let side = 2 * reach + 1
  static let bell = 2.7

  /// `[side, side]`: bell × cosine.
  let even: [Float]
  /// `[side, side]`: bell × sine.
  let odd: [Float]

  init(_ texture: Texture, mirrored: Bool) {
    let angle = texture.slant * Double.pi / 180
    let pace = 2 * Double.pi / texture.wavelength
    let right = pace * cos(angle) * (mirrored ? -1 : 1)
    let down = pace * sin(angle)
    func table(_ wave: (Double) -> Double) -> [Float] {
      (-Self.reach...Self.reach).flatMap { y in
        (-Self.reach...Self.reach).map { x in
          let distance = Double(x * x + y * y)
          let height = exp(-distance / (2 * Self.bell * Self.bell))
          return Float(height * wave(right * Double(x) + down * Double(y)))
        }
      }
    }
    even = table(cos)
    odd = table(sin)
  }

  /// Adds the packet around (row, column), as far as it lies in the plane.
  ///
  /// - Parameters:
  ///   - phase: of the wave at the packet's centre, in radians.
  ///   - plane: `[size, size]` of ``TexturePainter``.
  func add(phase: Double, to plane: UnsafeMutablePointer<Float>, row: Int, column: Int) {
    let size = TexturePainter.size
    let (cosine, sine) = (Float(cos(phase)), Float(sin(phase)))
    let left = max(-Self.reach, -column)
    let count = min(Self.reach, size - 1 - column) - left + 1
    even.withUnsafeBufferPointer { even in
      odd.withUnsafeBufferPointer { odd in
        guard let even = even.baseAddress, let odd = odd.baseAddress else { return }
        for y in max(-Self.reach, -row)...min(Self.reach, size - 1 - row) {
          let source = (y + Self.reach) * Self.side + Self.reach + left
          let target = plane + ((row + y) * size + column + left)
          for x in 0..<count {
            target[x] += cosine * even[source + x] - sine * odd[source + x]
          }
        }
      }
    }
  }
}
