import Foundation
import ImageData
import Randomness

/// Softmax regression on pixels, trained by plain gradient descent, one image at a time.
struct LinearClassifier {
  private static let pixelCount = 3072
  /// One row per class: `[classes, 3072]`.
  private var weights: [Float]
  private let classCount: Int
  private var epoch = 0

  init(classCount: Int) {
    self.classCount = classCount
    weights = Array(repeating: 0, count: classCount * Self.pixelCount)
  }

  /// Goes over all images once.
  mutating func train(on images: LabelledImages, rate: Float) {
    for index in permutation(of: images.imageCount, seed: 1, epoch: epoch) {
      let pixels = pixels(images, index)
      let scores = scores(pixels)
      let largest = scores.max() ?? 0
      let powers = scores.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      for label in 0..<classCount {
        let target: Float = label == images.label(of: index) ? 1 : 0
        add(rate * (target - powers[label] / sum), times: pixels, to: label)
      }
    }
    epoch += 1
  }

  /// Percent of images whose class has the largest score.
  func accuracy(on images: LabelledImages) -> Double {
    percent(of: images) { index in
      let scores = scores(pixels(images, index))
      return scores.firstIndex(of: scores.max() ?? 0) ?? 0
    }
  }

  private func pixels(_ images: LabelledImages, _ index: Int) -> [Float] {
    images.withPixels(of: index) { pixels in pixels.map { (Float($0) - 127.5) / 32 } }
  }

  private mutating func add(_ factor: Float, times pixels: [Float], to label: Int) {
    weights.withUnsafeMutableBufferPointer { weights in
      let row = UnsafeMutableBufferPointer(
        rebasing: weights[label * Self.pixelCount..<weights.count])
      pixels.withUnsafeBufferPointer { pixels in
        for place in 0..<Self.pixelCount { row[place] += factor * pixels[place] }
      }
    }
  }

  private func scores(_ pixels: [Float]) -> [Float] {
    weights.withUnsafeBufferPointer { weights in
      pixels.withUnsafeBufferPointer { pixels in
        (0..<classCount).map { label in
          // Four partial sums, because the order of one sum is fixed and keeps it scalar.
          var sums = SIMD4<Float>()
          for place in stride(from: 0, to: Self.pixelCount, by: 4) {
            let start = label * Self.pixelCount + place
            sums.x += weights[start] * pixels[place]
            sums.y += weights[start + 1] * pixels[place + 1]
            sums.z += weights[start + 2] * pixels[place + 2]
            sums.w += weights[start + 3] * pixels[place + 3]
          }
          return sums.x + sums.y + sums.z + sums.w
        }
      }
    }
  }
}

/// Takes the class whose mean feature is nearest, in units of the features' deviations.
struct NearestMean {
  private let feature: (UnsafeBufferPointer<UInt8>) -> [Float]
  private var means: [[Float]]
  private var variances: [Float]

  init(_ images: LabelledImages, feature: @escaping (UnsafeBufferPointer<UInt8>) -> [Float]) {
    self.feature = feature
    let features = (0..<images.imageCount).map { images.withPixels(of: $0, feature) }
    means = (0..<images.classCount).map { label in
      Self.mean(features.indices.filter { images.label(of: $0) == label }.map { features[$0] })
    }
    let means = means
    variances = Self.mean(
      features.indices.map { index in
        zip(features[index], means[images.label(of: index)]).map { ($0 - $1) * ($0 - $1) }
      })
  }

  /// Percent of images whose class is nearest.
  func accuracy(on images: LabelledImages) -> Double {
    percent(of: images) { index in
      let own = images.withPixels(of: index, feature)
      let distances = means.map { mean in
        own.indices.map { (own[$0] - mean[$0]) * (own[$0] - mean[$0]) / variances[$0] }
          .reduce(0, +)
      }
      return distances.firstIndex(of: distances.min() ?? 0) ?? 0
    }
  }

  private static func mean(_ vectors: [[Float]]) -> [Float] {
    guard let first = vectors.first else { return [] }
    return first.indices.map { place in
      vectors.reduce(0) { $0 + $1[place] } / Float(vectors.count)
    }
  }
}

/// Percent of images whose class is what `guess` says.
private func percent(of images: LabelledImages, _ guess: (Int) -> Int) -> Double {
  let right = (0..<images.imageCount).count { guess($0) == images.label(of: $0) }
  return 100 * Double(right) / Double(images.imageCount)
}
