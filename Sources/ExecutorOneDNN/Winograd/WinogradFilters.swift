/// Filters `[K][C][r][r]`, and the matrices `[place][K][C]` that they become.
struct WinogradFilters {
  let algorithm: TileAlgorithm
  let filters, channels: Int

  /// A cache line of them is read or written at once.
  static let together = vectorsOfLine * Vector.scalarCount

  /// Vectors of a cache line.
  ///
  /// The places lie powers of two apart, and would push each other out of the cache before the next
  /// vector came.
  private static var vectorsOfLine: Int { 4 }

  /// Vectors of a matrix.
  private var matrix: Int { filters * channels / Vector.scalarCount }

  /// - Parameter turned: whether of the filters turned by 180°, as input gradients need them.
  func transform(
    _ w: UnsafePointer<Float>, turned: Bool, to products: UnsafeMutablePointer<Vector>
  ) {
    algorithm.transformFilters(self, w, turned, products)
  }

  /// Writes the gradient.
  func gather(_ products: UnsafePointer<Vector>, to dw: UnsafeMutablePointer<Float>) {
    algorithm.gatherFilters(self, products, dw)
  }

  /// Writes what the transforms make of each filter.
  func transform<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, _ w: UnsafePointer<Float>, turned: Bool,
    to products: UnsafeMutablePointer<Vector>
  ) {
    forEachLine { first, line, room in
      // Constants to the compiler only if they are not taken along from outside.
      let (taps, together) = (Down.length * Across.length, Self.vectorsOfLine)
      let filter =
        turned
        ? Plane(first: room + (taps - 1), rowStride: -Across.length, columnStride: -1)
        : Plane(first: room, rowStride: Across.length, columnStride: 1)
      for vector in 0..<together {
        transpose(w + (first + vector) * Vector.scalarCount * taps, taps, to: room)
        let u = Plane(
          first: line + vector, rowStride: Across.result * together, columnStride: together)
        filter.transform(Down.self, Across.self, through: room + taps, to: u)
      }
      for place in 0..<Down.result * Across.result {
        (products + place * matrix + first)
          .update(from: line + place * together, count: together)
      }
    }
  }

  /// Writes the filters' gradient.
  func gather<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, _ products: UnsafePointer<Vector>,
    to dw: UnsafeMutablePointer<Float>
  ) {
    forEachLine { first, line, room in
      let (taps, together) = (Down.result * Across.result, Self.vectorsOfLine)
      for place in 0..<Down.length * Across.length {
        (line + place * together)
          .update(from: products + place * matrix + first, count: together)
      }
      let filter = Plane(first: room, rowStride: Across.result, columnStride: 1)
      for vector in 0..<together {
        let u = Plane(
          first: line + vector, rowStride: Across.length * together, columnStride: together)
        u.transform(Down.self, Across.self, through: room + taps, to: filter)
        transpose(room, taps, to: dw + (first + vector) * Vector.scalarCount * taps)
      }
    }
  }

  /// Brings each tap of four filters together.
  @inline(__always)
  private func transpose(
    _ w: UnsafePointer<Float>, _ taps: Int, to vectors: UnsafeMutablePointer<Vector>
  ) {
    let target = UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Float.self)
    forEachSquare(taps) { tap in
      Square(from: w + tap, stride: taps).transposed
        .write(to: target + tap * Vector.scalarCount, stride: Vector.scalarCount)
    }
  }

  /// Takes the taps of four filters apart.
  @inline(__always)
  private func transpose(
    _ vectors: UnsafePointer<Vector>, _ taps: Int, to w: UnsafeMutablePointer<Float>
  ) {
    let source = UnsafeRawPointer(vectors).assumingMemoryBound(to: Float.self)
    forEachSquare(taps) { tap in
      Square(from: source + tap * Vector.scalarCount, stride: Vector.scalarCount).transposed
        .write(to: w + tap, stride: taps)
    }
  }

  /// Hands the first of every four taps to `body`; the last four overlap with the ones before.
  @inline(__always)
  private func forEachSquare(_ taps: Int, _ body: (_ tap: Int) -> Void) {
    for square in 0..<taps.divided(by: Vector.scalarCount) {
      body(min(square * Vector.scalarCount, taps - Vector.scalarCount))
    }
  }

  /// Hands every line of a matrix to `body`: its first vector, room for that of each place, and room
  /// for one filter and what is between.
  private func forEachLine(
    _ body: (
      _ first: Int, _ line: UnsafeMutablePointer<Vector>, _ room: UnsafeMutablePointer<Vector>
    ) -> Void
  ) {
    let line = algorithm.places * Self.vectorsOfLine
    // And between: that many columns, or rows, of places.
    let filter = algorithm.taps * algorithm.taps + algorithm.places
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
