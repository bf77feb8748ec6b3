import NetworkGraph

/// Many weight updates as one function: the inner loop of a training, with its images, on the
/// device.
///
/// ```
/// main(parameters f32[P], momentum f32[P], statistics f32[S], totals f32[2],
///      pixels ui8[D·H·W, C], labels i32[D], choices i32[U, B, 4], first i32, end i32, rate f32)
///   → parameters, momentum, statistics, totals
/// ```
///
/// Several devices make each update together: every replica has choices of its own and passes B
/// images, and gradients, batch statistics and totals are brought together, so that all replicas
/// have the same state. It is that of one device with the images of all, in groups.
///
/// Updates `first ..< end` of the `choices` are made, of B images each: the image's number, how far
/// down and right of its corner the crop begins, and 1 where it is mirrored. Batch size, groups and
/// U are compiled; rate and counts are arguments, so one executable serves a batch size for a run.
/// `totals` gains the sum of losses and how many images were classified right. Parameters and
/// momentum are in ``DeviceOrder``.
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

    public init(
      dataset: Int, batch: Int, group: Int? = nil, updates: Int, replicas: Int = 1
    ) {
      (self.dataset, self.batch, self.updates) = (dataset, batch, updates)
      (self.group, self.replicas) = (group ?? batch, replicas)
    }
  }

  public let text: String

  /// - Parameters:
  ///   - graph: of a training, with one input, images `[C, H, W]`.
  ///   - outputs: the names of each image's logits and loss.
  ///   - name: of the module.
  public init(
    _ graph: Graph, outputs: (logits: String, losses: String), _ sizes: Sizes, _ recipe: Recipe,
    options: XLAOptions = XLAOptions(), named name: String
  ) {
    guard let input = graph.inputs.first, graph.inputs.count == 1,
      let logits = graph.outputs[outputs.logits], let losses = graph.outputs[outputs.losses]
    else { preconditionFailure("a graph of one input, with logits and losses") }
    let image = graph.type(of: input.value).dimensions
    var function = FunctionText(named: name)
    let state = [
      function.argument("parameters", HLOType([graph.parameterCount], .f32), aliasing: 0),
      function.argument("momentum", HLOType([graph.parameterCount], .f32), aliasing: 1),
      function.argument("statistics", HLOType([graph.statisticCount], .f32), aliasing: 2),
      function.argument("totals", HLOType([2], .f32), aliasing: 3),
    ]
    let images = ImageText(
      pixels: function.argument(
        "pixels", HLOType([sizes.dataset * image[1] * image[2], image[0]], .ui8)),
      labels: function.argument("labels", HLOType([sizes.dataset], .i32)),
      height: image[1], width: image[2], mean: recipe.mean, deviation: recipe.deviation)
    let choices = function.argument("choices", HLOType([sizes.updates, sizes.batch, 4], .i32))
    let first = function.argument("first", .scalar(.i32))
    let end = function.argument("end", .scalar(.i32))
    let rate = function.argument("rate", .scalar(.f32))

    var body = HLOText()
    let results = body.loop(from: first, to: end, state) { text, index, state in
      text.comment("images")
      let chosen = text.row(index, of: choices)
      let (x, labels) = images.write(chosen, &text)
      var writer = GraphWriter(
        graph, options, imageCount: sizes.batch, groups: sizes.batch / sizes.group, text: text)
      writer.write(
        GraphWriter.Sources(
          inputs: [input.key: writer.text.convert(x, to: writer.compact)], labels: labels,
          parameters: state[0], statistics: state[2]))
      let update = [
        writer.step(
          parameters: state[0], momentum: state[1], rate: rate, recipe, sizes.replicas),
        [writer.movedStatistics(state[2], sizes.replicas)],
        [
          writer.added(
            logits: logits, losses: losses, labels, to: state[3], sizes.replicas)
        ],
      ]
      text = writer.text
      return update.flatMap { $0 }
    }
    text = function.finished(body, returning: results, replicas: sizes.replicas)
  }
}

extension GraphWriter {
  /// g ← g + decay·w; v ← momentum·v + g; w ← w − rate·v, of all parameters at once.
  fileprivate mutating func step(
    parameters w: HLOValue, momentum v: HLOValue, rate: HLOValue, _ recipe: UpdatesText.Recipe,
    _ replicas: Int
  ) -> [HLOValue] {
    let gradient = meanOfReplicas(gradient(), replicas)
    text.comment("update")
    let decay = text.binary(.multiply, w, text.constant(recipe.weightDecay, w.type))
    let g = text.binary(.add, gradient, decay)
    let kept = text.binary(.multiply, v, text.constant(recipe.momentum, v.type))
    let velocity = text.binary(.add, kept, g)
    let change = text.binary(
      .multiply, velocity, text.broadcast(rate, to: w.type.dimensions, places: []))
    return [text.binary(.subtract, w, change), velocity]
  }

  private mutating func meanOfReplicas(_ a: HLOValue, _ replicas: Int) -> HLOValue {
    if replicas == 1 { return a }
    let sum = text.sumOfReplicas(a, count: replicas)
    return text.binary(.multiply, sum, text.constant(1 / Double(replicas), a.type))
  }

  /// Running statistics, moved by each group's in turn, replica after replica:
  /// s ← (1 − m)·s + m·batch.
  fileprivate mutating func movedStatistics(
    _ statistics: HLOValue, _ replicas: Int
  ) -> HLOValue {
    if graph.statistics.isEmpty { return statistics }
    let momentum = graph.statistics[0].momentum
    precondition(
      graph.statistics.allSatisfy { $0.momentum == momentum }, "one momentum for all statistics")
    let own = text.reshape(batchStatistics(), [groups, graph.statisticCount])
    let batch = text.rowsOfReplicas(own, count: replicas)
    let kept = text.constant(1 - momentum, statistics.type)
    let share = text.constant(momentum, statistics.type)
    return (0..<groups * replicas).reduce(statistics) { running, group in
      let own = text.reshape(
        text.slice(batch, [group..<group + 1, 0..<graph.statisticCount]), [graph.statisticCount])
      return text.binary(
        .add, text.binary(.multiply, running, kept), text.binary(.multiply, own, share))
    }
  }

  /// The sum of losses, and the images whose own class has the largest logit.
  fileprivate mutating func added(
    logits: Value, losses: Value, _ labels: HLOValue, to totals: HLOValue, _ replicas: Int
  ) -> HLOValue {
    text.comment("loss and accuracy")
    let z = self[logits]
    let largest = text.broadcast(
      text.maximum(of: z, over: 1), to: z.type.dimensions, places: [0])
    let isLargest = text.compare("EQ", z, largest)
    let isOwn = text.compare(
      "EQ", text.iota(z.type.of(.i32), along: 1),
      text.broadcast(labels, to: z.type.dimensions, places: [0]))
    let isRight = text.convert(text.and(isLargest, isOwn), to: .f32)
    let sums = [
      text.sums([self[losses]], over: [0])[0], text.sums([isRight], over: [0, 1])[0],
    ].map { text.reshape($0, [1]) }
    let all = text.sumOfReplicas(text.concatenate(sums, along: 0), count: replicas)
    return text.binary(.add, totals, all)
  }
}
