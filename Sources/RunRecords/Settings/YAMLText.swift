import Yams

/// A value as YAML, its members in the order of declaration.
func yamlText(_ value: some Encodable) throws -> String {
  let encoder = YAMLEncoder()
  encoder.options.allowUnicode = true
  encoder.options.width = -1  // a command stays on its line
  return try encoder.encode(value)
}

/// The members of a value as YAML, each on one line with its name: `milestones: [60, 80]`.
package func yamlLines(_ value: some Encodable) throws -> [(name: String, line: String)] {
  guard let root = try compose(yaml: yamlText(value)), case .mapping(let members) = root else {
    return []
  }
  return try members.map { key, value in
    let line = try serialize(
      node: Node([(key, value.onOneLine)]), width: -1, allowUnicode: true)
    return (key.string ?? "", String(line.dropLast()))
  }
}

extension TrainingSettings {
  /// The settings in the order of declaration, as text; what does not apply is left out.
  package func entries() throws -> [SettingsFile.Entry] {
    try SettingsFile(parsing: yamlText(self), path: "settings").entries
  }
}

extension Node {
  fileprivate var onOneLine: Node {
    switch self {
    case .sequence(var list):
      list.style = .flow
      return .sequence(list)
    case .scalar(var text) where text.string.contains("\n"):
      text.style = .doubleQuoted
      return .scalar(text)
    default: return self
    }
  }
}

/// What a text lacks to be YAML, and where, in plain words.
func yamlReason(_ error: YamlError) -> String {
  switch error {
  case .scanner(_, let problem, let mark, let text), .parser(_, let problem, let mark, let text),
    .composer(_, let problem, let mark, let text):
    "line \(mark.line), column \(mark.column) is not YAML: \(plain(problem, at: mark, in: text))"
  case .duplicatedKeysInMapping(let names, let context):
    "line \(context.mark.line): '\(printable(names[0]))' is there twice"
  case .reader(let problem, _, _, _): "it is not YAML: \(problem)"
  default: "it is not YAML: \(error)"
  }
}

/// The parser's words as people say it; the parser's own where these are not known.
private func plain(_ problem: String, at mark: Mark, in text: String) -> String {
  switch problem {
  case "found character that cannot start any token":
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    let character = line.dropFirst(mark.column - 1).first ?? " "
    return character == "\t"
      ? "a tab, where only spaces may be"
      : "nothing begins with '\(printable(String(character)))' unless it is in quotes"
  case "found a tab character that violates indentation": return "a tab, where only spaces may be"
  case "mapping values are not allowed in this context":
    return "a second ': ', or a line that is indented too far"
  case "could not find expected ':'": return "there is no ': ' behind the name"
  case "did not find expected node content": return "a value is missing, or a bracket is not closed"
  case "did not find expected key": return "a name is missing, or it is indented unlike those above"
  case "did not find expected ',' or ']'": return "a ',' or ']' is missing"
  case "did not find expected ',' or '}'": return "a ',' or '}' is missing"
  case "found unexpected end of stream": return "a quote is not closed"
  case "but found another document": return "a second document begins"
  default:
    let isDeep = problem.hasPrefix("Maximum nesting level")
    return isDeep ? "more brackets one in another than any settings have" : problem
  }
}
