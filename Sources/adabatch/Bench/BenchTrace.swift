import AdaBatch

/// A program that ran: for how many images, in how much memory, and what it does.
struct ProgramTrace: Encodable {
  struct Step: Encodable {
    let pass: String
    let operation: String
    let layer: String
    /// The shape of what comes out, N images each.
    let output: String
    let kernel: String
  }

  let purpose: String
  let images: Int
  let bytes: Int
  let steps: [Step]

  init(_ purpose: String, _ program: any Program<Float>) {
    self.purpose = purpose
    images = program.imageCount
    bytes = program.memoryBytes
    steps = ((program as? any ProfiledProgram<Float>)?.steps ?? []).map {
      Step(
        pass: $0.pass.rawValue, operation: $0.operation, layer: $0.layer,
        output: $0.output?.description ?? "", kernel: $0.kernel)
    }
  }

  /// The programs of a benchmark.
  static func all(_ benchmark: StepBenchmark) -> [ProgramTrace] {
    benchmark.programs.training.map { ProgramTrace("training", $0) }
      + benchmark.programs.evaluation.map { ProgramTrace("evaluation", $0) }
  }

  /// - Parameter network: the program's, for the title.
  func lines(network: String) -> String {
    let rows = steps.map { [$0.pass, $0.operation, $0.layer, $0.output, $0.kernel] }
    return "\n\(purpose) program of \(network): \(images) images, \(bytes >> 20) MB, "
      + "\(steps.count) steps\n"
      + textTable([["pass", "operation", "layer", "output", "kernel"]] + rows)
  }
}
