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

  typealias Fault = ZipArchive.Fault

  init(_ bytes: [UInt8]) throws(Fault) {
    do {
      var bytes = BytesInOrder(bytes[...])
      guard try bytes.take(6).elementsEqual([0x93] + Array("NUMPY".utf8)) else {
        throw Fault("it is no NumPy array")
      }
      let version = try bytes.number(bytes: 1)
      _ = try bytes.take(1)
      let length = try bytes.number(bytes: version == 1 ? 2 : 4)
      let header = String(decoding: try bytes.take(length), as: UTF8.self)
      let type = try NPYType(describedIn: header)
      let shape = try Self.shape(in: header)
      isScalar = shape.isEmpty
      let count = shape.first ?? 1
      guard count <= bytes.rest.count, count * type.size == bytes.rest.count else {
        throw Fault("its \(bytes.rest.count) bytes of data are not what its shape needs")
      }
      values = try (0..<count).map { _ in type.value(of: try bytes.take(type.size)) }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault("it is cut off")
    }
  }

  private static func shape(in header: String) throws(Fault) -> [Int] {
    guard let match = header.firstMatch(of: /'shape': *\(([0-9, ]*)\)/) else {
      throw Fault("its header has no shape")
    }
    let numbers = match.1.split(whereSeparator: { $0 == "," || $0 == " " }).map { Int($0) }
    let shape = numbers.compactMap(\.self)
    guard shape.count == numbers.count else { throw Fault("its header has no shape") }
    guard shape.count <= 1 else {
      throw Fault("it has \(shape.count) dimensions, and a list of numbers has one")
    }
    return shape
  }
}

/// How a number is stored: `<f8`.
struct NPYType {
  private let isBigEndian: Bool
  private let kind: Character
  let size: Int

  init(describedIn header: String) throws(ZipArchive.Fault) {
    guard let match = header.firstMatch(of: /'descr': *'([<>|=])([a-zA-Z])([0-9]*)'/) else {
      throw ZipArchive.Fault("its header does not describe plain numbers")
    }
    guard match.2 != "O" else {
      throw ZipArchive.Fault(
        "it holds Python objects, which only pickle can read, and pickle can run anything")
    }
    isBigEndian = match.1 == ">"
    kind = match.2.first ?? " "
    size = Int(match.3) ?? 0
    let sizes: [Character: Set<Int>] = [
      "f": [4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1],
    ]
    guard sizes[kind]?.contains(size) == true else {
      throw ZipArchive.Fault("it holds \(printable(String(match.2 + match.3))), not numbers")
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
