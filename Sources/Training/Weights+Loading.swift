import Executors
import NetworkGraph
import RunRecords

extension Weights<Float> {
  /// The weights that a file holds for a network, found by PyTorch's names.
  ///
  /// Strict, as `load_state_dict(strict=True)`: the file holds every parameter and running
  /// statistic of the network in its shape, and nothing else. `num_batches_tracked` may be there;
  /// evaluation does not use it.
  ///
  /// - Parameters:
  ///   - file: what `Safetensors.read(from:)` gave.
  ///   - path: where it was read, for errors.
  ///   - graph: of the network, for training or evaluation.
  /// - Throws: `FileError` with code `invalid`, naming the tensors that are missing, unexpected, of
  ///   another shape or type, or not finite.
  public convenience init(
    loading file: Safetensors, readFrom path: String, for graph: Graph
  ) throws(FileError) {
    let matching = WeightMatching(file, graph)
    if let error = matching.error(path) { throw error }
    self.init(
      parameters: graph.parameters.flatMap { matching.numbers(of: $0.name) },
      statistics: graph.statistics.flatMap { matching.numbers(of: $0.name) })
  }
}

extension Weights<Float> {
  /// The weights in a safetensors file; matches and throws as ``init(loading:readFrom:for:)``.
  ///
  /// Names and shapes come first: a file of another model may be larger than memory.
  public convenience init(readingFrom path: String, for graph: Graph) throws(FileError) {
    let shapes = try Safetensors.shapes(in: path)
    if let error = WeightMatching(shapes, graph).error(path) { throw error }
    try self.init(loading: Safetensors.read(from: path), readFrom: path, for: graph)
  }
}

extension Statistic {
  /// PyTorch's name for the number of micro-batches that a batch norm has seen.
  var microBatchCounter: String {
    (name.split(separator: ".").dropLast() + ["num_batches_tracked"]).joined(separator: ".")
  }
}
