import Foundation

/// The records of a JSON Lines file, and what a kill may have left behind them.
public struct JSONLines<Record: Sendable>: Sendable {
  /// The records, in the order they were written.
  public let records: [Record]

  /// The start of a line that was being written when its program died, nil where there is none.
  public let tornLine: String?

  package init(records: [Record], tornLine: String?) {
    self.records = records
    self.tornLine = tornLine
  }
}

extension JSONLines: Equatable where Record: Equatable {}

extension JSONLines where Record: Decodable {
  /// Reads what is there; a last line that is neither ended nor whole is set apart, not a fault.
  ///
  /// - Throws: ``FileError`` with code `missing` or another of the system's, and `invalid`, naming
  ///   the line, for anything that is not a record.
  init(readingFrom path: String, on files: any FileSystem) throws(FileError) {
    var lines = try readFile(path, on: files).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last newline: nothing, unless the writer was stopped inside a line.
    let rest = lines.removeLast()
    var records: [Record] = []
    for (index, line) in lines.enumerated() {
      records.append(try Self.record(in: line, number: index + 1, of: path))
    }
    let last = try? JSONDecoder.lines.decode(Record.self, from: rest)
    self.init(
      records: records + [last].compactMap(\.self),
      tornLine: rest.isEmpty || last != nil ? nil : String(decoding: rest, as: UTF8.self))
  }

  private static func record(
    in line: Data, number: Int, of path: String
  ) throws(FileError) -> Record {
    do {
      return try JSONDecoder.lines.decode(Record.self, from: line)
    } catch {
      throw FileError(
        code: .invalid, path: path, operation: "read line \(number) of",
        reason: decodingReason(error, format: "JSON"),
        fix: "restore the file from a copy, or take the line out")
    }
  }
}

/// `record` as one line of JSON: keys sorted, so that equal records are equal bytes.
///
/// JSON has no number for what is not finite. Such values become the strings `NaN`, `Infinity` and
/// `-Infinity`: the line stays readable for any parser and, unlike null, says which it was.
package func jsonLine(_ record: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return try encoder.encode(record) + [UInt8(ascii: "\n")]
}

extension JSONDecoder {
  /// The reader of what ``jsonLine(_:)`` writes.
  static var lines: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}
