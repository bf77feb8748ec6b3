import Foundation
import RunRecords
import Testing

@Suite struct JSONLinesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func newRun() throws -> RunDirectory {
    try RunDirectory(creatingAt: folder("run"))
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test("an epoch is one line with exactly the keys that are promised")
  func keys() throws {
    let run = try newRun()
    try run.append(EpochRecord.sample())

    let line = try text(of: run.file(RunDirectory.epochsFile))
    #expect(
      line == """
        {"backwardSeconds":20.25,"batchSize":256,"bestAccuracy":46.75,"communicationSeconds":0,\
        "dataSeconds":0.125,\
        "epoch":1,"epochSeconds":33.5,"forwardSeconds":10.5,"imagesPerSecond":1543.21,\
        "learningRate":0.30000000000000004,"messageBytes":0,"messages":0,"microBatch":128,\
        "ranks":1,"samplesSeen":49920,\
        "switchSeconds":1e-07,"testAccuracy":45.5,"testLoss":1.5,"trainAccuracy":38.25,\
        "trainLoss":1.7,"updateSeconds":0.5,"updates":390}

        """)
  }

  @Test("a decision is one line, whatever its reason says")
  func decision() throws {
    let run = try newRun()
    let decision = DecisionRecord(
      epoch: 21, batchSize: 256, microBatch: 256, learningRate: 0.0075,
      reason: "two\nlines, 128/256 \"×\" 2")
    try run.append(decision)

    let line = try text(of: run.file(RunDirectory.decisionsFile))
    #expect(
      line == """
        {"batchSize":256,"epoch":21,"learningRate":0.0075,"microBatch":256,\
        "reason":"two\\nlines, 128/256 \\"×\\" 2"}

        """)
    #expect(try run.decisions().records == [decision])
  }

  @Test("epochs read back are those that were written, to the last bit and in order")
  func roundTrip() throws {
    let run = try newRun()
    let records = (1...20).map { EpochRecord.sample(epoch: $0) }
    for record in records { try run.append(record) }

    #expect(try run.epochs() == JSONLines(records: records, tornLine: nil))
  }

  @Test("numbers that are not finite stay in the file, as strings that name them")
  func notFinite() throws {
    let run = try newRun()
    var record = EpochRecord.sample()
    (record.trainLoss, record.testLoss) = (.nan, -.infinity)
    try run.append(record)

    let line = try text(of: run.file(RunDirectory.epochsFile))
    #expect(line.contains(#""testLoss":"-Infinity""#) && line.contains(#""trainLoss":"NaN""#))
    let read = try #require(try run.epochs().records.first)
    #expect(read.trainLoss.isNaN && read.testLoss == -.infinity)
  }

  @Test("a run that has not finished an epoch has none")
  func noFile() throws {
    #expect(try newRun().epochs() == JSONLines(records: [], tornLine: nil))
  }

  @Test("a last line cut anywhere is set apart, and the lines before it are kept")
  func tornLine() throws {
    let run = try newRun()
    let path = run.file(RunDirectory.epochsFile)
    try run.append(EpochRecord.sample(epoch: 1))
    let whole = try text(of: path)
    for count in 1..<whole.count - 1 {
      try write(whole + whole.prefix(count), to: path)
      let lines = try run.epochs()
      #expect(lines.records.map(\.epoch) == [1])
      #expect(lines.tornLine == String(whole.prefix(count)))
    }
  }

  @Test("a last line that lacks only its end is a record")
  func missingNewline() throws {
    let run = try newRun()
    let path = run.file(RunDirectory.epochsFile)
    try run.append(EpochRecord.sample(epoch: 1))
    try write(String(try text(of: path).dropLast()), to: path)

    #expect(try run.epochs() == JSONLines(records: [.sample(epoch: 1)], tornLine: nil))
  }

  @Test(
    "a damaged line in the middle is named, with what is wrong",
    arguments: [
      ("\"updates\":390", "\"updates\":\"many\"", "updates is not what it should be"),
      ("\"updates\":390", "\"update\":390", "updates is missing"),
      ("\"updates\":390", "\"updates\":390,,", "it is not JSON"),
    ])
  func damagedLine(old: String, new: String, reason: String) throws {
    let run = try newRun()
    let path = run.file(RunDirectory.epochsFile)
    try run.append(EpochRecord.sample(epoch: 1))
    let line = try text(of: path)
    try write(line + line.replacingOccurrences(of: old, with: new) + line, to: path)

    let error = #expect(throws: FileError.self) { try run.epochs() }
    #expect(error?.code == .invalid)
    #expect(
      error?.description == """
        cannot read line 2 of \(path): \(reason)
          fix: restore the file from a copy, or take the line out
        """)
  }
}
