import Foundation

/// A named array of numbers, as a safetensors file holds it.
public struct SafetensorsTensor: Sendable, Equatable {
  /// The numbers, in row-major order, with the type that the file gives them.
  public enum Values: Sendable, Equatable {
    case float32([Float])
    case int64([Int64])
  }

  /// PyTorch's name, where there is one: `layer1.0.conv1.weight`.
  public let name: String
  /// The length of each dimension; empty for a single number.
  public let shape: [Int]
  fileprivate let storage: Storage

  /// - Precondition: `shape` has room for exactly these values.
  public init(name: String, shape: [Int], values: Values) {
    self.init(name: name, shape: shape, storage: .own(values))
  }

  /// A tensor of memory that belongs to somebody else and is read whenever its numbers are asked for:
  /// to write a file of weights without a second copy of them.
  ///
  /// - Precondition: the memory is there, and stands still, as long as the tensor is in use.
  package init(name: String, shape: [Int], borrowing values: UnsafeBufferPointer<Float>) {
    self.init(name: name, shape: shape, storage: .borrowed(values))
  }

  private init(name: String, shape: [Int], storage: Storage) {
    precondition(shape.allSatisfy { $0 >= 0 }, "tensor \(name) has a negative dimension")
    (self.name, self.shape, self.storage) = (name, shape, storage)
    precondition(
      shape.reduce(1, *) == count, "tensor \(name) has \(count) values for the shape \(shape)")
  }

  /// A single whole number, such as `num_batches_tracked`.
  public init(name: String, scalar: Int64) {
    self.init(name: name, shape: [], values: .int64([scalar]))
  }

  public var values: Values {
    switch storage {
    case .own(let values): values
    case .borrowed(let numbers): .float32(Array(numbers))
    }
  }

  /// The same with numbers of its own.
  package var copied: SafetensorsTensor {
    SafetensorsTensor(name: name, shape: shape, values: values)
  }

  fileprivate var count: Int {
    switch storage {
    case .own(.float32(let values)): values.count
    case .own(.int64(let values)): values.count
    case .borrowed(let numbers): numbers.count
    }
  }

  public static func == (one: SafetensorsTensor, other: SafetensorsTensor) -> Bool {
    one.name == other.name && one.shape == other.shape && one.values == other.values
  }

  // A borrowed tensor's memory stands still, so any thread may read it.
  fileprivate enum Storage: @unchecked Sendable {
    case own(Values)
    case borrowed(UnsafeBufferPointer<Float>)
  }
}

/// Tensors as one file that any framework reads and that cannot run code.
///
/// The bytes are those of the reference writer: an 8-byte length, a JSON header padded with spaces
/// to a multiple of 8, then the numbers, little-endian, without gaps, wide types first and each
/// type by name.
///
/// > Source: github.com/huggingface/safetensors, README "Format" and `src/tensor.rs`, 0.8.0.
public struct Safetensors: Sendable, Equatable {
  /// In the order of the file.
  public let tensors: [SafetensorsTensor]

  /// Text that goes with them, of which PyTorch's tools look for `format: pt`.
  public let metadata: [String: String]

  /// - Precondition: no two tensors have the same name.
  public init(_ tensors: [SafetensorsTensor], metadata: [String: String] = ["format": "pt"]) {
    let names = Set(tensors.map(\.name))
    precondition(names.count == tensors.count, "two tensors have the same name")
    precondition(!names.contains("__metadata__"), "__metadata__ cannot be a tensor's name")
    self.tensors = tensors.sorted { $0.precedes($1) }
    self.metadata = metadata
  }

  /// Writes the file as a whole or not at all.
  ///
  /// - Throws: ``FileError``; see ``writeAtomically(to:_:)``.
  public func write(to path: String) throws(FileError) { try write(to: path, on: SystemFiles()) }

  /// - Returns: what the file has to be read back as.
  @discardableResult
  func write(
    to path: String, on files: any FileSystem
  ) throws(FileError) -> CheckpointManifest.Content {
    var content = CheckpointManifest.Content()
    try writeAtomically(to: path, on: files) { file throws(FileError) in
      try file.write(header)
      header.withUnsafeBytes { content.add($0) }
      for tensor in tensors {
        try tensor.withBytes { bytes throws(FileError) in
          try file.write(bytes)
          content.add(bytes)
        }
      }
    }
    return content
  }
}

extension Safetensors {
  /// The length and the JSON that describes the rest.
  private var header: [UInt8] {
    var entries = metadata.isEmpty ? [] : ["\"__metadata__\":\(metadataObject)"]
    var offset = 0
    for tensor in tensors {
      entries.append("\(quoted(tensor.name)):\(tensor.entry(at: offset))")
      offset += tensor.byteCount
    }
    var json = Array("{\(entries.joined(separator: ","))}".utf8)
    json += Array(repeating: UInt8(ascii: " "), count: -json.count & 7)
    return UInt64(json.count).littleEndianBytes + json
  }

  private var metadataObject: String {
    let pairs = metadata.sorted { $0.key < $1.key }
    return "{\(pairs.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ","))}"
  }
}

extension SafetensorsTensor {
  /// Bytes of one number.
  fileprivate var width: Int {
    switch storage {
    case .own(.float32), .borrowed: 4
    case .own(.int64): 8
    }
  }

  /// By bytes, as Rust compares: Swift's order of strings follows Unicode's equivalences instead.
  fileprivate func precedes(_ other: Self) -> Bool {
    guard width == other.width else { return width > other.width }
    return name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }

  fileprivate var byteCount: Int { count * width }

  fileprivate func entry(at offset: Int) -> String {
    let type = width == 8 ? "I64" : "F32"
    let sizes = shape.map(String.init).joined(separator: ",")
    let end = offset + byteCount
    return "{\"dtype\":\"\(type)\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}"
  }

  fileprivate func withBytes(
    _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    #if _endian(big)
    #error("safetensors files are little-endian; this writer does not swap bytes")
    #endif
    switch storage {
    case .borrowed(let numbers): try body(UnsafeRawBufferPointer(numbers))
    case .own(.float32(let values)):
      try values.withUnsafeBufferPointer { values throws(FileError) in
        try body(UnsafeRawBufferPointer(values))
      }
    case .own(.int64(let values)):
      try values.withUnsafeBufferPointer { values throws(FileError) in
        try body(UnsafeRawBufferPointer(values))
      }
    }
  }
}

/// `text` as a JSON string, with the escapes that JSON demands and no others.
private func quoted(_ text: String) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  guard let json = try? encoder.encode(text) else { preconditionFailure("a string is always JSON") }
  return String(decoding: json, as: UTF8.self)
}
