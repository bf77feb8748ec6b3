import Foundation

/// Numbers with units, as people and data sheets write them.
enum Quantity {
  /// Seconds: `2us`, `1.5 ms`, `2e-6`; nil for anything else.
  static func seconds(_ text: String) -> Double? {
    let units = ["": 1, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9]
    return number(text, units)
  }

  /// Bytes per second: `10GB/s`, `100 Gbit/s`, `1.25e9`; nil for anything else.
  static func bytesPerSecond(_ text: String) -> Double? {
    var units = ["": 1.0, "B/s": 1, "bit/s": 1.0 / 8]
    for (prefix, factor) in ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12] {
      units[prefix + "B/s"] = factor
      units[prefix + "bit/s"] = factor / 8
    }
    for (prefix, shift) in ["Ki": 10.0, "Mi": 20, "Gi": 30] { units[prefix + "B/s"] = exp2(shift) }
    return number(text, units)
  }

  /// Bytes of memory: `2GB`, `512 MiB`, `1.5e9`; nil for anything else.
  ///
  /// Units are powers of 2¹⁰, as in all that the tool says of memory.
  static func bytes(_ text: String) -> Double? {
    var units = ["": 1.0, "B": 1]
    for (prefix, shift) in ["k": 10.0, "M": 20, "G": 30, "T": 40] {
      units[prefix + "B"] = exp2(shift)
      units[prefix.uppercased() + "iB"] = exp2(shift)
    }
    return number(text, units)?.rounded()
  }

  private static func number(_ text: String, _ units: [String: Double]) -> Double? {
    for (unit, factor) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      // A space before the unit, none after it.
      let end = digits.lastIndex { $0 != " " }.map { digits.index(after: $0) }
      let number = Double(digits[..<(end ?? digits.startIndex)])
      if let number, number.isFinite, number >= 0, !unit.isEmpty || digits.last != " " {
        return number * factor
      }
    }
    return nil
  }
}

extension Quantity {
  /// Seconds in the unit that suits them: `2us`, `1.25ms`.
  static func text(seconds: Double) -> String {
    let (factor, unit) =
      seconds < 1e-6
      ? (1e9, "ns") : seconds < 1e-3 ? (1e6, "us") : seconds < 1 ? (1e3, "ms") : (1, "s")
    return String(format: "%.4g", seconds * factor) + unit
  }

  /// Bytes per second: `9.87GB/s`.
  static func text(bytesPerSecond: Double) -> String {
    bytesPerSecond < 1e9
      ? String(format: "%.4gMB/s", bytesPerSecond / 1e6)
      : String(format: "%.4gGB/s", bytesPerSecond / 1e9)
  }
}
