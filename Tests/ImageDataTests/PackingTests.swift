import Foundation
import ImageData
import TestSupport
import Testing

@Suite(
  "Packing photographs", .serialized,
  .enabled(if: PhotographDecoders.areThere, Comment(rawValue: PhotographDecoders.advice)))
struct PackingTests {
  @Test("gives the pixels that Pillow gives, to a rounding", arguments: [16, 24])
  func pixels(size: Int) throws {
    let folder = try TemporaryFolder()
    let packing = try PackedImages.pack(
      OwnImagesWitness.photographs, into: folder.path + "/packed", size: size)
    #expect((packing.otherCount, packing.damaged.count) == (1, 0))
    let dataset = try packing.images.dataset()
    let wanted = try PackedImages(in: OwnImagesWitness.packed(size)).dataset()
    #expect((dataset.name, dataset.classNames) == ("photographs", wanted.classNames))
    for (got, pillows) in [(dataset.training, wanted.training), (dataset.test, wanted.test)] {
      #expect(got.allLabels == pillows.allLabels)
      let differences = zip(got.allPixels, pillows.allPixels).map { abs($0 - $1) }
      // Pillow rounds twice, between columns and rows.
      #expect(differences.count == got.imageCount * 3 * size * size && differences.max()! <= 1)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["packed"])
  }

  @Test("keeps an even share of each class to test with where there is no test folder")
  func share() throws {
    let folder = try TemporaryFolder()
    for (name, count) in [("b", 5), ("a", 10)] {
      let path = folder.path + "/all/\(name)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for index in 0..<count {
        try FileManager.default.copyItem(
          atPath: OwnImagesWitness.photographs + "/train/cat/small.png",
          toPath: path + "/\(index).png")
      }
    }
    let packing = try PackedImages.pack(
      folder.path + "/all", into: folder.path + "/packed", size: 4, testShare: 0.4)
    let dataset = try packing.images.dataset()
    #expect(dataset.classNames == ["a", "b"])
    #expect(dataset.training.countPerClass() == [6, 3])
    #expect(dataset.test.countPerClass() == [4, 2])
  }

  @Test("keeps images and labels together and in order, however many there are")
  func order() throws {
    let folder = try TemporaryFolder()
    let files = ["bird/colour.jpg", "cat/small.png", "bird/grey.jpg"].map {
      OwnImagesWitness.photographs + "/train/" + $0
    }
    // More than are decoded at once; each class begins with another file.
    for (label, name) in ["a", "b"].enumerated() {
      let path = folder.path + "/all/" + name
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for index in 0..<300 {
        try FileManager.default.copyItem(
          atPath: files[(index + label) % 3], toPath: "\(path)/\(1000 + index).jpg")
      }
    }
    let packing = try PackedImages.pack(
      folder.path + "/all", into: folder.path + "/packed", size: 4, testShare: 1.0 / 300)
    let images = try packing.images.dataset().training
    #expect(images.allLabels == (0..<598).map { $0 / 299 })
    func pixels(_ index: Int) -> [UInt8] { images.withPixels(of: index) { Array($0) } }
    #expect(Set((0..<3).map(pixels)).count == 3)
    for index in 0..<598 {
      #expect(pixels(index) == pixels((index % 299 + index / 299) % 3), "\(index)")
    }
  }

