import Glibc

/// The loss of each image and the probabilities of its classes, from logits `[N, K]`.
///
/// loss = log Σ exp(zⱼ − max z) − (z_label − max z), in nats. Computed in Double whatever the
/// scalar: N·K is tiny beside the network, and the sum of exponentials is where digits get lost.
package func softmaxCrossEntropy<T: BinaryFloatingPoint>(
  _ logits: [T], _ labels: [Int]
) -> (losses: [T], probabilities: [T]) {
  let classes = logits.count / max(1, labels.count)
  var losses: [T] = []
  var probabilities: [T] = []
  for (image, label) in labels.enumerated() {
    let row = logits[image * classes..<(image + 1) * classes].map { Double($0) }
    let largest = row.max() ?? 0
    let exponentials = row.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    losses.append(T(log(sum) - (row[label] - largest)))
    probabilities += exponentials.map { T($0 / sum) }
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
