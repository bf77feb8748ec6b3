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
    let own =
      sizes.passes == 1
      ? pass(chosen, parameters, statistics, &text)
      : passes(chosen, parameters, statistics, &text)
    return onAllReplicas(own, statistics, &text)
  }

  /// What images have come to on one replica.
  private struct Own {
    /// The mean of these images, f32[P].
    var gradient: HLOValue
    /// This one's part of what ``Passed`` has.
    var sums: HLOValue
    /// Statistics of each group of images, f32[G, S].
    var ofGroups: HLOValue

    var values: [HLOValue] { [gradient, sums, ofGroups] }

    init(gradient: HLOValue, sums: HLOValue, ofGroups: HLOValue) {
      (self.gradient, self.sums, self.ofGroups) = (gradient, sums, ofGroups)
    }

    init(_ values: [HLOValue]) {
      self.init(gradient: values[0], sums: values[1], ofGroups: values[2])
    }
  }

  /// Parts of a replica's images, one after the other.
  private func passes(
    _ chosen: HLOValue, _ parameters: HLOValue, _ statistics: HLOValue, _ text: inout HLOText
  ) -> Own {
    let count = sizes.batch / sizes.passes
    let groups = HLOType([sizes.batch / sizes.group] + statistics.type.dimensions, .f32)
    let start = Own(
      gradient: text.constant(0, parameters.type),
      sums: text.constant(0, HLOType([sizes.measuresGradients ? 3 : 2], .f32)),
      ofGroups: text.constant(0, groups))
    let (first, end) = (
      text.constant(0, .scalar(.i32)), text.constant(Double(sizes.passes), .scalar(.i32))
    )
    let all = text.loop(from: first, to: end, start.values) { text, index, values in
      let before = Own(values)
      func first(_ size: Int, _ text: inout HLOText) -> HLOValue {
        text.binary(.multiply, index, text.constant(Double(size), index.type))
      }
      let part = text.rows(from: first(count, &text), count: count, of: chosen)
      let one = pass(part, parameters, statistics, &text)
      let share = text.constant(1 / Double(sizes.passes), one.gradient.type)
      let weighted = text.binary(.multiply, one.gradient, share)
      let next = Own(
        gradient: text.binary(.add, before.gradient, weighted),
        sums: text.binary(.add, before.sums, one.sums),
        ofGroups: text.replacing(
          before.ofGroups, from: first(count / sizes.group, &text), with: one.ofGroups))
      return (next.values, goesOn: nil)
    }
    return Own(all)
  }

  /// Images that pass together, on one replica.
  private func pass(
    _ chosen: HLOValue, _ parameters: HLOValue, _ statistics: HLOValue, _ text: inout HLOText
  ) -> Own {
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
    let ofGroups = writer.batchStatistics()
    text = writer.text
    if sizes.measuresGradients {
      let share = 1 / Double(sizes.passes * sizes.replicas)
      let square = squaredLength(gradient, &text)
      sums.append(text.binary(.multiply, square, text.constant(share, square.type)))
    }
    return Own(
      gradient: gradient, sums: text.concatenate(sums, along: 0),
      ofGroups: text.reshape(ofGroups, [count / sizes.group] + statistics.type.dimensions))
  }

  /// What all replicas have come to together.
  private func onAllReplicas(
    _ own: Own, _ statistics: HLOValue, _ text: inout HLOText
  ) -> Passed {
    let moved = moved(statistics, by: own.ofGroups, &text)
    if sizes.replicas == 1 {
      return Passed(gradient: own.gradient, statistics: moved, sums: own.sums)
    }
    let sum = text.sumOfReplicas(own.gradient, count: sizes.replicas)
    return Passed(
      gradient: text.binary(
        .multiply, sum, text.constant(1 / Double(sizes.replicas), sum.type)),
      statistics: moved, sums: text.sumOfReplicas(own.sums, count: sizes.replicas))
  }

  /// Running statistics moved by each group's in turn, s ← (1 − m)·s + m·group: all at once
  /// (1 − m)ᴳ·s + Σ m·(1 − m)ᴳ⁻¹⁻ᵍ·group.
  ///
  /// - Parameter own: groups, those of this replica.
  private func moved(
    _ statistics: HLOValue, by own: HLOValue, _ text: inout HLOText
  ) -> HLOValue {
    guard let momentum = graph.graph.statistics.first?.momentum else { return statistics }
    let groups = text.rowsOfReplicas(own, count: sizes.replicas)
    precondition(
      graph.graph.statistics.allSatisfy { $0.momentum == momentum },
      "one momentum for all statistics")
    // From the last one, of which a share is left that no other takes from.
    let count = groups.type.dimensions[0]
    var (kept, shares) = (1.0, [Double]())
    for _ in 0..<count {
      shares.insert(momentum * kept, at: 0)
      kept *= 1 - momentum
    }
    let share = text.list(shares, HLOType([count], .f32))
    let weighted = text.binary(
      .multiply, groups, text.broadcast(share, to: groups.type.dimensions, places: [0]))
    return text.binary(
      .add, text.binary(.multiply, statistics, text.constant(kept, statistics.type)),
      text.sums([weighted], over: [0])[0])
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
