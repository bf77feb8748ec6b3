/// F(2, 3), at 0, 1, -1, ∞.
enum TwoOutputs: LineAlgorithm {
  enum Input: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 4 }

    @inline(__always)
    static func apply(to d: Line, _ v: Line) {
      let (d0, d1, d2, d3) = (d[0], d[1], d[2], d[3])
      v[0] = d0 - d2
      v[1] = d1 + d2
      v[2] = d2 - d1
      v[3] = d3 - d1
    }
  }

  enum OutputGradient: LineTransform {
    static var length: Int { 2 }
    static var result: Int { 4 }

    @inline(__always)
    static func apply(to dy: Line, _ g: Line) {
      let (dy0, dy1) = (dy[0], dy[1])
      g[0] = dy0
      g[1] = dy0 + dy1
      g[2] = dy0 - dy1
      g[3] = dy1
    }
  }

  enum Output: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 2 }

    @inline(__always)
    static func apply(to m: Line, _ y: Line) {
      let (m1, m2) = (m[1], m[2])
      y[0] = m[0] + m1 + m2
      y[1] = m1 - m2 + m[3]
    }
  }

  enum Filter: LineTransform {
    static var length: Int { 3 }
    static var result: Int { 4 }

    @inline(__always)
    static func apply(to w: Line, _ u: Line) {
      let (w0, w1, w2) = (w[0], w[1], w[2])
      let (even, odd) = (0.5 * (w0 + w2), 0.5 * w1)
      u[0] = w0
      u[1] = even + odd
      u[2] = even - odd
      u[3] = w2
    }
  }

  enum FilterGradient: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to u: Line, _ dw: Line) {
      let (u1, u2) = (u[1], u[2])
      let even = 0.5 * (u1 + u2)
      dw[0] = u[0] + even
      dw[1] = 0.5 * (u1 - u2)
      dw[2] = even + u[3]
    }
  }
}
