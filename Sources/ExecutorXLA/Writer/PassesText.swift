import Executors
import NetworkGraph

/// A graph's forward and backward pass as one function, as `Program` has them.
///
/// ```
/// main(parameters f32[P], statistics f32[S], labels i32[N], inputs f32[N, …] by name)
///   → outputs f32 by name, batch statistics f32[S], gradient f32[P]
/// ```
///
/// Inputs and outputs are row-major as the graph has them, images `[N, C, H, W]`; parameters and
/// gradient are in ``DeviceOrder``.
public struct PassesText: Sendable {
  public let graph: Graph
  public let imageCount: Int
  public let text: String
  /// The inputs after the first three, in order.
  public let inputs: [String]
  /// The results before the last two, in order.
  public let outputs: [String]

  /// - Parameter name: of the module.
  public init(
    _ graph: Graph, imageCount: Int, precision: Precision = .f32, named name: String
  ) {
    self.graph = graph
    self.imageCount = imageCount
    inputs = graph.inputs.keys.sorted()
    outputs = graph.outputs.keys.sorted()
    var function = FunctionText(named: name)
    let parameters = function.argument("parameters", HLOType([graph.parameterCount], .f32))
    let statistics = function.argument("statistics", HLOType([graph.statisticCount], .f32))
    let labels = function.argument("labels", HLOType([imageCount], .i32))
    let given = inputs.map { name in
      let type = graph.inputs[name].map { graph.type(of: $0) } ?? .perImage()
      return function.argument(name, HLOType(type.dimensions(images: imageCount), .f32))
    }
    var writer = GraphWriter(graph, precision, imageCount: imageCount, text: HLOText())
    let images = given.map { writer.fromRowMajor($0) }
    writer.write(
      GraphWriter.Sources(
        inputs: Dictionary(uniqueKeysWithValues: zip(inputs, images)), labels: labels,
        parameters: parameters, statistics: statistics))
    let results =
      outputs.compactMap { graph.outputs[$0] }.map { writer.rowMajor(writer[$0]) }
      + [writer.batchStatistics(), writer.gradient()]
    text = function.finished(writer.text, returning: results)
  }
}

extension GraphWriter {
  /// Images as convolutions read them.
  mutating func fromRowMajor(_ x: HLOValue) -> HLOValue {
    let sorted = x.type.dimensions.count == 4 ? text.transpose(x, [0, 2, 3, 1]) : x
    return text.convert(sorted, to: sorted.type.dimensions.count == 4 ? compact : .f32)
  }

  /// Images or filters as the graph has them, in f32.
  mutating func rowMajor(_ x: HLOValue) -> HLOValue {
    let sorted = x.type.dimensions.count == 4 ? text.transpose(x, [0, 3, 1, 2]) : x
    return text.convert(sorted, to: .f32)
  }

  /// All means and unbiased variances of the images, in the order of the running statistics.
  mutating func batchStatistics() -> HLOValue {
    text.comment("batch statistics")
    var parts: [Int: HLOValue] = [:]
    for source in graph.statisticSources {
      let n = Double(imageCount / groups * source.valuesPerImage)
      let value = self[source.value]
      let isVariance = graph.statistics[source.statistic].kind == .variance
      parts[source.statistic] =
        isVariance
        ? text.binary(.multiply, value, text.constant(n / (n - 1), value.type)) : value
    }
    let all = graph.statistics.indices.map { index in
      let channels = graph.statistics[index].channels
      return parts[index]
        ?? text.constant(0, HLOType(groups == 1 ? [channels] : [groups, channels], .f32))
    }
    return flat(all, count: graph.statisticCount)
  }

  /// All gradients, in the order of the parameters.
  mutating func gradient() -> HLOValue {
    text.comment("gradient")
    if graph.gradients.isEmpty { return text.constant(0, HLOType([graph.parameterCount], .f32)) }
    let parts = graph.gradients.map { value in
      text.reshape(text.convert(self[value], to: .f32), [self[value].type.elementCount])
    }
    return flat(parts, count: graph.parameterCount)
  }

  private mutating func flat(_ parts: [HLOValue], count: Int) -> HLOValue {
    if parts.isEmpty { return text.constant(0, HLOType([count], .f32)) }
    return text.concatenate(parts, along: parts[0].type.dimensions.count - 1)
  }
}
