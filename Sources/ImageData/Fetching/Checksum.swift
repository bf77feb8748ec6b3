import Foundation

/// MD5 sums, made by the system's md5sum: Debian has it always, and code for it would be ours to
/// prove right.
package enum Checksum {
  /// Returns the MD5 sum of a file, in lower-case hexadecimal digits.
  ///
  /// - Throws: ``DataError`` with code `missingProgram`, or for a file that cannot be read.
  package static func md5(of path: String, environment: [String: String]) throws(DataError)
    -> String
  {
    // The file is the standard input, so no name can be taken for an option.
    let run = try program(environment).start(input: path)
    var digits = [UInt8](repeating: 0, count: 32)
    var count = 0
    while count < digits.count {
      let got = digits.withUnsafeMutableBytes { run.read(into: .init(rebasing: $0[count...])) }
      if got == 0 { break }
      count += got
    }
    let (status, reason) = run.finish()
    guard status == 0, count == digits.count else {
      throw DataError(.unreadable, path, "cannot be read: \(reason)", fix: "check the disk")
    }
    return String(decoding: digits, as: UTF8.self)
  }

  static func program(_ environment: [String: String]) throws(DataError) -> SystemProgram {
    try SystemProgram("md5sum", environment: environment)
  }
}
