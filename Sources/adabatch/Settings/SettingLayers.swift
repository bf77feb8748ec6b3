import AdaBatch
import ArgumentParser
import Foundation

/// The settings of a command, in the order of their rank: the command line, the environment, files
/// of settings, and the run that is gone on with or repeated.
///
/// The parser takes words, so lower layers become words before the user's own. Each value is tried
/// by itself first: a fault is that of a file's line or of a variable, not of an option that nobody
/// has typed.
struct SettingLayers {
  /// The command line with all that it is to say.
  let words: [String]
  /// What was given, by name, and where.
  let given: SettingLayer

  /// No layer but the command line, unless something is given.
  init(_ words: [String] = [], given: SettingLayer = [:]) {
    self.words = words
    self.given = given
  }

  /// - Parameters:
  ///   - words: of the command line, in adabatch's own terms.
  ///   - commands: those that have settings.
  /// - Throws: `FileError` for a file of settings, `TrainingError` for a variable, `FileError` and
  ///   `RunDirectoryError` for the run that is to be gone on with.
  init(
    _ words: [String], of commands: [any ParsableCommand.Type], environment: [String: String]
  ) throws {
    let command = commands.first { $0._commandName == words.first }
    guard let command, Set(words).isDisjoint(with: ["--help", "-h", "--version"]) else {
      self.init(words)
      return
    }
    let own = OwnWords(words.dropFirst())
    let files = try own.values(of: "config").map(SettingLayer.init(readingFrom:))
    let variables = try SettingLayer(environment: environment)
    let upper = [own.layer, variables] + files.reversed()
    let resumes = own.resumes && command is TrainCommand.Type
    // The run directory is rank 0's.
    let run = try RankJob.fromRankZero { () -> SettingLayer in
      let layers = Self.merged(upper)
      if resumes { return try SettingLayer(resuming: layers, own.words) }
      return try layers["replay"].map {
        try SettingLayer(
          replaying: $0.value, on: layers["device"].flatMap { DeviceName(rawValue: $0.value) })
      } ?? [:]
    }
    let given = Self.merged(upper + [run])
    self.init([words[0]] + Self.words(of: given, for: command) + own.words, given: given)
  }

  /// - Parameter layers: the highest first.
  private static func merged(_ layers: [SettingLayer]) -> SettingLayer {
    layers.reversed().reduce([:]) { $1.over($0) }
  }

  /// What is not on the command line yet, as far as the command has it.
  static func words(
    of given: SettingLayer, for command: any ParsableCommand.Type
  ) -> [String] {
    let names = SettingNames(of: command)
    return given.sorted { $0.key < $1.key }.flatMap { name, setting in
      setting.origin == .commandLine ? [] : names[name].map(setting.words) ?? []
    }
  }

  /// A message with where the settings were given that it is about, other than as options.
  func explained(_ message: String) -> String {
    let first = message.prefix { $0 != "\n" }
    let lines = given.sorted { $0.key < $1.key }.compactMap { name, setting -> String? in
      guard setting.origin != .commandLine, Self.mentions(name, in: first) else { return nil }
      return "\n  \(name) is from \(setting.origin)"
    }
    return message + lines.joined()
  }

  /// Whether a text speaks of an option, or of a setting's change.
  private static func mentions(_ name: String, in text: Substring) -> Bool {
    let words = text.split(separator: " ")
    return words.contains { $0 == "--\(name)" || $0 == "\(name):" }
  }
}
