import ImageData
import Randomness
import Testing

/// Random images of an odd shape: 2 channels of 5 × 7.
private func sampleImages(_ count: Int) throws -> LabelledImages {
  var stream = RandomStream(seed: 1, purpose: .syntheticTraining)
  return try LabelledImages(
    pixels: (0..<count * 70).map { _ in UInt8(truncatingIfNeeded: stream.bits()) },
    labels: (0..<count).map { $0 % 10 }, channels: 2, height: 5, width: 7, classCount: 10)
}

private let normalization = Normalization(mean: [0.4914, 0.25], deviation: [0.2023, 0.5])

/// What torchvision does, step by step and pixel by pixel: pad with black, crop, flip, normalise.
private func naive(
  _ images: LabelledImages, _ index: Int, seen view: View, padding: Int
) -> [Float] {
  let (height, width) = (images.height, images.width)
  let (padHeight, padWidth) = (height + 2 * padding, width + 2 * padding)
  let pixels = images.withPixels(of: index) { Array($0) }
  var result: [Float] = []
  for channel in 0..<images.channels {
    var padded = Array(repeating: UInt8(0), count: padHeight * padWidth)
    for y in 0..<height {
      for x in 0..<width {
        padded[(y + padding) * padWidth + x + padding] = pixels[(channel * height + y) * width + x]
      }
    }
    for y in 0..<height {
      let start = (y + padding + view.down) * padWidth + padding + view.right
      let row = padded[start..<start + width]
      for pixel in view.mirrored ? row.reversed() : Array(row) {
        result.append(
          (Float(pixel) / 255 - normalization.mean[channel]) / normalization.deviation[channel])
      }
    }
  }
  return result
}

@Suite struct BatchWriterTests {
  private func written(_ writer: BatchWriter, _ indices: [Int], epoch: Int) -> ([Float], [Int32]) {
    let size = writer.images.channels * writer.images.height * writer.images.width
    var images = Array(repeating: Float.nan, count: indices.count * size + 1)
    var labels = Array(repeating: Int32(-1), count: indices.count + 1)
    images.withUnsafeMutableBufferPointer { images in
      labels.withUnsafeMutableBufferPointer { labels in
        guard let images = images.baseAddress, let labels = labels.baseAddress else { return }
        writer.write(indices[...], epoch: epoch, images: images, labels: labels)
      }
    }
    #expect(images.last?.isNaN == true && labels.last == -1, "written past the end")
    return (images.dropLast(), labels.dropLast())
  }

  @Test(
    "every view is what padding, cropping, flipping and normalising give", arguments: [0, 4, 9])
  func matchesDefinition(padding: Int) throws {
    let images = try sampleImages(3)
    let writer = BatchWriter(images: images, normalization: normalization)
    var target = Array(repeating: Float.nan, count: 70)
    for down in -padding...padding {
      for right in -padding...padding {
        for mirrored in [false, true] {
          let view = View(down: down, right: right, mirrored: mirrored)
          target.withUnsafeMutableBufferPointer { target in
            if let start = target.baseAddress { writer.write(1, seen: view, to: start) }
          }
          #expect(target == naive(images, 1, seen: view, padding: padding), "\(view)")
        }
      }
    }
  }

  @Test("a batch holds the drawn views of its images, and their labels")
  func batch() throws {
    let images = try sampleImages(12)
    let writer = BatchWriter(
      images: images, normalization: normalization, augmentation: .reference, seed: 20)
    let indices = [11, 0, 5, 5]
    let expected = indices.flatMap { index in
      let view = Augmentation.reference.view(seed: 20, epoch: 3, index: index)
      return naive(images, index, seen: view, padding: 4)
    }
    let (numbers, labels) = written(writer, indices, epoch: 3)
    #expect(numbers == expected)
    #expect(labels == [1, 0, 5, 5])
  }

  @Test("an image does not depend on the batch it is in", arguments: [1, 2, 5, 12])
  func batchSize(size: Int) throws {
    let writer = BatchWriter(
      images: try sampleImages(12), normalization: normalization, augmentation: .reference,
      seed: 20)
    let whole = written(writer, Array(0..<12), epoch: 1)
    let parts = stride(from: 0, to: 12, by: size).map {
      written(writer, Array($0..<min($0 + size, 12)), epoch: 1)
    }
    #expect(parts.flatMap(\.0) == whole.0)
    #expect(parts.flatMap(\.1) == whole.1)
  }

  @Test("black is −mean/deviation, padded or not, and white (1 − mean)/deviation")
  func black() throws {
    let images = try LabelledImages(
      pixels: [0, 255], labels: [0], channels: 2, height: 1, width: 1, classCount: 1)
    let writer = BatchWriter(images: images, normalization: normalization)
    #expect(written(writer, [0], epoch: 0).0 == [-0.4914 / 0.2023, 1.5])
    var padded: [Float] = [.nan, .nan]
    padded.withUnsafeMutableBufferPointer { target in
      guard let start = target.baseAddress else { return }
      writer.write(0, seen: View(down: 0, right: 1, mirrored: false), to: start)
    }
    #expect(padded == [-0.4914 / 0.2023, -0.5])
  }

  @Test("the reference's constants, in torchvision's arithmetic")
  func constants() {
    #expect(Normalization.cifar.mean == [0.4914, 0.4822, 0.4465])
    #expect(Normalization.cifar.deviation == [0.2023, 0.1994, 0.2010])
  }
}
