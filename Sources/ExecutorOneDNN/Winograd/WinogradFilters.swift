/// Filters `[K][C][3][3]`, and the matrices `[place][K][C]` that they become.
struct WinogradFilters {
  let tile: TileSize
  let filters, channels: Int

  /// A cache line of them is read or written at once.
  static let together = vectorsOfLine * Vector.scalarCount

  private static let taps = 9
  /// Vectors of a cache line.
  ///
  /// The places lie powers of two apart, and would push each other out of
  /// the cache before the next vector came.
  private static let vectorsOfLine = 4

  /// Vectors of a matrix.
  private var matrix: Int { filters * channels / Vector.scalarCount }

  /// Writes G·g·Gᵀ.
  ///
  /// - Parameter turned: whether of the filters turned by 180°, as input gradients need them.
  func transform(
    _ w: UnsafePointer<Float>, turned: Bool, to products: UnsafeMutablePointer<Vector>
  ) {
    switch tile {
    case .two: transform(TileOfTwo.self, w, turned: turned, to: products)
    case .four: transform(TileOfFour.self, w, turned: turned, to: products)
    }
  }

  /// Writes Gᵀ·u·G, the gradient.
  func gather(_ products: UnsafePointer<Vector>, to dw: UnsafeMutablePointer<Float>) {
    switch tile {
    case .two: gather(TileOfTwo.self, products, to: dw)
    case .four: gather(TileOfFour.self, products, to: dw)
    }
  }

  private func transform<Transform: TileTransform>(
    _: Transform.Type, _ w: UnsafePointer<Float>, turned: Bool,
    to products: UnsafeMutablePointer<Vector>
  ) {
    let (points, together) = (Transform.points, Self.vectorsOfLine)
    forEachLine { first, line, room in
      let filter = Plane(first: room, rowStride: 3, columnStride: 1)
      for vector in 0..<together {
        let source = w + (first + vector) * Vector.scalarCount * Self.taps
        for tap in 0..<Self.taps {
          let start = source + (turned ? Self.taps - 1 - tap : tap)
          room[tap] = Vector(
            start[0], start[Self.taps], start[2 * Self.taps], start[3 * Self.taps])
        }
        let u = Plane(
          first: line + vector, rowStride: points * together, columnStride: together)
        filter.transform(Transform.Filter.self, through: room + Self.taps, to: u)
      }
      for place in 0..<points * points {
        (products + place * matrix + first)
          .update(from: line + place * together, count: together)
      }
    }
  }

  private func gather<Transform: TileTransform>(
    _: Transform.Type, _ products: UnsafePointer<Vector>, to dw: UnsafeMutablePointer<Float>
  ) {
    let (points, together) = (Transform.points, Self.vectorsOfLine)
    forEachLine { first, line, room in
      for place in 0..<points * points {
        (line + place * together)
          .update(from: products + place * matrix + first, count: together)
      }
      let filter = Plane(first: room, rowStride: 3, columnStride: 1)
      for vector in 0..<together {
        let u = Plane(
          first: line + vector, rowStride: points * together, columnStride: together)
        u.transform(Transform.FilterGradient.self, through: room + Self.taps, to: filter)
        let target = dw + (first + vector) * Vector.scalarCount * Self.taps
        for lane in 0..<Vector.scalarCount {
          for tap in 0..<Self.taps { target[lane * Self.taps + tap] = room[tap][lane] }
        }
      }
    }
  }

  /// Hands every line of a matrix to `body`: its first vector, room for that of each place, and room
  /// for one filter and what is between.
  private func forEachLine(
    _ body: (
      _ first: Int, _ line: UnsafeMutablePointer<Vector>, _ room: UnsafeMutablePointer<Vector>
    ) -> Void
  ) {
    let line = tile.places * Self.vectorsOfLine
    let filter = Self.taps + 3 * (tile.edge + 2)
    OpenMP.parallel(matrix, atLeast: 1024) { share in
      withUnsafeTemporaryAllocation(of: Vector.self, capacity: line + filter) { room in
        guard let room = room.baseAddress else { return }
        for first in stride(from: share.lowerBound, to: share.upperBound, by: Self.vectorsOfLine) {
          body(first, room, room + line)
        }
      }
    }
  }
}
