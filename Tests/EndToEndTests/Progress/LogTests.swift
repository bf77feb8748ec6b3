import CommandLineTool
import Foundation
import RunRecords
import Testing
import Training

@Suite("A log of a long run")
struct LogSizeTests {
  /// Bytes of the lines of 100 epochs with numbers that fill their columns.
  ///
  /// - Parameter seconds: of an epoch, in 1000 updates.
  private func log(epochSeconds: Double) -> (bytes: Int, interim: Int) {
    var (lines, clock) = ([String](), 0.0)
    var interim = InterimLines(at: 0)
    for epoch in 1...100 {
      for update in 1...1000 {
        clock += epochSeconds / 1000
        let report = report(epoch, images: 1281 * update)
        guard interim.isDue(report, imageCount: 1_281_000, at: clock) else { continue }
        lines.append(
          ProgressText.interim(
            report, of: 100, imageCount: 1_281_000, imagesPerSecond: 123_456.7,
            secondsLeft: 3_600_000))
      }
      interim.printed(at: clock)
      lines.append(ProgressText.epoch(.long(epoch), of: 100, secondsLeft: 3_600_000))
    }
    return (lines.reduce(0) { $0 + $1.utf8.count + 1 }, lines.count - 100)
  }

  private func report(_ epoch: Int, images: Int) -> UpdateReport {
    UpdateReport(
      epoch: epoch, imagesIntoEpoch: images, batchSize: 65_536, learningRate: 0.000123,
      updates: 1_000_000, samplesSeen: 1, trainLoss: 1234.5678, trainAccuracy: 12.345)
  }

  @Test("has at most 200,000 bytes in 100 epochs", arguments: [1, 600, 36_000.0])
  func size(epochSeconds: Double) {
    #expect(log(epochSeconds: epochSeconds).bytes <= 200_000)
  }

  @Test("has lines within epochs that take long, nine at most, and none in short ones")
  func interim() {
    #expect(log(epochSeconds: 59).interim == 0)
    #expect(log(epochSeconds: 100).interim == 100)
    #expect(log(epochSeconds: 36_000).interim == 900)
  }
}

@Suite("A log of a training", .serialized)
struct LogTests {
  @Test("has no control bytes but newlines, and fits the bound with its real lines")
  func lines() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(
        [
          "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1",
          "--batch-size", "2000", "--test-batch", "500", "--run", "run",
        ], in: folder)
      #expect(outcome.status == 0)
      let scalars = outcome.stdout.unicodeScalars.filter {
        $0.properties.generalCategory == .control
      }
      #expect(Set(scalars) == ["\n"])
      #expect(scalars.count == 7)
      // Ten lines for each of 100 epochs, none longer than twice these.
      let longest = outcome.stdout.split(separator: "\n").map(\.utf8.count).max() ?? 0
      #expect(1000 * longest <= 200_000)
    }
  }
}

extension EpochRecord {
  fileprivate static func long(_ epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, batchSize: 65_536, microBatch: 65_536, learningRate: 0.000123,
      updates: 1_000_000, samplesSeen: 1, trainLoss: 1234.5678, trainAccuracy: 12.345,
      testLoss: 1, testAccuracy: 12.345, bestAccuracy: 12.345, forwardSeconds: 1,
      backwardSeconds: 1, updateSeconds: 1, dataSeconds: 1, switchSeconds: 1,
      epochSeconds: 36_000.1, imagesPerSecond: 123_456.7)
  }
}
