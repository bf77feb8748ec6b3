/// What a node of a graph computes.
///
/// Inputs and outputs are listed beside each case; x is an activation, w weights, dy the gradient
/// of the loss with respect to an output. ``Operation/outputTypes(for:)`` says which shapes fit,
/// the gradient table what each contributes backwards, an executor how it is computed.
public enum Operation: Hashable, Sendable {
  // Sources
  /// → a tensor that the caller feeds, found by its name
  case input(String, TensorType)
  /// → the class of each image, `[N]`
  case labels
  /// → the parameter with this index
  case parameter(index: Int, TensorType)
  /// → the running statistic with this index
  case statistic(index: Int, TensorType)
  /// → 1/N for each of the N images: what makes the gradient that of the mean loss
  case meanWeight

  // Layers
  /// x, w `[K, C, s, s]`, bias `[K]` or none → y
  case convolution(Window)
  /// x, scale, shift → y, mean, variance of these images (population variance, divided by n)
  case batchNorm(epsilon: Double)
  /// x, scale, shift, mean, variance → y: batch norm with given statistics, for evaluation
  case normalize(epsilon: Double)
  /// x → max(x, 0)
  case relu
  /// a, b → a + b
  case add
  /// x → y, choice: which pixel of each window was the largest, in a form of the executor's own
  case maximumPool(Window)
  /// x → y, the mean over each window, padding counted
  case averagePool(Window)
  /// x `[N, C, H, W]` → `[N, C·H·W]`
  case flatten
  /// x `[N, F]`, w `[K, F]`, bias `[K]` → y = x·wᵀ + bias
  case dense
  /// logits `[N, K]`, labels → loss of each image `[N]`, probabilities `[N, K]`
  case softmaxCrossEntropy

  // Gradients
  /// dy, w → dx
  case convolutionInputGradient(Window, input: TensorType)
  /// x, dy → dw, and dbias where there is a bias
  case convolutionWeightGradient(Window, bias: Bool)
  /// x, scale, mean, variance, dy → dx, dscale, dshift
  case batchNormGradient(epsilon: Double)
  /// y, dy → dy where y > 0, else 0
  case reluGradient
  /// choice, dy → dx
  case maximumPoolGradient(Window, input: TensorType)
  /// dy → dx
  case averagePoolGradient(Window, input: TensorType)
  /// dy → dx
  case flattenGradient(input: TensorType)
  /// dy, w → dx
  case denseInputGradient
  /// x, dy → dw, dbias
  case denseWeightGradient
  /// probabilities, labels, weight of each image's loss → dlogits
  case softmaxCrossEntropyGradient
}

extension Operation {
  /// The name in a printed graph.
  public var name: String {
    switch self {
    case .input: "input"
    case .labels: "labels"
    case .parameter: "parameter"
    case .statistic: "statistic"
    case .meanWeight: "meanWeight"
    case .convolution: "convolution"
    case .batchNorm: "batchNorm"
    case .normalize: "normalize"
    case .relu: "relu"
    case .add: "add"
    case .maximumPool: "maximumPool"
    case .averagePool: "averagePool"
    case .flatten: "flatten"
    case .dense: "dense"
    case .softmaxCrossEntropy: "softmaxCrossEntropy"
    case .convolutionInputGradient: "convolutionInputGradient"
    case .convolutionWeightGradient: "convolutionWeightGradient"
    case .batchNormGradient: "batchNormGradient"
    case .reluGradient: "reluGradient"
    case .maximumPoolGradient: "maximumPoolGradient"
    case .averagePoolGradient: "averagePoolGradient"
    case .flattenGradient: "flattenGradient"
    case .denseInputGradient: "denseInputGradient"
    case .denseWeightGradient: "denseWeightGradient"
    case .softmaxCrossEntropyGradient: "softmaxCrossEntropyGradient"
    }
  }

  /// The window that the operation slides, if any.
  public var window: Window? {
    switch self {
    case .convolution(let window), .maximumPool(let window), .averagePool(let window),
      .convolutionInputGradient(let window, _), .convolutionWeightGradient(let window, _),
      .maximumPoolGradient(let window, _), .averagePoolGradient(let window, _):
      window
    default: nil
    }
  }
}
