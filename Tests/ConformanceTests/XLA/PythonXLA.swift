import ExecutorXLA
import Executors
import Foundation
import NetworkGraph

/// Runs what ``PassesText`` writes, on the CPU, with jaxlib in a Python of its own.
///
/// It is here to compare: every program is compiled, and all numbers go through pipes.
final class PythonXLA: Executor, @unchecked Sendable {
  let name = "StableHLO by jaxlib"
  private let precision: Precision
  private let server: StableHLOServer

  /// - Parameter python: that has jaxlib.
  init(python: String, _ precision: Precision = .f32) throws {
    self.precision = precision
    server = try StableHLOServer(python: python)
  }

  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> {
    try graph.verify(imageCount: imageCount)
    let text = PassesText(graph, imageCount: imageCount, precision: precision, named: "passes")
    return PythonXLAProgram(text, try server.compile(text.text), server)
  }
}

private final class PythonXLAProgram: Program {
  private let passes: PassesText
  private let id: Int
  private let server: StableHLOServer
  private let order: DeviceOrder
  private var results: [[Float]] = []

  init(_ passes: PassesText, _ id: Int, _ server: StableHLOServer) {
    (self.passes, self.id, self.server) = (passes, id, server)
    order = DeviceOrder(passes.graph)
  }

  var graph: Graph { passes.graph }
  var imageCount: Int { passes.imageCount }
  let memoryBytes = 0

  func forward(_ feed: Feed<Float>, weights: Weights<Float>) throws(ExecutorError) {
    let labels = (0..<imageCount).map { feed.labels?[$0] ?? 0 }
    var arguments: [StableHLOServer.Argument] = [
      .floats(order.toDevice(weights.parameters.elements), [graph.parameterCount]),
      .floats(weights.statistics.elements, [graph.statisticCount]),
      .integers(labels, [imageCount]),
    ]
    for name in passes.inputs {
      guard let pointer = feed.inputs[name], let value = graph.inputs[name] else {
        preconditionFailure("no input '\(name)'")
      }
      let sizes = graph.type(of: value).dimensions(images: imageCount)
      let numbers = UnsafeBufferPointer(start: pointer, count: sizes.reduce(1, *))
      arguments.append(.floats(Array(numbers), sizes))
    }
    do {
      results = try server.run(id, arguments)
    } catch {
      throw ExecutorError(.unsupported, problem: "\(error)", fix: "see what jaxlib says")
    }
  }

  func backward(into gradient: UnsafeMutablePointer<Float>) {
    let numbers = order.fromDevice(results[results.count - 1])
    for (index, number) in numbers.enumerated() { gradient[index] = number }
  }

  func output(_ name: String) -> [Float] {
    guard let place = passes.outputs.firstIndex(of: name) else {
      preconditionFailure("no output '\(name)'")
    }
    return results[place]
  }

  func batchStatistics() -> [Float] { results[results.count - 2] }
}
