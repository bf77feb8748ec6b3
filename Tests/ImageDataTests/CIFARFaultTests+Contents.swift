import ImageData
import Testing

extension Fault {
  /// Files of the right size with wrong bytes.
  static let contents = [
    Fault(
      testDescription: "a label out of range",
      spoil: { folder in
        try folder.write("data_batch_2.bin", byteCount: 30_730_000, [1: 9, 17 * 3073: 255])
      },
      code: .badLabel,
      message: """
        DIR/data_batch_2.bin: record 17 (byte 52,241) has label 255, but CIFAR-10's are 0 to 9
          fix: the file is damaged or not CIFAR-10's: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "a superclass out of range", variant: .cifar100,
      spoil: { try $0.write("test.bin", byteCount: 30_740_000, [30_740_000 - 3074: 20]) },
      code: .badLabel,
      message: """
        DIR/test.bin: record 9,999 (byte 30,736,926) has coarse label 20, but CIFAR-100's are \
        0 to 19
          fix: the file is damaged or not CIFAR-100's: unpack cifar-100-binary.tar.gz again
        """),
    Fault(
      testDescription: "a copy of another file",
      spoil: { try $0.write("test_batch.bin", byteCount: 30_730_000, [1: 3]) },
      code: .duplicateFile,
      message: """
        DIR/test_batch.bin: the same bytes as data_batch_4.bin
          fix: one of the two is a copy in the wrong place: unpack cifar-10-binary.tar.gz again
        """),
  ]
}

@Suite(.serialized) struct CIFARFaultTests {
  @Test(
    "a spoiled folder is refused with the file, the reason and the remedy", arguments: Fault.all)
  func refused(fault: Fault) throws {
    let folder = try fault.variant == .cifar10 ? TemporaryFolder.cifar10() : .cifar100()
    try fault.spoil(folder)
    #expect(
      message(folder) { _ = try CIFAR.load(fault.variant, from: folder.path) } == fault.message)
    let error = #expect(throws: DataError.self) {
      try CIFAR.load(fault.variant, from: folder.path)
    }
    #expect(error?.code == fault.code)
  }

  @Test("a folder that is not there, and a file in its place")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("archive", byteCount: 1)
    #expect(
      message(folder) { _ = try CIFAR.load(.cifar10, from: folder.path + "/nowhere") } == """
        DIR/nowhere: no such file or folder
          fix: name the folder that holds data_batch_1.bin … test_batch.bin, its parent, or \
        cifar-10-binary.tar.gz (--data)
        """)
    #expect(
      message(folder) { _ = try CIFAR.load(.cifar100, from: folder.path + "/archive") } == """
        DIR/archive: a file, but a folder is needed
          fix: name the folder that holds train.bin and test.bin, its parent, or \
        cifar-100-binary.tar.gz (--data)
        """)
  }

  @Test("no folder named, and the data set is in none of the places")
  func nowhere() throws {
    let folder = try TemporaryFolder()
    let places = [folder.path, folder.path + "/other"]
    #expect(
      message(folder) { _ = try CIFAR.load(.cifar10, orSearching: places) } == """
        CIFAR-10: not found in DIR or DIR/other
          fix: adabatch data get cifar10 fetches it; or name its folder or archive with --data; \
        --dataset synthetic needs no files
        """)
  }

  @Test("a test batch that changed places with a training batch is noticed by its classes")
  func swapped() throws {
    let folder = try TemporaryFolder()
    for (place, name) in TemporaryFolder.names10.enumerated() {
      try folder.write(name, byteCount: 30_730_000, SwappedLabels.bytes(ofFile: place))
    }
    #expect(
      message(folder) { _ = try CIFAR.load(.cifar10, from: folder.path) } == """
        DIR/test_batch.bin: holds training images: data_batch_2.bin has the test batch's 1,000 \
        images of each class, this file has not
          fix: exchange the names of the two files, or unpack cifar-10-binary.tar.gz again
        """)
    try folder.move("test_batch.bin", to: "other.bin")
    try folder.move("data_batch_2.bin", to: "test_batch.bin")
    try folder.move("other.bin", to: "data_batch_2.bin")
    #expect(throws: Never.self) { try CIFAR.load(.cifar10, from: folder.path) }
  }
}

/// Labels of CIFAR-10's counts, but with the test batch in the place of the second file.
private enum SwappedLabels {
  static func bytes(ofFile place: Int) -> [Int: UInt8] {
    var bytes: [Int: UInt8] = [1: UInt8(place)]
    for record in 0..<10_000 { bytes[record * 3073] = label(place, record) }
    return bytes
  }

  /// Every file but the second is uneven in classes 0 and 1; together they are even.
  private static func label(_ place: Int, _ record: Int) -> UInt8 {
    let even = UInt8(record % 10)
    switch place {
    case 0: return even == 0 && record < 100 ? 1 : even
    case 3: return even == 0 && record < 200 ? 1 : even
    case 2, 4, 5: return even == 1 && record < 100 ? 0 : even
    default: return even
    }
  }
}
