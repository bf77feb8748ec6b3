import RunRecords
import Testing
import Training

@Suite("Pace of epochs")
struct PaceWatchTests {
  private func epoch(_ batchSize: Int, _ imagesPerSecond: Double) -> EpochRecord {
    EpochRecord(
      epoch: 1, batchSize: batchSize, microBatch: batchSize, learningRate: 0.01, updates: 1,
      samplesSeen: 1, trainLoss: 1, trainAccuracy: 1, testLoss: 1, testAccuracy: 1,
      bestAccuracy: 1, forwardSeconds: 0, backwardSeconds: 0, updateSeconds: 0, dataSeconds: 0,
      switchSeconds: 0, epochSeconds: 0, imagesPerSecond: imagesPerSecond)
  }

  @Test("an epoch is slow below half of the fastest before it with its batch size")
  func slow() {
    var watch = PaceWatch()
    let epochs = [(64, 900.0), (64, 500), (64, 1000), (64, 499), (128, 300), (64, 501), (128, 149)]
    let slow = epochs.map { watch.isSlow(epoch($0.0, $0.1)) }
    #expect(slow == [false, false, false, true, false, false, true])
  }
}
