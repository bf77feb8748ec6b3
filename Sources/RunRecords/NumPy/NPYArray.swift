/// A number or a list of numbers as a NumPy array file, version 1.0.
///
/// > Source: numpy.org, `numpy.lib.format`.
struct NPYArray {
  let bytes: [UInt8]

  init(_ value: Double) { self.init([value.bitPattern], type: "<f8", shape: "()") }
  init(_ value: Int) { self.init([value], type: "<i8", shape: "()") }
  init(_ values: [Double]) {
    self.init(values.map(\.bitPattern), type: "<f8", shape: "(\(values.count),)")
  }
  init(_ values: [Int]) { self.init(values, type: "<i8", shape: "(\(values.count),)") }

  private init(_ values: [some FixedWidthInteger], type: String, shape: String) {
    let description = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    // The data begins at a multiple of 64, behind 10 bytes, the padded description and a newline.
    let padding = String(repeating: " ", count: -(10 + description.utf8.count + 1) & 63)
    let header = Array("\(description)\(padding)\n".utf8)
    bytes =
      [0x93] + Array("NUMPY\u{1}\u{0}".utf8) + UInt16(header.count).littleEndianBytes + header
      + values.flatMap(\.littleEndianBytes)
  }
}
