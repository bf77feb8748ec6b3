import AdaBatch
import Foundation

/// What one layer costs in one direction, per pass of a micro-batch.
struct ProfileRow: Encodable {
  let pass: String
  let operation: String
  let layer: String
  let kernel: String
  let seconds: Double
  /// 10⁹ floating-point operations per second, by the definition: a faster algorithm makes fewer, and
  /// may show more than the machine multiplies; nil for what memory bounds.
  let gigaflopsPerSecond: Double?

  /// - Parameter runs: how often the program ran forward and backward while it was measured.
  static func rows(_ program: any ProfiledProgram<Float>, runs: Int) -> [ProfileRow] {
    zip(program.steps, program.stepSeconds).map { step, sum in
      let seconds = sum / Double(runs)
      let work = Double(step.floatingPointOperations)
      return ProfileRow(
        pass: step.pass.rawValue, operation: step.operation, layer: step.layer,
        kernel: step.kernel, seconds: seconds,
        gigaflopsPerSecond: work > 0 && seconds > 0 ? work / seconds / 1e9 : nil)
    }
  }

  static func table(_ rows: [ProfileRow]) -> String {
    let all = rows.reduce(0) { $0 + $1.seconds }
    let lines = rows.map { $0.cells(of: all) }
    return textTable([["pass", "operation", "layer", "ms", "share", "GFLOP/s", "kernel"]] + lines)
      + "\n\n" + sums(rows, all)
  }

  /// Seconds by operation, the slowest first.
  private static func sums(_ rows: [ProfileRow], _ all: Double) -> String {
    let groups = Dictionary(grouping: rows, by: \.operation).map { operation, rows in
      (operation, rows.count, rows.reduce(0) { $0 + $1.seconds })
    }
    let lines = groups.sorted { ($1.2, $0.0) < ($0.2, $1.0) }.map { operation, count, seconds in
      [
        operation, "\(count)", String(format: "%.2f", 1000 * seconds),
        String(format: "%.1f %%", 100 * seconds / all),
      ]
    }
    return textTable([["operation", "steps", "ms", "share"]] + lines)
  }

  private func cells(of all: Double) -> [String] {
    [
      pass, operation, layer, String(format: "%.3f", 1000 * seconds),
      String(format: "%.1f %%", 100 * seconds / all),
      gigaflopsPerSecond.map { String(format: "%.0f", $0) } ?? "", kernel,
    ]
  }
}
