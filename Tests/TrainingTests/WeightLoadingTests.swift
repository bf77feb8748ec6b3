import BatchPolicies
import Executors
import Foundation
import NetworkGraph
import Networks
import RunRecords
import Testing
import Training

@Suite("Loading weights")
struct WeightLoadingTests {
  private let graph: Graph
  /// The file that a training of the network leaves.
  private let file: Safetensors

  init() throws {
    graph = try ImageClassifier(NormedNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .evaluationGraph()
    let shapes =
      graph.parameters.map { ($0.name, $0.dimensions) }
      + graph.statistics.map { ($0.name, [$0.channels]) }
    let counters = ["firstNorm", "secondNorm"].map {
      SafetensorsTensor(name: "\($0).num_batches_tracked", scalar: 7)
    }
    file = Safetensors(
      counters
        + shapes.enumerated().map { index, tensor in
          let count = tensor.1.reduce(1, *)
          let values = (0..<count).map { Float(1000 * index + $0) }
          return SafetensorsTensor(name: tensor.0, shape: tensor.1, values: .float32(values))
        })
  }

  private func refusal(of tensors: [SafetensorsTensor]) -> String? {
    let error = #expect(throws: FileError.self) {
      try Weights(loading: Safetensors(tensors), readFrom: "a.safetensors", for: graph)
    }
    #expect(error?.code == .invalid)
    return error?.description
  }

  private func replacing(_ name: String, with tensor: SafetensorsTensor?) -> [SafetensorsTensor] {
    file.tensors.filter { $0.name != name } + [tensor].compactMap(\.self)
  }

  private func vector(_ name: String, _ values: [Float]) -> SafetensorsTensor {
    SafetensorsTensor(name: name, shape: [values.count], values: .float32(values))
  }

  @Test("each number comes to the place of its name, counters or not")
  func places() throws {
    for tensors in [file.tensors, file.tensors.filter { $0.shape != [] }] {
      let weights = try Weights(
        loading: Safetensors(tensors), readFrom: "a.safetensors", for: graph)
      for (index, parameter) in graph.parameters.enumerated() {
        #expect(
          weights.parameters.elements[parameter.range]
            == (0..<parameter.elementCount).map { Float(1000 * index + $0) }[...])
      }
      for (index, statistic) in graph.statistics.enumerated() {
        let first = Float(1000 * (graph.parameters.count + index))
        #expect(weights.statistics.elements[statistic.range.lowerBound] == first)
      }
      #expect(weights.parameters.count == graph.parameterCount)
      #expect(weights.statistics.count == graph.statisticCount)
    }
  }

  @Test("a trained model comes back to the last bit, through a file")
  func roundTrip() throws {
    let trainer = try Trainer(
      NormedNetwork(), smallData(training: 100), policy: FixedBatch(batchSize: 50, interval: 1),
      executor: oneDNN, options: TrainingOptions(epochs: 1))
    try trainer.train()
    let path = FileManager.default.temporaryDirectory
      .appending(path: "adabatch-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try trainer.model().write(to: path)

    let weights = try Weights(
      loading: try Safetensors.read(from: path), readFrom: path, for: trainer.learner.graph)
    #expect(weights.parameters.elements == trainer.learner.weights.parameters.elements)
    #expect(weights.statistics.elements == trainer.learner.weights.statistics.elements)
  }

  @Test("a misspelt name is missing and unknown, with what it may have been")
  func misspelt() {
    let bias = vector("last.bais", [Float](repeating: 0, count: 10))
    #expect(
      refusal(of: replacing("last.bias", with: bias)) == """
        cannot use the weights in a.safetensors: last.bias is missing; \
        the network has no last.bais (did you mean last.bias?)
          fix: name the network, and the number of classes, that these weights are of
        """)
  }

  @Test("many missing names are counted, and a counter of no batch norm is unknown")
  func missing() {
    #expect(
      refusal(of: [SafetensorsTensor(name: "thirdNorm.num_batches_tracked", scalar: 1)]) == """
        cannot use the weights in a.safetensors: first.weight, first.bias, firstNorm.weight and \
        11 more are missing; the network has no thirdNorm.num_batches_tracked
          fix: name the network, and the number of classes, that these weights are of
        """)
  }

  @Test("another shape is said beside the right one, be it of as many numbers")
  func shapes() {
    let tensor = SafetensorsTensor(
      name: "last.bias", shape: [2, 5], values: .float32([Float](repeating: 0, count: 10)))
    #expect(
      refusal(of: replacing("last.bias", with: tensor)) == """
        cannot use the weights in a.safetensors: last.bias is [2, 5], not [10]
          fix: name the network, and the number of classes, that these weights are of
        """)
  }

  @Test("names that a wrapper has put a prefix to are told how to lose it")
  func wrapped() {
    let tensors = file.tensors.map {
      SafetensorsTensor(name: "module." + $0.name, shape: $0.shape, values: $0.values)
    }
    #expect(
      refusal(of: tensors)?.hasSuffix(
        """

          fix: write the file without 'module.' before the names, which a wrapper of the model has \
        put there; for DataParallel: model.module.state_dict()
        """) == true)
  }

  @Test("numbers that are no weights are refused, and the tensor is named")
  func damage() {
    let tensors: [(SafetensorsTensor, String)] = [
      (
        vector("last.bias", [.nan] + [Float](repeating: 0, count: 9)), "what is not a finite number"
      ),
      (
        SafetensorsTensor(name: "last.bias", shape: [10], values: .int64(Array(0..<10))),
        "whole numbers"
      ),
      (
        vector("firstNorm.running_var", [-1] + [Float](repeating: 1, count: 15)),
        "a negative variance"
      ),
    ]
    for (tensor, what) in tensors {
      #expect(
        refusal(of: replacing(tensor.name, with: tensor)) == """
          cannot use the weights in a.safetensors: \(tensor.name) holds \(what)
            fix: restore the file from a copy, or train again
          """)
    }
  }
}
