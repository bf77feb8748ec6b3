import Foundation
import RunRecords
import Testing

@Suite("adabatch evaluate", .serialized)
struct EvaluateTests {
  private let training = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1", "--batch-size",
    "500", "--test-batch", "300", "--learning-rate", "0.05", "--quiet", "--run", "run",
  ]

  @Test("of a run gives the bits of its last epoch; of its file, the same with the same options")
  func run() throws {
    try withFolder { folder in
      #expect(try adabatch.run(training, in: folder).status == 0)
      let directory = try RunDirectory(opening: folder.appending(path: "run").path)
      let last = try #require(try directory.epochs().records.last)
      let run = try evaluate(["run"], in: folder)
      #expect(run.meanLoss == last.testLoss && run.accuracy == last.testAccuracy)
      #expect(run.recorded == Evaluated.Recorded(epoch: 1, isSame: true))
      #expect(run.images == 2000 && run.topFiveAccuracy >= run.accuracy)
      #expect(run.classes.map(\.images) == Array(repeating: 200, count: 10))
      let correct = run.classes.map(\.correct).reduce(0, +)
      #expect(run.accuracy == 100 * Double(correct) / 2000)
      let file = try evaluate(
        [
          "run/model.safetensors", "--network", "alexnet", "--dataset", "synthetic",
          "--test-batch", "300",
        ], in: folder)
      #expect(file.meanLoss == run.meanLoss && file.accuracy == run.accuracy)
      #expect(file.recorded == nil)
      try prints(in: folder)
      try otherWeights(in: folder, directory)
    }
  }

  private func prints(in folder: URL) throws {
    let outcome = try adabatch.run(["evaluate", "run", "--per-class"], in: folder)
    let lines = outcome.stdout.split(separator: "\n")
    #expect(outcome.status == 0 && outcome.stderr.isEmpty)
    #expect(lines.count == 3 + 11)
    #expect(lines.first?.hasPrefix("alexnet, run/model.safetensors, on 2,000 test images") == true)
    #expect(lines[2] == "the same bits as the run recorded after epoch 1")
    #expect(
      try adabatch.run(["evaluate", "run"], in: folder).stdout.split(separator: "\n").count == 3)
  }

  /// A weight that somebody changed after the run.
  private func otherWeights(in folder: URL, _ run: RunDirectory) throws {
    let model = try Safetensors.read(from: run.file(RunDirectory.modelFile))
    let tensors = model.tensors.map { tensor in
      guard tensor.name == "classifier.bias", case .float32(var values) = tensor.values else {
        return tensor
      }
      values[0] += 0.01
      return SafetensorsTensor(name: tensor.name, shape: tensor.shape, values: .float32(values))
    }
    try run.write(Safetensors(tensors))
    let changed = try evaluate(["run"], in: folder)
    #expect(changed.recorded?.isSame == false)
    let printed = try adabatch.run(["evaluate", "run"], in: folder).stdout
    #expect(printed.contains("the run recorded after epoch 1: accuracy "))
  }

  private struct Evaluated: Decodable {
    let accuracy, topFiveAccuracy, meanLoss: Double
    let images: Int
    let classes: [ClassRow]
    let recorded: Recorded?

    struct ClassRow: Decodable {
      let images, correct: Int
    }

    struct Recorded: Decodable, Equatable {
      let epoch: Int
      let isSame: Bool
    }
  }

  private func evaluate(_ arguments: [String], in folder: URL) throws -> Evaluated {
    let outcome = try adabatch.run(["evaluate"] + arguments + ["--json"], in: folder)
    #expect(outcome.stderr.isEmpty)
    return try JSONDecoder().decode(Evaluated.self, from: Data(outcome.stdout.utf8))
  }
}
