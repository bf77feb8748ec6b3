import AdaBatch
import ArgumentParser
import Foundation

struct DataInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show a data set's files, images and classes, and the mean of its pixels.",
    discussion: """
      EXAMPLE
        adabatch data info --dataset cifar100 --json
      """)

  @OptionGroup var reading: ReadingArguments

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let found = try reading.inspect(comparing: false)
    guard let dataset = found.dataset else { throw found.faults[0] }
    let info = DataInfo(found, dataset)
    if json { try Console.print(json: info) } else { show(info) }
  }

  private func show(_ info: DataInfo) {
    Console.print("\(info.name) in \(info.path)")
    for file in info.files {
      Console.print(
        "  \(file.name.padding(toLength: 18, withPad: " ", startingAt: 0))"
          + padded(grouped(file.bytes), 11) + " bytes" + padded(grouped(file.images), 8) + " images"
      )
    }
    let training = info.classes.reduce(0) { $0 + $1.training }
    let test = info.classes.reduce(0) { $0 + $1.test }
    Console.print(
      """
      \(grouped(training)) images to train on, \(grouped(test)) to test with, \
      \(info.shape.map(String.init).joined(separator: " × ")), \(info.classes.count) classes

      pixels to train on, white is 1  \(channels(info))
        mean                          \(row(info.mean))
        deviation                     \(row(info.deviation))
        normalised with mean          \(row(info.normalization.mean))
        and deviation                 \(row(info.normalization.deviation))

      class                training    test
      """)
    for (label, image) in info.classes.enumerated() {
      let name = image.name.padding(toLength: 16, withPad: " ", startingAt: 0)
      Console.print(
        padded("\(label)", 2) + "  " + name + padded(grouped(image.training), 9)
          + padded(grouped(image.test), 8))
    }
  }

  private func channels(_ info: DataInfo) -> String {
    let names =
      info.shape[0] == 3
      ? ["red", "green", "blue"] : (1...info.shape[0]).map { "no. \($0)" }
    return names.map { padded($0, 8) }.joined()
  }

  private func row(_ values: [Double]) -> String {
    values.map { padded(String(format: "%.4f", $0), 8) }.joined()
  }
}
