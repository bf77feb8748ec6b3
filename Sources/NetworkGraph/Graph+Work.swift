extension Graph {
  /// Floating-point operations of a node for one image, a multiplication and an addition counted
  /// as two.
  ///
  /// Convolutions and dense layers and their gradients are counted, taps that fall into the padding
  /// included, as is the custom; all other operations count nothing, for memory bounds them.
  public func floatingPointOperations(of node: Node) -> Int {
    func dimensions(_ input: Int) -> [Int] { type(of: node.inputs[input]).dimensions }
    switch node.operation {
    case .convolution:
      return 2 * dimensions(1).reduce(1, *) * pixels(node.types[0])
    case .convolutionInputGradient:
      return 2 * dimensions(1).reduce(1, *) * pixels(type(of: node.inputs[0]))
    case .convolutionWeightGradient:
      return 2 * node.types[0].elementCount * pixels(type(of: node.inputs[1]))
    case .dense, .denseInputGradient:
      return 2 * dimensions(1).reduce(1, *)
    case .denseWeightGradient:
      return 2 * node.types[0].elementCount
    default:
      return 0
    }
  }

  /// The same without taps that fall into the padding, which a kernel need not compute.
  public func necessaryOperations(of node: Node) -> Int {
    let all = floatingPointOperations(of: node)
    guard all > 0, let window = node.operation.window else { return all }
    let (image, result) =
      switch node.operation {
      case .convolutionInputGradient(_, let input): (input, type(of: node.inputs[0]))
      case .convolutionWeightGradient: (type(of: node.inputs[0]), type(of: node.inputs[1]))
      default: (type(of: node.inputs[0]), node.types[0])
      }
    let taps = window.size * window.size * pixels(result)
    return all / taps * window.taps(on: image.dimensions[1]) * window.taps(on: image.dimensions[2])
  }

  /// Height times width.
  private func pixels(_ type: TensorType) -> Int { type.dimensions.dropFirst().reduce(1, *) }
}
