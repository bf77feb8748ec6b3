import Foundation
import RunRecords
import Testing

@Suite("numbers.npz")
struct ReferenceNumbersTests {
  private let run: RunDirectory
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory(creatingAt: folder("run"))
  }

  private var bytes: Data {
    get throws { try Data(contentsOf: URL(filePath: run.file(RunDirectory.numbersFile))) }
  }

  /// The epochs of Witness/make_numbers.py.
  private var epochs: [EpochRecord] {
    var (first, second) = (EpochRecord.sample(epoch: 1), EpochRecord.sample(epoch: 2))
    (first.batchSize, second.batchSize) = (128, 256)
    (first.learningRate, second.learningRate) = (0.01, 0.0075)
    (first.trainLoss, second.trainLoss) = (1.7, 0.1 + 0.2)
    (first.testAccuracy, second.testAccuracy) = (45.5, 46.75)
    (first.bestAccuracy, second.bestAccuracy) = (45.5, 46.75)
    (first.forwardSeconds, second.forwardSeconds) = (1, 1.25)
    (first.backwardSeconds, second.backwardSeconds) = (1.5, 1.625)
    (first.switchSeconds, second.switchSeconds) = (0, 0.5)
    (first.epochSeconds, second.epochSeconds) = (4, 5)
    (first.samplesSeen, second.samplesSeen) = (6000, 13_000)
    (first.imagesPerSecond, second.imagesPerSecond) = (2000, 2000)
    return [first, second]
  }

  @Test("the file is NumPy's arrays in Python's zip, byte for byte")
  func golden() throws {
    try run.write(ReferenceNumbers(epochs))
    #expect(try bytes == Data(contentsOf: witness("golden.npz")))
  }

  @Test("the file after another epoch takes the place of the one before, as a whole")
  func growing() throws {
    try run.write(ReferenceNumbers(Array(epochs.prefix(1))))
    let first = try bytes
    try run.write(ReferenceNumbers(epochs))

    #expect(first.count == (try bytes.count) - 4 * 8)  // loss, acc, batch_size, lr
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == ["numbers.npz"])
  }
}
