import Executors
import NetworkGraph

/// Writes the passes of one update's images, forward and backward.
struct Passes {
  let graph: ImageGraph
  let sizes: UpdatesText.Sizes
  let precision: Precision
  let images: ImageText

  init(
    _ graph: ImageGraph, sizes: UpdatesText.Sizes, precision: Precision, images: ImageText
  ) {
    (self.graph, self.sizes, self.precision, self.images) = (graph, sizes, precision, images)
  }

  /// What an update's images have come to, on all replicas.
  struct Passed {
    /// The mean of all images, f32[P].
    var gradient: HLOValue
    /// Moved by each group's in turn, f32[S].
    var statistics: HLOValue
    /// The sum of losses, images that are right, and the mean of the gradients' squared lengths
    /// where they are compared.
    var sums: HLOValue
  }

  /// - Parameter chosen: `i32[B, 4]`, as ``ImageText`` reads them.
  func write(
    _ chosen: HLOValue, parameters: HLOValue, statistics: HLOValue, _ text: inout HLOText
  ) -> Passed {
    if sizes.passes == 1 {
      return onAllReplicas(pass(chosen, parameters, statistics, &text), &text)
    }
    precondition(sizes.replicas == 1, "several passes are one device's")
    let zeros = [
      text.constant(0, parameters.type), statistics, text.constant(0, HLOType([sumCount], .f32)),
    ]
    let count = sizes.batch / sizes.passes
    let (first, end) = (
      text.constant(0, .scalar(.i32)), text.constant(Double(sizes.passes), .scalar(.i32))
    )
    let all = text.loop(from: first, to: end, zeros) { text, index, sums in
      let start = text.binary(.multiply, index, text.constant(Double(count), index.type))
      let part = text.rows(from: start, count: count, of: chosen)
      let one = pass(part, parameters, sums[1], &text)
      let share = text.constant(1 / Double(sizes.passes), one.gradient.type)
      let weighted = text.binary(.multiply, one.gradient, share)
      return (
        [
          text.binary(.add, sums[0], weighted), one.statistics,
          text.binary(.add, sums[2], one.sums),
        ], goesOn: nil
      )
    }
    return Passed(gradient: all[0], statistics: all[1], sums: all[2])
  }

  private var sumCount: Int { sizes.measuresGradients ? 3 : 2 }

  /// Images that pass together, on one replica.
  private func pass(
    _ chosen: HLOValue, _ parameters: HLOValue, _ statistics: HLOValue, _ text: inout HLOText
  ) -> Passed {
    let count = chosen.type.dimensions[0]
    text.comment("images")
    let (x, labels) = images.write(chosen, &text)
    var writer = GraphWriter(
      graph.graph, precision, imageCount: count, groups: count / sizes.group, text: text)
    writer.write(
      GraphWriter.Sources(
        inputs: [graph.input: writer.text.convert(x, to: writer.compact)], labels: labels,
        parameters: parameters, statistics: statistics))
    var sums = writer.sums(logits: graph.logits, losses: graph.losses, labels)
    let gradient = writer.gradient()
    let moved = writer.movedStatistics(statistics, sizes.replicas)
    text = writer.text
    if sizes.measuresGradients {
      let share = 1 / Double(sizes.passes * sizes.replicas)
      let square = squaredLength(gradient, &text)
      sums.append(text.binary(.multiply, square, text.constant(share, square.type)))
    }
    return Passed(
      gradient: gradient, statistics: moved, sums: text.concatenate(sums, along: 0))
  }

  /// Gradients and sums of all replicas together; their statistics are that already.
  private func onAllReplicas(_ own: Passed, _ text: inout HLOText) -> Passed {
    if sizes.replicas == 1 { return own }
    let sum = text.sumOfReplicas(own.gradient, count: sizes.replicas)
    return Passed(
      gradient: text.binary(
        .multiply, sum, text.constant(1 / Double(sizes.replicas), sum.type)),
      statistics: own.statistics,
      sums: text.sumOfReplicas(own.sums, count: sizes.replicas))
  }
}

extension Passes.Passed {
  /// What is said of the update, as a row of `totals`.
  func row(like totals: HLOValue, _ text: inout HLOText) -> HLOValue {
    let width = totals.type.dimensions[1]
    var parts = [text.slice(sums, [0..<2]), text.constant(1, HLOType([1], .f32))]
    if width > 3 { parts += [text.slice(sums, [2..<3]), squaredLength(gradient, &text)] }
    return text.reshape(text.concatenate(parts, along: 0), [1, width])
  }

  /// Whether loss and statistics are numbers.
  func isFinite(_ text: inout HLOText) -> HLOValue {
    let loss = text.isFinite(text.reshape(text.slice(sums, [0..<1]), []))
    // Batch norm makes zeros of what is too large, and a loss of zeros is a number.
    return text.and(loss, text.isFinite(text.sums([statistics], over: [0])[0]))
  }
}

/// As a vector of one number.
func squaredLength(_ a: HLOValue, _ text: inout HLOText) -> HLOValue {
  text.reshape(text.sums([text.binary(.multiply, a, a)], over: [0])[0], [1])
}

extension GraphWriter {
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

  /// The sum of losses, and the images whose own class has the largest logit, a vector each.
  fileprivate mutating func sums(
    logits: Value, losses: Value, _ labels: HLOValue
  ) -> [HLOValue] {
    text.comment("loss and accuracy")
    let z = self[logits]
    let largest = text.broadcast(
      text.maximum(of: z, over: 1), to: z.type.dimensions, places: [0])
    let isLargest = text.compare("EQ", z, largest)
    let isOwn = text.compare(
      "EQ", text.iota(z.type.of(.i32), along: 1),
      text.broadcast(labels, to: z.type.dimensions, places: [0]))
    let isRight = text.convert(text.and(isLargest, isOwn), to: .f32)
    return [
      text.sums([self[losses]], over: [0])[0], text.sums([isRight], over: [0, 1])[0],
    ].map { text.reshape($0, [1]) }
  }
}
