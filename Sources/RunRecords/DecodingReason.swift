import Yams

/// What is wrong with a text that cannot be decoded, in a line for people.
package func decodingReason(_ error: any Error, format: String) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, let context):
    "\(name(context.codingPath + [key])) is missing"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
    context.codingPath.isEmpty
      ? "it does not consist of names and values"
      : "\(name(context.codingPath)) is not what it should be"
  case DecodingError.dataCorrupted(let context):
    place(context.underlyingError)
      ?? (context.codingPath.isEmpty
        ? "it is not \(format)" : "\(name(context.codingPath)): \(context.debugDescription)")
  default: "\(error)"
  }
}

private func name(_ path: [any CodingKey]) -> String {
  path.map(\.stringValue).joined(separator: ".")
}

private func place(_ error: (any Error)?) -> String? {
  (error as? YamlError).map(yamlReason)
}
