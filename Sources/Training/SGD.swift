import Executors

/// Stochastic gradient descent with momentum and weight decay, as PyTorch's.
///
/// g ← g + decay·w; v ← momentum·v + g (the first time v = g); w ← w − rate·v. The decay is on all
/// parameters, biases and batch norms included. The rate multiplies v, not g, so a changed rate
/// takes effect at once.
///
/// > Source: `torch.optim.SGD`, PyTorch 2.13, with dampening 0 and without Nesterov.
public final class SGD<Scalar: TensorScalar> {
  public let momentum: Scalar
  public let weightDecay: Scalar
  /// v, laid out as the parameters are.
  public let velocity: Buffer<Scalar>

  /// - Parameter parameterCount: elements of the flat buffers.
  public init(momentum: Double, weightDecay: Double, parameterCount: Int) {
    self.momentum = Scalar(momentum)
    self.weightDecay = Scalar(weightDecay)
    // With v = 0 the first update is v = momentum·0 + g = g: no special case.
    velocity = Buffer(repeating: 0, count: parameterCount)
  }

  /// Changes a part of `parameters` by one update with the mean gradient of its batch.
  ///
  /// Parts are independent of each other; all of them make the update.
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Float)
  public func step(
    _ parameters: Buffer<Scalar>, gradient: UnsafeMutablePointer<Scalar>, learningRate: Double,
    in part: Range<Int>
  ) {
    precondition(parameters.count == velocity.count, "another network's parameters")
    let (w, v) = (parameters.pointer, velocity.pointer)
    let (momentum, weightDecay, rate) = (momentum, weightDecay, Scalar(learningRate))
    for index in part {
      let g = gradient[index] + weightDecay * w[index]
      let velocity = momentum * v[index] + g
      v[index] = velocity
      w[index] -= rate * velocity
    }
  }
}
