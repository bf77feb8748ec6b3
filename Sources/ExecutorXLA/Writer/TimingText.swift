import Executors
import NetworkGraph

/// The passes of many updates and nothing behind them: by what they take, an update's seconds are
/// told apart.
///
/// ```
/// main(parameters f32[P], statistics f32[S], pixels ui8[D·H·W, C], labels i32[D],
///      choices i32[U, B, 4], end i32)
///   → statistics, sums f32[2, or 3 with the backward pass]
/// ```
///
/// Updates `0 ..< end` of the `choices` pass, as ``UpdatesText`` has them pass; the sums, of
/// losses, of images that are right, and of the gradients' squared lengths, keep a compiler from
/// leaving passes out.
public struct TimingText: Sendable {
  /// What passes.
  public enum Extent: Sendable {
    case forward, forwardAndBackward

    /// Numbers that are added up.
    var sumCount: Int { self == .forward ? 2 : 3 }
  }

  public let text: String

  /// - Parameters: as ``UpdatesText/init(_:outputs:_:_:precision:named:)`` has them.
  public init(
    _ extent: Extent, of graph: Graph, outputs: (logits: String, losses: String),
    _ sizes: UpdatesText.Sizes, _ recipe: UpdatesText.Recipe, precision: Precision = .f32,
    named name: String
  ) {
    var sizes = sizes
    sizes.measuresGradients = false
    let shown = ImageGraph(graph, outputs: outputs)
    var function = FunctionText(named: name)
    let parameters = function.argument("parameters", HLOType([graph.parameterCount], .f32))
    let statistics = function.argument("statistics", HLOType([graph.statisticCount], .f32))
    let images = ImageText(shown, count: sizes.dataset, recipe, of: &function)
    let choices = function.argument("choices", HLOType([sizes.updates, sizes.batch, 4], .i32))
    let end = function.argument("end", .scalar(.i32))

    let passes = Passes(shown, sizes: sizes, precision: precision, images: images)
    var body = HLOText()
    let sums = body.constant(0, HLOType([extent.sumCount], .f32))
    let first = body.constant(0, .scalar(.i32))
    let results = body.loop(from: first, to: end, [statistics, sums]) { text, index, state in
      let chosen = text.row(index, of: choices)
      let passed = passes.write(chosen, parameters: parameters, statistics: state[0], &text)
      let found =
        extent == .forward
        ? passed.sums
        : text.concatenate([passed.sums, squaredLength(passed.gradient, &text)], along: 0)
      return ([passed.statistics, text.binary(.add, state[1], found)], goesOn: nil)
    }
    text = function.finished(body, returning: results, replicas: sizes.replicas)
  }
}
