import Executors
import Glibc
import HostMachine
import NetworkGraph

/// Runs graphs on the CPU with oneDNN, in f32 or bf16.
///
/// Kernels and layouts follow from shapes, instruction set and thread count by rules in the
/// source, never from a measurement at start: the same build on the same kind of CPU with the same
/// number of threads gives the same bits.
public final class OneDNNExecutor: Executor {
  public let name = "oneDNN"
  /// Threads that its programs use.
  public let threads: Int
  /// Of activations and of the weights that they meet.
  public let precision: Precision
  /// Images for which the sizes of tiles are chosen; those that a program has, unless given.
  private let imagesOfTiles: Int?
  let context: Context

  /// - Parameters:
  ///   - threads: to compute with; the environment's choice (OMP_NUM_THREADS), else one for each
  ///     physical core, unless given.
  ///   - precision: that the CPU has.
  /// - Throws: ``ExecutorError`` when oneDNN cannot be used, or the CPU has no such precision.
  public convenience init(threads: Int? = nil, precision: Precision = .f32) throws {
    try self.init(threads: threads, precision: precision, imagesOfTiles: nil)
  }

  /// - Parameter imagesOfTiles: so many, for a test of how tiles round that are for more images than it
  ///   has.
  package init(
    threads: Int? = nil, precision: Precision = .f32, imagesOfTiles: Int?
  ) throws {
    self.imagesOfTiles = imagesOfTiles
    try OneDNNLibrary.check(precision)
    self.precision = precision
    self.threads = threads ?? Self.defaultThreads
    context = try ExecutionThread.shared.run { () throws(ExecutorError) in try Context() }
  }

  public func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> {
    try graph.verify(imageCount: imageCount)
    return try onThread { () throws(ExecutorError) in
      let lowering = try Lowering(
        graph, imageCount: imageCount, imagesOfTiles: imagesOfTiles, precision: precision,
        context)
      let program = try OneDNNProgram(lowering, executor: self)
      try self.context.arena.reserve(program.memoryBytes, imageCount: imageCount)
      return program
    }
  }

  public func memoryBytes(of graph: Graph, imageCount: Int) throws -> Int {
    try graph.verify(imageCount: imageCount)
    return try onThread { () throws(ExecutorError) in
      let lowering = try Lowering(
        graph, imageCount: imageCount, imagesOfTiles: imagesOfTiles, precision: precision,
        context)
      return try OneDNNProgram(lowering, executor: self).memoryBytes
    }
  }

  public func divide(_ count: Int, _ body: (Range<Int>) -> Void) {
    onThread { OpenMP.parallel(count, atLeast: 16384, body) }
  }

  /// Runs `body` on the execution thread with this executor's number of OpenMP threads.
  func onThread<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try ExecutionThread.shared.run { () throws(Failure) in
      // Per thread and cheap, so that two executors with different counts can take turns.
      OpenMP.setThreads(threads)
      return try body()
    }
  }

  /// Threads of an executor for which none are said: OMP_NUM_THREADS, else one for each physical
  /// core that the process may use, and no more than its control groups' quota is worth.
  public static var defaultThreads: Int { ExecutionThread.shared.run { environmentThreads } }

  // Read before any executor sets another number.
  private static let environmentThreads =
    getenv("OMP_NUM_THREADS") == nil
    ? min(OpenMP.maximumThreads, AvailableCores()?.physicalCount ?? .max) : OpenMP.maximumThreads
}

/// What all programs of an executor share, used on the execution thread only.
final class Context: @unchecked Sendable {
  let engine: Engine
  let stream: Stream
  let arena = Arena()
  private var programCount = 0

  init() throws(ExecutorError) {
    engine = try Engine()
    stream = try Stream(engine)
  }

  func takeIdentity() -> Int {
    programCount += 1
    return programCount
  }
}
