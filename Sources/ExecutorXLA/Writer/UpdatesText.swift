import Executors
import NetworkGraph

/// Many weight updates as one function: the inner loop of a training, with its images, on the
/// device.
///
/// ```
/// main(parameters f32[P], momentum f32[P], statistics f32[S], totals f32[U, T],
///      pixels ui8[D·H·W, C], labels i32[D], choices i32[U, B, 4], first i32, end i32, rate f32)
///   → parameters, momentum, statistics, totals, length f32
/// ```
///
/// Several devices make each update together: every replica has choices of its own and passes B
/// images, and gradients, batch statistics and totals are brought together, so that all replicas
/// have the same state. It is that of one device with the images of all, in groups.
///
/// Updates `first ..< end` of the `choices` are made, of B images each: the image's number, how far
/// down and right of its corner the crop begins, and 1 where it is mirrored. Batch size, groups and
/// U are compiled; rate and counts are arguments, so one executable serves a batch size for a run.
/// A row of `totals` gets the sum of losses, how many images were classified right, 1, and where
/// gradients are compared the mean of their squared lengths and the squared length of their mean.
/// `length` is that of the parameters, squared: no number where one of them is none. An update
/// whose loss or statistics are no finite numbers changes nothing and is the last one. Parameters
/// and momentum are in ``DeviceOrder``.
public struct UpdatesText: Sendable {
  /// What a training is made of, beside its graph.
  public struct Recipe: Sendable, Hashable {
    /// Of the optimizer, as PyTorch's SGD has them.
    public var momentum, weightDecay: Double
    /// Of the images: (byte / 255 − mean) / deviation, per channel.
    public var mean, deviation: [Double]

    public init(momentum: Double, weightDecay: Double, mean: [Double], deviation: [Double]) {
      (self.momentum, self.weightDecay) = (momentum, weightDecay)
      (self.mean, self.deviation) = (mean, deviation)
    }
  }

  /// The sizes that are compiled.
  public struct Sizes: Sendable, Hashable {
    /// Images of the data set.
    public var dataset: Int
    /// Images of one replica in one update.
    public var batch: Int
    /// Images with batch statistics of their own; divides `batch`.
    public var group: Int
    /// Updates that `choices` has room for.
    public var updates: Int
    /// Devices that share each update.
    public var replicas: Int
    /// Parts of `batch`, of whole groups, that are passed one after the other.
    public var passes: Int
    /// Whether the gradients of passes, of all replicas, are compared.
    public var measuresGradients: Bool

    public init(
      dataset: Int, batch: Int, group: Int? = nil, updates: Int, replicas: Int = 1,
      passes: Int = 1, measuresGradients: Bool = false
    ) {
      (self.dataset, self.batch, self.updates) = (dataset, batch, updates)
      (self.group, self.replicas) = (group ?? batch, replicas)
      (self.passes, self.measuresGradients) = (passes, measuresGradients)
    }

    /// Numbers in a row of `totals`.
    public var totals: Int { measuresGradients ? 5 : 3 }
  }

  public let text: String

  /// - Parameters:
  ///   - graph: of a training, with one input, images `[C, H, W]`.
  ///   - outputs: the names of each image's logits and loss.
  ///   - name: of the module.
  public init(
    _ graph: Graph, outputs: (logits: String, losses: String), _ sizes: Sizes, _ recipe: Recipe,
    precision: Precision = .f32, named name: String
  ) {
    let shown = ImageGraph(graph, outputs: outputs)
    var function = FunctionText(named: name)
    let state = [
      function.argument("parameters", HLOType([graph.parameterCount], .f32), aliasing: 0),
      function.argument("momentum", HLOType([graph.parameterCount], .f32), aliasing: 1),
      function.argument("statistics", HLOType([graph.statisticCount], .f32), aliasing: 2),
      function.argument("totals", HLOType([sizes.updates, sizes.totals], .f32), aliasing: 3),
    ]
    let images = ImageText(shown, count: sizes.dataset, recipe, of: &function)
    let choices = function.argument("choices", HLOType([sizes.updates, sizes.batch, 4], .i32))
    let first = function.argument("first", .scalar(.i32))
    let end = function.argument("end", .scalar(.i32))
    let rate = function.argument("rate", .scalar(.f32))

    let passes = Passes(shown, sizes: sizes, precision: precision, images: images)
    var body = HLOText()
    let results = body.loop(from: first, to: end, state) { text, index, state in
      let chosen = text.row(index, of: choices)
      let passed = passes.write(chosen, parameters: state[0], statistics: state[2], &text)
      let gradient = passed.gradient
      text.comment("update")
      let update =
        step(parameters: state[0], momentum: state[1], gradient, rate: rate, recipe, &text)
        + [passed.statistics]
      let isFinite = passed.isFinite(&text)
      let row = passed.row(like: state[3], &text)
      let said = text.select(isFinite, row, text.constant(0, row.type))
      let kept = zip(update, state).map { text.select(isFinite, $0, $1) }
      return (kept + [text.replacing(state[3], from: index, with: said)], goesOn: isFinite)
    }
    let square = body.binary(.multiply, results[0], results[0])
    let length = body.sums([square], over: [0])[0]
    text = function.finished(body, returning: results + [length], replicas: sizes.replicas)
  }
}

/// g ← g + decay·w; v ← momentum·v + g; w ← w − rate·v, of all parameters at once.
private func step(
  parameters w: HLOValue, momentum v: HLOValue, _ gradient: HLOValue, rate: HLOValue,
  _ recipe: UpdatesText.Recipe, _ text: inout HLOText
) -> [HLOValue] {
  let decay = text.binary(.multiply, w, text.constant(recipe.weightDecay, w.type))
  let g = text.binary(.add, gradient, decay)
  let kept = text.binary(.multiply, v, text.constant(recipe.momentum, v.type))
  let velocity = text.binary(.add, kept, g)
  let change = text.binary(
    .multiply, velocity, text.broadcast(rate, to: w.type.dimensions, places: []))
  return [text.binary(.subtract, w, change), velocity]
}
