import Executors
import ImageData
import NetworkGraph
import RunRecords
import Training

/// Memory that a training may plan with, in bytes of ``TrainingMemory/all``.
///
/// Whether a training fits is known from shapes before it starts: nothing is tried out.
public struct MemoryBudget: Sendable, Equatable {
  public let bytes: Int

  public init(bytes: Int) { self.bytes = bytes }

  /// The settings with the micro-batch that the budget leaves.
  ///
  /// The rule: `batch`, as by default, where the run's largest update fits. Else the largest of the
  /// smallest batch's share of a rank, half of it, a quarter, …, fixed for the whole run. For
  /// policies that compare gradients a quarter of the smallest batch, or less.
  ///
  /// - Parameters:
  ///   - images: those of `settings.dataset` unless given.
  ///   - ranks: that share each update.
  ///   - executor: whose programs need the memory, on each rank.
  /// - Returns: settings with the micro-batch, and with the budget as its reason.
  /// - Throws: `ExecutorError` with code `outOfMemory` where single images need more, and as
  ///   `TrainingSettings.outline`.
  public func choosingMicroBatch(
    of settings: TrainingSettings, images: DatasetOutline? = nil, ranks: Int = 1,
    executor: any Executor<Float>
  ) throws -> TrainingSettings {
    var least = Int.max
    var fault: GraphError?
    for candidate in try candidates(settings, images, ranks: ranks) {
      var chosen = settings
      (chosen.microBatch, chosen.memoryBudget) = (candidate, bytes)
      do {
        let needed = try Self.needed(by: chosen, images, ranks: ranks, executor)
        if needed <= bytes { return chosen }
        least = min(least, needed)
      } catch let error as GraphError {
        // Batch norm refuses single images, be they what is left of an update.
        fault = fault ?? error
      }
    }
    if least == .max, let fault { throw fault }
    throw refusal("the smallest micro-batch needs", least, fix: nil)
  }

  /// - Throws: `ExecutorError` with code `outOfMemory` where the settings need more than the budget;
  ///   else as ``choosingMicroBatch(of:images:ranks:executor:)``.
  public func check(
    _ settings: TrainingSettings, images: DatasetOutline? = nil, ranks: Int = 1,
    executor: any Executor<Float>
  ) throws {
    let needed = try Self.needed(by: settings, images, ranks: ranks, executor)
    if needed <= bytes { return }
    let fitting = try? choosingMicroBatch(
      of: settings, images: images, ranks: ranks, executor: executor)
    throw refusal(
      "with --micro-batch \(settings.microBatch.text) the training needs", needed,
      fix: fitting.map { "use --micro-batch \($0.microBatch.text), which fits" })
  }

  private func refusal(_ what: String, _ needed: Int, fix: String?) -> ExecutorError {
    ExecutorError(
      .outOfMemory,
      problem:
        "\(what) \((needed + (1 << 20) - 1) >> 20) MB, and --memory-budget is \(bytes >> 20) MB",
      fix: fix ?? "raise the budget, or lower --test-batch")
  }

  /// The micro-batches to choose from, the preferred one first.
  private func candidates(
    _ settings: TrainingSettings, _ images: DatasetOutline?, ranks: Int
  ) throws -> [TrainingSettings.MicroBatch] {
    let compares = ([settings.policy] + (settings.shadow ?? []))
      .contains(where: TrainingSettings.comparesGradients)
    var usual = settings
    usual.microBatch = compares ? .part(4) : .batch
    let batch = try usual.outline(images: images, ranks: ranks).batchSizes.lowerBound
    let first = compares ? max(1, batch / 4) : (batch + ranks - 1) / ranks
    let halves = sequence(first: first) { $0 > 1 ? $0 / 2 : nil }
    return (compares ? [] : [.batch]) + halves.map { .images($0) }
  }

  /// Bytes of the run's largest update.
  private static func needed(
    by settings: TrainingSettings, _ images: DatasetOutline?, ranks: Int,
    _ executor: any Executor<Float>
  ) throws -> Int {
    let outline = try settings.outline(images: images, ranks: ranks)
    let training = try executor.memoryBytes(
      of: outline.trainingGraph, imageCount: outline.largestMicroBatch)
    let evaluation = try executor.memoryBytes(
      of: outline.evaluationGraph, imageCount: outline.testBatch)
    return outline.memory(
      updating: outline.batchSizes.upperBound, programs: (training, evaluation)
    ).all
  }
}
