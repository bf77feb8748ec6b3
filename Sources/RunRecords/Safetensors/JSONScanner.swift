/// Reads JSON from left to right, one token at a time, exactly as RFC 8259 has it.
///
/// For formats whose JSON must be read more strictly than a general decoder does: the caller sees
/// every key, duplicates included, and nothing is nested deeper than the caller asks for.
struct JSONScanner {
  /// What is wrong, and in which byte of the text, counted from 0, where it is in one.
  struct Fault: Error {
    let problem: String
    var byte: Int?
  }

  private let text: [UInt8]
  private(set) var position = 0

  /// - Throws: ``Fault`` where `text` is not UTF-8.
  init(_ text: [UInt8]) throws(Fault) {
    self.text = text
    guard String(validating: text, as: UTF8.self) != nil else {
      throw Fault(problem: "its header is not UTF-8")
    }
  }

  /// What has not been read.
  var rest: ArraySlice<UInt8> { text[position...] }

  func fault(_ problem: String) -> Fault { Fault(problem: problem, byte: position) }

  /// Reads `character`, with white space before it.
  mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw fault("'\(character)' is missing") }
  }

  /// Reads `character` if it is next, with white space before it.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipWhitespace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Reads an object and gives each key, as it comes, to `value`, which reads what belongs to it.
  mutating func object(
    _ value: (inout JSONScanner, String) throws(Fault) -> Void
  ) throws(Fault) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try value(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads an array of whole numbers that are 0 or more.
  mutating func wholeNumbers() throws(Fault) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try wholeNumber()) } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func wholeNumber() throws(Fault) -> Int {
    skipWhitespace()
    let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let isWhole = !(rest.dropFirst(digits.count).first.map(".eE".utf8.contains) ?? false)
    guard !digits.isEmpty, isWhole, digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      throw fault("a whole number that is 0 or more is missing")
    }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw fault("a number is too large")
    }
    position += digits.count
    return number
  }

  private mutating func skipWhitespace() {
    while position < text.count, " \t\n\r".utf8.contains(text[position]) { position += 1 }
  }
}

extension JSONScanner {
  /// Reads a string.
  mutating func string() throws(Fault) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      guard text[position] >= 0x20 else { throw fault("a control character is in a string") }
      if text[position] == UInt8(ascii: "\\") {
        bytes += Array(String(try escape()).utf8)
      } else {
        bytes.append(text[position])
        position += 1
      }
    }
    guard position < text.count else { throw fault("a string does not end") }
    position += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
    UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
    UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
  ]

  private mutating func escape() throws(Fault) -> Unicode.Scalar {
    let letter = rest.dropFirst().first ?? 0
    if let scalar = Self.escapes[letter] {
      position += 2
      return scalar
    }
    guard letter == UInt8(ascii: "u"), let first = codeUnit(at: position) else {
      throw fault("a \\ is followed by what cannot follow it")
    }
    // Beyond U+FFFF a character is two escapes, as in UTF-16.
    let units = UTF16.isLeadSurrogate(first) ? [first, codeUnit(at: position + 6) ?? 0] : [first]
    guard let text = String(validating: units, as: UTF16.self),
      let scalar = text.unicodeScalars.first,
      text.unicodeScalars.count == 1
    else { throw fault("half of a surrogate pair is in a string") }
    position += 6 * units.count
    return scalar
  }

  /// The number in an escape such as `\u00e9`.
  private func codeUnit(at start: Int) -> UInt16? {
    let escape = text.dropFirst(start).prefix(6)
    guard escape.count == 6, escape.starts(with: "\\u".utf8) else { return nil }
    let digits = escape.dropFirst(2)
    // UInt16 alone would take a sign too.
    guard digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
