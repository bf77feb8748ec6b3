extension CIFAR {
  /// How one data set lies in its files.
  package struct Layout: Sendable {
    let name: String
    /// The folder that the official archive unpacks to.
    package let folderName: String
    package var archive: Archive
    /// The value of `--dataset` that loads it.
    let flag: String
    let classNames: [String]
    /// The bytes before the pixels of a record; the last one is the class.
    let labels: [LabelField]
    package var training: FileGroup
    package var test: FileGroup

    /// Files of one kind.
    package struct FileGroup: Sendable {
      let names: [String]
      package var recordsPerFile: Int
    }

    /// A byte of a record that must be below `count`.
    struct LabelField: Sendable {
      let name: String
      let count: Int
    }

    static let shape = (channels: 3, height: 32, width: 32)
    static let pixelBytes = 3 * 32 * 32

    var recordBytes: Int { labels.count + Layout.pixelBytes }
    package var fileNames: [String] { training.names + test.names }

    package init(_ variant: Variant) {
      self = variant == .cifar10 ? Layout.cifar10 : Layout.cifar100
    }
  }
}

extension CIFAR.Layout {
  private init(
    _ name: String, folder: String, archive: CIFAR.Archive, flag: String, classNames: [String],
    labels: [LabelField], training: FileGroup, test: FileGroup
  ) {
    self.name = name
    folderName = folder
    self.archive = archive
    self.flag = flag
    self.classNames = classNames
    self.labels = labels
    self.training = training
    self.test = test
  }

  /// Six files of 10,000 records: 1 label, 3,072 pixels.
  package static let cifar10 = CIFAR.Layout(
    "CIFAR-10", folder: "cifar-10-batches-bin", archive: .cifar10,
    flag: "cifar10", classNames: CIFAR.classNames10, labels: [LabelField(name: "label", count: 10)],
    training: FileGroup(
      names: (1...5).map { "data_batch_\($0).bin" }, recordsPerFile: 10_000),
    test: FileGroup(names: ["test_batch.bin"], recordsPerFile: 10_000))

  /// Two files of 50,000 and 10,000 records: the superclass, the class, 3,072 pixels.
  package static let cifar100 = CIFAR.Layout(
    "CIFAR-100", folder: "cifar-100-binary", archive: .cifar100,
    flag: "cifar100", classNames: CIFAR.classNames100,
    labels: [
      LabelField(name: "coarse label", count: 20), LabelField(name: "fine label", count: 100),
    ],
    training: FileGroup(names: ["train.bin"], recordsPerFile: 50_000),
    test: FileGroup(names: ["test.bin"], recordsPerFile: 10_000))

  static let all = [cifar10, cifar100]

  /// The advice for a file that is not what it should be.
  var unpackAgain: String { "unpack \(archive.name) again" }

  /// The command that fetches the data set.
  var getCommand: String { "adabatch data get \(flag)" }

  /// The records that the file called `name` has.
  func recordCount(of name: String) -> Int {
    (training.names.contains(name) ? training : test).recordsPerFile
  }
}
