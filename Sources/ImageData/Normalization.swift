/// How bytes become numbers that a network likes: (byte / 255 − mean) / deviation, per channel.
public struct Normalization: Sendable, Equatable {
  /// Per channel, on the scale where white is 1.
  public let mean: [Float]
  /// Per channel, on the scale where white is 1; none is 0.
  public let deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count, "one mean and one deviation per channel")
    precondition(deviation.allSatisfy { $0 > 0 }, "a deviation is more than 0")
    self.mean = mean
    self.deviation = deviation
  }

  /// The constants that the reference uses for both CIFAR sets.
  ///
  /// The means are CIFAR-10's; the deviations are the mean of the images' own, as in
  /// the reference, not that over all pixels (0.247, 0.243, 0.262).
  public static let cifar = Normalization(
    mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.2010])

  /// Returns the number for every byte of every channel: `[C, 256]`.
  ///
  /// The same operations in the same order and precision as torchvision's `ToTensor` and
  /// `Normalize`, so that the same bits come out.
  func table() -> [Float] {
    zip(mean, deviation).flatMap { mean, deviation in
      (0...255).map { (Float($0) / 255 - mean) / deviation }
    }
  }
}
