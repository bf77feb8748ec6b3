import ImageData
import Testing

@Suite(.serialized) struct CIFARTests {
  @Test("CIFAR-10: five files of training images, each image and label in its place")
  func cifar10() throws {
    let folder = try TemporaryFolder.cifar10()
    let record = 2345 * 3073
    try folder.write(
      "data_batch_3.bin", byteCount: 30_730_000, [record: 7, record + 1: 11, record + 3072: 13])

    let data = try CIFAR.load(.cifar10, from: folder.path)

    #expect((data.training.imageCount, data.test.imageCount) == (50_000, 10_000))
    #expect(data.training.countPerClass() == [49_999, 0, 0, 0, 0, 0, 0, 1, 0, 0])
    #expect(data.training.label(of: 22_345) == 7)
    let pixels = data.training.withPixels(of: 22_345) { Array($0) }
    #expect(pixels == [11] + Array(repeating: 0, count: 3070) + [13])
    #expect(data.test.withPixels(of: 0) { $0[0] } == 5)  // the pixel that tells the files apart
    #expect((data.name, data.source, data.classNames[7]) == ("CIFAR-10", folder.path, "horse"))
    #expect((data.training.channels, data.training.height, data.training.width) == (3, 32, 32))
  }

  @Test("CIFAR-100: the fine label is the class")
  func cifar100() throws {
    let folder = try TemporaryFolder.cifar100()
    let last = 49_999 * 3074
    try folder.write(
      "train.bin", byteCount: 153_700_000, [last: 19, last + 1: 99, last + 2: 11, last + 3073: 13])

    let data = try CIFAR.load(.cifar100, from: folder.path)

    #expect((data.training.imageCount, data.test.imageCount) == (50_000, 10_000))
    #expect(data.training.label(of: 49_999) == 99)
    #expect(data.training.classCount == 100)
    #expect(Set(data.classNames).count == 100)
    #expect(data.classNames[99] == "worm")
    let pixels = data.training.withPixels(of: 49_999) { Array($0) }
    #expect(pixels == [11] + Array(repeating: 0, count: 3070) + [13])
  }

  @Test("the parent folder does as well, and so does a place that is looked into")
  func places() throws {
    let (parent, empty) = (try TemporaryFolder(), try TemporaryFolder())
    let files = try TemporaryFolder.cifar10()
    try parent.link("cifar-10-batches-bin", to: files.path)
    let expected = parent.path + "/cifar-10-batches-bin"

    #expect(try CIFAR.load(.cifar10, from: parent.path).source == expected)
    #expect(
      try CIFAR.load(.cifar10, orSearching: [empty.path, parent.path]).source == expected)
    #expect(CIFAR.folder(of: .cifar10, inAnyOf: [empty.path, parent.path]) == expected)
    #expect(CIFAR.folder(of: .cifar100, inAnyOf: [empty.path, parent.path]) == nil)
    #expect(
      message(parent) { _ = try CIFAR.load(.cifar100, from: parent.path) } == """
        DIR: holds none of CIFAR-100's files (train.bin and test.bin) but those of CIFAR-10
          fix: use --dataset cifar10
        """)
  }

  @Test("data are looked for in ADABATCH_DATA, then in the cache folder of the user's home")
  func searched() {
    let home = "/home/u/.cache/adabatch/data"
    #expect(DataFolders.searched(environment: ["HOME": "/home/u"]) == [home])
    #expect(
      DataFolders.searched(environment: ["HOME": "/home/u", "ADABATCH_DATA": "/d"]) == ["/d", home])
    #expect(
      DataFolders.searched(environment: ["HOME": "/home/u", "ADABATCH_DATA": ""]) == [home])
  }
}

/// The real images, where this machine has them.
@Suite(
  .enabled(
    if: CIFAR.folder(of: .cifar10) != nil,
    "CIFAR-10 is neither in ADABATCH_DATA nor in ~/.cache/adabatch/data"))
struct RealCIFARTests {
  @Test("CIFAR-10 has 5,000 and 1,000 images of each class")
  func counts() throws {
    let data = try CIFAR.load(.cifar10)
    #expect(data.training.countPerClass() == Array(repeating: 5000, count: 10))
    #expect(data.test.countPerClass() == Array(repeating: 1000, count: 10))
  }

  @Test("the training images have the mean by which they are normalised")
  func mean() throws {
    let images = try CIFAR.load(.cifar10).training
    var sums = [0, 0, 0]
    for index in 0..<images.imageCount {
      images.withPixels(of: index) { pixels in
        for channel in 0..<3 {
          for pixel in 1024 * channel..<1024 * (channel + 1) { sums[channel] += Int(pixels[pixel]) }
        }
      }
    }
    for (sum, mean) in zip(sums, Normalization.cifar.mean) {
      #expect(abs(Double(sum) / (255 * 1024 * 50_000) - Double(mean)) < 0.001)
    }
  }
}
