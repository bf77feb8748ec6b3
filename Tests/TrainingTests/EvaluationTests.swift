import ExecutorOneDNN
import Executors
import Foundation
import ImageData
import NetworkGraph
import Networks
import RunRecords
import TestSupport
import Testing
import Training

@Suite("Evaluation", .serialized)
struct EvaluationTests {
  /// Numbers and weights from PyTorch, made by Witness/make_evaluation.py.
  private struct Witness: Decodable {
    let images, topOne, topFive: Int
    let meanLoss: Double
    let topOneOfEachClass: [Int]
  }

  private let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Witness")

  @Test("of weights that PyTorch wrote gives PyTorch's numbers", arguments: [200, 64, 1])
  func pytorch(batch: Int) throws {
    let witness = try JSONDecoder().decode(
      Witness.self, from: Data(contentsOf: folder.appending(path: "evaluation.json")))
    let graph = try classifier.evaluationGraph()
    let path = folder.appending(path: "evaluation.safetensors").path
    let weights = try Weights(
      loading: Safetensors.read(from: path), readFrom: path, for: graph)
    let evaluation = Evaluation(graph, oneDNN, try images(witness.images), batch: batch)
    var hits = Array(repeating: 0, count: 10)
    var losses = 0.0
    let score = try evaluation.score(weights) { image in
      if image.isRight { hits[Int(image.label)] += 1 }
      #expect(image.isRight == (image.prediction == image.label))
      losses += Double(image.loss)
    }
    #expect(abs(losses / Double(witness.images) - witness.meanLoss) < 1e-6)
    #expect(score.images == witness.images)
    #expect(score.correct == witness.topOne)
    #expect(score.correctInTopFive == witness.topFive)
    #expect(hits == witness.topOneOfEachClass)
    #expect(abs(score.meanLoss - witness.meanLoss) < 1e-6)
    #expect(score.topFiveAccuracy == 90)
  }

  @Test("counts nothing as right where activations are not numbers")
  func notNumbers() throws {
    let graph = try classifier.evaluationGraph()
    let weights = Weights<Float>(
      parameters: Array(repeating: .nan, count: graph.parameterCount),
      statistics: graph.initialStatistics())
    let score = try Evaluation(graph, oneDNN, images(20), batch: 20).score(weights)
    #expect(score.correct == 0 && score.correctInTopFive == 0)
    #expect(score.meanLoss.isNaN)
  }

  @Test("takes the first of classes that are equally likely")
  func ties() throws {
    let graph = try classifier.evaluationGraph()
    let weights = Weights<Float>(
      parameters: Array(repeating: 0, count: graph.parameterCount),
      statistics: graph.initialStatistics())
    let score = try Evaluation(graph, oneDNN, images(20), batch: 20).score(weights)
    #expect(score.correct == 2 && score.correctInTopFive == 10)
  }

  private var classifier: ImageClassifier {
    let network = Numbered {
      Convolution(8, size: 5, stride: 2, padding: 2, bias: false)
      BatchNorm()
      ReLU()
      MaxPool(2)
      Convolution(16, size: 3, padding: 1)
      BatchNorm()
      ReLU()
      GlobalAveragePool()
      Flatten()
      Dense(10)
    }
    return ImageClassifier(network, imageDimensions: [3, 32, 32], classes: 10)
  }

  /// The formula in the script's head.
  private func images(_ count: Int) throws -> Dataset {
    let labels = (0..<count).map { (3 * $0 + 1) % 10 }
    let pixels = (0..<count * 3072).map { index -> UInt8 in
      let label = labels[index / 3072]
      let noise = UInt8(64 * (formula(tensor: 3000, element: index) + 1))
      return index % 3072 / 1024 == label % 3 ? noise + UInt8(12 * label) : noise
    }
    let set = try LabelledImages(
      pixels: pixels, labels: labels, channels: 3, height: 32, width: 32, classCount: 10)
    return try Dataset(
      name: "formula", classNames: (0..<10).map(String.init), training: set, test: set,
      normalization: .cifar, source: "formula")
  }
}
