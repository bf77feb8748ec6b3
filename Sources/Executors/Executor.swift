import NetworkGraph

/// Compiles graphs into programs for one kind of device and precision.
///
/// `Scalar` is the type of the numbers that go in and come out, whatever is used inside.
public protocol Executor<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar

  /// As recorded with a run: `oneDNN`, `reference`.
  var name: String { get }

  /// Compiles `graph` for `imageCount` images that pass together.
  ///
  /// Programs of one executor may share memory: only the one that ran last can be read.
  ///
  /// - Throws: ``ExecutorError``, or `GraphError` when so few images cannot pass together.
  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Scalar>

  /// Bytes that the program for so many images works in, also where the device has fewer.
  ///
  /// - Throws: as ``compile(_:imageCount:)``, except for memory.
  func memoryBytes(of graph: Graph, imageCount: Int) throws -> Int

  /// Calls `body` with parts of 0 ..< `count` that make up the whole, on the threads that programs
  /// compute with, and returns when all are done: for sums and updates of flat buffers.
  func divide(_ count: Int, _ body: (Range<Int>) -> Void)
}

extension Executor {
  public func memoryBytes(of graph: Graph, imageCount: Int) throws -> Int {
    try compile(graph, imageCount: imageCount).memoryBytes
  }

  public func divide(_ count: Int, _ body: (Range<Int>) -> Void) { body(0..<count) }
}

/// A graph compiled for a number of images, a precision and a device.
///
/// Weights live outside programs, so the next batch size is the next program with the same
/// ``Weights``. Not thread-safe: one caller at a time for all programs of an executor.
public protocol Program<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  var graph: Graph { get }
  /// Images that pass together.
  var imageCount: Int { get }
  /// Bytes that the program works in, without weights, gradient and fed images.
  var memoryBytes: Int { get }

  /// Runs the forward pass. The feed's memory must stay as it is until the backward pass is done.
  ///
  /// - Throws: ``ExecutorError``, with code `stopped` when the feed's request is made.
  func forward(_ feed: Feed<Scalar>, weights: Weights<Scalar>) throws(ExecutorError)

  /// Runs the backward pass of the latest forward pass.
  ///
  /// - Parameter gradient: receives `graph.parameterCount` numbers, laid out as the parameters are.
  func backward(into gradient: UnsafeMutablePointer<Scalar>) throws(ExecutorError)

  /// An output of the latest forward pass, row-major, `[N, …]`.
  func output(_ name: String) -> [Scalar]

  /// Means and unbiased variances (n/(n−1)) of the images of the latest forward pass, laid out as
  /// the running statistics are.
  func batchStatistics() -> [Scalar]
}

/// What a program reads in one run.
public struct Feed<Scalar> {
  /// Row-major tensors `[N, …]` by the names of the graph's inputs.
  public var inputs: [String: UnsafePointer<Scalar>]
  /// The class of each image.
  public var labels: UnsafePointer<Int32>?
  /// Ends the forward pass, or the backward pass that follows it, between two primitives.
  public var stop: StopRequest?

  public init(
    inputs: [String: UnsafePointer<Scalar>], labels: UnsafePointer<Int32>? = nil,
    stop: StopRequest? = nil
  ) {
    self.inputs = inputs
    self.labels = labels
    self.stop = stop
  }
}
