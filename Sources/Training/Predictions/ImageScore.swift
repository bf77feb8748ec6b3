import Executors

/// What a network makes of one image.
public struct ImageScore: Sendable, Equatable, BitwiseCopyable {
  /// The image's class.
  public var label: Int32
  /// The class that is the most likely one.
  public var prediction: Int32
  /// How many classes are more likely than the image's own, or as likely and before it.
  public var place: Int32
  /// Cross-entropy, in nats.
  public var loss: Float

  public init(label: Int, prediction: Int, place: Int, loss: Float) {
    (self.label, self.prediction) = (Int32(label), Int32(prediction))
    (self.place, self.loss) = (Int32(place), loss)
  }

  public var isRight: Bool { place == 0 }

  /// - Parameter logits: of the image, one for each class.
  package init<Scalar: TensorScalar>(label: Int, loss: Scalar, logits: ArraySlice<Scalar>) {
    let place = rank(of: label, in: logits)
    let prediction = place == 0 ? label : mostLikely(otherThan: label, in: logits)
    self.init(label: label, prediction: prediction, place: place, loss: Float(loss))
  }
}

/// Classes that are more likely than `label`, or as likely and before it.
///
/// What is not a number counts as more likely: nothing is right about it.
private func rank<Scalar: TensorScalar>(of label: Int, in row: ArraySlice<Scalar>) -> Int {
  let own = row[row.startIndex + label]
  var rank = 0
  for (other, logit) in row.enumerated() where other != label {
    let isBelow = other < label ? logit < own : logit <= own
    if !isBelow { rank += 1 }
  }
  return rank
}

/// The first of the most likely classes but one, by the same rules.
private func mostLikely<Scalar: TensorScalar>(
  otherThan label: Int, in row: ArraySlice<Scalar>
) -> Int {
  var best: (place: Int, logit: Scalar)?
  for (other, logit) in row.enumerated() where other != label {
    guard let found = best else {
      best = (other, logit)
      continue
    }
    // The first that is not a number stays.
    if !(logit <= found.logit), found.logit == found.logit { best = (other, logit) }
  }
  return best?.place ?? label
}
