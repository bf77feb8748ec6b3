// Windows that slide over the pixels of images `[N, H, W, C]`.
extension HLOText {
  /// The sum or the maximum of each window.
  mutating func reduceWindow(
    _ kind: Binary, _ a: HLOValue, size: Int, stride: Int, padding: Int, to dimensions: [Int]
  ) -> HLOValue {
    let scalar = HLOType.scalar(a.type.element)
    let start = constant(kind == .maximum ? -.infinity : 0, scalar)
    let type = HLOType(dimensions, a.type.element)
    let name = newName()
    line(
      "\(name) = \"stablehlo.reduce_window\"(\(a.name), \(start.name)) <{\(Self.window(size, stride, padding))}> ({"
    )
    region(of: scalar) { $0.binary(kind, $1, $2) }
    line("}) : (\(a.type), \(scalar)) -> \(type)")
    return HLOValue(name: name, type: type)
  }

  /// Adds each number of `dy` to the largest pixel of its window of `x`, the first of equals.
  mutating func scatterToMaxima(
    _ x: HLOValue, _ dy: HLOValue, size: Int, stride: Int, padding: Int
  ) -> HLOValue {
    let scalar = HLOType.scalar(x.type.element)
    let zero = constant(0, scalar)
    let name = newName()
    line(
      "\(name) = \"stablehlo.select_and_scatter\"(\(x.name), \(dy.name), \(zero.name)) <{\(Self.window(size, stride, padding))}> ({"
    )
    region(of: scalar) { $0.compare("GE", $1, $2) }
    line("}, {")
    region(of: scalar) { $0.binary(.add, $1, $2) }
    line("}) : (\(x.type), \(dy.type), \(scalar)) -> \(x.type)")
    return HLOValue(name: name, type: x.type)
  }

  /// A block of two numbers that gives one.
  mutating func region(
    of scalar: HLOType, _ body: (inout HLOText, HLOValue, HLOValue) -> HLOValue
  ) {
    indented { text in
      let (first, second) = (text.newName(), text.newName())
      text.line("^bb0(\(first): \(scalar), \(second): \(scalar)):")
      let result = body(
        &text, HLOValue(name: first, type: scalar), HLOValue(name: second, type: scalar))
      text.line("stablehlo.return \(result.name) : \(result.type)")
    }
  }

  private static func window(_ size: Int, _ stride: Int, _ padding: Int) -> String {
    "window_dimensions = array<i64: 1, \(size), \(size), 1>, window_strides = array<i64: 1,"
      + " \(stride), \(stride), 1>, padding = dense<[[0, 0], [\(padding), \(padding)],"
      + " [\(padding), \(padding)], [0, 0]]> : tensor<4x2xi64>"
  }
}
