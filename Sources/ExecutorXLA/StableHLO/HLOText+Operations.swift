// One function for each operation that the writer uses.
extension HLOText {
  enum Binary: String { case add, subtract, multiply, divide, maximum }
  enum Unary: String { case exponential, log, rsqrt }

  mutating func binary(_ kind: Binary, _ a: HLOValue, _ b: HLOValue) -> HLOValue {
    precondition(a.type == b.type, "\(kind) of \(a.type) and \(b.type)")
    return append("\(kind.rawValue) \(a.name), \(b.name) : \(a.type)", a.type)
  }

  mutating func unary(_ kind: Unary, _ a: HLOValue) -> HLOValue {
    append("\(kind.rawValue) \(a.name) : \(a.type)", a.type)
  }

  /// The same numbers, rounded to another type where that has fewer digits.
  mutating func convert(_ a: HLOValue, to element: HLOElement) -> HLOValue {
    if a.type.element == element { return a }
    let type = a.type.of(element)
    return append("convert \(a.name) : (\(a.type)) -> \(type)", type)
  }

  mutating func reshape(_ a: HLOValue, _ dimensions: [Int]) -> HLOValue {
    if a.type.dimensions == dimensions { return a }
    let type = HLOType(dimensions, a.type.element)
    precondition(type.elementCount == a.type.elementCount, "\(a.type) is no \(type)")
    return append("reshape \(a.name) : (\(a.type)) -> \(type)", type)
  }

  /// Dimension `i` of the result is dimension `order[i]`.
  mutating func transpose(_ a: HLOValue, _ order: [Int]) -> HLOValue {
    if order == Array(order.indices) { return a }
    let type = HLOType(order.map { a.type.dimensions[$0] }, a.type.element)
    return append("transpose \(a.name), dims = \(order) : (\(a.type)) -> \(type)", type)
  }

  /// Repeats `a`, whose dimension `i` is dimension `places[i]` of the result.
  mutating func broadcast(_ a: HLOValue, to dimensions: [Int], places: [Int]) -> HLOValue {
    let type = HLOType(dimensions, a.type.element)
    if type == a.type { return a }
    return append("broadcast_in_dim \(a.name), dims = \(places) : (\(a.type)) -> \(type)", type)
  }

  /// A part of each dimension.
  mutating func slice(_ a: HLOValue, _ ranges: [Range<Int>]) -> HLOValue {
    let dimensions = ranges.map(\.count)
    if dimensions == a.type.dimensions { return a }
    let text = ranges.map { "\($0.lowerBound):\($0.upperBound)" }
    let type = HLOType(dimensions, a.type.element)
    return append(
      "slice \(a.name) [\(text.joined(separator: ", "))] : (\(a.type)) -> \(type)", type)
  }

  /// Zeros on both sides of each dimension and between its elements; a negative number cuts off.
  mutating func pad(
    _ a: HLOValue, low: [Int], high: [Int], interior: [Int]? = nil
  ) -> HLOValue {
    let interior = interior ?? low.map { _ in 0 }
    let dimensions = a.type.dimensions.indices.map { index in
      let extent = a.type.dimensions[index]
      return low[index] + extent + max(0, extent - 1) * interior[index] + high[index]
    }
    if dimensions == a.type.dimensions, !low.contains(where: { $0 != 0 }) { return a }
    let type = HLOType(dimensions, a.type.element)
    let zero = constant(0, .scalar(a.type.element))
    return append(
      "pad \(a.name), \(zero.name), low = \(low), high = \(high), interior = \(interior) :"
        + " (\(a.type), \(zero.type)) -> \(type)", type)
  }

  mutating func concatenate(_ parts: [HLOValue], along dimension: Int) -> HLOValue {
    if parts.count == 1 { return parts[0] }
    var dimensions = parts[0].type.dimensions
    dimensions[dimension] = parts.reduce(0) { $0 + $1.type.dimensions[dimension] }
    let type = HLOType(dimensions, parts[0].type.element)
    return append(
      "concatenate \(parts.names), dim = \(dimension) : (\(parts.types)) -> \(type)", type)
  }

  mutating func reverse(_ a: HLOValue, _ dimensions: [Int]) -> HLOValue {
    append("reverse \(a.name), dims = \(dimensions) : \(a.type)", a.type)
  }

  /// `direction` is one of EQ, NE, GT, GE, LT, LE.
  mutating func compare(_ direction: String, _ a: HLOValue, _ b: HLOValue) -> HLOValue {
    let type = a.type.of(.boolean)
    return append(
      "compare \(direction), \(a.name), \(b.name) : (\(a.type), \(b.type)) -> \(type)", type)
  }

  mutating func select(_ condition: HLOValue, _ a: HLOValue, _ b: HLOValue) -> HLOValue {
    append(
      "select \(condition.name), \(a.name), \(b.name) : \(condition.type), \(a.type)", a.type)
  }

