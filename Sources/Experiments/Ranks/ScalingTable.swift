import RunRecords
import Training

/// How the time of a training changes with the number of ranks, beside that of fixed batches.
public struct ScalingTable: Codable, Sendable, Equatable {
  /// One way to train, on so many ranks.
  public struct Cell: Codable, Sendable, Equatable {
    public let ranks: Int
    /// Seconds of the whole training; nil where ``refusal`` says why.
    public let predictedSeconds: Double?
    /// How many times faster than on one rank; nil where that is not known.
    public fileprivate(set) var speedup: Double?
    /// The part of the time, 0 to 1, in which ranks only speak to each other.
    public let communicationShare: Double?
    /// Ranks with nothing to pass, in the phase that has most of them.
    public let idleRanks: Int
    /// Why there is no prediction, in a line.
    public let refusal: String?

    package init(
      ranks: Int, predictedSeconds: Double?, communicationShare: Double?, idleRanks: Int,
      refusal: String?
    ) {
      (self.ranks, self.predictedSeconds) = (ranks, predictedSeconds)
      (self.communicationShare, self.idleRanks) = (communicationShare, idleRanks)
      self.refusal = refusal
    }
  }

  /// One way to train, on more and more ranks.
  public struct Arm: Codable, Sendable, Equatable {
    public let name: String
    public let cells: [Cell]

    package init(name: String, cells: [Cell]) { (self.name, self.cells) = (name, cells) }
  }

  /// The smallest fixed batch, the training itself, the largest fixed batch.
  public let arms: [Arm]

  /// 1, 2, 4, … and `most` itself.
  public static func rankCounts(upTo most: Int) -> [Int] {
    Array(sequence(first: 1) { 2 * $0 < most ? 2 * $0 : nil }) + (most > 1 ? [most] : [])
  }
}

extension ScalingTable.Arm {
  /// The number of ranks from which the next row, twice as many as a rule, gains less than a tenth;
  /// nil where every row does, or too little is known.
  public var stopsScalingAt: Int? {
    zip(cells, cells.dropFirst()).first { now, next in
      guard let before = now.predictedSeconds, let after = next.predictedSeconds else {
        return false
      }
      return after > 0.9 * before
    }?.0.ranks
  }

  init(
    _ name: String, _ settings: TrainingSettings, _ plan: TrainingPlan, _ prediction: RankPrediction
  ) {
    var cells = ScalingTable.rankCounts(upTo: plan.ranks ?? 1).map { ranks in
      do {
        let outline = try settings.outline(images: plan.images, ranks: ranks)
        return ScalingTable.Cell(outline, prediction)
      } catch {
        return ScalingTable.Cell(ranks: ranks, refusal: "\(error)")
      }
    }
    if let one = cells.first?.predictedSeconds {
      for index in cells.indices {
        cells[index].speedup = cells[index].predictedSeconds.map { one / $0 }
      }
    }
    self.init(name: name, cells: cells)
  }
}

extension ScalingTable.Cell {
  fileprivate init(ranks: Int, refusal: String) {
    self.init(
      ranks: ranks, predictedSeconds: nil, communicationShare: nil, idleRanks: 0,
      refusal: String(refusal.prefix { $0 != "\n" }))
  }

  fileprivate init(_ outline: TrainingOutline, _ prediction: RankPrediction) {
    let phases = prediction.phases(of: outline)
    let known = phases.compactMap(\.self)
    let sum = known.reduce(TrainingSeconds(), +)
    guard known.count == phases.count else {
      self.init(
        ranks: outline.options.ranks,
        refusal: "\(outline.largestMicroBatch) images together need more memory than there is here")
      return
    }
    let idle = outline.plan.phases.map { outline.options.shares(of: $0.batchSize).idleRanks }
    self.init(
      ranks: outline.options.ranks, predictedSeconds: sum.all,
      communicationShare: sum.communicating / sum.all, idleRanks: idle.max() ?? 0, refusal: nil)
  }
}
