/// Floats that are moved and added together: what a register holds on every x86-64 CPU.
typealias Vector = SIMD4<Float>

/// Vectors at equal distances: a row or a column of a tile or filter.
struct Line {
  let first: UnsafeMutablePointer<Vector>
  let stride: Int

  @inline(__always)
  subscript(_ index: Int) -> Vector {
    get { first[index &* stride] }
    nonmutating set { first[index &* stride] = newValue }
  }
}

/// Vectors of a filter, or of the places that it becomes, wherever rows and columns lie.
struct Plane {
  let first: UnsafeMutablePointer<Vector>
  /// From one row, and from one column, to the next.
  let rowStride, columnStride: Int

  @inline(__always)
  func row(_ index: Int) -> Line { Line(first: first + index &* rowStride, stride: columnStride) }

  @inline(__always)
  func column(_ index: Int) -> Line {
    Line(first: first + index &* columnStride, stride: rowStride)
  }

  /// Writes what one transform makes of each column, and another one of each row of that.
  ///
  /// - Parameter room: for what is between.
  @inline(__always)
  func transform<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, through room: UnsafeMutablePointer<Vector>, to other: Plane
  ) {
    let between = Plane(first: room, rowStride: Across.length, columnStride: 1)
    for index in 0..<Across.length { Down.apply(to: column(index), between.column(index)) }
    for index in 0..<Down.result { Across.apply(to: between.row(index), other.row(index)) }
  }
}
