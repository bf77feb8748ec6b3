import Foundation

/// How many times faster an arm was than the baseline, and which part of it has which cause.
///
/// The factors multiply to ``total``. A part of the time that was tᵦ in the baseline and t in the arm
/// has the factor exp((tᵦ − t) / L), where L is the logarithmic mean of the whole times: what it
/// saved, seen on the scale on which savings multiply. A factor below 1 is a loss.
///
/// > Source: the additive and multiplicative logarithmic mean Divisia index, Ang 2004.
public struct SpeedupSplit: Codable, Sendable, Equatable {
  /// Seconds of the baseline over seconds of the arm.
  public var total: Double
  /// The optimizer: fewer updates.
  public var updates: Double
  /// Passes: seconds for each image, forward and backward.
  public var kernels: Double
  /// Passes: images for each rank, fewer where ranks share them.
  public var images: Double
  /// Fewer reductions, and less waiting for other ranks.
  public var communication: Double
  /// Waiting for images.
  public var data: Double
  /// Evaluation, going over to other batch sizes, and what is between the parts.
  public var rest: Double

  /// Of one run against another.
  public init(baseline: RunOutcome, other: RunOutcome) {
    let (first, second) = (baseline.seconds, other.seconds)
    let whole = logarithmicMean(first.total, second.total)
    func factor(_ part: (RunSeconds) -> Double) -> Double {
      exp((part(first) - part(second)) / whole)
    }
    total = first.total / second.total
    updates = factor(\.update)
    communication = factor(\.communication)
    data = factor(\.data)
    // Of the passes, the part that follows from the number of images; the others are kernels.
    let share = logarithmicMean(first.kernels, second.kernels) / whole
    images = pow(baseline.imagesOfARank / other.imagesOfARank, share)
    kernels = factor(\.kernels) / images
    rest = factor(\.rest)
  }

  /// The geometric means of several, whose factors multiply to the mean total again.
  init?(meanOf splits: [SpeedupSplit]) {
    guard let first = splits.first else { return nil }
    self = first
    for path in Self.paths {
      let logarithms = splits.map { log($0[keyPath: path]) }
      self[keyPath: path] = exp(logarithms.reduce(0, +) / Double(splits.count))
    }
  }

  private static var paths: [WritableKeyPath<SpeedupSplit, Double>] {
    [\.total, \.updates, \.kernels, \.images, \.communication, \.data, \.rest]
  }
}

extension RunOutcome {
  fileprivate var imagesOfARank: Double { Double(samplesSeen) / Double(max(1, ranks)) }
}

/// (a − b) / (ln a − ln b): between the geometric and the arithmetic mean.
private func logarithmicMean(_ a: Double, _ b: Double) -> Double {
  let difference = log(a) - log(b)
  return abs(difference) < 1e-9 ? (a + b) / 2 : (a - b) / difference
}
