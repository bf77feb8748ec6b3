import ArgumentParser

/// Which network, and which images.
struct DataArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Network to train; adabatch networks lists them.", valueName: "name"))
  var network = "resnet20"

  @Option(
    help: ArgumentHelp(
      "Images to train on: cifar10, cifar100, synthetic, or folder for your own.",
      valueName: "name"))
  var dataset = "cifar10"

  @Option(help: .data())
  var data: String?

  @Option(help: ArgumentHelp("Classes of synthetic images: 10 or 100.", valueName: "n"))
  var classes: Int?
}

extension ArgumentHelp {
  /// Of `--data`, wherever a data set is read.
  ///
  /// - Parameter first: what comes before the places that every command looks into.
  static func data(unlessGiven first: String = "") -> ArgumentHelp {
    ArgumentHelp(
      "Folder with the data set's files, its parent, or the .tar.gz.",
      discussion: "Unless given: \(first)$ADABATCH_DATA, then ~/.cache/adabatch/data.",
      valueName: "path")
  }
}
