/// Filters `[K][C][3][3]`, and the 16 matrices `[16][K][C]` that they become.
struct WinogradFilters {
  let filters, channels: Int

  /// A cache line of them is read or written at once.
  static let together = vectorsOfLine * Vector.scalarCount

  private static let taps = 9
  /// Vectors of a cache line.
  ///
  /// The 16 places lie powers of two apart, and would push each other out of
  /// the cache before the next vector came.
  private static let vectorsOfLine = 4

  /// Vectors of a row, and of a matrix.
  private var width: Int { channels / Vector.scalarCount }
  private var matrix: Int { filters * width }

  /// Writes G·g·Gᵀ.
  ///
  /// - Parameter turned: whether of the filters turned by 180°, as input gradients need them.
  func transform(
    _ w: UnsafePointer<Float>, turned: Bool, to products: UnsafeMutablePointer<Vector>
  ) {
    forEachLine { first, line in
      for vector in 0..<Self.vectorsOfLine {
        let source = w + (first + vector) * Vector.scalarCount * Self.taps
        @inline(__always)
        func tap(_ index: Int) -> Vector {
          let start = source + (turned ? Self.taps - 1 - index : index)
          return Vector(start[0], start[Self.taps], start[2 * Self.taps], start[3 * Self.taps])
        }
        let upper = Four(filter: tap(0), tap(1), tap(2))
        let middle = Four(filter: tap(3), tap(4), tap(5))
        let lower = Four(filter: tap(6), tap(7), tap(8))
        Tile(
          Four(filter: upper.a, middle.a, lower.a), Four(filter: upper.b, middle.b, lower.b),
          Four(filter: upper.c, middle.c, lower.c), Four(filter: upper.d, middle.d, lower.d)
        )
        .transposed.forEach { line[$0 * Self.vectorsOfLine + vector] = $1 }
      }
      for place in 0..<Winograd.places {
        (products + place * matrix + first)
          .update(from: line + place * Self.vectorsOfLine, count: Self.vectorsOfLine)
      }
    }
  }

  /// Writes Gᵀ·u·G, the gradient.
  func gather(_ products: UnsafePointer<Vector>, to dw: UnsafeMutablePointer<Float>) {
    forEachLine { first, line in
      for place in 0..<Winograd.places {
        (line + place * Self.vectorsOfLine)
          .update(from: products + place * matrix + first, count: Self.vectorsOfLine)
      }
      for vector in 0..<Self.vectorsOfLine {
        let tile = Tile { line[$0 * Self.vectorsOfLine + vector] }
        let (a, b) = (tile.first.filterGradient, tile.second.filterGradient)
        let (c, d) = (tile.third.filterGradient, tile.fourth.filterGradient)
        let left = Four(a.0, b.0, c.0, d.0).filterGradient
        let centre = Four(a.1, b.1, c.1, d.1).filterGradient
        let right = Four(a.2, b.2, c.2, d.2).filterGradient
        var target = dw + (first + vector) * Vector.scalarCount * Self.taps
        for lane in 0..<Vector.scalarCount {
          (target[0], target[1], target[2]) = (left.0[lane], centre.0[lane], right.0[lane])
          (target[3], target[4], target[5]) = (left.1[lane], centre.1[lane], right.1[lane])
          (target[6], target[7], target[8]) = (left.2[lane], centre.2[lane], right.2[lane])
          target += Self.taps
        }
      }
    }
  }

  /// Hands every line of a matrix to `body`: its first vector, and room for that of each of the 16.
  private func forEachLine(_ body: (_ first: Int, UnsafeMutablePointer<Vector>) -> Void) {
    OpenMP.parallel(matrix, atLeast: 1024) { share in
      withUnsafeTemporaryAllocation(
        of: Vector.self, capacity: Winograd.places * Self.vectorsOfLine
      ) { lines in
        guard let lines = lines.baseAddress else { return }
        for first in stride(from: share.lowerBound, to: share.upperBound, by: Self.vectorsOfLine) {
          body(first, lines)
        }
      }
    }
  }
}
