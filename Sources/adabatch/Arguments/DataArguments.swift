import ArgumentParser

/// Which network, and which images.
struct DataArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Network to train; adabatch networks lists them.", valueName: "name"))
  var network = "resnet20"

  @Option(
    help: ArgumentHelp(
      "Images to train on: cifar10, cifar100 or synthetic.", valueName: "name"))
  var dataset = "cifar10"

  @Option(
    help: ArgumentHelp(
      "Folder with the data set's binary files, its parent, or the .tar.gz.",
      discussion: "Unless given: $ADABATCH_DATA, then ~/.cache/adabatch/data.", valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("Classes of synthetic images: 10 or 100.", valueName: "n"))
  var classes: Int?
}