  /// Numbers kept between a least and a largest.
  mutating func clamp(_ a: HLOValue, _ range: ClosedRange<Int>) -> HLOValue {
    let least = constant(Double(range.lowerBound), a.type)
    let largest = constant(Double(range.upperBound), a.type)
    return append("clamp \(least.name), \(a.name), \(largest.name) : \(a.type)", a.type)
  }

  mutating func isFinite(_ a: HLOValue) -> HLOValue {
    let type = a.type.of(.boolean)
    return append("is_finite \(a.name) : (\(a.type)) -> \(type)", type)
  }

  mutating func and(_ a: HLOValue, _ b: HLOValue) -> HLOValue {
    append("and \(a.name), \(b.name) : \(a.type)", a.type)
  }

  /// 0, 1, 2, … along a dimension.
  mutating func iota(_ type: HLOType, along dimension: Int) -> HLOValue {
    append("iota dim = \(dimension) : \(type)", type)
  }
}

// Sums and products.
extension HLOText {
  /// The sums of several tensors of one shape over the same dimensions, in one pass over memory.
  mutating func sums(_ parts: [HLOValue], over dimensions: [Int]) -> [HLOValue] {
    let kept = parts[0].type.dimensions.indices.filter { !dimensions.contains($0) }
    let type = HLOType(kept.map { parts[0].type.dimensions[$0] }, parts[0].type.element)
    let scalar = HLOType.scalar(type.element)
    let zero = constant(0, scalar)
    if parts.count == 1 {
      return [
        append(
          "reduce(\(parts[0].name) init: \(zero.name)) applies stablehlo.add across dimensions ="
            + " \(dimensions) : (\(parts[0].type), \(scalar)) -> \(type)", type)
      ]
    }
    let inits = parts.map { "(\($0.name) init: \(zero.name))" }.joined(separator: ", ")
    let zeros = parts.map { _ in "\(scalar)" }.joined(separator: ", ")
    let results = parts.map { _ in "\(type)" }.joined(separator: ", ")
    let sums = append(
      "reduce\(inits) across dimensions = \(dimensions) : (\(parts.types), \(zeros)) -> (\(results))",
      parts.map { _ in type })
    let arguments = parts.map { _ in (newName(), newName()) }
    line(
      "  reducer"
        + arguments.map { "(\($0.0): \(scalar), \($0.1): \(scalar))" }.joined(separator: " ")
        + " {")
    indented { text in
      let added = arguments.map { sum, next in
        text.binary(.add, HLOValue(name: sum, type: scalar), HLOValue(name: next, type: scalar))
      }
      text.line("stablehlo.return \(added.names) : \(added.types)")
    }
    line("}")
    return sums
  }

  mutating func maximum(of a: HLOValue, over dimension: Int) -> HLOValue {
    var dimensions = a.type.dimensions
    dimensions.remove(at: dimension)
    let type = HLOType(dimensions, a.type.element)
    let least = constant(-.infinity, .scalar(a.type.element))
    return append(
      "reduce(\(a.name) init: \(least.name)) applies stablehlo.maximum across dimensions ="
        + " [\(dimension)] : (\(a.type), \(least.type)) -> \(type)", type)
  }

  /// Σ over one dimension of `a` and one of `b`; the result has what is left of `a`, then of `b`.
  mutating func product(
    _ a: HLOValue, _ b: HLOValue, over contracted: (Int, Int), _ precision: String,
    to element: HLOElement
  ) -> HLOValue {
    var (left, right) = (a.type.dimensions, b.type.dimensions)
    left.remove(at: contracted.0)
    right.remove(at: contracted.1)
    let type = HLOType(left + right, element)
    return append(
      "dot_general \(a.name), \(b.name), contracting_dims = [\(contracted.0)] x [\(contracted.1)],"
        + " precision = [\(precision), \(precision)] : (\(a.type), \(b.type)) -> \(type)", type)
  }

  /// What slides over what, and how far apart: see ``convolution(_:_:_:_:_:to:)``.
  struct Sliding {
    var strides = [1, 1]
    var padding: [[Int]]
    var leftDilation = [1, 1]
    var rightDilation = [1, 1]
  }

  /// - Parameter labels: which dimensions are batch, features and pixels:
  ///   `[b, 0, 1, f]x[o, 0, 1, i]->[b, 0, 1, f]`.
  mutating func convolution(
    _ a: HLOValue, _ b: HLOValue, _ labels: String, _ sliding: Sliding, _ precision: String,
    to type: HLOType
  ) -> HLOValue {
    append(
      "convolution(\(a.name), \(b.name)) dim_numbers = \(labels), window = {stride ="
        + " \(sliding.strides), pad = \(sliding.padding), lhs_dilate = \(sliding.leftDilation),"
        + " rhs_dilate = \(sliding.rightDilation)} {batch_group_count = 1 : i64,"
        + " feature_group_count = 1 : i64, precision_config = [#stablehlo<precision \(precision)>,"
        + " #stablehlo<precision \(precision)>]} : (\(a.type), \(b.type)) -> \(type)", type)
  }
}
