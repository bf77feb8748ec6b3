/// Lines of StableHLO, one operation after the other, each result with a number as its name.
///
/// Equal calls give equal text, so a program's text can be a key and a change of it a difference.
///
/// > Source: the StableHLO specification, openxla.org/stablehlo/spec, 1.20.
struct HLOText {
  private(set) var lines: [String] = []
  private var count = 0
  private var indentation = 2
  /// Constants that are there already: they read better once.
  private var constants: [String: HLOValue] = [:]

  /// Writes an operation with one result.
  mutating func append(_ operation: String, _ type: HLOType) -> HLOValue {
    let name = newName()
    line("\(name) = stablehlo.\(operation)")
    return HLOValue(name: name, type: type)
  }

  /// Writes an operation with several results.
  mutating func append(_ operation: String, _ types: [HLOType]) -> [HLOValue] {
    let name = newName()
    line("\(name):\(types.count) = stablehlo.\(operation)")
    return types.indices.map { HLOValue(name: "\(name)#\($0)", type: types[$0]) }
  }

  /// A name that no value has yet.
  mutating func newName() -> String {
    count += 1
    return "%\(count - 1)"
  }

  mutating func line(_ text: String) {
    lines.append(String(repeating: " ", count: indentation) + text)
  }

  /// Says what follows; for readers, as compilers skip it.
  mutating func comment(_ text: String) { line("// \(text)") }

  /// A tensor that has one number everywhere.
  mutating func constant(_ number: Double, _ type: HLOType) -> HLOValue {
    let literal =
      switch type.element {
      case .f32, .bf16:
        if number.isInfinite {
          // The bits, for there is no word.
          type.element == .f32
            ? (number < 0 ? "0xFF800000" : "0x7F800000") : (number < 0 ? "0xFF80" : "0x7F80")
        } else {
          Self.decimal(number)
        }
      case .i32, .ui8: "\(Int(number))"
      case .boolean: number == 0 ? "false" : "true"
      }
    let text = "constant dense<\(literal)> : \(type)"
    if let known = constants[text] { return known }
    let value = append(text, type)
    constants[text] = value
    return value
  }

  /// A vector of numbers.
  mutating func list(_ numbers: [Double], _ type: HLOType) -> HLOValue {
    append("constant dense<[\(numbers.map(Self.decimal).joined(separator: ", "))]> : \(type)", type)
  }

  /// `1e-05` is no number to MLIR: a point has to be in it.
  private static func decimal(_ number: Double) -> String {
    let text = "\(number)"
    return text.contains(".") ? text : text.replacing("e", with: ".0e")
  }

  /// Writes lines within an operation's braces; constants made there are unknown outside.
  mutating func indented<Failure: Error>(
    _ body: (inout HLOText) throws(Failure) -> Void
  ) throws(Failure) {
    let outside = constants
    indentation += 2
    try body(&self)
    indentation -= 2
    constants = outside
  }
}
