import AdaBatch
import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Fetch a data set or pack your own images, check the files, or show what is in them.",
    discussion: """
      EXAMPLE
        adabatch data get cifar10
      """,
    subcommands: [
      DataGetCommand.self, DataPackCommand.self, DataCheckCommand.self, DataInfoCommand.self,
    ])
}

/// Which data set is read, and from where.
struct ReadingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Data set: cifar10, cifar100, or folder for your own.", valueName: "name"))
  var dataset = "cifar10"

  @Option(help: .data())
  var data: String?

  /// - Parameter comparing: whether bytes are compared with official ones, where there are any.
  func inspect(comparing: Bool) throws -> DatasetInspection {
    if dataset == TrainingSettings.ownImages {
      return try TrainingSettings.openOwnImages(in: data).inspect()
    }
    let variant = try CIFAR.Variant(named: dataset, option: "--dataset")
    return try CIFAR.inspect(variant, from: data, comparing: comparing)
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
    if name == TrainingSettings.ownImages {
      throw TrainingError(
        .impossibleSetting, problem: "images of your own are fetched from nowhere",
        fix: "pack them with adabatch data pack, or give \(option) one of: cifar10, cifar100")
    }
    guard let variant = Self(rawValue: name) else {
      let own = option == "--dataset" ? [TrainingSettings.ownImages] : []
      let names = Self.allCases.map(\.rawValue) + own
      throw unknownName(name, what: "data set", option: option, names)
    }
    self = variant
  }
}