  @Test("a damaged image is named, or left out when that is wanted; nothing is left half made")
  func damaged() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.photographs, as: "photographs")
    let grey = try folder.bytes(of: "photographs/train/bird/grey.jpg")
    try folder.write(grey.prefix(400), to: "photographs/train/bird/grey.jpg")
    try folder.write("GIF89a".utf8, to: "photographs/test/cat/deep.png")
    let (source, target) = (folder.path + "/photographs", folder.path + "/packed")
    let error = #expect(throws: DataError.self) {
      try PackedImages.pack(source, into: target, size: 8)
    }
    #expect(error?.file == source + "/train/bird/grey.jpg")
    #expect(error?.problem == "Premature end of JPEG file")
    #expect(error?.fix.contains("--skip-damaged") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["photographs"])

    let packing = try PackedImages.pack(source, into: target, size: 8, skippingDamaged: true)
    #expect(
      packing.damaged.map(\.file).map { $0.split(separator: "/").last } == ["grey.jpg", "deep.png"])
    let dataset = try packing.images.dataset()
    #expect(dataset.training.allLabels == [0, 0, 1, 1, 1] && dataset.test.allLabels == [0, 1])
    // What is behind a damaged one is in its place.
    let whole = try PackedImages.pack(
      OwnImagesWitness.photographs, into: folder.path + "/whole", size: 8
    ).images.dataset()
    #expect(dataset.training.allPixels.suffix(4 * 192) == whole.training.allPixels.suffix(4 * 192))
  }

  @Test(
    "takes links to folders and to files, and leaves out what leads nowhere when that is wanted")
  func links() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.photographs, as: "photographs")
    try folder.move("photographs/train/cat", to: "cats")
    try folder.link("photographs/train/cat", to: folder.path + "/cats")
    try folder.link("photographs/train/cat/nowhere.png", to: "missing.png")
    try folder.link("photographs/train/bird/more", to: folder.path + "/photographs/test/bird")
    let (source, target) = (folder.path + "/photographs", folder.path + "/packed/")
    let error = #expect(throws: DataError.self) {
      try PackedImages.pack(source, into: target, size: 8)
    }
    #expect(error?.code == .missingFile && error?.file.hasSuffix("/nowhere.png") == true)
    let packing = try PackedImages.pack(source, into: target, size: 8, skippingDamaged: true)
    #expect(packing.damaged.count == 1)
    #expect(try packing.images.dataset().training.countPerClass() == [4, 3])
    #expect(packing.images.folder == folder.path + "/packed")
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == [
        "cats", "packed", "photographs",
      ])
  }

  @Test("goes on in what a kill has left, and removes nothing of anybody else's")
  func partial() throws {
    let folder = try TemporaryFolder()
    let partial = folder.path + "/packed.partial"
    try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    try folder.write("mine".utf8, to: "packed.partial/mine.txt")
    func pack() throws {
      _ = try PackedImages.pack(
        OwnImagesWitness.photographs, into: folder.path + "/packed", size: 8)
    }
    let error = #expect(throws: DataError.self) { try pack() }
    #expect(error?.problem == "is in the way: it holds mine.txt")
    #expect(try folder.bytes(of: "packed.partial/mine.txt") == Array("mine".utf8))
    try folder.remove("packed.partial/mine.txt")
    try folder.write("half".utf8, to: "packed.partial/train-images.npy")
    try folder.write("half".utf8, to: "packed.partial/dataset.json.partial")
    try pack()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["packed"])
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder.path + "/packed")).count == 5)
  }

  @Test("no damage to a file ends in anything but an image or an error")
  func anyDamage() throws {
    let names = [
      "bird/colour.jpg", "bird/nested/progressive.JPEG", "cat/inks.jpg", "cat/small.png",
    ]
    for name in names {
      let folder = try TemporaryFolder()
      for kind in ["all/a", "all/b"] {
        try FileManager.default.createDirectory(
          atPath: folder.path + "/" + kind, withIntermediateDirectories: true)
      }
      let path = "\(OwnImagesWitness.photographs)/train/\(name)"
      let whole = Array(try Data(contentsOf: URL(filePath: path)))
      for place in stride(from: 0, to: whole.count, by: 3) {
        var flipped = whole
        flipped[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
        try folder.write(flipped, to: "all/a/flipped-\(place).jpg")
        try folder.write(whole.prefix(place), to: "all/a/cut-\(place).jpg")
      }
      for index in 0..<2 { try folder.write(whole, to: "all/a/whole-\(index).jpg") }
      for index in 0..<2 { try folder.write(whole, to: "all/b/whole-\(index).jpg") }
      let packing = try PackedImages.pack(
        folder.path + "/all", into: folder.path + "/packed", size: 8, testShare: 0.5,
        skippingDamaged: true)
      // Of a PNG the last bytes say no more than that it ends.
      let cuts = packing.damaged.count { $0.file.contains("cut-") }
      #expect(cuts >= (whole.count + 2) / 3 - (name.hasSuffix("png") ? 4 : 0), "\(name)")
    }
  }

  @Test("a file that claims to be enormous is refused before there is memory for it")
  func enormous() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.photographs, as: "photographs")
    var png = try folder.bytes(of: "photographs/train/cat/small.png")
    var jpeg = try folder.bytes(of: "photographs/train/bird/colour.jpg")
    // Width and height, and the checksum of the chunk they are in; those of a JPEG have none.
    png.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
    png.replaceSubrange(29..<33, with: [0xE3, 0xE6, 0xA7, 0xB4])
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    for (name, bytes) in [("train/cat/small.png", png), ("train/bird/colour.jpg", jpeg)] {
      let whole = try folder.bytes(of: "photographs/" + name)
      try folder.write(bytes, to: "photographs/" + name)
      let error = #expect(throws: DataError.self) {
        try PackedImages.pack(
          folder.path + "/photographs", into: folder.path + "/packed", size: 8)
      }
      #expect(error?.file.hasSuffix(name) == true)
      #expect(error?.problem.contains("more than 100,000,000 are not decoded") == true, "\(error!)")
      try folder.write(whole, to: "photographs/" + name)
    }
  }
}

