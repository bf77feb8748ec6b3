/// What the header of a safetensors file says, checked against the format and the file's size.
struct SafetensorsHeader {
  /// A type of numbers that is read; the others of the format belong to no weights of ours.
  enum NumberType: String, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"

    var bytes: Int {
      switch self {
      case .float64, .int64: 8
      case .float32: 4
      case .float16, .bfloat16: 2
      }
    }
  }

  /// A tensor, and the bytes of the data that it has.
  struct Entry {
    let name: String
    let type: NumberType
    let shape: [Int]
    let count: Int
    let range: Range<Int>
  }

  let entries: [Entry]
  let metadata: [String: String]
  /// Bytes of numbers that follow the header.
  let dataBytes: Int

  /// Reads the JSON of a header before `dataBytes` bytes of numbers.
  ///
  /// Stricter than the reference reader, as the format demands: a name comes once, and nothing
  /// precedes the first brace.
  init(_ json: [UInt8], dataBytes: Int) throws(JSONScanner.Fault) {
    var scanner = try JSONScanner(json)
    guard json.first == UInt8(ascii: "{") else {
      throw scanner.fault("its header does not begin with a brace")
    }
    var names: Set<String> = []
    var metadata: [String: String]?
    var entries: [Entry] = []
    try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
      guard names.insert(name).inserted else {
        throw scanner.fault("'\(printable(name))' is there twice")
      }
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner)
      } else {
        entries.append(try Self.entry(name, &scanner))
      }
    }
    guard scanner.rest.allSatisfy({ $0 == UInt8(ascii: " ") }) else {
      throw scanner.fault("something follows the last brace")
    }
    self.entries = entries
    self.metadata = metadata ?? [:]
    self.dataBytes = dataBytes
    try checkLayout()
  }

  private static func metadata(
    _ scanner: inout JSONScanner
  ) throws(JSONScanner.Fault) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { (scanner, key) throws(JSONScanner.Fault) in
      guard metadata[key] == nil else {
        throw scanner.fault("'\(printable(key))' is there twice in __metadata__")
      }
      metadata[key] = try scanner.string()
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(JSONScanner.Fault) -> Entry {
    var (type, shape, offsets): (String?, [Int]?, [Int]?)
    try scanner.object { (scanner, field) throws(JSONScanner.Fault) in
      switch field {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.wholeNumbers()
      case "data_offsets" where offsets == nil: offsets = try scanner.wholeNumbers()
      default:
        let (name, field) = (printable(name), printable(field))
        throw scanner.fault("tensor \(name) has '\(field)' twice, or without a meaning")
      }
    }
    guard let type, let shape, let offsets else {
      throw scanner.fault("tensor \(printable(name)) lacks dtype, shape or data_offsets")
    }
    return try Entry(name: name, type: type, shape: shape, offsets: offsets)
  }

  /// Every byte of the data must belong to one tensor.
  private func checkLayout() throws(JSONScanner.Fault) {
    var end = 0
    for entry in entries.sorted(by: { $0.range.precedes($1.range) }) {
      guard entry.range.lowerBound == end else {
        let problem = entry.range.lowerBound < end ? "overlaps another" : "has a hole before it"
        throw JSONScanner.Fault(problem: "tensor \(printable(entry.name)) \(problem)")
      }
      end = entry.range.upperBound
    }
    guard end == dataBytes else {
      throw JSONScanner.Fault(
        problem: "its tensors have \(end) bytes, but \(dataBytes) follow the header")
    }
  }
}

extension Range<Int> {
  /// By the first byte; an empty range comes before what begins where it is.
  fileprivate func precedes(_ other: Self) -> Bool {
    (lowerBound, upperBound) < (other.lowerBound, other.upperBound)
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(
    name: String, type: String, shape: [Int], offsets: [Int]
  ) throws(JSONScanner.Fault) {
    func fault(_ problem: String) -> JSONScanner.Fault {
      .init(problem: "tensor \(printable(name)) \(problem)")
    }
    guard let numberType = SafetensorsHeader.NumberType(rawValue: type) else {
      let known = SafetensorsHeader.NumberType.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault("is of type \(printable(type)), and only \(known) are read")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw fault("has data_offsets \(printable("\(offsets)")), which are no range")
    }
    guard let count = product(shape), let bytes = product([count, numberType.bytes]) else {
      throw fault("has the shape \(printable("\(shape)")), which is beyond any memory")
    }
    let range = offsets[0]..<offsets[1]
    guard range.count == bytes else {
      throw fault("has \(range.count) bytes, but \(type) \(printable("\(shape)")) needs \(bytes)")
    }
    self.init(name: name, type: numberType, shape: shape, count: count, range: range)
  }
}

/// nil where it overflows.
private func product(_ numbers: [Int]) -> Int? {
  var product = 1
  for number in numbers {
    let (partial, overflows) = product.multipliedReportingOverflow(by: number)
    if overflows { return nil }
    product = partial
  }
  return product
}
