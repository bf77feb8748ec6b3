extension CIFAR {
  /// The official archive of a data set: where it is, and how its bytes are known.
  package struct Archive: Sendable {
    package var name: String
    package var url: String
    package var byteCount: Int
    /// In lower-case hexadecimal digits.
    package var md5: String
    /// The same of each file in it that we read, by its name.
    package var fileMD5: [String: String]

    package init(
      name: String, url: String, byteCount: Int, md5: String, fileMD5: [String: String]
    ) {
      self.name = name
      self.url = url
      self.byteCount = byteCount
      self.md5 = md5
      self.fileMD5 = fileMD5
    }
  }
}

// The archives' MD5 sums are those that https://www.cs.toronto.edu/~kriz/cifar.html shows beside
// its links. It shows no other kind of sum; MD5 is weak where somebody makes both of two files, and
// still finds every damage and every other file put in the place of a given one.
//
// Sizes and sums are also those of the files that the git-annex repositories
// datasets-mila/datasets--cifar10 and --cifar100 hold. None of them was made by hashing the official
// server's files ourselves: unverified in that sense.
extension CIFAR.Archive {
  /// The files' sums are those that prabhuomkar/pytorch-cpp and rai-project/dldataset check.
  static let cifar10 = CIFAR.Archive(
    name: "cifar-10-binary.tar.gz",
    url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    byteCount: 170_052_171, md5: "c32a1d4ab5d03f1284b67883e8d87530",
    fileMD5: [
      "data_batch_1.bin": "5dd7e06a14cb22eb9f671a540d1b7c25",
      "data_batch_2.bin": "5ea93a67294ea407fff1d09f752e9692",
      "data_batch_3.bin": "942cd6a4bcdd0dd3c604fbe906cb4421",
      "data_batch_4.bin": "ae636b3ba5c66a11e91e8cb52e771fcb",
      "data_batch_5.bin": "53f37980c15c3d472c316c40844f3f0d",
      "test_batch.bin": "803d5f7f4d78ea53de84dbe85f74fb6d",
    ])

  /// The files' sums are those of rai-project/dldataset; no second source was found.
  static let cifar100 = CIFAR.Archive(
    name: "cifar-100-binary.tar.gz",
    url: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
    byteCount: 168_513_733, md5: "03b5dce01913d631647c71ecec9e9cb8",
    fileMD5: [
      "train.bin": "6172c7755cfe09b2fe270c85cebc1b15",
      "test.bin": "4499cfba6c016c1be1438163640a0898",
    ])
}