@Suite("Folders of photographs") struct ClassFolderTests {
  /// Files to make, and what is said of them.
  @Test(
    "that cannot be packed are refused, and it is said why",
    arguments: [
      ([], "holds no folders, and one for each class is needed"),
      (["a/notes.txt"], "there is no image of 'a' to train on"),
      (["train/a/1.png"], "has train, but neither test nor val"),
      (["train/a/1.png", "test/b/1.png"], "no class of that name is in the images to train on"),
      (["train/a/1.png", "val/a/.hidden.png"], "there is no image to test with"),
      (["train/a,b/1.png", "val/a/1.png"], "'a,b' cannot be a class's name"),
      (["Train/a/1.png", "Test/a/1.png"], "is it a class, or a part of the images?"),
      (["train/\u{E9}/1.png", "test/e\u{301}/1.png"], "no class of that name is in the images"),
      (["\u{E9}/1.png", "e\u{301}/1.png"], "differ in the spelling of an accent alone"),
    ] as [([String], String)])
  func refused(files: [String], says: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/all", withIntermediateDirectories: true)
    for name in files {
      let file = URL(filePath: folder.path + "/all/" + name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: file)
    }
    let error = #expect(throws: DataError.self) {
      try PackedImages.pack(folder.path + "/all", into: folder.path + "/packed", size: 8)
    }
    #expect(error?.problem.contains(says) == true, "\(error!)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["all"])
  }

  @Test("are not packed over what is there")
  func inTheWay() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine".utf8, to: "packed")
    let error = #expect(throws: DataError.self) {
      try PackedImages.pack(OwnImagesWitness.photographs, into: folder.path + "/packed", size: 8)
    }
    #expect(error?.code == .badFolder)
    #expect(try folder.bytes(of: "packed") == Array("mine".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["packed"])
  }

  @Test("are not packed into themselves", arguments: ["", "/train", "/train/bird/more"])
  func inside(place: String) throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.photographs, as: "photographs")
    try folder.link("same", to: "photographs")
    let error = #expect(throws: DataError.self) {
      try PackedImages.pack(
        folder.path + "/photographs", into: folder.path + "/same" + place + "/packed", size: 8)
    }
    #expect(error?.problem == "lies in the folder of the photographs")
  }
}
