import ImageData
import Testing

/// One way to spoil a folder of good files, and what the user is told; DIR is the folder.
struct Fault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var variant = CIFAR.Variant.cifar10
  let spoil: @Sendable (TemporaryFolder) throws -> Void
  let code: DataError.Code
  let message: String

  static let all = folders + files + contents

  static let folders = [
    Fault(
      testDescription: "an empty folder",
      spoil: { folder in for name in TemporaryFolder.names10 { try folder.remove(name) } },
      code: .missingFile,
      message: """
        DIR: holds none of CIFAR-10's files (data_batch_1.bin … test_batch.bin)
          fix: adabatch data get cifar10 --data DIR fetches them, or name the folder that holds them
        """),
    Fault(
      testDescription: "what is called as the archive, and is none",
      spoil: { folder in
        for name in TemporaryFolder.names10 { try folder.remove(name) }
        try folder.write("cifar-10-binary.tar.gz", byteCount: 100)
      },
      code: .badArchive,
      message: """
        DIR/cifar-10-binary.tar.gz: cannot be unpacked: not in gzip format
          fix: it is damaged or not whole: fetch it again
        """),
    Fault(
      testDescription: "the Python version",
      spoil: { folder in
        for name in TemporaryFolder.names10 {
          try folder.move(name, to: String(name.dropLast(4)))
        }
      },
      code: .missingFile,
      message: """
        DIR: holds none of CIFAR-10's files (data_batch_1.bin … test_batch.bin) but the Python \
        version
          fix: get the binary version: adabatch data get cifar10 --data DIR
        """),
    Fault(
      testDescription: "CIFAR-10 where CIFAR-100 is asked for", variant: .cifar100,
      spoil: { folder in
        try folder.remove("train.bin")
        try folder.remove("test.bin")
        try folder.write("data_batch_1.bin", byteCount: 30_730_000)
      },
      code: .missingFile,
      message: """
        DIR: holds none of CIFAR-100's files (train.bin and test.bin) but those of CIFAR-10
          fix: use --dataset cifar10
        """),
  ]

  static let files = [
    Fault(
      testDescription: "one file missing",
      spoil: { try $0.remove("data_batch_3.bin") },
      code: .missingFile,
      message: """
        DIR/data_batch_3.bin: no such file or folder
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "a file of a few bytes",
      spoil: { try $0.write("data_batch_3.bin", byteCount: 30_000) },
      code: .wrongSize,
      message: """
        DIR/data_batch_3.bin: 30,000 bytes, but this file of CIFAR-10 has 30,730,000 \
        (10,000 records of 3,073)
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "an empty file",
      spoil: { try $0.write("test_batch.bin", byteCount: 0) },
      code: .wrongSize,
      message: """
        DIR/test_batch.bin: 0 bytes, but this file of CIFAR-10 has 30,730,000 \
        (10,000 records of 3,073)
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "one byte too many",
      spoil: { try $0.write("data_batch_1.bin", byteCount: 30_730_001) },
      code: .wrongSize,
      message: """
        DIR/data_batch_1.bin: 30,730,001 bytes, but this file of CIFAR-10 has 30,730,000 \
        (10,000 records of 3,073)
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "a file of CIFAR-100 in the place of one of CIFAR-10",
      spoil: { try $0.write("test_batch.bin", byteCount: 30_740_000) },
      code: .wrongSize,
      message: """
        DIR/test_batch.bin: 30,740,000 bytes, but this file of CIFAR-10 has 30,730,000 \
        (10,000 records of 3,073); CIFAR-100's test.bin has that size
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "training and test file of CIFAR-100 swapped", variant: .cifar100,
      spoil: { folder in
        try folder.move("train.bin", to: "other.bin")
        try folder.move("test.bin", to: "train.bin")
        try folder.move("other.bin", to: "test.bin")
      },
      code: .wrongSize,
      message: """
        DIR/train.bin: 30,740,000 bytes, but this file of CIFAR-100 has 153,700,000 \
        (50,000 records of 3,074); CIFAR-100's test.bin has that size
          fix: unpack cifar-100-binary.tar.gz again
        """),
    Fault(
      testDescription: "a folder in a file's place",
      spoil: { folder in
        try folder.remove("data_batch_2.bin")
        try folder.link("data_batch_2.bin", to: folder.path)
      },
      code: .wrongKind,
      message: """
        DIR/data_batch_2.bin: not a regular file
          fix: unpack cifar-10-binary.tar.gz again
        """),
    Fault(
      testDescription: "a file that cannot be opened",  // permissions do not stop root, this does
      spoil: { folder in
        try folder.remove("data_batch_2.bin")
        try folder.link("data_batch_2.bin", to: "data_batch_2.bin")
      },
      code: .unreadable,
      message: """
        DIR/data_batch_2.bin: cannot be read: Too many levels of symbolic links
          fix: unpack cifar-10-binary.tar.gz again
        """),
  ]
}
