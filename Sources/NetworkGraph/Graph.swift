/// One output of one node.
public struct Value: Hashable, Sendable {
  public let node: Int
  public let output: Int

  public init(node: Int, output: Int = 0) {
    self.node = node
    self.output = output
  }
}

/// One computation of a graph.
public struct Node: Sendable, Equatable {
  public let operation: Operation
  public let inputs: [Value]
  /// One type for each output.
  public let types: [TensorType]
  /// The layer it came from, as in a checkpoint: `layer1.0.conv1`.
  public let layer: String

  package init(operation: Operation, inputs: [Value], types: [TensorType], layer: String) {
    self.operation = operation
    self.inputs = inputs
    self.types = types
    self.layer = layer
  }
}

/// How a parameter gets its first value.
public enum InitialValues: Hashable, Sendable {
  case constant(Double)
  /// Normal around 0.
  case normal(deviation: Double)
  /// Uniform in −bound ..< bound.
  case uniform(bound: Double)
}

/// Numbers that training changes, and where they lie in the one flat buffer of all parameters.
public struct Parameter: Hashable, Sendable {
  /// PyTorch's name: `layer1.0.conv1.weight`.
  public let name: String
  /// Row-major; convolution weights are `[K, C, s, s]`, dense weights `[outputs, inputs]`.
  public let dimensions: [Int]
  public let initial: InitialValues
  /// Elements that lie before it in the flat buffer.
  public let offset: Int

  package init(name: String, dimensions: [Int], initial: InitialValues, offset: Int) {
    self.name = name
    self.dimensions = dimensions
    self.initial = initial
    self.offset = offset
  }

  public var elementCount: Int { dimensions.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + elementCount }
}

/// A running mean or variance of a batch norm, and where it lies in the flat buffer of all of them.
public struct Statistic: Hashable, Sendable {
  public enum Kind: Sendable { case mean, variance }

  /// PyTorch's name: `bn1.running_mean`.
  public let name: String
  public let kind: Kind
  public let channels: Int
  public let offset: Int
  /// Share that a new batch has in the running value: 0.1 in PyTorch.
  public let momentum: Double

  public var range: Range<Int> { offset..<offset + channels }
  /// A fresh network's value.
  public var initial: Double { kind == .mean ? 0 : 1 }
}

/// Where a training graph computes what goes into a running statistic.
public struct StatisticSource: Hashable, Sendable {
  public let statistic: Int
  public let value: Value
  /// Values of each channel that one image contributes: H·W.
  public let valuesPerImage: Int
}

/// A network's computation for any number of images: nodes in an order in which they can be run.
///
/// The first `forwardCount` nodes are the forward pass, the others the backward pass.
/// Build one with ``GraphBuilder``.
public struct Graph: Sendable {
  public let nodes: [Node]
  public let forwardCount: Int
  public let parameters: [Parameter]
  public let statistics: [Statistic]
  /// What the caller can read after a run, by name.
  public let outputs: [String: Value]
  /// The gradient of the mean loss for each parameter; empty without a backward pass.
  public let gradients: [Value]
  public let statisticSources: [StatisticSource]

  /// A graph of which nothing is checked yet; see ``verify()``.
  package init(
    nodes: [Node], forwardCount: Int, parameters: [Parameter], statistics: [Statistic],
    outputs: [String: Value], gradients: [Value], statisticSources: [StatisticSource]
  ) {
    self.nodes = nodes
    self.forwardCount = forwardCount
    self.parameters = parameters
    self.statistics = statistics
    self.outputs = outputs
    self.gradients = gradients
    self.statisticSources = statisticSources
  }

  public func type(of value: Value) -> TensorType { nodes[value.node].types[value.output] }

  /// Elements in the flat buffer of parameters; the gradient has as many.
  public var parameterCount: Int { parameters.last?.range.upperBound ?? 0 }
  /// Elements in the flat buffer of running statistics.
  public var statisticCount: Int { statistics.last?.range.upperBound ?? 0 }

  /// The inputs that a caller feeds, by name.
  public var inputs: [String: Value] {
    var found: [String: Value] = [:]
    for (index, node) in nodes.enumerated() {
      if case .input(let name, _) = node.operation { found[name] = Value(node: index) }
    }
    return found
  }

  /// The nodes that read each value, in order.
  public var readers: [Value: [Int]] {
    var readers: [Value: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[input, default: []].append(index) }
    }
    return readers
  }
}
