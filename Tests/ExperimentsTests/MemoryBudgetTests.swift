import ExecutorOneDNN
import Executors
import Experiments
import ImageData
import RunRecords
import Testing
import Training

@Suite("Memory budget")
struct MemoryBudgetTests {
  private let executor: OneDNNExecutor

  init() throws { executor = try OneDNNExecutor(threads: 1) }

  /// Bytes that ResNet-20 needs at most, from 64 images to 256.
  private func needed(_ microBatch: TrainingSettings.MicroBatch) throws -> Int {
    try TrainingPlan(settings { change(&$0, microBatch) }, executor: executor)
      .run.totals.memory.all
  }

  private func change(
    _ settings: inout TrainingSettings, _ microBatch: TrainingSettings.MicroBatch
  ) {
    (settings.network, settings.batchSize, settings.maxBatch) = ("resnet20", 64, 256)
    (settings.testBatch, settings.microBatch) = (8, microBatch)
  }

  private func chosen(_ bytes: Int, policy: String = "adabatch") throws -> TrainingSettings {
    let given = settings {
      change(&$0, .batch)
      $0.policy = policy
    }
    return try MemoryBudget(bytes: bytes).choosingMicroBatch(of: given, executor: executor)
  }

  @Test("that holds the largest update leaves the batch whole, and one byte less does not")
  func whole() throws {
    let all = try needed(.batch)
    #expect(try chosen(all).microBatch == .batch)
    #expect(try chosen(all - 1).microBatch == .images(64))
    #expect(try chosen(all).memoryBudget == all)
  }

  @Test("halves the smallest batch until the plan fits, to the byte", arguments: [32, 16, 8, 4])
  func halves(size: Int) throws {
    let needed = try needed(.images(size))
    #expect(try chosen(needed).microBatch == .images(size))
    #expect(try chosen(needed - 1).microBatch == .images(size / 2))
  }

  @Test("begins at a quarter for policies that compare gradients, with all of memory too")
  func quarter() throws {
    #expect(try chosen(1 << 40, policy: "noise-scale").microBatch == .images(16))
  }

  @Test("takes a rank's share of the smallest batch")
  func ranks() throws {
    let given = settings { change(&$0, .batch) }
    let budget = MemoryBudget(
      bytes: try TrainingPlan(given, ranks: 3, executor: executor).run.totals.memory.all - 1)
    let chosen = try budget.choosingMicroBatch(of: given, ranks: 3, executor: executor)
    #expect(chosen.microBatch == .images(22))
  }

  @Test("that holds no image is refused with what one needs, and so is a micro-batch beyond it")
  func refused() throws {
    let error = #expect(throws: ExecutorError.self) { try chosen(1 << 20) }
    #expect(error?.code == .outOfMemory)
    #expect(error?.description.contains("--memory-budget is 1 MB") == true)
    let half = MemoryBudget(bytes: try needed(.images(32)))
    let given = settings { change(&$0, .images(64)) }
    let beyond = #expect(throws: ExecutorError.self) { try half.check(given, executor: executor) }
    #expect(beyond?.description.contains("use --micro-batch 32, which fits") == true)
    try half.check(chosen(half.bytes), executor: executor)
  }

  @Test("is why the first decision has its micro-batch, and nothing that makes runs differ")
  func recorded() throws {
    let images = SyntheticImages.make(seed: 1, trainingCount: 32, testCount: 8)
    let given = settings {
      ($0.dataset, $0.network, $0.policy) = ("synthetic", "resnet8", "fixed")
      ($0.batchSize, $0.epochs, $0.testBatch) = (16, 1, 4)
    }
    let budget = MemoryBudget(
      bytes: try TrainingPlan(given, images: images.outline, executor: executor)
        .run.totals.memory.all - 1)
    let chosen = try budget.choosingMicroBatch(
      of: given, images: images.outline, executor: executor)
    let outline = try chosen.outline(images: images.outline)
    var decisions: [DecisionRecord] = []
    try Trainer(outline, images, on: .host(executor)).train(onDecision: { decisions.append($0) })
    #expect(decisions.first?.microBatch == 8)
    #expect(
      decisions.first?.reason.hasSuffix(
        "; micro-batch 8 by rule, for \(budget.bytes >> 20) MB of memory") == true)
    var explicit = chosen
    explicit.memoryBudget = nil
    #expect(try chosen.changes(to: explicit).isEmpty)
  }
}
