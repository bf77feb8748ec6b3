/// 4×4 numbers, to turn lines of memory into vectors across them and back.
struct Square {
  private let rows: (Vector, Vector, Vector, Vector)

  @inline(__always)
  private init(_ first: Vector, _ second: Vector, _ third: Vector, _ fourth: Vector) {
    rows = (first, second, third, fourth)
  }

  /// - Parameter stride: of rows, in numbers.
  @inline(__always)
  init(from first: UnsafePointer<Float>, stride: Int) {
    func row(_ index: Int) -> Vector {
      UnsafeRawPointer(first + index &* stride).loadUnaligned(as: Vector.self)
    }
    self.init(row(0), row(1), row(2), row(3))
  }

  @inline(__always)
  var transposed: Square {
    func column(_ index: Int) -> Vector {
      Vector(rows.0[index], rows.1[index], rows.2[index], rows.3[index])
    }
    return Square(column(0), column(1), column(2), column(3))
  }

  /// - Parameter stride: of rows, in numbers.
  @inline(__always)
  func write(to first: UnsafeMutablePointer<Float>, stride: Int) {
    func write(_ row: Vector, _ index: Int) {
      UnsafeMutableRawPointer(first + index &* stride).storeBytes(of: row, as: Vector.self)
    }
    write(rows.0, 0)
    write(rows.1, 1)
    write(rows.2, 2)
    write(rows.3, 3)
  }
}
