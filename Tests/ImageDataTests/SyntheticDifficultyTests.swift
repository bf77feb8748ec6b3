import ImageData
import Testing

/// That the synthetic classes need more than a linear model, but not much more.
///
/// With 10,000 training and 2,000 test images, measured: 10 classes linear 10.6 to 12.9 %, products
/// of neighbours 82.6 %; 100 classes linear 2.5 %.
@Suite struct SyntheticDifficultyTests {
  private let data = SyntheticImages.make(seed: 1)

  @Test("a linear classifier stays near chance, 10 %, at any rate", arguments: [1e-5, 1e-4, 1e-3])
  func linear(rate: Float) {
    var model = LinearClassifier(classCount: 10)
    for _ in 0..<3 { model.train(on: data.training, rate: rate) }
    #expect(model.accuracy(on: data.training) > 40)
    #expect(model.accuracy(on: data.test) < 16)
  }

  @Test("and so it does with 100 classes, where chance is 1 %")
  func linear100() {
    let data = SyntheticImages.make(classCount: 100, seed: 1)
    var model = LinearClassifier(classCount: 100)
    model.train(on: data.training, rate: 1e-4)
    #expect(model.accuracy(on: data.test) < 4)
  }

  @Test(
    "products of neighbouring pixels, the simplest non-linear statistic, tell the classes apart")
  func neighbours() {
    let model = NearestMean(data.training, feature: neighbourProducts)
    #expect(model.accuracy(on: data.test) > 60)
  }
}

/// The mean product of two green pixels at each of 24 distances up to 4.
private func neighbourProducts(_ pixels: UnsafeBufferPointer<UInt8>) -> [Float] {
  let green = pixels[1024..<2048].map { (Float($0) - 127.5) / 32 }
  return (1..<25).map { place in
    let (down, right) = (place / 5, place % 5)
    var sum: Float = 0
    for y in 0..<32 - down {
      for x in 0..<32 - right {
        sum += green[32 * y + x] * green[32 * (y + down) + x + right]
        // The other leaning: the same distance, mirrored.
        sum += green[32 * y + x + right] * green[32 * (y + down) + x]
      }
    }
    return sum / 1024
  }
}
