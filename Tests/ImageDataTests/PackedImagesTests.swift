import Foundation
import ImageData
import RunRecords
import Testing

@Suite("Images of the user's own, in NumPy arrays") struct PackedImagesTests {
  @Test("are what NumPy has saved")
  func saved() throws {
    let images = try PackedImages(in: OwnImagesWitness.packed(16))
    #expect(
      images.outline
        == DatasetOutline(
          name: "packed-16", classCount: 2, trainingCount: 6, testCount: 3,
          imageDimensions: [3, 16, 16]))
    let dataset = try images.dataset()
    #expect(dataset.outline == images.outline)
    #expect(dataset.classNames == ["bird", "cat"])
    #expect(dataset.training.allLabels == [0, 0, 0, 1, 1, 1])
    #expect(dataset.test.allLabels == [0, 1, 1])
    let file = Array(
      try Data(contentsOf: URL(filePath: images.folder + "/train-images.npy")).suffix(6 * 768))
    #expect(dataset.training.allPixels == file.map(Int.init))
  }

  @Test("are normalised by their own pixels, or as is said")
  func normalization() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.packed(16), as: "a")
    let dataset = try PackedImages(in: folder.path + "/a").dataset()
    let statistics = dataset.training.channelStatistics()
    #expect(dataset.normalization.mean == statistics.mean.map(Float.init))
    #expect(dataset.normalization.deviation == statistics.deviation.map(Float.init))
    try folder.write(
      #"{"classes":["b","c"],"name":"Birds","mean":[0.5,0,1],"deviation":[0.1,2,3]}"#.utf8,
      to: "a/dataset.json")
    let said = try PackedImages(in: folder.path + "/a").dataset()
    #expect(said.normalization == Normalization(mean: [0.5, 0, 1], deviation: [0.1, 2, 3]))
    #expect(said.name == "Birds")
  }

  @Test("are other images when a file has changed")
  func fingerprint() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.packed(16), as: "a")
    let before = try PackedImages(in: folder.path + "/a").dataset().fingerprint
    #expect(before.files.count == 5)
    #expect(try PackedImages(in: folder.path + "/a").dataset().fingerprint == before)
    try folder.write(
      try folder.bytes(of: "a/test-images.npy"), to: "a/test-images.npy")
    #expect(try PackedImages(in: folder.path + "/a").dataset().fingerprint != before)
  }

  /// A file of the data set, what is written into it, and what is said then.
  struct Fault: CustomTestStringConvertible {
    let file: String
    let bytes: [UInt8]
    let says: String

    init(_ file: String, _ bytes: [UInt8], _ says: String) {
      (self.file, self.bytes, self.says) = (file, bytes, says)
    }

    init(_ file: String, _ text: String, _ says: String) {
      self.init(file, Array(text.utf8), says)
    }

    var testDescription: String { says }
  }

  @Test(
    "are refused where they are damaged or do not belong together, and it is said why",
    arguments: [
      Fault("dataset.json", "classes: [a]", "it is not JSON"),
      Fault("dataset.json", "{}", "classes is missing"),
      Fault("dataset.json", #"{"classes":"ab"}"#, "classes is not what it should be"),
      Fault("dataset.json", #"{"classes":[]}"#, "it names no class"),
      Fault("dataset.json", #"{"classes":["a","b,c"]}"#, "'b,c' cannot be a class's name"),
      Fault("dataset.json", #"{"classes":["a\n","b"]}"#, #"'a\n' cannot be a class's name"#),
      Fault("dataset.json", #"{"classes":["a","a"]}"#, "two classes have one name"),
      Fault("dataset.json", #"{"classes":["a"]}"#, "image 3 has label 1, but classes are 0 to 0"),
      Fault(
        "dataset.json", #"{"classes":["a","b"],"mean":[1]}"#, "do not fit images of 3 channels"),
      Fault(
        "dataset.json", #"{"classes":["a","b"],"mean":[1,1,1],"deviation":[1,0,1]}"#,
        "do not fit images of 3 channels"),
      Fault(
        "dataset.json", #"{"classes":["a","b"],"name":"\u001b[2J"}"#,
        #"'\u{1B}[2J' cannot be a name"#),
      Fault(
        "dataset.json",
        #"{"classes":["a","b"],"mean":[1,1,1],"deviation":[1,1e-45,1]}"#,
        "do not fit images of 3 channels"),
      Fault(
        "test-labels.npy",
        array("<u8", "(3,)", 8) + [UInt8](repeating: 255, count: 8)
          + [UInt8](repeating: 0, count: 8),
        "image 1 has label 18446744073709551616"),
      Fault("train-images.npy", "PK", "it is no NumPy array"),
      Fault("train-images.npy", array("|u1", "(6, 3, 16, 16)", 4607), "4607 bytes of data"),
      Fault(
        "train-images.npy", array("<f4", "(6, 3, 2, 2)", 288), "float32 of the shape 6 × 3 × 2 × 2"),
      Fault("train-images.npy", array("|u1", "(6, 768)", 4608), "uint8 of the shape 6 × 768"),
      Fault("train-images.npy", array("|O", "(6,)", 48), "it holds Python objects"),
      Fault(
        "train-images.npy",
        array("|u1", "(9000000000, 9000000000, 9000000000, 4)", 4608), "4608 bytes of data"),
      Fault(
        "test-images.npy", array("|u1", "(3, 3, 16, 18)", 2592),
        "its images are 3 × 16 × 18, and those to train on 3 × 16 × 16"),
      Fault(
        "test-labels.npy", array("<i8", "(4,)", 32),
        "a whole number for each of 3 images is needed"),
      Fault("test-labels.npy", array("<f8", "(3,)", 24), "it holds float64 of the shape 3"),
      Fault(
        "test-labels.npy", array("|i1", "(3,)", 0) + [0, 255, 0], "image 1 has label -1"),
    ])
  func faults(fault: Fault) throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.packed(16), as: "a")
    try folder.write(fault.bytes, to: "a/" + fault.file)
    let error = #expect(throws: DataError.self) {
      try PackedImages(in: folder.path + "/a").dataset()
    }
    #expect(error?.problem.contains(fault.says) == true, "\(String(describing: error))")
  }

  @Test(
    "with a file cut off anywhere are refused", arguments: ["test-images.npy", "test-labels.npy"])
  func cut(name: String) throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.packed(16), as: "a")
    let whole = try folder.bytes(of: "a/" + name)
    for length in 0..<whole.count {
      try folder.write(whole.prefix(length), to: "a/" + name)
      #expect(throws: DataError.self, "\(length)") { try PackedImages(in: folder.path + "/a") }
    }
  }

  @Test("that are missing are missed by name")
  func missing() throws {
    let folder = try TemporaryFolder(copying: OwnImagesWitness.packed(16), as: "a")
    for name in ["test-labels.npy", "train-images.npy", "dataset.json"] {
      try folder.remove("a/" + name)
      let error = #expect(throws: DataError.self) { try PackedImages(in: folder.path + "/a") }
      #expect(error?.code == .missingFile && "\(error!)".contains(name))
    }
  }
}

/// An array of zeros.
private func array(_ type: String, _ shape: String, _ bytes: Int) -> [UInt8] {
  NPYHeader.bytes(type: type, shape: shape) + [UInt8](repeating: 0, count: bytes)
}
