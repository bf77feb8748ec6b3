import BatchPolicies
import Foundation
import RunRecords
import Testing
import Training

@Suite("A recorded run", .serialized)
struct RecordedRunTests {
  private struct Interruption: Error {}

  @Test("has every epoch in every form when the epoch is over, whatever comes then")
  func interrupted() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "adabatch-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try RunDirectory(creatingAt: folder)
    let trainer = try Trainer(
      PlainNetwork(), smallData(training: 64, test: 32), policy: try growth(from: 16, to: 32),
      executor: oneDNN, options: TrainingOptions(epochs: 3))
    let run = try RecordedRun(trainer, in: directory, settings: settings)

    var sizes: [[Int]] = []
    #expect(throws: Interruption.self) {
      try run.run(onEpoch: { epoch in
        sizes.append(try names(in: folder).map { try size(of: "\(folder)/\($0)") })
        if epoch.epoch == 2 { throw Interruption() }
      })
    }
    let files = try names(in: folder)
    #expect(
      files.map { $0.replacing(/[0-9]{10}/, with: "…") } == [
        "best.safetensors", "checkpoints", "decisions.jsonl", "epochs.csv", "epochs.jsonl",
        "events.out.tfevents.….adabatch", "numbers.npz", "run.yaml", "starts.jsonl",
      ])
    #expect(try files.map { try size(of: "\(folder)/\($0)") } == sizes[1])
    #expect(try directory.epochs().records.map(\.epoch) == [1, 2])
    // loss, acc, batch_size and lr have one number more; TensorBoard has another record of a size.
    let (numbers, events) = (sizes.map { $0[6] }, sizes.map { $0[5] })
    #expect(numbers[1] - numbers[0] == 4 * 8)
    #expect(events[0] == 40 + (events[1] - events[0]))
    let rows = try String(contentsOfFile: "\(folder)/epochs.csv", encoding: .utf8)
    #expect(rows.components(separatedBy: "\r\n").map { $0.prefix(2) } == ["ep", "1,", "2,", ""])
  }

  private var settings: RunSettings {
    let settings = TrainingSettings(
      dataset: "synthetic", data: nil, network: "none", classes: 10, policy: "adabatch", epochs: 3,
      batchSize: 16, testBatch: 200, growthFactor: 2, growthInterval: 1, maxBatch: 32,
      learningRate: 0.01, decay: 0.75, momentum: 0.9, weightDecay: 5e-4, microBatch: .batch,
      dropLast: false, seed: 1, threads: 1)
    return RunSettings(
      adabatch: "0", command: "none", settings: settings,
      versions: ComponentVersions(executor: "oneDNN"))
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? -1
  }
}
