import AdaBatch
import Foundation

// What is between ranks, for a plan.
extension BenchCommand {
  func measureLink() throws {
    try refuseIdleOptions()
    let ranks = RankJob.ranks
    guard ranks.count > 1 else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--link measures what is between two ranks, and this process is alone",
        fix: "mpirun -n 2 adabatch bench --link, with the launcher and the hosts of the training")
    }
    let measured = try LinkMeasurement(ranks)
    if json { return try Console.print(json: measured) }
    let link = measured.link
    Console.report(
      "adabatch: between \(measured.hosts.joined(separator: " and ")),"
        + " \(ranks.communicator.library ?? "one process"), both ways at once: medians of 2,000"
        + " messages of 4 bytes and 20 of 8 MiB; for adabatch plan:")
    Console.print(
      "--latency \(Quantity.text(seconds: link.latencySeconds))"
        + " --bandwidth \(Quantity.text(bytesPerSecond: link.bandwidthBytesPerSecond))")
  }

  private func refuseIdleOptions() throws(TrainingError) {
    let given = [
      network.isEmpty ? nil : "--network", batchSize.isEmpty ? nil : "--batch-size",
      microBatch.map { _ in "--micro-batch" }, steps.map { _ in "--steps" },
      profile ? "--profile" : nil, trace ? "--trace" : nil,
    ]
    guard let option = given.compactMap(\.self).first else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "\(option) is for training steps, and --link measures what is between ranks",
      fix: "leave one of them out")
  }
}
