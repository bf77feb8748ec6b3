import Foundation

/// A command that a page shows, with what it prints.
struct ConsoleBlock {
  let command: String
  let output: String

  /// The words after `adabatch`.
  var arguments: [String] { command.split(separator: " ").dropFirst().map(String.init) }

  /// The blocks of a page below the checkout: `$ command`, then lines.
  static func all(in page: String) throws -> [ConsoleBlock] {
    let text = try String(contentsOf: checkout.appending(path: page), encoding: .utf8)
    return text.components(separatedBy: "```console\n$ ").dropFirst().map { part in
      let block = part.components(separatedBy: "\n```")[0]
      let command = block.prefix { $0 != "\n" }
      return ConsoleBlock(
        command: String(command), output: block.dropFirst(command.count + 1) + "\n")
    }
  }
}
