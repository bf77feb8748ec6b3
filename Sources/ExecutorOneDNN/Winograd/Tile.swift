/// Floats that are moved and added together: what a register holds on every x86-64 CPU.
///
/// Longer ones would not fit: a tile of 16 such vectors fills the registers.
typealias Vector = SIMD4<Float>

/// Four vectors: a row or a column of a tile, and what the algorithm's matrices make of it.
struct Four {
  let a, b, c, d: Vector

  init(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  /// A: of the outputs' gradient.
  @inline(__always)
  init(outputGradient a: Vector, _ b: Vector) { self.init(a, a + b, a - b, Vector.zero - b) }

  /// G: of a filter.
  @inline(__always)
  init(filter a: Vector, _ b: Vector, _ c: Vector) {
    let (outer, inner) = (0.5 * (a + c), 0.5 * b)
    self.init(a, outer + inner, outer - inner, c)
  }

  /// Bᵀ: of the input.
  @inline(__always)
  var input: Four { Four(a - c, b + c, c - b, b - d) }

  /// Aᵀ: of the products, to outputs.
  @inline(__always)
  var output: (Vector, Vector) { (a + b + c, b - c - d) }

  /// Gᵀ: of the products, to a filter's gradient.
  @inline(__always)
  var filterGradient: (Vector, Vector, Vector) {
    let (sum, difference) = (0.5 * (b + c), 0.5 * (b - c))
    return (a + sum, difference, sum + d)
  }
}

/// 4×4 vectors, by rows.
struct Tile {
  let first, second, third, fourth: Four

  @inline(__always)
  init(_ first: Four, _ second: Four, _ third: Four, _ fourth: Four) {
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
  }

  /// What `read` gives for each of the 16 places, row by row.
  @inline(__always)
  init(_ read: (Int) -> Vector) {
    first = Four(read(0), read(1), read(2), read(3))
    second = Four(read(4), read(5), read(6), read(7))
    third = Four(read(8), read(9), read(10), read(11))
    fourth = Four(read(12), read(13), read(14), read(15))
  }

  @inline(__always)
  var transposed: Tile {
    Tile(
      Four(first.a, second.a, third.a, fourth.a), Four(first.b, second.b, third.b, fourth.b),
      Four(first.c, second.c, third.c, fourth.c), Four(first.d, second.d, third.d, fourth.d))
  }

  @inline(__always)
  func map(_ transform: (Four) -> Four) -> Tile {
    Tile(transform(first), transform(second), transform(third), transform(fourth))
  }

  /// Hands each of the 16 places, row by row, to `write`.
  @inline(__always)
  func forEach(_ write: (Int, Vector) -> Void) {
    first.forEach { write($0, $1) }
    second.forEach { write(4 + $0, $1) }
    third.forEach { write(8 + $0, $1) }
    fourth.forEach { write(12 + $0, $1) }
  }
}

extension Four {
  @inline(__always)
  fileprivate func forEach(_ write: (Int, Vector) -> Void) {
    write(0, a)
    write(1, b)
    write(2, c)
    write(3, d)
  }
}
