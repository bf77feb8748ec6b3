import Foundation
import Reports
import RunRecords
import Testing

@Suite(
  "A report's figures",
  .enabled(if: Programs.hasGnuplot, "there is no gnuplot; apt-get install gnuplot-nox"))
struct FigureTests {
  @Test("are drawn for two networks, each as SVG, PNG and PDF")
  func all() throws {
    let folder = try TemporaryFolder()
    let runs = RunReading(try writeSampleRuns(in: folder)).runs
    let outcome = try Report(runs: runs, title: "Runs").write(to: folder("report"))
    #expect(outcome.warnings.isEmpty)
    let perNetwork =
      ["training-loss", "test-error", "batch-and-rate", "accuracy", "speedup"]
      + ["time-split"]
    let names =
      perNetwork.flatMap { ["\($0)-alexnet-cifar10", "\($0)-resnet20-cifar10"] }
      + ["networks", "noise-scale", "confusion"]
    #expect(outcome.figures == names.count)
    let starts = ["svg": "<?xml", "png": "\u{89}PNG", "pdf": "%PDF"]
    for name in names {
      for (ending, start) in starts {
        let path = folder("report/figures/\(name).\(ending)")
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.count > 1000, "\(name).\(ending)")
        let first = start.unicodeScalars.map { UInt8($0.value) }
        #expect(bytes.starts(with: first), "\(name).\(ending)")
      }
    }
  }

  @Test("show names as they are, and carry out nothing that is in them")
  func escaping() throws {
    let folder = try TemporaryFolder()
    let made = folder("made")
    let names = [
      "`touch \(made)`", "'; system('touch \(made)'); '", "a\nsystem('touch \(made)')\n#",
      "@x {/Bold b} \"q\" %s \\n $0 数值", "]'.system(\"touch \(made)\").'[",
    ]
    for name in names {
      try SampleRun(
        network: name, classNames: [name.replacing(",", with: ""), "dog"], hasPredictions: true,
        measuresNoise: true
      ).write(to: folder("run"))
      var runs = RunReading([folder("run"), witness("resnet_fixed128.npz")]).runs
      runs[0].label = name
      let outcome = try Report(runs: runs, title: name).write(to: folder("report"))
      #expect(outcome.warnings == [])
      #expect(outcome.figures > 4)
      #expect(!FileManager.default.fileExists(atPath: made))
      try FileManager.default.removeItem(atPath: folder("run"))
    }
    try SampleRun().write(to: folder("run"))
    var runs = RunReading([folder("run")]).runs
    runs[0].label = "a_b^{2} <x> & 'y'"
    try Report(runs: runs, title: "Words").write(to: folder("words"))
    let isShown = try folder.text("words/figures/training-loss.svg")
      .contains("a_b^{2} &lt;x> &amp; ’y’")
    #expect(isShown)
  }

  @Test("leave out what is not finite, and runs of one epoch")
  func oddNumbers() throws {
    let folder = try TemporaryFolder()
    let run = try SampleRun(epochs: 1, isFinished: false).write(to: folder("run"))
    var record = try #require(try run.epochs().records.last)
    record.epoch = 2
    record.trainLoss = .nan
    record.testAccuracy = .infinity
    try run.append(record)
    let runs = RunReading([folder("run")]).runs
    let outcome = try Report(runs: runs, title: "Odd").write(to: folder("report"))
    #expect(outcome.warnings.isEmpty && outcome.figures > 2)
  }
}
