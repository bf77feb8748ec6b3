import Foundation
import NetworkGraph
import Networks
import TestSupport

/// Three updates of a network as PyTorch made them, in float64: see Witness/make_numbers.py, which
/// gives the formulas of weights and images and says how the tensors' digests compare.
struct Witness: Decodable, Sendable {
  struct Step: Decodable {
    let labels: [Int32]
    let mean: Double
    let perImage: [Double]
  }

  /// A tensor in a few numbers.
  struct Digest: Decodable {
    let name: String
    let sum, l2: Double
    let dots, elements: [Double]
    let exactlyZeroGradient: Bool?
  }

  struct Statistic: Decodable {
    let name: String
    let values: [Double]?
    let sum, l2: Double?
    let dots, elements: [Double]?
  }

  /// How far PyTorch's float32 is from its float64.
  struct Distances: Decodable {
    let parameters, losses, logits: Double
    let statistics: Double?
  }

  let network: String
  let imageTensor: Int
  let learningRate, momentum, weightDecay: Double
  let losses: [Step]
  let evaluationLogits: [[Double]]
  let parameters, momentumBuffers: [Digest]
  let runningStatistics: [Statistic]
  let numBatchesTracked: [String: Int]
  let float32: [String: Distances]

  /// The largest of each distance over PyTorch's runs in float32: default, channels-last, without
  /// oneDNN, two threads.
  var farthestFloat32: Distances? {
    let runs = float32.values
    guard let parameters = runs.map(\.parameters).max(), let losses = runs.map(\.losses).max(),
      let logits = runs.map(\.logits).max()
    else { return nil }
    return Distances(
      parameters: parameters, losses: losses, logits: logits,
      statistics: runs.compactMap(\.statistics).max())
  }

  static let networks = [
    "alexnet", "resnet20", "resnet-bottleneck", "resnet44", "vgg11", "vgg19_bn",
  ]

  static func load(_ network: String) throws -> Witness {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Witness")
    let data = try Data(contentsOf: folder.appending(path: "\(network).json"))
    return try JSONDecoder().decode(Witness.self, from: data)
  }

  func classifier() throws -> ImageClassifier {
    let layer: (any Layer)? =
      network == "resnet-bottleneck"
      ? ResNet(blocksPerStage: 1, bottleneck: true)
      : try NetworkCatalogue.network(named: network, classes: 10)
    guard let layer else { throw CocoaError(.featureUnsupported) }
    return ImageClassifier(layer, imageDimensions: [3, 32, 32], classes: 10)
  }

  /// The images of a step, `[4, 3, 32, 32]`.
  func images(step: Int) -> [Double] {
    (0..<12_288).map {
      Double(Float(formula(tensor: imageTensor, element: $0 + step * 12_288)))
    }
  }

  static func startParameters(_ graph: Graph) -> [Double] {
    let ranks = Dictionary(
      uniqueKeysWithValues: graph.parameters.map { ($0.name, $0.dimensions.count) })
    return graph.parameters.enumerated().flatMap { index, parameter in
      let layer = parameter.name.split(separator: ".").dropLast().joined(separator: ".")
      let start = startFormula(parameter, ofBatchNorm: ranks[layer + ".weight"] == 1)
      return (0..<parameter.elementCount).map {
        Double(Float(start(formula(tensor: index, element: $0))))
      }
    }
  }

  private static func startFormula(
    _ parameter: Parameter, ofBatchNorm: Bool
  ) -> (Double) -> Double {
    let fanIn = Double(parameter.dimensions.dropFirst().reduce(1, *))
    switch (parameter.dimensions.count, parameter.name.hasSuffix("weight")) {
    case (4, _): return { (4.5 / fanIn).squareRoot() * $0 }
    case (2, _): return { (3.0 / fanIn).squareRoot() * $0 }
    case (_, true): return { 0.2 + 0.05 * $0 }
    default: return ofBatchNorm ? { ($0 < 0 ? -0.5 : 0.5) + 0.1 * $0 } : { 0.1 * $0 }
    }
  }
}

extension Witness.Digest {
  /// The largest difference from a tensor's own digest, relative to the tensor's size.
  ///
  /// Sums and dot products cancel, so they are measured by the norm, never by themselves.
  func distance(from tensor: [Double]) -> Double {
    let count = Double(tensor.count)
    let scale = max(l2, .leastNormalMagnitude)
    let sumError = abs(tensor.reduce(0, +) - sum) / (scale * count.squareRoot())
    let normError = abs(norm(tensor) - l2) / scale
    let dotErrors = dots.enumerated().map { k, dot in
      let ours = tensor.indices.reduce(0.0) {
        $0 + tensor[$1] * formula(tensor: 2000 + k, element: $1)
      }
      return abs(ours - dot) / (scale * count.squareRoot())
    }
    let elementErrors = elements.enumerated().map { j, element in
      let rms = scale / count.squareRoot()
      return abs(tensor[j * tensor.count / 6] - element) / max(abs(element), rms)
    }
    return (dotErrors + elementErrors + [sumError, normError]).max() ?? .infinity
  }
}

extension Witness.Statistic {
  func distance(from tensor: [Double]) -> Double {
    if let values { return relativeDistance(tensor, values) }
    guard let sum, let l2, let dots, let elements else { return .infinity }
    return Witness.Digest(
      name: name, sum: sum, l2: l2, dots: dots, elements: elements, exactlyZeroGradient: nil
    )
    .distance(from: tensor)
  }
}

func norm(_ tensor: [Double]) -> Double { tensor.reduce(0) { $0 + $1 * $1 }.squareRoot() }
