import AdaBatch
import ArgumentParser
import Foundation

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score weights on test images: those of a run, or a safetensors file.",
    discussion: """
      EXAMPLE
        adabatch evaluate runs/cifar10-resnet20-adabatch-seed1 --per-class

      A run tells its network, data set and classes. A file of weights, this tool's or PyTorch's, \
      does not: give --network, and --dataset. A run is scored with its number of threads, unless \
      --threads is given: another number may round differently.
      """)

  @Argument(help: "Directory of a run, or a .safetensors file.")
  var path: String

  @Option(help: ArgumentHelp("Network that a file's weights are of.", valueName: "name"))
  var network: String?

  @Option(
    help: ArgumentHelp(
      "Images to score a file on: cifar10, cifar100, synthetic or folder (default: cifar10).",
      valueName: "name"))
  var dataset: String?

  @Option(help: .data(unlessGiven: "the run's; for a file "))
  var data: String?

  @Option(help: ArgumentHelp("Classes of synthetic images: 10 or 100.", valueName: "n"))
  var classes: Int?

  @Option(
    help: ArgumentHelp("Images that pass together (default: the run's, or 200).", valueName: "n"))
  var testBatch: Int?

  @OptionGroup var computing: ComputingArguments

  @Flag(help: "Print the accuracy of each class.")
  var perClass = false

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    if RankJob.ranks.count > 1 { try RankArguments.parse([]).notice(RankJob.ranks) }
    let subject = try isFolder(path) ? runSubject() : fileSubject()
    let evaluated = try subject.evaluate()
    if json {
      try Console.print(json: evaluated)
    } else {
      evaluated.lines(perClass: perClass).forEach(Console.print)
    }
  }

  private func runSubject() throws -> EvaluationSubject {
    for (option, value) in [("--network", network), ("--dataset", dataset)] where value != nil {
      throw idle(option)
    }
    if classes != nil { throw idle("--classes") }
    let run = try RunDirectory(opening: path)
    let settings = try Self.checkedSettings(of: run)
    try Checked.refuseFolder(data, of: settings.dataset)
    let weights = run.file(RunDirectory.modelFile)
    guard FileManager.default.fileExists(atPath: weights) else {
      throw FileError(
        code: .missing, path: weights, operation: "read",
        reason: "the run has not written its weights, which it does at its end",
        fix: "wait for the end of the run, or train again")
    }
    return EvaluationSubject(
      weights: weights, network: settings.network,
      dataset: settings.dataset, data: data ?? settings.data, classes: settings.classes,
      testBatch: try testBatch.map { try Checked.testBatch($0) } ?? settings.testBatch,
      engine: try computing.makeEngine(on: RankJob.ranks, like: settings),
      recorded: try run.epochs().records.last)
  }

  /// What the run recorded, checked as options are: anybody may have edited it.
  private static func checkedSettings(of run: RunDirectory) throws -> TrainingSettings {
    let settings = try run.settings().settings
    do {
      try Checked.dataset(settings.dataset)
      // How many the user's own images have is seen when they are read, wherever that is.
      if settings.dataset != TrainingSettings.ownImages {
        _ = try Checked.classes(settings.classes, of: settings.dataset, in: nil, name: "classes")
      }
      _ = try Checked.testBatch(settings.testBatch, name: "test-batch")
      _ = try Checked.threads(settings.threads, name: "threads")
      try Checked.precision(settings.precision)
      _ = try Checked.device(settings.device)
      _ = try settings.makeNetwork()
    } catch let error as TrainingError {
      throw unusable(run, error.problem)
    } catch let error as GraphError {
      throw unusable(run, error.problem)
    }
    return settings
  }

  private static func unusable(_ run: RunDirectory, _ reason: String) -> FileError {
    FileError(
      code: .invalid, path: run.file(RunDirectory.settingsFile), operation: "use", reason: reason,
      fix: "restore the file from a copy; adabatch wrote it when the run began")
  }

  private func fileSubject() throws -> EvaluationSubject {
    let dataset = dataset ?? "cifar10"
    try Checked.refuseFolder(data, of: dataset)
    guard let network else {
      // A name that leads nowhere is the first thing to be said.
      if !FileManager.default.fileExists(atPath: path) { _ = try Safetensors.read(from: path) }
      throw TrainingError(
        .impossibleSetting,
        problem: "\(path) is a file of weights, which does not name its network",
        fix: "give --network; adabatch networks lists them")
    }
    return EvaluationSubject(
      weights: path, network: network, dataset: dataset, data: data,
      classes: try Checked.classes(classes, of: dataset, in: data),
      testBatch: try Checked.testBatch(testBatch ?? 200),
      engine: try computing.makeEngine(on: RankJob.ranks), recorded: nil)
  }

  private func idle(_ option: String) -> TrainingError {
    TrainingError(
      .impossibleSetting, problem: "\(option) is for a file of weights, and \(path) is a directory",
      fix: "leave \(option) out: a run tells its own")
  }
}
