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
    bytes = NPYHeader.bytes(type: type, shape: shape) + values.flatMap(\.littleEndianBytes)
  }
}
