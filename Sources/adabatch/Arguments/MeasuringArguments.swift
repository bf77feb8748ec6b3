import ArgumentParser

/// How a policy decides from what training shows.
struct MeasuringArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the rate follows the batch: none, decay, linear, sqrt or adascale (default: the"
        + " policy's; see adabatch policies).",
      valueName: "name"))
  var coupling: String?

  @Option(
    help: ArgumentHelp(
      "Updates after which to decide, beside the start of each epoch.", valueName: "n"))
  var decideEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Batch size that the policy never goes below (default: the initial one).", valueName: "n"))
  var minBatch: Int?

  @Option(
    help: ArgumentHelp("Decisions after a change in which all stays (default: 1).", valueName: "n"))
  var cooldown: Int?

  @Option(
    help: ArgumentHelp(
      "Share by which the signal has to pass a size before that is taken (default: 0.1).",
      valueName: "x"))
  var hysteresis: Double?

  @Option(
    help: ArgumentHelp(
      "Decisions without progress that are a plateau (default: 3).", valueName: "n"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "What the policy compares its signal with (default: see adabatch policies).",
      valueName: "x"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Half of a 95 % interval, as a share of the value, up to which it is believed (default: 0.5).",
      valueName: "x"))
  var maxInterval: Double?

  @Option(
    help: ArgumentHelp(
      "Policies whose decisions are only recorded, in shadows.jsonl.", valueName: "name,…"))
  var shadow: NameList?

  @Flag(
    inversion: .prefixedNo, exclusivity: .chooseLast,
    help: "Take growth back that makes the loss clearly worse.")
  var `guard` = false

  @Option(
    help: ArgumentHelp(
      "Images after a growth over which it is judged (default: half an epoch).", valueName: "n"))
  var guardWindow: Int?

  @Option(
    help: ArgumentHelp(
      "Directory of a run whose batch sizes and rates are repeated, with its settings.",
      valueName: "dir"))
  var replay: String?
}

/// Names with commas between them.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else { return nil }
  }
}
