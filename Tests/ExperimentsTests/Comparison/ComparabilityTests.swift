import Experiments
import RunRecords
import Testing

@Suite("Arms that are to be compared")
struct ComparabilityTests {
  /// What is refused and marked where the arm `adabatch` has another setting.
  private func found(
    allowing: [String] = [], _ change: @escaping (inout TrainingSettings) -> Void
  ) throws -> Comparability {
    try withExperiment(
      allowing: allowing,
      change: { arm, settings in if arm.name == "adabatch" { change(&settings) } }
    ) { experiment, runs, _ in
      try Comparability(runs, allowing: experiment.allowedDifferences)
    }
  }

  @Test("are refused where they differ in what both have to have")
  func refusals() throws {
    #expect(try found { _ in }.refusals.isEmpty)
    let changes: [(String, (inout TrainingSettings) -> Void)] = [
      ("dataset", { $0.dataset = "cifar100" }), ("classes", { $0.classes = 100 }),
      ("network", { $0.network = "alexnet" }), ("epochs", { $0.epochs = 3 }),
      ("drop-last", { $0.dropLast = false }), ("test-batch", { $0.testBatch = 100 }),
    ]
    for (name, change) in changes {
      let refused = try found(change)
      #expect(refused.refusals.count == 1)
      #expect(refused.refusals[0].hasPrefix("arms differ in \(name): adabatch "), "\(name)")
      let allowed = try found(allowing: [name], change)
      #expect(allowed.refusals.isEmpty && allowed.marks.map(\.name) == [name])
    }
    #expect(changes.map(\.0) == Comparability.needed)
  }

  @Test("are marked where that makes times or accuracies doubtful")
  func marks() throws {
    #expect(try found { $0.threads = 2 }.marks.map(\.name) == ["threads"])
    #expect(
      try found { $0.threads = 2 }.marks[0].text
        == "threads differ: adabatch 2, smallest 1; their times are not comparable")
    #expect(try found { $0.microBatch = .images(32) }.marks.map(\.name) == ["micro-batch"])
    #expect(try found { ($0.batchSize, $0.learningRate) = (64, 1) } == found { _ in })
  }

  @Test("are marked for another machine, build, busy machine and interruption in their records")
  func records() throws {
    let comparison = try withExperiment { experiment, runs, made in
      for run in runs {
        let isArm = run.arm.name == "adabatch"
        try made.write(run, .init(right: isArm ? 0..<60 : nil)) { record in
          if isArm {
            record.machine.cpu = "another"
            record.adabatch = "0.0.9"
          }
        }
        guard isArm else { continue }
        let directory = try RunDirectory(opening: "\(made.folder)/\(run.name)")
        for _ in 0..<2 {
          try directory.append(StartRecord(checkpoint: nil, state: TrainingState(), changes: []))
        }
      }
      return try Comparison(experiment, runs, made)
    }
    #expect(
      comparison.marks.map(\.name) == ["CPU", "adabatch", "interruptions", "predictions"])
    #expect(comparison.conclusion.hasSuffix("; mind the marks: CPU, adabatch, interruptions."))
  }
}
