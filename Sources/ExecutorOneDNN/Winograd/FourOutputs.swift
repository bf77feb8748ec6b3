/// F(4, 3), at 0, ±5/8, ±3/2, ∞.
///
/// At these points it rounds half as much as at the usual 0, ±1, ±2, ∞.
enum FourOutputs: LineAlgorithm {
  // The points between 0 and ∞, their squares, and what filters are divided by.
  private static var a: Float { 0.625 }
  private static var b: Float { 1.5 }
  private static var a2: Float { a * a }
  private static var b2: Float { b * b }
  private static var atZero: Float { 1 / (a2 * b2) }
  private static var atA: Float { 1 / (2 * a2 * (a2 - b2)) }
  private static var atB: Float { 1 / (2 * b2 * (b2 - a2)) }

  enum Input: LineTransform {
    static var length: Int { 6 }
    static var result: Int { 6 }

    @inline(__always)
    static func apply(to d: Line, _ v: Line) {
      let (d0, d1, d2, d3, d4, d5) = (d[0], d[1], d[2], d[3], d[4], d[5])
      let (even, odd) = (d4 - b2 * d2, d3 - b2 * d1)
      v[0] = even + a2 * (b2 * d0 - d2)
      v[1] = even + a * odd
      v[2] = even - a * odd
      let (evenB, oddB) = (d4 - a2 * d2, b * (d3 - a2 * d1))
      v[3] = evenB + oddB
      v[4] = evenB - oddB
      v[5] = (d5 - b2 * d3) - a2 * odd
    }
  }

  enum OutputGradient: LineTransform {
    static var length: Int { 4 }
    static var result: Int { 6 }

    @inline(__always)
    static func apply(to dy: Line, _ g: Line) {
      let (dy0, dy1, dy2, dy3) = (dy[0], dy[1], dy[2], dy[3])
      g[0] = dy0
      let (even, odd) = (dy0 + a2 * dy2, a * (dy1 + a2 * dy3))
      g[1] = even + odd
      g[2] = even - odd
      let (evenB, oddB) = (dy0 + b2 * dy2, b * (dy1 + b2 * dy3))
      g[3] = evenB + oddB
      g[4] = evenB - oddB
      g[5] = dy3
    }
  }

  enum Output: LineTransform {
    static var length: Int { 6 }
    static var result: Int { 4 }

    @inline(__always)
    static func apply(to m: Line, _ y: Line) {
      let (m1, m2, m3, m4) = (m[1], m[2], m[3], m[4])
      let (even, odd) = (m1 + m2, a * (m1 - m2))
      // b·(m4 − m3), which is subtracted: for a sum of two products alike, a·(m1 − m2) + b·(m3 − m4), the
      // compiler (6.3) exchanges half of their numbers, which takes more instructions than the sum.
      let (evenB, minusOddB) = (m3 + m4, b * (m4 - m3))
      y[0] = m[0] + even + evenB
      y[1] = odd - minusOddB
      y[2] = a2 * even + b2 * evenB
      y[3] = a2 * odd - b2 * minusOddB + m[5]
    }
  }

  enum Filter: LineTransform {
    static var length: Int { 3 }
    static var result: Int { 6 }

    @inline(__always)
    static func apply(to w: Line, _ u: Line) {
      let (w0, w1, w2) = (w[0], w[1], w[2])
      u[0] = atZero * w0
      let (even, odd) = (atA * (w0 + a2 * w2), atA * a * w1)
      u[1] = even + odd
      u[2] = even - odd
      let (evenB, oddB) = (atB * (w0 + b2 * w2), atB * b * w1)
      u[3] = evenB + oddB
      u[4] = evenB - oddB
      u[5] = w2
    }
  }

  enum FilterGradient: LineTransform {
    static var length: Int { 6 }
    static var result: Int { 3 }

    @inline(__always)
    static func apply(to u: Line, _ dw: Line) {
      let (u1, u2, u3, u4) = (u[1], u[2], u[3], u[4])
      let (even, evenB) = (atA * (u1 + u2), atB * (u3 + u4))
      dw[0] = atZero * u[0] + even + evenB
      dw[1] = atA * a * (u1 - u2) + atB * b * (u3 - u4)
      dw[2] = a2 * even + b2 * evenB + u[5]
    }
  }
}
