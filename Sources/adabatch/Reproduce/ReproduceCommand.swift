import AdaBatch
import ArgumentParser

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Train an experiment of the AdaBatch paper, and say what comes out.",
    discussion: """
      EXAMPLE
        adabatch reproduce cifar10 --networks alexnet

      cifar10, cifar100: AdaBatch against the smallest and the largest batch, fixed. multi-rank: the \
      same on several ranks against one. growth-for-decay: a growing batch in place of a decaying \
      rate. Each is what adabatch compare does with a file: Documentation/Comparing.md.
      """)

  @Argument(
    help: ArgumentHelp(
      "cifar10, cifar100, multi-rank or growth-for-decay.", valueName: "experiment"))
  var name: String

  @Option(
    help: ArgumentHelp(
      "Networks, each an experiment of its own (default: the paper's).", valueName: "name,name,…"))
  var networks: NameList?

  @Option(
    help: ArgumentHelp(
      "Passes over the training images; batch and rate change after each fifth.", valueName: "n"))
  var epochs = 100

  @Option(
    help: ArgumentHelp("Seeds of each arm; from three on there are intervals.", valueName: "n,n,…"))
  var seeds = SeedList([1])

  @Option(
    help: ArgumentHelp(
      "Images to train on, instead of the paper's; synthetic to try it.", valueName: "name"))
  var dataset: String?

  @Option(help: ArgumentHelp("Classes of synthetic images: 10 or 100.", valueName: "n"))
  var classes: Int?

  @Flag(help: "Leave out the last batch of an epoch when it is not full, as the reference does.")
  var dropLast = false

  @Option(
    help: ArgumentHelp("Further policies, each an arm of its own.", valueName: "name,name,…"))
  var policies: NameList?

  @Option(help: ArgumentHelp("Ranks of the arm of multi-rank that has several.", valueName: "n"))
  var ranks = 3

  @OptionGroup var comparison: ComparisonArguments

  mutating func run() throws {
    try comparison.check()
    try ExperimentSession(reference().experiments(), named: name, comparison).run()
  }

  private func reference() throws(TrainingError) -> ReferenceExperiment {
    let kinds = ReferenceExperiment.Kind.allCases.map(\.rawValue)
    guard let kind = ReferenceExperiment.Kind(rawValue: name) else {
      throw unknownName(name, what: "experiment", option: "adabatch reproduce", kinds)
    }
    try Checked.range("--epochs", epochs, 1...1_000_000)
    try Checked.range("--ranks", ranks, 2...100_000)
    if let dataset { try Checked.dataset(dataset) }
    for name in policies?.names ?? [] where !TrainingSettings.policyNames.contains(name) {
      throw TrainingSettings.unknownPolicy(name)
    }
    var reference = ReferenceExperiment(kind)
    (reference.epochs, reference.seeds, reference.dropLast) = (epochs, seeds.seeds, dropLast)
    (reference.ranks, reference.policies) = (ranks, policies?.names ?? [])
    if let networks { reference.networks = networks.names }
    if let dataset { reference.dataset = dataset }
    reference.common = comparison.common
    reference.common["classes"] = classes.map(String.init)
    return reference
  }
}

/// Seeds with commas between them.
struct SeedList: ExpressibleByArgument {
  let seeds: [UInt64]

  init(_ seeds: [UInt64]) { self.seeds = seeds }

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    seeds = words.compactMap { UInt64($0) }
    guard seeds.count == words.count else { return nil }
  }

  var defaultValueDescription: String { seeds.map(String.init).joined(separator: ",") }
}
