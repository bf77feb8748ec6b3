import AdaBatch
import Foundation

extension NetworkCost {
  /// The tables that people read.
  var lines: [String] {
    layerLines
      + [
        "\(network), \(classes) classes: \(grouped(parameters)) parameters,"
          + " \(millions(operations.forward)) MFLOP forward and"
          + " \(millions(operations.training)) in training for each image",
        "",
      ] + memoryLines
  }

  private var layerLines: [String] {
    let rows = layers.map { row in
      [
        row.name, row.operation, TensorType(row.output, perImage: true).description,
        row.parameters == 0 ? "" : grouped(row.parameters), millions(row.operations.forward),
        millions(row.operations.training),
      ]
    }
    let titles = ["layer", "operation", "output", "parameters", "MFLOP", "in training"]
    return [textTable([titles] + rows)]
  }

  private var memoryLines: [String] {
    if memory.isEmpty { return ["no memory is shown: this build has no programs for processors"] }
    func row(_ title: String, _ bytes: KeyPath<TrainingMemory, Int>) -> [String] {
      [title] + memory.map { megabytes($0.needed[keyPath: bytes]) }
    }
    let threads = threads == 1 ? "1 thread" : "\(threads) threads"
    return [
      textTable(
        [
          ["MB of memory, f32, \(threads)"]
            + memory.map { grouped($0.images) + ($0.images == 1 ? " image" : " images") },
          row("program to train", \.trainingProgram),
          row("program to evaluate", \.evaluationProgram),
          row("images and labels", \.batch),
          row("parameters, gradient, momentum", \.weights),
          row("all (programs take turns)", \.all),
        ])
    ]
  }

  private func millions(_ operations: Int) -> String {
    operations == 0 ? "" : String(format: "%.3f", Double(operations) * 1e-6)
  }
}

/// Bytes in units of 2²⁰, for tables.
func megabytes(_ bytes: Int) -> String {
  String(format: "%.1f", Double(bytes) / Double(1 << 20))
}
