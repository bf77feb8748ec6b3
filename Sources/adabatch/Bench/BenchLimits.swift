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

  let machine: MachineLimits
  /// Of an update, images prepared, as in the table.
  let stepSeconds: Double
  /// The same kernels in the program's order and buffers, and nothing between them.
  let kernelSeconds: Double
  /// All multiplications and additions, but those on padding and those that a faster algorithm saves,
  /// at the fastest rate.
  let operationSeconds: Double
  /// All tensors read and written as fast as memory is copied; caches can do better.
  let byteSeconds: Double
  /// Where time is lost, the most first.
  let rows: [Row]

  /// - Parameters:
  ///   - profile: of the program's steps.
  ///   - passes: micro-batches in an update.
  init(
    _ machine: MachineLimits, _ program: any ProfiledProgram<Float>, profile: [ProfileRow],
    kernels: KernelSeconds, stepSeconds: Double, passes: Int
  ) {
    let passes = Double(passes)
    func floors(_ step: ProgramStep) -> (operations: Double, bytes: Double) {
      let times = step.pass == .packing ? 1 : passes
      return (
        times * Double(step.necessaryOperations) / machine.operationsPerSecond,
        times * Double(step.bytes) / machine.bytesPerSecond
      )
    }
    let all = program.steps.map(floors)
    self.machine = machine
    self.stepSeconds = stepSeconds
    kernelSeconds = kernels.packing + passes * kernels.passes
    operationSeconds = all.reduce(0) { $0 + $1.operations }
    byteSeconds = all.reduce(0) { $0 + $1.bytes }
    rows = zip(profile, all).map { row, floor in
      Row(
        pass: row.pass, operation: row.operation, layer: row.layer, seconds: passes * row.seconds,
        floorSeconds: max(floor.operations, floor.bytes),
        isBoundByMemory: floor.bytes > floor.operations)
    }
    .sorted { $0.lostSeconds > $1.lostSeconds }
  }

  func lines(network: String, images: Int) -> String {
    let (operations, bytes) = (machine.operationsPerSecond / 1e9, machine.bytesPerSecond / 1e9)
    let head = String(
      format: "\nlimits of %@, %d images together: here matrices multiply at %.0f GFLOP/s, and"
        + " memory is copied at %.1f GB/s\n", network, images, operations, bytes)
    let sums = [
      ("step", stepSeconds), ("its kernels alone", kernelSeconds),
      ("operations at that rate", operationSeconds), ("bytes at that rate", byteSeconds),
    ]
    let limits = sums.map { name, seconds in
      [
        name, String(format: "%.2f", 1000 * seconds),
        String(format: "%.1f %%", 100 * seconds / stepSeconds),
      ]
    }
    let slowest = rows.prefix(12).map { row in
      [
        row.pass, row.operation, row.layer, String(format: "%.3f", 1000 * row.seconds),
        String(format: "%.3f", 1000 * row.floorSeconds), row.isBoundByMemory ? "bytes" : "FLOP",
        String(format: "%.3f", 1000 * row.lostSeconds),
      ]
    }
    return head + textTable([["", "ms", "of the step"]] + limits) + "\n\nwhere the most is lost\n"
      + textTable([["pass", "operation", "layer", "ms", "floor", "by", "lost"]] + slowest)
  }
}
