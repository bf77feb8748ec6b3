/// By how much an arm ends more accurate than the baseline, and how sure that is.
public struct AccuracyDifference: Codable, Sendable, Equatable {
  /// What the interval is about.
  public enum Basis: String, Codable, Sendable {
    /// Other seeds: from three on, by Student's t over paired differences.
    case seeds
    /// Other test images, for the one seed: by the images that one of the two gets right.
    case testImages
    /// There is no interval.
    case none
  }

  /// Two runs of one seed on the same test images.
  public struct OfSeed: Codable, Sendable, Equatable {
    public let seed: UInt64
    /// In percent points.
    public let points: Double
    /// nil where one of the two has no predictions, or other test images.
    public let mcNemar: McNemar?
  }

  /// The mean over the seeds that both have, in percent points; final weights.
  public let points: Double
  public let interval: Interval?
  public let basis: Basis
  public let seeds: [OfSeed]

  public var count: Int { seeds.count }

  /// - Parameter pairs: runs of the baseline and of the arm, of the same seed each.
  init?(_ pairs: [(baseline: RunOutcome, other: RunOutcome)]) {
    seeds = pairs.map { baseline, other in
      OfSeed(
        seed: other.seed, points: other.finalAccuracy - baseline.finalAccuracy,
        mcNemar: McNemar(baseline, other))
    }
    guard let mean = seeds.map(\.points).mean else { return nil }
    points = mean
    let ofSeeds = Interval(meanOf: seeds.map(\.points))
    let ofImages = seeds.count == 1 ? seeds[0].mcNemar?.interval : nil
    interval = ofSeeds ?? ofImages
    basis = ofSeeds != nil ? .seeds : ofImages != nil ? .testImages : .none
  }
}

extension McNemar {
  /// nil where there is nothing to pair.
  fileprivate init?(_ baseline: RunOutcome, _ other: RunOutcome) {
    guard let first = baseline.predictions, let second = other.predictions,
      first.labels == second.labels
    else { return nil }
    self.init(
      labels: first.labels, baseline: first.predictions, other: second.predictions)
  }
}
