import Foundation
import ImageData
import RunRecords
import Testing
import Training

@Suite("A run's predictions", .serialized)
struct PredictionTests {
  @Test("are those of the final weights, with the worst images and their bytes")
  func finished() throws {
    try withRunFolder { folder in
      let run = ShortRun()
      _ = try run.finish(in: folder)
      let directory = try RunDirectory(opening: folder)
      let predictions = try #require(try directory.predictions())
      let last = try #require(try directory.epochs().records.last)
      let right = zip(predictions.labels, predictions.predictions).count { $0 == $1 }
      #expect(predictions.labels.count == 30 && predictions.classNames.count == 10)
      #expect(last.testAccuracy == 100 * Double(right) / 30)
      let mean = predictions.losses.reduce(0) { $0 + Double($1) } / 30
      #expect(abs(mean - last.testLoss) < 1e-6)
      let losses = predictions.worst.map { predictions.losses[$0] }
      #expect(losses == losses.sorted(by: >) && losses.first == predictions.losses.max())
      #expect(losses.count == 24 && predictions.imageShape == [3, 32, 32])
      let images = smallData(training: 70, test: 30).test
      let bytes = images.withPixels(of: predictions.worst[0], Array.init)
      #expect(Array(predictions.worstImages.prefix(bytes.count)) == bytes)
    }
  }

  @Test("are made also where only the end of a run was lost")
  func lostEnd() throws {
    try withRunFolder { folder in
      let run = ShortRun.shortest
      let whole = try run.finish(in: folder)
      try FileManager.default.removeItem(atPath: "\(folder)/\(RunDirectory.modelFile)")
      #expect(try run.finish(in: folder) == whole)
    }
  }

  @Test("of what is not a number are never right")
  func notNumbers() {
    func score(_ label: Int, _ logits: [Float]) -> ImageScore {
      ImageScore(label: label, loss: 0, logits: logits[...])
    }
    #expect(score(1, [1, 3, 3, 2]) == ImageScore(label: 1, prediction: 1, place: 0, loss: 0))
    #expect(score(2, [1, 3, 3, 2]) == ImageScore(label: 2, prediction: 1, place: 1, loss: 0))
    #expect(score(0, [9, .nan, 3]) == ImageScore(label: 0, prediction: 1, place: 1, loss: 0))
    #expect(score(0, [.nan, 1, 3]) == ImageScore(label: 0, prediction: 2, place: 2, loss: 0))
    #expect(score(1, [.nan, .nan, .nan]).isRight == false)
  }

  private func withRunFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adabatch-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
