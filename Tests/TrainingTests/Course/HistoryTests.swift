import BatchPolicies
import Testing
import Training

@Suite("What a training remembers of its updates")
struct HistoryTests {
  private func history(of count: Int, images: Int, keeping: Int) -> TrainingHistory {
    var history = TrainingHistory()
    for index in 0..<count {
      history.note(UpdateSignals(images: images, loss: Double(index)), keeping: keeping)
    }
    return history
  }

  @Test("is an epoch's worth of images, and how training began")
  func epoch() {
    let history = history(of: 200, images: 10, keeping: 995)
    #expect(history.updates.count == 100)
    #expect(history.updates.last?.loss == 199)
    #expect(history.firstLoss == 0)
  }

  @Test("is 32 updates at least, also of batches that are a large part of the training set")
  func large() {
    #expect(history(of: 200, images: 400, keeping: 1000).updates.count == 32)
    #expect(history(of: 7, images: 400, keeping: 1000).updates.count == 7)
  }

  @Test("gives the newest images, in as many updates as are asked for")
  func newest() {
    let history = history(of: 100, images: 10, keeping: 1000)
    #expect(history.newest(95, atLeast: 5).map(\.loss) == (90..<100).map(Double.init))
    #expect(history.newest(20, atLeast: 5).map(\.loss) == (95..<100).map(Double.init))
    #expect(history.newest(5000, atLeast: 5).count == 100)
  }
}
