/// The type of a tensor's numbers, as StableHLO spells it.
enum HLOElement: String, Sendable {
  case f32, bf16, i32, ui8
  case boolean = "i1"
}

/// A tensor's type: `tensor<128x32x32x3xbf16>`.
struct HLOType: Hashable, Sendable, CustomStringConvertible {
  let dimensions: [Int]
  let element: HLOElement

  init(_ dimensions: [Int], _ element: HLOElement) {
    (self.dimensions, self.element) = (dimensions, element)
  }

  /// One number.
  static func scalar(_ element: HLOElement) -> HLOType { HLOType([], element) }

  var elementCount: Int { dimensions.reduce(1, *) }

  var description: String {
    "tensor<" + dimensions.map { "\($0)x" }.joined() + element.rawValue + ">"
  }

  /// The same dimensions of other numbers.
  func of(_ element: HLOElement) -> HLOType { HLOType(dimensions, element) }
}

/// A result in the text, by its name: `%12`, or `%12#1` of several.
struct HLOValue: Hashable, Sendable {
  let name: String
  let type: HLOType
}

extension [HLOValue] {
  /// As operands: `%1, %2`.
  var names: String { map(\.name).joined(separator: ", ") }
  /// As a signature has them.
  var types: String { map { "\($0.type)" }.joined(separator: ", ") }
}
