import NetworkGraph

/// Normalises each channel over a micro-batch, then scales and shifts it.
///
/// y = (x − mean) / √(variance + ε) · weight + bias. In training, mean and variance are those of
/// the micro-batch, and running averages of them are kept for evaluation, with the variance
/// unbiased, n/(n−1), as in PyTorch.
///
/// ## Shapes
/// - input and output: `[N, C, H, W]`
/// - weight, bias, running_mean, running_var: `[C]`
///
/// > Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1.
public struct BatchNorm: Layer {
  let epsilon: Double
  let momentum: Double

  /// - Parameters:
  ///   - epsilon: added to the variance, PyTorch's default.
  ///   - momentum: share of the newest micro-batch in the running statistics, PyTorch's default.
  public init(epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let channels = try graph.channels(of: input, for: "batch norm")
    let scale = try graph.parameter("weight", [channels], .constant(1))
    let shift = try graph.parameter("bias", [channels], .constant(0))
    let mean = graph.statistic("running_mean", .mean, channels: channels, momentum: momentum)
    let variance = graph.statistic("running_var", .variance, channels: channels, momentum: momentum)
    switch graph.mode {
    case .training:
      let outputs = try graph.append(.batchNorm(epsilon: epsilon), input, scale, shift)
      let pixels = graph.type(of: input).elementCount / channels
      graph.update(statistic: mean, from: outputs[1], valuesPerImage: pixels)
      graph.update(statistic: variance, from: outputs[2], valuesPerImage: pixels)
      return outputs[0]
    case .evaluation:
      let (runningMean, runningVariance) = (
        try graph.read(statistic: mean), try graph.read(statistic: variance)
      )
      return try graph.append(
        .normalize(epsilon: epsilon), input, scale, shift, runningMean, runningVariance)[0]
    }
  }
}
