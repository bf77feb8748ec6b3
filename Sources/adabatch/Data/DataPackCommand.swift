import AdaBatch
import ArgumentParser
import Foundation

struct DataPackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Make a data set of your own photographs.",
    discussion: """
      EXAMPLE
        adabatch data pack photos --into packed --image-size 64
        adabatch train --dataset folder --data packed

      Reads JPEG and PNG files in a folder for each class: photos/train/CLASS/… and \
      photos/test/CLASS/… (or val, valid, validation), or photos/CLASS/…, of which a share is kept to \
      test with. Each image is scaled until its shorter side has --image-size pixels, and its middle \
      kept. Needs libturbojpeg0 and libpng16-16; training needs neither.

      What it makes are NumPy arrays, which programs of your own can make as well: \
      Documentation/OwnImages.md.
      """)

  @Argument(help: "Folder of the photographs.")
  var photographs: String

  @Option(help: ArgumentHelp("Folder to make.", valueName: "dir"))
  var into: String

  @Option(help: ArgumentHelp("Width and height of the packed images, in pixels.", valueName: "n"))
  var imageSize = 32

  @Option(
    help: ArgumentHelp(
      "Share of each class that is kept to test with, where there is no test folder.",
      valueName: "x"))
  var testShare = 0.1

  @Flag(help: "Leave damaged images out, and name them, instead of giving up.")
  var skipDamaged = false

  mutating func run() throws {
    try Checked.range("--image-size", imageSize, 1...4096)
    guard testShare > 0, testShare < 1 else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--test-share is \(testShare), but needs to be between 0 and 1",
        fix: "leave it out for a tenth")
    }
    let progress = PackingProgress()
    let packing = try PackedImages.pack(
      photographs, into: into, size: imageSize, testShare: testShare,
      skippingDamaged: skipDamaged, report: progress.show)
    if !packing.untested.isEmpty {
      Console.report("no image to test with: \(packing.untested.joined(separator: ", "))")
    }
    for fault in packing.damaged { Console.report("left out: \(fault.file): \(fault.problem)") }
    if packing.otherCount > 0 {
      Console.report(
        "\(counted(packing.otherCount, "file")) left out: neither .jpg, .jpeg nor .png")
    }
    let images = packing.images.outline
    Console.print(
      """
      \(images.name), \(grouped(images.trainingCount)) images to train on and \
      \(grouped(images.testCount)) to test with, \(counted(images.classCount, "class", "classes")), is \
      in \(into)
        train: \(shellLine(["adabatch", "train", "--dataset", "folder", "--data", into]))
      """)
  }
}

/// Shows on stderr how packing goes on: a line in every few seconds.
private final class PackingProgress {
  private let clock = ContinuousClock()
  private var lastShown = ContinuousClock.now

  func show(_ done: Int, _ count: Int) {
    guard clock.now - lastShown >= .seconds(5) else { return }
    lastShown = clock.now
    Console.report("\(grouped(done)) of \(grouped(count)) images, \(100 * done / max(1, count)) %")
  }
}
