import BatchPolicies
import Communication
import Executors
import ImageData
import NetworkGraph
import Networks
import RunRecords

/// Trains a network with a batch size that a policy decides, epoch by epoch.
///
/// The way of one update: order → images → augment → program (forward, loss, backward) → gradient
/// → optimizer → record. The batch size may change between epochs; weights, optimizer and data stay
/// where they are, and the next program is taken off the shelf.
///
/// Ranks share each update: every one has a trainer of the same options and images, and all train
/// at the same time. Rank 0's state and weights are those that count at the start.
///
/// The same options, build, CPU model and number of threads give the same bits, with a fixed
/// micro-batch on any number of ranks.
public final class Trainer {
  public let options: TrainingOptions
  public let dataset: Dataset
  public let policy: any BatchPolicy
  /// What the policy will do; where it decides while training, what is expected from here on.
  public internal(set) var plan: BatchPlan
  /// The network with its weights and optimizer; where an accelerator trains, they are those of the
  /// last ``bringBack()``.
  public let learner: Learner<Float>
  public let ranks: Ranks

  /// Where the training is: what has become of the updates that are whole.
  public internal(set) var state = TrainingState()
  /// What the weights made of each test image after the newest epoch; none before there was one.
  public internal(set) var testScores: [ImageScore] = []

  /// Decides batch sizes and rates, as far as ``state`` remembers.
  var course: Course
  /// Whether it has gone on from a checkpoint, and has not decided anything since.
  var isRestored = false
  /// What a growth under watch can be taken back to.
  var snapshot: LearnerSnapshot<Float>?

  let work: Work

  /// Who makes updates and scores weights.
  enum Work {
    case host(HostWork)
    case carried(CarriedWork)
  }

  /// Prepares a training: builds the graphs, makes the first weights, reserves memory.
  ///
  /// - Parameters:
  ///   - ranks: that share each update, whatever the options say of their number.
  ///   - stop: ends ``train(onEpoch:onDecision:onUpdate:)`` from another thread.
  /// - Throws: ``TrainingError`` or `PolicyError` for settings that cannot be trained with,
  ///   `GraphError` for a network that does not fit the images, `ExecutorError` when the largest
  ///   batch of the plan does not fit into memory.
  public convenience init(
    _ network: any Layer, _ dataset: Dataset, policy: some BatchPolicy,
    shadows: [NamedPolicy] = [], executor: any Executor<Float>,
    options: TrainingOptions = TrainingOptions(), ranks: Ranks = Ranks(),
    stop: StopRequest = StopRequest()
  ) throws {
    var options = options
    options.ranks = ranks.count
    let outline = try TrainingOutline(
      network, dataset.outline, policy: policy, shadows: shadows, options: options)
    try self.init(outline, dataset, on: .host(executor), ranks: ranks, stop: stop)
  }

  /// Prepares the training that an outline of the data set decides.
  ///
  /// - Throws: `ExecutorError` when the largest batch of the plan does not fit into memory.
  public init(
    _ outline: TrainingOutline, _ dataset: Dataset, on computing: Computing,
    ranks: Ranks = Ranks(), stop: StopRequest = StopRequest()
  ) throws {
    precondition(outline.options.ranks == ranks.count, "the outline of a training on other ranks")
    self.ranks = ranks
    precondition(outline.images == dataset.outline, "the outline of another data set")
    options = outline.options
    policy = outline.policy
    plan = outline.plan
    course = Course(
      outline.namedPolicy, shadows: outline.shadows, options: options,
      imageCount: outline.plan.imageCount)
    self.dataset = dataset
    let graph = outline.trainingGraph
    learner = Learner(
      graph, computing.executor, parameters: graph.initialParameters(seed: options.seed),
      optimizer: SGD(
        momentum: options.momentum, weightDecay: options.weightDecay,
        parameterCount: graph.parameterCount),
      ranks: ranks, stop: stop)
    learner.measuresGradients = course.measures.contains(.gradientNorms)
    work =
      switch computing {
      case .host(let executor): .host(try HostWork(outline, dataset, learner, executor))
      case .accelerator(let accelerator):
        .carried(try CarriedWork(outline, dataset, learner, accelerator))
      }
  }

  /// Trains all epochs that are left, from ``state`` on.
  ///
  /// - Parameters:
  ///   - onEpoch: called after each epoch.
  ///   - onDecision: called before the first epoch and whenever batch size or rate change; of a
  ///     policy that measures, with every decision.
  ///   - onShadow: called with what each policy that only watches would have decided.
  ///   - onUpdate: called after each weight update; where an accelerator trains, after each of its
  ///     calls, which make many.
  /// - Throws: ``TrainingError`` with code `diverged` when the loss is not finite, before that
  ///   update changes anything; `ExecutorError`, with code `stopped` when that was requested of any
  ///   rank; `RankFailure` when another one has failed; what the callbacks throw. ``state`` and weights are those of the last whole update then, and
  ///   training can go on from there.
  public func train(
    onEpoch: (EpochRecord) throws -> Void = { _ in },
    onDecision: (DecisionRecord) throws -> Void = { _ in },
    onShadow: (DecisionRecord) throws -> Void = { _ in },
    onUpdate: (UpdateReport) throws -> Void = { _ in }
  ) throws {
    try shareState()
    // Nothing is left to train, and nobody has looked at the weights yet.
    if state.epochsDone == options.epochs { _ = try scoreTestImages() }
    try withoutActuallyEscaping(onDecision) { onDecision in
      try withoutActuallyEscaping(onShadow) { onShadow in
        let callbacks = DecisionCallbacks(onDecision: onDecision, onShadow: onShadow)
        while state.epochsDone < options.epochs { try onEpoch(try trainEpoch(callbacks, onUpdate)) }
      }
    }
    try bringBack()
  }

  /// Gives ``learner`` what an accelerator has made of its weights and momentum; elsewhere they are
  /// there always.
  public func bringBack() throws {
    if case .carried(let work) = work { try work.bringBack() }
  }
}
