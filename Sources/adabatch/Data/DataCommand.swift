import AdaBatch
import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Fetch a data set, check its files, or show what is in it.",
    discussion: """
      EXAMPLE
        adabatch data get cifar10
      """,
    subcommands: [DataGetCommand.self, DataCheckCommand.self, DataInfoCommand.self])
}

/// Which data set is read, and from where.
struct ReadingArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Data set: cifar10 or cifar100.", valueName: "name"))
  var dataset = "cifar10"

  @Option(help: .data())
  var data: String?

  func variant() throws(TrainingError) -> CIFAR.Variant {
    try CIFAR.Variant(named: dataset, option: "--dataset")
  }
}

extension CIFAR.Variant {
  /// - Parameter option: where the user gave the name.
  init(named name: String, option: String) throws(TrainingError) {
    if TrainingSettings.isMadeUp(name) {
      throw TrainingError(
        .impossibleSetting, problem: "synthetic images are made when they are used: no files",
        fix: "give \(option) one of: cifar10, cifar100")
    }
    guard let variant = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue)
      throw unknownName(name, what: "data set", option: option, names)
    }
    self = variant
  }
}
