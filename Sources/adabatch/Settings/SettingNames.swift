import AdaBatch
import ArgumentParser
import Foundation

/// The settings that can be given elsewhere than on the command line: the long options of `train`.
///
/// Asked of the parser of the command line, so that there is one list. What a command hides in its
/// help it accepts and has no use for, so no file or variable gives it.
struct SettingNames {
  /// An option of a command.
  struct Option {
    let name: String
    let isFlag: Bool
    /// Whether there is a `--no-…` too.
    var hasNegative = false
    /// What stands for its value in the help: `n`, `n,n,…`, `x`, `name`.
    let placeholder: String
  }

  static let ofTrain = SettingNames(of: TrainCommand.self)

  /// What belongs to one command, not to a run: what it prints, and consent, are said each time.
  static let commandOnly: Set = [
    "allow-changes", "config", "fresh", "help", "json", "memory-fraction", "plugin", "print-config",
    "quiet", "resume", "version",
  ]

  private let options: [String: Option]

  init(of command: any ParsableCommand.Type) {
    let all = Self.arguments(of: command)
    let negatives = Set(all.map(\.name).filter { $0.hasPrefix("no-") }.map { $0.dropFirst(3) })
    options = all.reduce(into: [:]) { options, option in
      options[option.name] = option
      options[option.name]?.hasNegative = negatives.contains(option.name[...])
    }
    .filter { !$0.key.hasPrefix("no-") }
  }

  /// The names that a file or a variable may give, in the order of the alphabet.
  var settable: [String] { options.keys.filter { !Self.commandOnly.contains($0) }.sorted() }

  subscript(name: String) -> Option? { options[name] }

  private static func arguments(of command: any ParsableCommand.Type) -> [Option] {
    let json = Data(command._dumpHelp().utf8)
    guard let dump = try? JSONDecoder().decode(CommandDump.self, from: json) else {
      preconditionFailure("the parser describes its options in another way than it did")
    }
    return dump.command.arguments.filter(\.shouldDisplay).compactMap { argument in
      let names = argument.names ?? []
      guard let name = names.first(where: { $0.kind == "long" })?.name else { return nil }
      return Option(
        name: name, isFlag: argument.kind == "flag", placeholder: argument.valueName ?? "")
    }
  }
}

extension SettingNames {
  /// What is wrong with a name, and what to do; nil for a good one.
  func fault(in name: String) -> (problem: String, fix: String)? {
    if Self.commandOnly.contains(name) {
      return (
        "'\(name)' belongs to one command, and is no setting of a run",
        "take the line out, and give --\(name) with the command"
      )
    }
    if settable.contains(name) { return nil }
    let near = nearest(to: name).map { "; did you mean '\($0)'?" } ?? ""
    return (
      "there is no setting '\(printable(name))'" + near,
      "name settings as adabatch train --help names options, without --"
    )
  }

  /// The setting that a name was meant for, where that can be told: also what the scripts call so.
  func nearest(to name: String) -> String? {
    if case .renamed(let own)? = ScriptOption.named("--" + name)?.meaning {
      return String(own.dropFirst(2))
    }
    return closestName(to: name, among: settable)
  }

  /// What a value would have to be; nil for one that the command line would take.
  func needs(of name: String, for value: String) -> String? {
    guard let option = options[name] else { return nil }
    if option.isFlag { return ["true", "false"].contains(value) ? nil : "true or false" }
    if (try? TrainCommand.parse(["--\(name)=\(value)"])) != nil { return nil }
    switch option.placeholder {
    case "n": return Self.wholeNumber(for: value)
    case "x": return "a number"
    case "n,n,…": return "epochs, such as 60,80"
    case "n|batch|batch/n|auto": return "a whole number, batch, batch/n, or auto"
    case "bytes": return "a number of bytes, such as 2GB or 512MiB"
    default: return "a \(option.placeholder)"
    }
  }

  private static func wholeNumber(for value: String) -> String {
    guard let number = Double(value), number.rounded() == number else { return "a whole number" }
    return number < 0 ? "0 or more" : "a whole number that is not so large"
  }
}

/// What is read of the parser's description of a command.
private struct CommandDump: Decodable {
  struct Command: Decodable { let arguments: [Argument] }
  struct Argument: Decodable {
    let kind: String
    let shouldDisplay: Bool
    let names: [Name]?
    let valueName: String?
  }
  struct Name: Decodable {
    let kind: String
    let name: String
  }
  let command: Command
}
