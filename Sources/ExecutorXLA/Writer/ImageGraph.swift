import NetworkGraph

/// A graph whose one input is images, with each image's logits and loss among its outputs.
struct ImageGraph {
  let graph: Graph
  /// The input's name.
  let input: String
  /// Of an image, `[C, H, W]`.
  let image: [Int]
  let logits, losses: Value

  init(_ graph: Graph, outputs: (logits: String, losses: String)) {
    guard let input = graph.inputs.first, graph.inputs.count == 1,
      let logits = graph.outputs[outputs.logits], let losses = graph.outputs[outputs.losses]
    else { preconditionFailure("a graph of one input, with logits and losses") }
    (self.graph, self.logits, self.losses) = (graph, logits, losses)
    self.input = input.key
    image = graph.type(of: input.value).dimensions
  }
}

extension ImageText {
  /// The images of a data set as arguments of a function: `pixels ui8[D·H·W, C], labels i32[D]`.
  init(
    _ graph: ImageGraph, count: Int, _ recipe: UpdatesText.Recipe, of function: inout FunctionText
  ) {
    let (channels, height, width) = (graph.image[0], graph.image[1], graph.image[2])
    self.init(
      pixels: function.argument("pixels", HLOType([count * height * width, channels], .ui8)),
      labels: function.argument("labels", HLOType([count], .i32)), height: height, width: width,
      mean: recipe.mean, deviation: recipe.deviation)
  }
}
