import Foundation
import RunRecords
import Testing

@Suite struct RunSettingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func newRun() throws -> RunDirectory { try RunDirectory(creatingAt: folder("run")) }

  private func yaml(of run: RunDirectory) throws -> String {
    try text(of: run.file(RunDirectory.settingsFile))
  }

  @Test("run.yaml is sections in the order of declaration, with numbers as a person writes them")
  func layout() throws {
    let run = try newRun()
    try run.write(RunSettings.sample())

    #expect(
      try yaml(of: run) == """
        adabatch: 0.1.0
        command: adabatch train --network resnet20 --run runs/a
        started: '2026-01-31T23:59:59Z'
        settings:
          dataset: cifar10
          data: '/data/cifar 10: the "real" one, Größe'
          network: resnet20
          classes: 10
          policy: adabatch
          epochs: 100
          batch-size: 128
          test-batch: 100
          growth-factor: 2.0
          growth-interval: 20
          max-batch: 2048
          learning-rate: 0.01
          decay: 0.75
          momentum: 0.9
          weight-decay: 0.0005
          micro-batch: batch
          drop-last: true
          seed: 18446744073709551615
          threads: 2
        versions:
          swift: '6.3'
          oneDNN: 3.2.0
          executor: oneDNN
        machine:
          cpu: AMD EPYC 9965
          cores: 2
          memoryBytes: 16777216000
          operatingSystem: Debian GNU/Linux 12 (bookworm)
          kernel: Linux 6.1.0
          instructionSet: avx2 avx512f

        """)
  }

  @Test(
    "numbers come back to the last bit",
    arguments: [0.1 + 0.2, 1e-300, 1e22, 123_456_789.123_456_79, 5e-5, 0, 1.0 / 3])
  func numbers(value: Double) throws {
    let run = try newRun()
    var settings = RunSettings.sample()
    settings.settings.learningRate = value
    settings.settings.growthFactor = value
    try run.write(settings)

    #expect(try run.settings() == settings)
  }

  @Test("an exponent is written so that Python's YAML reads a number")
  func exponents() throws {
    let run = try newRun()
    var settings = RunSettings.sample()
    (settings.settings.learningRate, settings.settings.weightDecay) = (1e-5, 1.5e-7)
    try run.write(settings)

    let text = try yaml(of: run)
    #expect(text.contains("learning-rate: 1.0e-05\n") && text.contains("weight-decay: 1.5e-07\n"))
  }

  @Test(
    "words that YAML would take for something else stay words",
    arguments: [
      "", "null", "true", "12", "1e3", "~", "a: b", "# no", "- x", "two\nlines", "é∑ 'q'",
    ])
  func words(value: String) throws {
    let run = try newRun()
    var settings = RunSettings.sample(settings: .sample(data: value))
    settings.command = value
    try run.write(settings)

    #expect(try run.settings() == settings)
  }

  @Test("a long command stays on its line")
  func longCommand() throws {
    let run = try newRun()
    var settings = RunSettings.sample()
    settings.command = "adabatch train " + String(repeating: "--option value ", count: 40)
    try run.write(settings)

    #expect(try run.settings() == settings)
    let lines = try yaml(of: run).split(
      separator: "\n")
    #expect(lines.count == 34)
  }

  @Test("settings that do not apply are left out, and a micro-batch may be a number")
  func absent() throws {
    let run = try newRun()
    var settings = RunSettings.sample(settings: .sample(data: nil, microBatch: .images(64)))
    settings.settings.growthFactor = nil
    settings.settings.growthInterval = nil
    settings.settings.maxBatch = nil
    settings.versions.oneDNN = nil
    try run.write(settings)

    #expect(try run.settings() == settings)
    let text = try yaml(of: run)
    #expect(text.contains("micro-batch: 64\n"))
    let keys = [
      "data", "growth-factor", "growth-interval", "milestones", "rate-milestones", "max-batch",
      "warmup", "baseline-batch", "oneDNN",
    ]
    for key in keys {
      #expect(!text.contains("  \(key):"))
    }
  }

  @Test("milestones are lists, and a warm-up two numbers")
  func milestones() throws {
    let run = try newRun()
    var settings = RunSettings.sample()
    settings.settings.growthInterval = nil
    (settings.settings.milestones, settings.settings.rateMilestones) = ([60, 120], [30])
    (settings.settings.warmup, settings.settings.baselineBatch) = (5, 256)
    try run.write(settings)

    #expect(try run.settings() == settings)
    let text = try yaml(of: run)
    #expect(text.contains("  milestones:\n  - 60\n  - 120\n  rate-milestones:\n  - 30\n"))
    #expect(text.contains("  warmup: 5\n  baseline-batch: 256\n"))
  }

  @Test(
    "a run.yaml that is none is named, with what is wrong",
    arguments: [
      (
        "settings: [",
        "line 2, column 1 is not YAML: a value is missing, or a bracket is not closed"
      ),
      ("adabatch: 1\ncommand: a\n", "started is missing"),
      ("adabatch: [1]", "adabatch is not what it should be"),
      ("", "it does not consist of names and values"),
    ])
  func damaged(content: String, reason: String) throws {
    let run = try newRun()
    let path = run.file(RunDirectory.settingsFile)
    try writeAtomically(content.utf8, to: path)

    let error = #expect(throws: FileError.self) { try run.settings() }
    #expect(error?.code == .invalid)
    #expect(
      error?.description == """
        cannot read \(path): \(reason)
          fix: restore the file from a copy; adabatch wrote it when the run began
        """)
  }

  @Test("a run's start is written in UTC to the second")
  func timestamp() {
    #expect(
      RunSettings.timestamp(Date(timeIntervalSince1970: 1_769_903_999)) == "2026-01-31T23:59:59Z")
  }
}
