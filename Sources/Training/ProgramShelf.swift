import Executors
import NetworkGraph

/// The programs of a network, one for each number of images that pass together.
///
/// Going over to another batch size is taking the next program off the shelf; it is compiled the
/// first time.
final class ProgramShelf<Scalar: TensorScalar> {
  let graph: Graph
  private let executor: any Executor<Scalar>
  private var programs: [Int: any Program<Scalar>] = [:]

  init(_ graph: Graph, _ executor: any Executor<Scalar>) {
    self.graph = graph
    self.executor = executor
  }

  /// The programs so far, smaller ones first.
  var compiled: [any Program<Scalar>] {
    programs.values.sorted { $0.imageCount < $1.imageCount }
  }

  func program(for imageCount: Int) throws -> any Program<Scalar> {
    if let program = programs[imageCount] { return program }
    let program = try executor.compile(graph, imageCount: imageCount)
    programs[imageCount] = program
    return program
  }
}
