import Executors
import Networks

/// Loss and accuracy of the images seen so far.
public struct Score: Sendable, Equatable {
  public private(set) var images = 0
  public private(set) var correct = 0
  // In Double, image by image within a micro-batch and micro-batch by micro-batch.
  private var lossSum = 0.0

  public init() {}

  /// Mean cross-entropy, in nats.
  public var meanLoss: Double { images == 0 ? 0 : lossSum / Double(images) }
  /// Images whose most likely class is theirs, in percent.
  public var accuracy: Double { images == 0 ? 0 : 100 * Double(correct) / Double(images) }

  /// Adds the images that a program has just passed forward.
  mutating func add<Scalar: TensorScalar>(
    _ program: any Program<Scalar>, labels: UnsafePointer<Int32>
  ) {
    add(
      losses: program.output(ImageClassifier.lossesOutput),
      logits: program.output(ImageClassifier.logitsOutput), labels: labels)
  }

  mutating func add(_ other: Score) {
    images += other.images
    correct += other.correct
    lossSum += other.lossSum
  }

  /// Adds images by their losses `[N]`, logits `[N, K]` and labels `[N]`.
  mutating func add<Scalar: TensorScalar>(
    losses: [Scalar], logits: [Scalar], labels: UnsafePointer<Int32>
  ) {
    let classes = logits.count / max(1, losses.count)
    for (image, loss) in losses.enumerated() {
      lossSum += Double(loss)
      let row = logits[image * classes..<(image + 1) * classes]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      if best - row.startIndex == Int(labels[image]) { correct += 1 }
    }
    images += losses.count
  }
}
