/// A record of numbers as a row of CSV, its columns named and ordered as its properties.
///
/// Numbers have the digits that give them back to the last bit, never a comma or a quote, so no
/// field needs quoting. What is not finite is `nan`, `inf` or `-inf`, which Python's `float` reads.
///
/// > Source: RFC 4180, whose lines end in CR LF.
struct CSVRow {
  let names: [String]
  let values: [String]

  /// - Precondition: `record` is a structure of numbers.
  init(_ record: some Encodable) {
    let fields = Mirror(reflecting: record).children
    names = fields.map { $0.label ?? "" }
    values = fields.map { field in
      switch field.value {
      case let number as Int: "\(number)"
      case let number as Double: "\(number)"
      case let other: preconditionFailure("a column of type \(type(of: other))")
      }
    }
  }

  var header: [UInt8] { line(names) }
  var bytes: [UInt8] { line(values) }

  private func line(_ fields: [String]) -> [UInt8] {
    Array((fields.joined(separator: ",") + "\r\n").utf8)
  }
}
