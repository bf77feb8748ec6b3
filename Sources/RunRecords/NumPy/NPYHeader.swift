/// What is wrong with an array or an archive of arrays, as a sentence about "it".
package struct NumPyFault: Error, Equatable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }
}

/// What a NumPy array file says of its numbers before they begin.
///
/// It is read as the three entries that NumPy writes, not as Python.
///
/// > Source: numpy.org, `numpy.lib.format`.
package struct NPYHeader {
  package let type: NPYType
  /// Empty for one number.
  package let shape: [Int]
  /// Whether the first index is the fastest one.
  package let isFortranOrder: Bool
  /// Where the numbers begin.
  package let byteCount: Int

  /// Numbers in the array; more than any file holds where there is no telling.
  package var count: Int {
    shape.reduce(1) { product, size in
      let (count, isTooLarge) = product.multipliedReportingOverflow(by: size)
      return isTooLarge ? .max : count
    }
  }

  /// Reads the header of a file's content, of which it needs no more than the first 64 KB.
  package init(_ file: some Collection<UInt8>) throws(NumPyFault) {
    let beginning = Array(file.prefix(1 << 16))
    var bytes = BytesInOrder(beginning[...])
    guard let start = try? bytes.take(6), start.elementsEqual(Self.magic) else {
      throw NumPyFault("it is no NumPy array")
    }
    guard let entries = try? Self.entries(&bytes) else { throw NumPyFault("it is cut off") }
    type = try NPYType(describedIn: entries)
    shape = try Self.shape(in: entries)
    isFortranOrder = entries.contains(/'fortran_order': *True/)
    byteCount = beginning.count - bytes.rest.count
  }

  /// The numbers in `file`, of which this is the header.
  package func numbers(behind file: some Collection<UInt8>) throws(NumPyFault) -> [Double] {
    try checkSize(ofFile: file.count)
    var rest = BytesInOrder(Array(file.dropFirst(byteCount))[...])
    return (0..<count).compactMap { _ in (try? rest.take(type.size)).map(type.value) }
  }

  /// - Throws: where a file of so many bytes is not this header and its numbers.
  package func checkSize(ofFile fileBytes: Int) throws(NumPyFault) {
    let dataBytes = fileBytes - byteCount
    guard count <= dataBytes, count * type.size == dataBytes else {
      throw NumPyFault("its \(dataBytes) bytes of data are not what its shape needs")
    }
  }

  private static func entries(
    _ bytes: inout BytesInOrder
  ) throws(BytesInOrder.Ended) -> String {
    let version = try bytes.number(bytes: 1)
    _ = try bytes.take(1)
    let length = try bytes.number(bytes: version == 1 ? 2 : 4)
    return String(decoding: try bytes.take(length), as: UTF8.self)
  }

  private static func shape(in entries: String) throws(NumPyFault) -> [Int] {
    guard let match = entries.firstMatch(of: /'shape': *\(([0-9, ]*)\)/) else {
      throw NumPyFault("its header has no shape")
    }
    let numbers = match.1.split(whereSeparator: { $0 == "," || $0 == " " }).map { Int($0) }
    let shape = numbers.compactMap(\.self)
    guard shape.count == numbers.count else { throw NumPyFault("its header has no shape") }
    return shape
  }

  private static let magic = [0x93] + Array("NUMPY".utf8)

  /// What a file of version 1.0 begins with.
  ///
  /// - Parameters:
  ///   - type: as in `<f8`.
  ///   - shape: as Python writes it: `(50000, 3, 32, 32)`, `(7,)`, `()`.
  package static func bytes(type: String, shape: String) -> [UInt8] {
    let description = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    // The data begins at a multiple of 64, behind 10 bytes, the padded description and a newline.
    let padding = String(repeating: " ", count: -(10 + description.utf8.count + 1) & 63)
    let header = Array("\(description)\(padding)\n".utf8)
    return magic + [1, 0] + UInt16(header.count).littleEndianBytes + header
  }
}
