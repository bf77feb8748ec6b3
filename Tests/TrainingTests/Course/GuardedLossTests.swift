import BatchPolicies
import RunRecords
import Testing
import Training

@Suite("The loss after a growth, against the one before")
struct GuardedLossTests {
  private func watch(mean: Double, error: Double) -> CourseState.Watch {
    let decision = BatchDecision(batchSize: 1, learningRateFactor: 1, reason: "")
    return CourseState.Watch(
      before: decision, grown: decision, meanBefore: mean, errorBefore: error)
  }

  private func losses(_ values: [Double], images: Int = 10) -> GuardedLoss {
    GuardedLoss(values.map { UpdateSignals(images: images, loss: $0) })
  }

  /// Six losses around a mean with a standard error of 0.1: Σ(xᵢ−x̄)² / (6·5) = 0.01.
  private func spread(around mean: Double) -> [Double] {
    let step = 0.05.squareRoot()
    return [-step, step, -step, step, -step, step].map { mean + $0 }
  }

  @Test("is worse from three standard errors of the difference on")
  func standardErrors() {
    // √(0.1² + 0.05²)·3 = 0.3354
    let before = watch(mean: 1, error: 0.05)
    #expect(losses(spread(around: 1.33)).worse(than: before) == nil)
    let evidence = losses(spread(around: 1.34)).worse(than: before)
    #expect(abs((evidence?.threshold ?? 0) - 1.335_41) < 1e-5)
    #expect(abs((evidence?.value ?? 0) - 1.34) < 1e-12)
    #expect(abs((evidence?.lower ?? 0) - (1.34 - 0.196)) < 1e-3)
  }

  @Test("is not worse by less than a twentieth, however certain that is")
  func share() {
    let before = watch(mean: 1, error: 1e-9)
    #expect(losses(Array(repeating: 1.049, count: 9)).worse(than: before) == nil)
    #expect(losses(Array(repeating: 1.051, count: 9)).worse(than: before) != nil)
  }

  @Test("is worse from half as much more on, however the losses scatter")
  func scattered() {
    let before = watch(mean: 1, error: 0.01)
    #expect(losses([1, 1, 1, 1, 1, 3]).worse(than: before) == nil)  // 1.33
    #expect(losses([1, 1, 1, 1, 1, 9]).worse(than: before) != nil)  // 2.33
  }

  @Test("is judged by its images: a short update counts less")
  func weights() {
    let short = [UpdateSignals(images: 1, loss: 100)]
    let others = Array(repeating: UpdateSignals(images: 99, loss: 1), count: 5)
    // 595/496 = 1.2 with a wide error is no clear rise; the mean of the six losses is 17.5.
    #expect(GuardedLoss(short + others).worse(than: watch(mean: 1, error: 0.01)) == nil)
  }

  @Test("says nothing of fewer than five updates")
  func few() {
    let before = watch(mean: 1, error: 0.01)
    #expect(losses([9, 9.1, 9.2, 9.3]).worse(than: before) == nil)
    #expect(losses([9, 9.1, 9.2, 9.3, 9.2]).worse(than: before) != nil)
  }
}
