import AdaBatch
import Foundation

/// How far a step is from what the machine and the library allow.
struct BenchLimits: Encodable {
  /// A step of the program, in an update, and the least that it can take here.
  struct Row: Encodable {
    let pass, operation, layer: String
    let seconds: Double
    /// As long as the machine takes at its best to compute this, or to read and write it once.
    let floorSeconds: Double
    let isBoundByMemory: Bool

    var lostSeconds: Double { seconds - floorSeconds }
  }

  /// A part of the step: seconds in its fastest round, and the quartiles of its share of the step
  /// in the same round.
  struct Part: Encodable {
    let seconds, lowerShare, share, upperShare: Double

    fileprivate init(_ seconds: [Double], of steps: [StepTimes]) {
      self.seconds = seconds.min() ?? 0
      let shares = zip(seconds, steps).map { $0 / $1.total }
      lowerShare = quantile(shares, 0.25)
      share = quantile(shares, 0.5)
      upperShare = quantile(shares, 0.75)
    }
  }

  let machine: MachineLimits
  let rounds: Int
  /// The whole update, the fastest of the rounds.
  let stepSeconds: Double
  /// The same kernels in the program's order and buffers, and nothing between them.
  let kernels: Part
  /// What is done around the program.
  let data, update: Part
  /// All multiplications and additions, but those on padding and those that a faster algorithm saves,
  /// at the fastest rate.
  let operationSeconds: Double
  /// All tensors read and written as fast as memory is copied; caches can do better.
  let byteSeconds: Double
  /// Where time is lost, the most first.
  let rows: [Row]

  /// - Parameter passes: micro-batches in an update.
  init(_ rounds: LimitRounds, _ program: any ProfiledProgram<Float>, passes: Int) {
    let (machine, passes) = (rounds.machine, Double(passes))
    func floors(_ step: ProgramStep) -> (operations: Double, bytes: Double) {
      let times = step.pass == .packing ? 1 : passes
      return (
        times * Double(step.necessaryOperations) / machine.operationsPerSecond,
        times * Double(step.bytes) / machine.bytesPerSecond
      )
    }
    let all = program.steps.map(floors)
    self.machine = machine
    self.rounds = rounds.steps.count
    stepSeconds = rounds.steps.map(\.total).min() ?? 0
    kernels = Part(rounds.kernelSeconds, of: rounds.steps)
    data = Part(rounds.steps.map(\.data), of: rounds.steps)
    update = Part(rounds.steps.map(\.update), of: rounds.steps)
    operationSeconds = all.reduce(0) { $0 + $1.operations }
    byteSeconds = all.reduce(0) { $0 + $1.bytes }
    rows = zip(zip(program.steps, rounds.fastestParts), all).map { part, floor in
      Row(
        pass: part.0.pass.rawValue, operation: part.0.operation, layer: part.0.layer,
        seconds: part.1, floorSeconds: max(floor.operations, floor.bytes),
        isBoundByMemory: floor.bytes > floor.operations)
    }
    .sorted { $0.lostSeconds > $1.lostSeconds }
  }

  func lines(network: String, images: Int) -> String {
    let (operations, bytes) = (machine.operationsPerSecond / 1e9, machine.bytesPerSecond / 1e9)
    let head = String(
      format: "\nlimits of %@, %d images together: here matrices multiply at %.0f GFLOP/s, and"
        + " memory is copied at %.1f GB/s\nmilliseconds of the fastest of %d rounds; shares are"
        + " medians of rounds, in brackets quartiles\n", network, images, operations, bytes, rounds)
    let whole = [
      ("step", stepSeconds), ("operations at that rate", operationSeconds),
      ("bytes at that rate", byteSeconds),
    ]
    .map { name, seconds in
      [name, milliseconds(seconds), percent(seconds / stepSeconds), ""]
    }
    let parts = [
      ("its kernels alone", kernels), ("images prepared", data), ("weights updated", update),
    ]
    .map { name, part in
      [
        name, milliseconds(part.seconds), percent(part.share),
        "(\(percent(part.lowerShare)) to \(percent(part.upperShare)))",
      ]
    }
    let slowest = rows.prefix(12).map { row in
      [
        row.pass, row.operation, row.layer, String(format: "%.3f", 1000 * row.seconds),
        String(format: "%.3f", 1000 * row.floorSeconds), row.isBoundByMemory ? "bytes" : "FLOP",
        String(format: "%.3f", 1000 * row.lostSeconds),
      ]
    }
    return head
      + textTable([["", "ms", "of the step", ""]] + whole.prefix(1) + parts + whole.dropFirst())
      + "\n\nwhere the most is lost\n"
      + textTable([["pass", "operation", "layer", "ms", "floor", "by", "lost"]] + slowest)
  }

  private func milliseconds(_ seconds: Double) -> String {
    String(format: "%.2f", 1000 * seconds)
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
