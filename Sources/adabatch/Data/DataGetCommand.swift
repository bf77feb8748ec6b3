import AdaBatch
import ArgumentParser
import Foundation

struct DataGetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Fetch a data set's official archive, check it and unpack it.",
    discussion: """
      EXAMPLE
        adabatch data get cifar100 --data /scratch/data

      Uses the system's curl. A download that was interrupted goes on when the command is given \
      again. Where the archive is in the folder already, nothing is downloaded; where the files \
      are, nothing is done.
      """)

  @Argument(help: ArgumentHelp("cifar10 or cifar100.", valueName: "name"))
  var name: String

  @Option(
    help: ArgumentHelp(
      "Folder to put it into.",
      discussion: "Unless given: $ADABATCH_DATA, else ~/.cache/adabatch/data.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Address of the same archive elsewhere; its checksum has to be the official one.",
      valueName: "url"))
  var from: String?

  mutating func run() throws {
    let variant = try CIFAR.Variant(named: name, option: "data get")
    let folder = data ?? DataFolders.searched()[0]
    let progress = DownloadProgress()
    let path = try CIFAR.fetch(variant, into: folder, from: from, report: progress.show)
    let dataset = try CIFAR.load(variant, from: path)
    Console.print(
      "\(dataset.name), \(grouped(dataset.training.imageCount)) images to train on and "
        + "\(grouped(dataset.test.imageCount)) to test with, is in \(path)")
  }
}
