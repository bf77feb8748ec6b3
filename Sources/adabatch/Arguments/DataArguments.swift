import ArgumentParser

/// Which images.
struct DataArguments: ParsableArguments {
  @Option(help: "Images to train on: cifar10, cifar100 or synthetic.")
  var dataset = "cifar10"

  @Option(
    help: ArgumentHelp(
      "Folder with the data set's binary files, or its parent.",
      discussion: "Unless given: $ADABATCH_DATA, then ~/.cache/adabatch/data.", valueName: "dir"))
  var data: String?

  @Option(help: "Classes of the synthetic images: 10 or 100.")
  var classes: Int?
}
