import AdaBatch
import ArgumentParser

/// Ranks that a plan is for, and what is between them.
struct PlannedRankArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Ranks that share each update (mpirun -n N).", valueName: "n"))
  var ranks: Int?

  @Option(
    help: ArgumentHelp(
      "Time of a message without content, for --measure with --ranks: 2us, 1.5ms, 2e-6 (seconds).",
      valueName: "time"))
  var latency: String?

  @Option(
    help: ArgumentHelp(
      "Bytes per second between two ranks: 10GB/s, 100Gbit/s, 1.25e9.", valueName: "speed"))
  var bandwidth: String?

  @Flag(help: "Add the predicted time on 1, 2, 4, … ranks, up to --ranks.")
  var scaling = false

  /// How many, once all options are known to make sense together.
  ///
  /// - Throws: ``TrainingError`` that names the option and what to do with it.
  func count(measure: Bool) throws(TrainingError) -> Int {
    if let ranks { try Checked.range("--ranks", ranks, 1...65_536) }
    let count = ranks ?? 1
    try refuseIdleOptions(count, measure: measure)
    if count > 1, measure { _ = try requiredLink(count) }
    return count
  }

  /// The way between the ranks; nil for one rank.
  func link() throws(TrainingError) -> NetworkLink? {
    guard let ranks, ranks > 1 else { return nil }
    return try requiredLink(ranks)
  }

  private func refuseIdleOptions(_ count: Int, measure: Bool) throws(TrainingError) {
    let given = [
      latency.map { _ in "--latency" }, bandwidth.map { _ in "--bandwidth" },
      scaling ? "--scaling" : nil,
    ]
    guard let option = given.compactMap(\.self).first else { return }
    guard count > 1 else {
      throw TrainingError(
        .impossibleSetting, problem: "\(option) is for several ranks, and --ranks is \(count)",
        fix: "give --ranks 2 or more, or leave \(option) out")
    }
    guard measure else {
      throw TrainingError(
        .impossibleSetting, problem: "\(option) is for predicted times, which need --measure",
        fix: "add --measure, or leave \(option) out")
    }
  }

  private func requiredLink(_ count: Int) throws(TrainingError) -> NetworkLink {
    NetworkLink(
      latencySeconds: try number(
        "--latency", latency, count, Quantity.seconds, "a time, such as 2us, 1.5ms or 2e-6"),
      bandwidthBytesPerSecond: try number(
        "--bandwidth", bandwidth, count,
        { Quantity.bytesPerSecond($0).flatMap { $0 > 0 ? $0 : nil } },
        "bytes per second, such as 10GB/s, 100Gbit/s or 1.25e9"))
  }

  private func number(
    _ option: String, _ text: String?, _ count: Int, _ read: (String) -> Double?, _ needs: String
  ) throws(TrainingError) -> Double {
    guard let text else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--measure with --ranks \(count) needs \(option): what is between ranks decides",
        fix:
          "mpirun -n 2 adabatch bench --link measures it; or give --latency 2us --bandwidth 10GB/s,"
          + " or what your network has")
    }
    guard let number = read(text) else {
      throw TrainingError(
        .impossibleSetting, problem: "\(option) is \(text), but needs to be \(needs)",
        fix: "mpirun -n 2 adabatch bench --link measures it")
    }
    return number
  }
}
