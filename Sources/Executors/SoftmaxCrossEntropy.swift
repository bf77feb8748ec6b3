import Glibc

/// The loss of each image and the probabilities of its classes, from logits `[N, K]`.
///
/// loss = log Σ exp(zⱼ − max z) − (z_label − max z), in nats. Computed in Double whatever the
/// scalar: N·K is tiny beside the network, and the sum of exponentials is where digits get lost.
@_specialize(where T == Float)
package func softmaxCrossEntropy<T: BinaryFloatingPoint>(
  _ logits: [T], _ labels: [Int]
) -> (losses: [T], probabilities: [T]) {
  let classes = logits.count / max(1, labels.count)
  var losses: [T] = []
  var probabilities: [T] = []
  losses.reserveCapacity(labels.count)
  probabilities.reserveCapacity(logits.count)
  var row = Array(repeating: 0.0, count: classes)
  for (image, label) in labels.enumerated() {
    let start = image * classes
    var largest = -Double.infinity
    for index in 0..<classes { largest = max(largest, Double(logits[start + index])) }
    var sum = 0.0
    for index in 0..<classes {
      row[index] = exp(Double(logits[start + index]) - largest)
      sum += row[index]
    }
    losses.append(T(log(sum) - (Double(logits[start + label]) - largest)))
    for exponential in row { probabilities.append(T(exponential / sum)) }
  }
  return (losses, probabilities)
}

/// dlogits = weight · (probabilities − one at the label), for each image.
package func softmaxCrossEntropyGradient<T: BinaryFloatingPoint>(
  _ probabilities: [T], _ labels: [Int], weight: [T]
) -> [T] {
  let classes = probabilities.count / max(1, labels.count)
  var gradient = probabilities
  for (image, label) in labels.enumerated() {
    gradient[image * classes + label] -= 1
    for index in image * classes..<(image + 1) * classes { gradient[index] *= weight[image] }
  }
  return gradient
}
