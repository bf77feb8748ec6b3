import Foundation
import Reports
import RunRecords
import Testing

@Suite("Damaged and unfinished runs")
struct DamagedRunTests {
  private func append(_ text: String, to path: String) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  @Test("a line that was cut off is named with a remedy, and the epochs before it are read")
  func tornLine() throws {
    let folder = try TemporaryFolder()
    try SampleRun().write(to: folder("run"))
    try append("{\"epoch\":11,\"batch", to: folder("run/epochs.jsonl"))
    let reading = RunReading([folder("run")])
    #expect(reading.runs.first?.epochs.count == 10)
    let fault = try #require(reading.faults.first)
    #expect(!fault.isMissing && fault.line.contains("epochs.jsonl: it was cut off"))
    #expect(fault.line.contains("; adabatch train --resume --run"))
  }

  @Test("a damaged line leaves the run out, and the others in")
  func damagedLine() throws {
    let folder = try TemporaryFolder()
    try SampleRun().write(to: folder("good"))
    try SampleRun().write(to: folder("bad"))
    try append("no JSON\n", to: folder("bad/epochs.jsonl"))
    let reading = RunReading([folder("bad"), folder("good")])
    #expect(reading.runs.map(\.origin) == [folder("good")])
    #expect(reading.faults.map { $0.description.contains("line 11") } == [true])
  }

  @Test("damaged decisions or predictions leave only those out")
  func damagedParts() throws {
    let folder = try TemporaryFolder()
    try SampleRun(hasPredictions: true).write(to: folder("run"))
    try append("no JSON\n", to: folder("run/decisions.jsonl"))
    try Data("no tensors".utf8).write(to: URL(filePath: folder("run/predictions.safetensors")))
    let reading = RunReading([folder("run")])
    #expect(reading.faults.count == 2)
    let run = try #require(reading.runs.first)
    #expect(run.epochs.count == 10 && run.decisions.isEmpty && run.predictions == nil)
  }

  @Test("a path that leads nowhere, and a folder without a run, are missing")
  func missing() throws {
    let folder = try TemporaryFolder()
    try SampleRun().write(to: folder("run"))
    try FileManager.default.removeItem(atPath: folder("run/run.yaml"))
    let reading = RunReading([folder("nowhere"), folder("run"), folder("none.npz")])
    #expect(reading.runs.isEmpty && reading.faults.map(\.isMissing) == [true, true, true])
    #expect(reading.faults[1].description.contains("there is no run.yaml"))
  }

  @Test("a run without final weights is unfinished, in words, in tables and in figures")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    try SampleRun(isFinished: false).write(to: folder("run"))
    let run = try #require(RunReading([folder("run")]).runs.first)
    #expect(!run.isFinished)
    #expect(run.notes == ["is unfinished: 10 of 20 epochs, and no final weights yet"])
    try Report(runs: [run], title: "One").write(to: folder("report"))
    #expect(try folder.text("report/tables/results.csv").contains(",unfinished"))
  }

  @Test("labels tell runs apart by what they differ in")
  func labels() throws {
    let folder = try TemporaryFolder()
    try SampleRun().write(to: folder("a"))
    try SampleRun(seed: 2).write(to: folder("b"))
    try SampleRun(network: "resnet20").write(to: folder("c"))
    try SampleRun(policy: "fixed", maxBatch: nil).write(to: folder("d"))
    try SampleRun(policy: "fixed", maxBatch: nil).write(to: folder("e"))
    let runs = RunReading(["a", "b", "c", "d", "e"].map { folder($0) }).runs
    #expect(
      runs.map(\.label) == [
        "AdaBatch 128–256, seed 1", "AdaBatch 128–256, seed 2", "AdaBatch 128–256",
        "fixed 128 (1)", "fixed 128 (2)",
      ])
  }
}
