/// One thing that was looked at: what it is like, and what to do about it.
struct Finding: Encodable {
  enum Status: String, Encodable {
    case ok, warning, missing
    /// Training cannot run.
    case failed
  }

  /// The heading under which it is shown.
  let section: String
  let name: String
  let status: Status
  let text: String
  /// The next step, or how to get what is missing.
  let fix: String?

  init(_ section: String, _ name: String, _ status: Status, _ text: String, fix: String? = nil) {
    self.section = section
    self.name = name
    self.status = status
    self.text = text
    self.fix = fix
  }
}

extension Finding {
  /// The name of the finding about accelerators' devices.
  static let device = "device"

  var isDevice: Bool { name == Self.device }
}

extension [Finding] {
  /// What people read: sections with a line for each finding, its fix below.
  var lines: [String] {
    let width = map(\.name.count).max() ?? 0
    var lines: [String] = []
    var section: String?
    for finding in self {
      if finding.section != section { lines.append(finding.section) }
      section = finding.section
      let status = finding.status.rawValue.padded(to: 9)
      lines.append("  \(status)\(finding.name.padded(to: width + 2))\(finding.text)")
      if let fix = finding.fix { lines.append("  \("".padded(to: 11 + width))fix: \(fix)") }
    }
    return lines
  }
}

extension String {
  /// The string with spaces after it, at least `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
