import Foundation
import RunRecords
import Testing

@Suite("epochs.csv")
struct EpochTableTests {
  private let run: RunDirectory
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory(creatingAt: folder("run"))
  }

  private var rows: [[String]] {
    get throws {
      let lines = try text(of: run.file(RunDirectory.tableFile)).components(separatedBy: "\r\n")
      return lines.map { $0.components(separatedBy: ",") }
    }
  }

  @Test("a header, and a row for each epoch, as RFC 4180 has them")
  func golden() throws {
    try run.append(EpochRecord.sample(epoch: 1))
    try run.append(EpochRecord.sample(epoch: 2))

    #expect(
      try text(of: run.file(RunDirectory.tableFile)) == """
        epoch,batchSize,microBatch,learningRate,updates,samplesSeen,trainLoss,trainAccuracy,\
        testLoss,testAccuracy,bestAccuracy,forwardSeconds,backwardSeconds,updateSeconds,\
        dataSeconds,switchSeconds,communicationSeconds,epochSeconds,imagesPerSecond,ranks,\
        messages,messageBytes\r
        1,256,128,0.30000000000000004,390,49920,1.7,38.25,1.5,45.5,46.75,10.5,20.25,0.5,0.125,\
        1e-07,0.0,33.5,1543.21,1,0,0\r
        2,256,128,0.30000000000000004,390,49920,1.7,38.25,1.5,45.5,46.75,10.5,20.25,0.5,0.125,\
        1e-07,0.0,33.5,1543.21,1,0,0\r

        """)
  }

  @Test("the names and numbers are those of epochs.jsonl, to the last bit")
  func sameAsLines() throws {
    var record = EpochRecord.sample()
    (record.trainLoss, record.testLoss) = (1 / 3, .leastNonzeroMagnitude)
    try run.append(record)

    let line = try Data(contentsOf: URL(filePath: run.file(RunDirectory.epochsFile)))
    let numbers = try JSONDecoder().decode([String: Double].self, from: line)
    let rows = try rows
    let fields = rows[1].map { Double($0) }
    #expect(Dictionary(uniqueKeysWithValues: zip(rows[0], fields)) == numbers.mapValues { $0 })
  }

  @Test("what is not finite has the names that Python reads")
  func notFinite() throws {
    var record = EpochRecord.sample()
    (record.trainLoss, record.testLoss, record.epochSeconds) = (.nan, -.infinity, .infinity)
    try run.append(record)

    let row = try rows[1]
    #expect([row[6], row[8], row[17]] == ["nan", "-inf", "inf"])
  }

  @Test("a loss that is not a number has no sign, for what is read back has none")
  func noSign() throws {
    let record = EpochRecord(
      epoch: 1, batchSize: 1, microBatch: 1, learningRate: 1, updates: 1, samplesSeen: 1,
      trainLoss: -.nan, trainAccuracy: 0, testLoss: -.nan, testAccuracy: 0, bestAccuracy: 0,
      forwardSeconds: 0, backwardSeconds: 0, updateSeconds: 0, dataSeconds: 0, switchSeconds: 0,
      epochSeconds: 0, imagesPerSecond: 0)
    try run.append(record)

    let row = try rows[1]
    #expect([row[6], row[8]] == ["nan", "nan"])
  }
}
