import Executors
import NetworkGraph

/// All images of a data set passed forward, as they are, with running statistics.
///
/// ```
/// main(parameters f32[P], statistics f32[S], pixels ui8[D·H·W, C], labels i32[D])
///   → logits f32[D′, K], losses f32[D′]
/// ```
///
/// D′ is D rounded up to whole batches: what is behind the last image is that image again.
public struct EvaluationText: Sendable {
  public let text: String
  /// Rows of the results, and classes.
  public let rowCount, classCount: Int

  /// - Parameters:
  ///   - graph: of an evaluation, with one input, images `[C, H, W]`.
  ///   - outputs: the names of each image's logits and loss.
  ///   - dataset: how many images there are.
  ///   - batch: images that pass together.
  ///   - recipe: what is done to pixels.
  ///   - name: of the module.
  public init(
    _ graph: Graph, outputs: (logits: String, losses: String), dataset: Int, batch: Int,
    _ recipe: UpdatesText.Recipe, precision: Precision = .f32, named name: String
  ) {
    let shown = ImageGraph(graph, outputs: outputs)
    classCount = graph.type(of: shown.logits).dimensions[0]
    let batches = (dataset + batch - 1) / batch
    rowCount = batches * batch
    var function = FunctionText(named: name)
    let parameters = function.argument("parameters", HLOType([graph.parameterCount], .f32))
    let statistics = function.argument("statistics", HLOType([graph.statisticCount], .f32))
    let images = ImageText(shown, count: dataset, recipe, of: &function)

    var body = HLOText()
    let empty = [
      body.constant(0, HLOType([rowCount, classCount], .f32)),
      body.constant(0, HLOType([rowCount], .f32)),
    ]
    let (zero, end) = (
      body.constant(0, .scalar(.i32)), body.constant(Double(batches), .scalar(.i32))
    )
    let results = body.loop(from: zero, to: end, empty) { text, index, found in
      text.comment("images")
      let first = text.binary(.multiply, index, text.constant(Double(batch), index.type))
      let chosen = Self.choices(from: first, batch, dataset, &text)
      let (x, labels) = images.write(chosen, &text)
      var writer = GraphWriter(graph, precision, imageCount: batch, text: text)
      writer.write(
        GraphWriter.Sources(
          inputs: [shown.input: writer.text.convert(x, to: writer.compact)], labels: labels,
          parameters: parameters, statistics: statistics))
      text = writer.text
      let rows = [writer[shown.logits], writer[shown.losses]].map { text.convert($0, to: .f32) }
      return (zip(found, rows).map { text.replacing($0, from: first, with: $1) }, goesOn: nil)
    }
    text = function.finished(body, returning: results)
  }

  /// The next images, uncropped.
  private static func choices(
    from first: HLOValue, _ batch: Int, _ dataset: Int, _ text: inout HLOText
  ) -> HLOValue {
    let type = HLOType([batch], .i32)
    let own = text.binary(
      .add, text.broadcast(first, to: [batch], places: []), text.iota(type, along: 0))
    let numbers = text.reshape(text.clamp(own, 0...dataset - 1), [batch, 1])
    return text.concatenate(
      [numbers, text.constant(0, HLOType([batch, 3], .i32))], along: 1)
  }
}
