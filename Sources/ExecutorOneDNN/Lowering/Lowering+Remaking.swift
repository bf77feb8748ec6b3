import CDNNL
import Executors
import NetworkGraph

/// What makes a convolution's output once more.
struct ConvolutionRecipe {
  let kernel: Kernel
  let filters: Filters
  let x: Tensor

  init(_ kernel: Kernel, _ filters: Filters, _ x: Tensor) {
    (self.kernel, self.filters, self.x) = (kernel, filters, x)
  }
}

// Outputs that are computed a second time in the backward pass, and not kept until then.
extension Lowering {
  /// Whether a convolution's output is large, made of few products, and read by its batch norm
  /// alone.
  ///
  /// So are the 64 channels that a network makes of a photograph's three: VGG19_BN's first
  /// convolution takes 0.3 % of a step, and its output of 128 images 34 MB in f32, 256 KB of each.
  func isRemade(_ index: Int) -> Bool {
    let (node, value) = (graph.nodes[index], Value(node: index))
    let filters = graph.type(of: node.inputs[1]).dimensions
    let productsPerNumber = filters.dropFirst().reduce(1, *)
    guard productsPerNumber <= 32, !graph.outputs.values.contains(value),
      node.types[0].elementCount * compact.bytes >= 128 << 10
    else { return false }
    let names = (readers[value] ?? []).map { graph.nodes[$0].operation.name }
    return Set(names) == ["batchNorm", "batchNormGradient"] && names.count == 2
  }

  /// A value that the backward pass reads: made once more where it was not kept.
  mutating func kept(_ value: Value) throws(ExecutorError) -> Tensor {
    guard let recipe = recipes[value] else { return tensor(value) }
    let copy = block(tensor(value).descriptor)
    try append(recipe.kernel, recipe.filters, from: recipe.x, to: copy)
    return copy
  }
}
