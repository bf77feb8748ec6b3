import Foundation

/// The numbers of a NumPy array file, as far as a list or one number goes.
///
/// Nothing in a file is executed: arrays of Python objects, which only pickle can read, are refused,
/// and the header is read as the three entries that NumPy writes, not as Python.
///
/// > Source: numpy.org, `numpy.lib.format`.
struct NPYNumbers: Equatable {
  let values: [Double]
  /// Whether it is one number and not a list.
  let isScalar: Bool

  init(_ bytes: [UInt8]) throws(NumPyFault) {
    let header = try NPYHeader(bytes)
    guard header.shape.count <= 1 else {
      throw NumPyFault(
        "it has \(header.shape.count) dimensions, and a list of numbers has one")
    }
    isScalar = header.shape.isEmpty
    values = try header.numbers(behind: bytes[...])
  }
}

/// How a number is stored: `<f8`.
package struct NPYType {
  private let isBigEndian: Bool
  /// `f` for numbers with a point, `i`, `u` for whole ones without a sign, `b` for yes and no.
  package let kind: Character
  /// In bytes.
  package let size: Int

  init(describedIn header: String) throws(NumPyFault) {
    guard let match = header.firstMatch(of: /'descr': *'([<>|=])([a-zA-Z])([0-9]*)'/) else {
      throw NumPyFault("its header does not describe plain numbers")
    }
    guard match.2 != "O" else {
      throw NumPyFault(
        "it holds Python objects, which only pickle can read, and pickle can run anything")
    }
    isBigEndian = match.1 == ">"
    kind = match.2.first ?? " "
    size = Int(match.3) ?? 0
    let sizes: [Character: Set<Int>] = [
      "f": [4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1],
    ]
    guard sizes[kind]?.contains(size) == true else {
      throw NumPyFault("it holds \(printable(String(match.2 + match.3))), not numbers")
    }
  }

  func value(of bytes: ArraySlice<UInt8>) -> Double {
    let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
    let bits = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch (kind, size) {
    case ("f", 4): return Double(Float(bitPattern: UInt32(bits)))
    case ("f", _): return Double(bitPattern: bits)
    case ("i", _):
      let unused = 64 - 8 * size
      return Double(Int64(bitPattern: bits << unused) >> unused)
    default: return Double(bits)
    }
  }
}
