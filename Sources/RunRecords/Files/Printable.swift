/// What a file calls something, fit for a message: without control characters, and not too long.
package func printable(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let start = scalars.prefix(80).map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
    default: String(scalar)
    }
  }
  return start.joined() + (scalars.dropFirst(80).isEmpty ? "" : "…")
}
