import NetworkGraph
import RunRecords
import Training

// What has to be measured on one rank for a prediction of several.
extension TrainingPlan {
  /// The run among its baselines, the smallest batch first, each with what it is trained with.
  var arms: [(arm: PlannedArm, settings: TrainingSettings)] {
    let fixed = baselines.map { ($0, settings.fixed(at: $0.phases[0].batchSize)) }
    return Array(fixed.prefix(1)) + [(run, settings)] + Array(fixed.dropFirst())
  }

  /// Updates to measure on one rank, smallest first: the run's own, or each micro-batch of several
  /// ranks as an update of its own.
  func measuredSizes(scaling: Bool) throws -> [(images: Int, microBatch: Int)] {
    let options = settings.options()
    guard ranks != nil else {
      return Set(run.phases.map(\.batchSize)).sorted().map { ($0, options.microBatchSize(in: $0)) }
    }
    return try measuredMicroBatches(scaling: scaling).map { ($0, $0) }
  }

  /// Those of the plan's own ranks, and where fewer ranks are of interest powers of two up to the
  /// largest, so that a handful is enough for all.
  private func measuredMicroBatches(scaling: Bool) throws -> [Int] {
    let own = microBatches(ranks: ranks ?? 1)
    let all = ScalingTable.rankCounts(upTo: ranks ?? 1).map { microBatches(ranks: $0) }
      .reduce(into: own) { $0.formUnion($1) }
    guard scaling, let least = all.min(), let most = all.max() else { return own.sorted() }
    let powers = sequence(first: 1) { 2 * $0 < most ? 2 * $0 : nil }.filter { $0 >= least }
    let graph = try settings.outline(images: images, ranks: ranks ?? 1).trainingGraph
    return own.union(powers + [least, most]).sorted().filter {
      // A batch norm may not have one value per channel.
      (try? graph.verify(imageCount: $0)) != nil
    }
  }

  /// Of full updates of all arms; none of an arm that cannot be trained so.
  private func microBatches(ranks: Int) -> Set<Int> {
    var sizes: Set<Int> = []
    for (_, settings) in arms {
      guard let outline = try? settings.outline(images: images, ranks: ranks) else { continue }
      for phase in outline.plan.phases {
        let size = outline.options.microBatchSize(in: phase.batchSize)
        sizes.formUnion([size, phase.batchSize % size])
      }
    }
    return sizes.subtracting([0])
  }
}
