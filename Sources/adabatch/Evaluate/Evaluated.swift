import AdaBatch
import Foundation

/// What an evaluation came to: the data of `adabatch evaluate`.
struct Evaluated: Encodable {
  struct ClassRow: Encodable {
    let name: String
    let images: Int
    let correct: Int
    /// In percent.
    var accuracy: Double { images == 0 ? 0 : 100 * Double(correct) / Double(images) }

    private enum CodingKeys: CodingKey { case name, images, correct }
  }

  /// What the run wrote of the same weights.
  struct Recorded: Encodable {
    let epoch: Int
    let accuracy: Double
    let meanLoss: Double
    /// Whether both numbers are the same to the last bit.
    let isSame: Bool
  }

  let weights: String
  let network: String
  let dataset: String
  /// Folder of the images, or how they were made.
  let source: String
  let images: Int
  /// Images whose most likely class is theirs, in percent.
  let accuracy: Double
  /// Images whose class is among the five most likely ones, in percent.
  let topFiveAccuracy: Double
  /// Mean cross-entropy, in nats.
  let meanLoss: Double
  let imagesPerSecond: Double
  let classes: [ClassRow]
  let recorded: Recorded?

  init(
    _ subject: EvaluationSubject, _ values: Weights<Float>, _ scorer: any WeightScorer,
    _ data: Dataset
  ) throws {
    let start = ContinuousClock.now
    var correct = Array(repeating: 0, count: data.classNames.count)
    let score = try scorer.score(values) { image in
      if image.isRight { correct[Int(image.label)] += 1 }
    }
    imagesPerSecond = Double(score.images) / ((ContinuousClock.now - start) / .seconds(1))
    weights = subject.weights
    network = subject.network
    dataset = data.name
    source = data.source
    images = score.images
    accuracy = score.accuracy
    topFiveAccuracy = score.topFiveAccuracy
    meanLoss = score.meanLoss
    classes = zip(data.classNames, zip(data.test.countPerClass(), correct)).map {
      ClassRow(name: $0, images: $1.0, correct: $1.1)
    }
    recorded = subject.recorded.map { record in
      Recorded(
        epoch: record.epoch, accuracy: record.testAccuracy, meanLoss: record.testLoss,
        isSame: (record.testAccuracy, record.testLoss) == (score.accuracy, score.meanLoss))
    }
  }
}

extension Evaluated {
  /// The lines that people read.
  func lines(perClass: Bool) -> [String] {
    [
      "\(network), \(weights), on \(grouped(images)) test images of \(dataset) (\(source))",
      "accuracy \(percent(accuracy))  top five \(percent(topFiveAccuracy))  loss \(loss(meanLoss))"
        + "  \(Int(imagesPerSecond.rounded())) images/s",
    ] + (recorded.map { [line($0)] } ?? []) + (perClass ? classLines : [])
  }

  private func line(_ recorded: Recorded) -> String {
    let epoch = "epoch \(recorded.epoch)"
    if recorded.isSame { return "the same bits as the run recorded after \(epoch)" }
    return "the run recorded after \(epoch): accuracy \(percent(recorded.accuracy)), loss"
      + " \(loss(recorded.meanLoss)); the same weights, build, kind of processor, --threads and"
      + " --test-batch give the same bits"
  }

  private var classLines: [String] {
    let rows = classes.map { row in
      [row.name, grouped(row.images), grouped(row.correct), percent(row.accuracy)]
    }
    return [textTable([["class", "images", "correct", "accuracy"]] + rows)]
  }

  private func percent(_ value: Double) -> String { String(format: "%.2f %%", value) }

  private func loss(_ value: Double) -> String { String(format: "%.4f", value) }
}
