import Executors
import Networks
import RunRecords

/// Loss and accuracy of the images seen so far.
public struct Score: Sendable, Equatable, BitwiseCopyable {
  public private(set) var images = 0
  public private(set) var correct = 0
  public private(set) var correctInTopFive = 0
  // In Double, image by image within a micro-batch and micro-batch by micro-batch.
  private(set) var lossSum = 0.0

  public init() {}

  /// What a checkpoint has of it.
  init(_ sums: EpochSums) {
    (images, correct, correctInTopFive) = (sums.images, sums.correct, sums.correctInTopFive)
    lossSum = sums.loss
  }

  /// What an accelerator has counted; it looks at the largest logit alone.
  init(images: Int, correct: Int, lossSum: Double) {
    (self.images, self.correct, self.lossSum) = (images, correct, lossSum)
  }

  /// Images one by one.
  init(_ images: [ImageScore]) {
    for image in images {
      lossSum += Double(image.loss)
      if image.isRight { correct += 1 }
      if image.place < 5 { correctInTopFive += 1 }
    }
    self.images = images.count
  }

  /// Mean cross-entropy, in nats.
  public var meanLoss: Double { images == 0 ? 0 : lossSum / Double(images) }
  /// Images whose most likely class is theirs, in percent.
  public var accuracy: Double { images == 0 ? 0 : 100 * Double(correct) / Double(images) }

  /// Images whose class is among the five most likely ones, in percent.
  public var topFiveAccuracy: Double {
    images == 0 ? 0 : 100 * Double(correctInTopFive) / Double(images)
  }

  /// Adds the images that a program has just passed forward.
  ///
  /// - Parameter onImage: called with what is made of each image.
  mutating func add<Scalar: TensorScalar>(
    _ program: any Program<Scalar>, labels: UnsafePointer<Int32>,
    onImage: (ImageScore) -> Void = { _ in }
  ) {
    add(
      losses: program.output(ImageClassifier.lossesOutput),
      logits: program.output(ImageClassifier.logitsOutput), labels: labels, onImage: onImage)
  }

  mutating func add(_ other: Score) {
    images += other.images
    correct += other.correct
    correctInTopFive += other.correctInTopFive
    lossSum += other.lossSum
  }

  /// Adds images by their losses `[N]`, logits `[N, K]` and labels `[N]`.
  mutating func add<Scalar: TensorScalar>(
    losses: [Scalar], logits: [Scalar], labels: UnsafePointer<Int32>,
    onImage: (ImageScore) -> Void
  ) {
    let classes = logits.count / max(1, losses.count)
    for (image, loss) in losses.enumerated() {
      lossSum += Double(loss)
      let score = ImageScore(
        label: Int(labels[image]), loss: loss,
        logits: logits[image * classes..<(image + 1) * classes])
      if score.isRight { correct += 1 }
      if score.place < 5 { correctInTopFive += 1 }
      onImage(score)
    }
    images += losses.count
  }
}
