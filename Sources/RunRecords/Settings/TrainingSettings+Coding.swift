import Yams

/// A number that YAML gives back to the last bit.
///
/// Yams 6.2.2 writes a Double as `1e-2`, with 15 digits where 17 may be needed, and Python's YAML
/// reads an exponent without a decimal point as a string. Settings must come back as they were.
package struct ExactNumber: YAMLEncodable {
  let value: Double

  package init(_ value: Double) { self.value = value }

  package func box() -> Node { Node(text, Tag(.float)) }

  package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }

  private var text: String {
    guard value.isFinite else { return value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf" }
    let digits = "\(value)"
    guard !digits.contains("."), let exponent = digits.firstIndex(of: "e") else { return digits }
    return digits[..<exponent] + ".0" + digits[exponent...]
  }
}

extension TrainingSettings.MicroBatch: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let images = try? container.decode(Int.self) {
      self = .images(images)
    } else if let size = Self(text: try container.decode(String.self)) {
      self = size
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "micro-batch is a number, batch, or batch/3")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .batch, .part: try container.encode(text)
    case .images(let count): try container.encode(count)
    }
  }
}

extension TrainingSettings.MicroBatch {
  /// As options and files have it; nil for what means nothing.
  public init?(text: String) {
    if text == "batch" {
      self = .batch
    } else if let count = Int(text) {
      self = .images(count)
    } else if text.hasPrefix("batch/"), let count = Int(text.dropFirst("batch/".count)) {
      self = .part(count)
    } else {
      return nil
    }
  }

  public var text: String {
    switch self {
    case .batch: "batch"
    case .images(let count): "\(count)"
    case .part(let count): "batch/\(count)"
    }
  }
}
