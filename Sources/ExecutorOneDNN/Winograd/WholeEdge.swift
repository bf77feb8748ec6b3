// Edges of an image so small that one tile holds it, and no pixel lies around it.
//
// Two pixels under a filter of three weights make y0 = w1·x0 + w2·x1 and y1 = w0·x0 + w1·x1: four
// products, or three, as w1·(x0 - x1) serves both (Karatsuba's way; Winograd's F(2, 2)). Nothing is
// divided, and numbers hardly grow: it rounds less than F(2, 3).

/// All of an edge of two pixels under a filter of three weights: 3 products for 4.
enum TwoPixels: LineAlgorithm {
  enum Input: LineTransform {
    static var length: Int { 2 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to x: Line, _ v: Line) {
      Three(pixels: x[0], x[1]).write(to: v, at: 0)
    }
  }

  enum OutputGradient: LineTransform {
    static var length: Int { 2 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to dy: Line, _ g: Line) {
      Three(gradients: dy[0], dy[1]).write(to: g, at: 0)
    }
  }

  enum Output: LineTransform {
    static var length: Int { 3 }
    static var result: Int { 2 }

    @inline(__always)
    static func apply(to m: Line, _ y: Line) {
      (y[0], y[1]) = Three(of: m, at: 0).outputs
    }
  }

  enum Filter: LineTransform {
    static var length: Int { 3 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to w: Line, _ u: Line) {
      Three(weights: w[0], w[1], w[2]).write(to: u, at: 0)
    }
  }

  enum FilterGradient: LineTransform {
    static var length: Int { 3 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to u: Line, _ dw: Line) {
      (dw[0], dw[1], dw[2]) = Three(of: u, at: 0).weightGradients
    }
  }
}

/// All of an edge of four pixels under a filter of five weights: 9 products for 14.
///
/// The same twice: with pairs (x0, x1) and (x2, x3) for pixels, whose products are made in three, too.
enum FourPixels: LineAlgorithm {
  enum Input: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 9 }

    @inline(__always)
    static func apply(to x: Line, _ v: Line) {
      let (x0, x1, x2, x3) = (x[0], x[1], x[2], x[3])
      Three(pixels: x0 - x2, x1 - x3).write(to: v, at: 0)
      Three(pixels: x2, x3).write(to: v, at: 3)
      Three(pixels: x0, x1).write(to: v, at: 6)
    }
  }

  enum OutputGradient: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 9 }

    @inline(__always)
    static func apply(to dy: Line, _ g: Line) {
      let (dy0, dy1, dy2, dy3) = (dy[0], dy[1], dy[2], dy[3])
      Three(gradients: dy0 - dy2, dy1 - dy3).write(to: g, at: 0)
      Three(gradients: dy0, dy1).write(to: g, at: 3)
      Three(gradients: dy2, dy3).write(to: g, at: 6)
    }
  }

  enum Output: LineTransform {
    static var length: Int { 9 }
    static var result: Int { 4 }

    @inline(__always)
    static func apply(to m: Line, _ y: Line) {
      let both = Three(of: m, at: 0).outputs
      let (first, second) = (Three(of: m, at: 3).outputs, Three(of: m, at: 6).outputs)
      (y[0], y[1]) = (first.0 + both.0, first.1 + both.1)
      (y[2], y[3]) = (second.0 - both.0, second.1 - both.1)
    }
  }

  enum Filter: LineTransform {
    static var length: Int { 5 }
    static var result: Int { 9 }

    @inline(__always)
    static func apply(to w: Line, _ u: Line) {
      let (w0, w1, w2, w3, w4) = (w[0], w[1], w[2], w[3], w[4])
      Three(weights: w1, w2, w3).write(to: u, at: 0)
      Three(weights: w1 + w3, w2 + w4, w3).write(to: u, at: 3)
      Three(weights: w1, w0 + w2, w1 + w3).write(to: u, at: 6)
    }
  }

  enum FilterGradient: LineTransform {
    static var length: Int { 9 }
    static var result: Int { 5 }

    @inline(__always)
    static func apply(to u: Line, _ dw: Line) {
      let both = Three(of: u, at: 0).weightGradients
      let first = Three(of: u, at: 3).weightGradients
      let second = Three(of: u, at: 6).weightGradients
      let outer = first.0 + second.2
      dw[0] = second.1
      dw[1] = both.0 + second.0 + outer
      dw[2] = both.1 + first.1 + second.1
      dw[3] = both.2 + first.2 + outer
      dw[4] = first.1
    }
  }
}

/// The three products of a pair of pixels.
private struct Three {
  let shared, second, first: Vector

  @inline(__always)
  init(_ shared: Vector, _ second: Vector, _ first: Vector) {
    (self.shared, self.second, self.first) = (shared, second, first)
  }

  @inline(__always)
  init(pixels x0: Vector, _ x1: Vector) { self.init(x0 - x1, x1, x0) }

  @inline(__always)
  init(gradients dy0: Vector, _ dy1: Vector) { self.init(dy0 - dy1, dy0, dy1) }

  @inline(__always)
  init(weights w0: Vector, _ w1: Vector, _ w2: Vector) { self.init(w1, w1 + w2, w0 + w1) }

  @inline(__always)
  init(of line: Line, at index: Int) {
    self.init(line[index], line[index &+ 1], line[index &+ 2])
  }

  @inline(__always)
  func write(to line: Line, at index: Int) {
    line[index] = shared
    line[index &+ 1] = second
    line[index &+ 2] = first
  }

  @inline(__always)
  var outputs: (Vector, Vector) { (shared + second, first - shared) }

  @inline(__always)
  var weightGradients: (Vector, Vector, Vector) { (first, shared + first + second, second) }
}
