import AdaBatch
import ArgumentParser

struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read every file and label of a data set, and say what is wrong.",
    discussion: """
      EXAMPLE
        adabatch data check --dataset cifar100

      Files that are well-formed but have other than the official bytes can be trained on; that \
      they have is said. Exits with 65 for a fault, 66 for data that are missing.
      """)

  @OptionGroup var reading: ReadingArguments

  mutating func run() throws {
    let found = try reading.inspect(comparing: true)
    Console.print("\(found.name) in \(found.path)")
    let width = found.files.map(\.name.count).max() ?? 0
    for file in found.files {
      let name = file.name.padding(toLength: width, withPad: " ", startingAt: 0)
      Console.print("  \(name)  \(file.contents.map(words) ?? "cannot be used")")
    }
    try finish(found)
  }

  private func finish(_ found: DatasetInspection) throws {
    let failures = found.faults.compactMap { Failure($0) }
    for failure in failures { Console.report("adabatch: \(failure.message)") }
    guard failures.isEmpty, let dataset = found.dataset else {
      // Damage weighs more than what is missing.
      throw ExitCode(failures.map(\.code).min() ?? 1)
    }
    Console.print(
      "well-formed: \(grouped(dataset.training.imageCount)) images to train on, "
        + "\(grouped(dataset.test.imageCount)) to test with, \(dataset.classNames.count) classes")
    if let isOfficial = found.isOfficial { Console.print(origin(isOfficial, found)) }
  }

  private func origin(_ isOfficial: Bool, _ found: DatasetInspection) -> String {
    if isOfficial { return "all bytes are the official ones" }
    let isArchive = found.files.allSatisfy { $0.contents?.isOfficial == nil }
    return isArchive
      ? "not the official archive; whether the images are the official ones was not compared"
      : "not the official bytes: results may differ from those of others by more than chance"
  }

  private func words(_ contents: DatasetInspection.Contents) -> String {
    let labels = contents.labels.map { "\($0.name)s \($0.smallest) to \($0.largest)" }
    let official =
      switch contents.isOfficial {
      case true?: ["official bytes"]
      case false?: ["not the official bytes"]
      case nil: [String]()
      }
    return
      (["\(grouped(contents.byteCount)) bytes", "\(grouped(contents.imageCount)) images"]
      + labels + official).joined(separator: "  ")
  }
}
