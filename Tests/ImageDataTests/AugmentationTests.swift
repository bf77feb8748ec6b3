import ImageData
import Testing

@Suite struct AugmentationTests {
  @Test("all 81 crops, mirrored or not, are equally likely")
  func uniform() {
    var counts: [[Int]: Int] = [:]
    for index in 0..<81_000 {
      let view = Augmentation.reference.view(seed: 20, epoch: 0, index: index)
      counts[[view.down, view.right, view.mirrored ? 1 : 0], default: 0] += 1
    }
    #expect(counts.count == 162)
    #expect(counts.values.allSatisfy { abs($0 - 500) < 5 * 23 })  // five deviations
    #expect(counts.keys.allSatisfy { abs($0[0]) <= 4 && abs($0[1]) <= 4 })
  }

  @Test("a view follows from seed, epoch and index, and each of them matters")
  func function() {
    func views(seed: UInt64, epoch: Int, from first: Int) -> [View] {
      (first..<first + 20).map {
        Augmentation.reference.view(seed: seed, epoch: epoch, index: $0)
      }
    }
    let views0 = views(seed: 1, epoch: 2, from: 3)
    #expect(views0 == views(seed: 1, epoch: 2, from: 3))
    #expect(views0 != views(seed: 2, epoch: 2, from: 3))
    #expect(views0 != views(seed: 1, epoch: 3, from: 3))
    #expect(views0 != views(seed: 1, epoch: 2, from: 23))
  }

  @Test("a seed means the same views for ever")
  func golden() {  // Scripts/golden/random_streams.py, "below 9" and "flip"
    let view = Augmentation.reference.view(seed: 20, epoch: 1, index: 7)
    #expect(view == View(down: 3 - 4, right: 8 - 4, mirrored: true))
  }

  @Test("crop and flip are drawn apart: leaving one out does not change the other")
  func apart() {
    let onlyFlips = Augmentation(padding: 0, flips: true)
    let onlyCrops = Augmentation(padding: 4, flips: false)
    for index in 0..<100 {
      let both = Augmentation.reference.view(seed: 5, epoch: 6, index: index)
      let flipped = onlyFlips.view(seed: 5, epoch: 6, index: index)
      let cropped = onlyCrops.view(seed: 5, epoch: 6, index: index)
      #expect(flipped == View(down: 0, right: 0, mirrored: both.mirrored))
      #expect(cropped == View(down: both.down, right: both.right, mirrored: false))
    }
  }

  @Test("without augmentation an image is seen as it is")
  func none() {
    let plain = View(down: 0, right: 0, mirrored: false)
    #expect((0..<100).allSatisfy { Augmentation.none.view(seed: 1, epoch: 1, index: $0) == plain })
  }
}
