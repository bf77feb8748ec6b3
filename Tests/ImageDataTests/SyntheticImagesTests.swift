import ImageData
import Testing

@Suite struct SyntheticImagesTests {
  @Test("an image follows from seed and index, whatever the counts")
  func function() {
    let few = SyntheticImages.make(seed: 5, trainingCount: 20, testCount: 10)
    let more = SyntheticImages.make(seed: 5, trainingCount: 30, testCount: 40)
    let other = SyntheticImages.make(seed: 6, trainingCount: 20, testCount: 10)
    for index in 0..<10 {
      let image = few.training.withPixels(of: index) { Array($0) }
      #expect(image == more.training.withPixels(of: index) { Array($0) })
      #expect(image != other.training.withPixels(of: index) { Array($0) })
      #expect(image != few.test.withPixels(of: index) { Array($0) })
      #expect(
        few.test.withPixels(of: index) { Array($0) }
          == more.test.withPixels(of: index) { Array($0) })
    }
  }

  @Test(
    "a seed means the same images for ever", arguments: [(10, 2_797_636_594), (100, 3_730_495_733)])
  func golden(classCount: Int, expected: UInt32) {
    let images = SyntheticImages.make(
      classCount: classCount, seed: 20, trainingCount: 200, testCount: 1
    ).training
    // FNV-1a over all pixels.
    var hash: UInt32 = 0x811C_9DC5
    for index in 0..<200 {
      images.withPixels(of: index) {
        for pixel in $0 { hash = (hash ^ UInt32(pixel)) &* 16_777_619 }
      }
    }
    #expect(hash == expected)
  }

  @Test("classes are even and named", arguments: [10, 100])
  func classes(classCount: Int) {
    let data = SyntheticImages.make(
      classCount: classCount, seed: 1, trainingCount: 300, testCount: 200)
    #expect(data.training.countPerClass() == Array(repeating: 300 / classCount, count: classCount))
    #expect(data.test.countPerClass() == Array(repeating: 200 / classCount, count: classCount))
    #expect(Set(data.classNames).count == classCount)
    #expect(data.name == "synthetic-\(classCount)")
    #expect(data.source == "made from seed 1")
  }

  @Test("pixels have the mean and deviation by which they are normalised")
  func moments() {
    let data = SyntheticImages.make(seed: 2, trainingCount: 2000, testCount: 1)
    for channel in 0..<3 {
      var (sum, squares) = (0.0, 0.0)
      for index in 0..<2000 {
        data.training.withPixels(of: index) { pixels in
          for pixel in pixels[1024 * channel..<1024 * (channel + 1)] {
            sum += Double(pixel) / 255
            squares += Double(pixel) * Double(pixel) / 65_025
          }
        }
      }
      let mean = sum / 2_048_000
      let deviation = (squares / 2_048_000 - mean * mean).squareRoot()
      #expect(abs(mean - 0.5) < 0.002)
      #expect(abs(deviation - Double(data.normalization.deviation[channel])) < 0.002)
    }
  }
}
