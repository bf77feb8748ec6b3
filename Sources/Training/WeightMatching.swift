import NetworkGraph
import RunRecords

/// The tensors of a file against those of a network: what fits, and all that does not.
struct WeightMatching {
  private let names: [String]
  private let found: [String: (shape: [Int], values: SafetensorsTensor.Values?)]
  private let wanted: [(name: String, shape: [Int])]
  /// Names that may be there and are not used.
  private let unused: Set<String>
  private let variances: Set<String>

  ///
  /// - Parameter momentum: whether the optimizer's state is to be there too.
  init(_ file: Safetensors, _ graph: Graph, momentum: Bool = false) {
    self.init(file.tensors.map { ($0.name, $0.shape, $0.values) }, graph, momentum: momentum)
  }

  /// Without numbers yet: names and shapes alone.
  init(_ shapes: [(name: String, shape: [Int])], _ graph: Graph) {
    self.init(shapes.map { ($0.name, $0.shape, nil) }, graph)
  }

  private init(
    _ tensors: [(String, [Int], SafetensorsTensor.Values?)], _ graph: Graph, momentum: Bool = false
  ) {
    names = tensors.map(\.0)
    found = Dictionary(uniqueKeysWithValues: tensors.map { ($0.0, ($0.1, $0.2)) })
    wanted =
      graph.parameters.map { ($0.name, $0.dimensions) }
      + graph.statistics.map { ($0.name, [$0.channels]) }
      + (momentum ? graph.parameters.map { ($0.momentumName, $0.dimensions) } : [])
    unused = Set(graph.statistics.map(\.microBatchCounter))
      .union(momentum ? LearnerSnapshot<Float>.tensorNames : [])
    variances = Set(graph.statistics.filter { $0.kind == .variance }.map(\.name))
  }

  /// The values of a tensor; none where it is not there or holds whole numbers.
  func numbers(of name: String) -> [Float] {
    guard case .float32(let values)? = found[name]?.values else { return [] }
    return values
  }

  func holds(_ name: String) -> Bool { found[name] != nil }

  /// The whole number that a tensor is; nil where it is not there or something else.
  func wholeNumber(of name: String) -> Int? {
    guard case .int64(let values)? = found[name]?.values, values.count == 1 else { return nil }
    return Int(values[0])
  }

  /// One error that names everything that does not fit, nil where all does.
  func error(_ path: String) -> FileError? {
    let differences = [missingText, unexpectedText, shapesText].compactMap(\.self)
    let faults = differences.isEmpty ? [damagesText].compactMap(\.self) : differences
    guard !faults.isEmpty else { return nil }
    return FileError(
      code: .invalid, path: path, operation: "use the weights in",
      reason: faults.joined(separator: "; "),
      fix: differences.isEmpty ? "restore the file from a copy, or train again" : fix)
  }
}

extension WeightMatching {
  private var missing: [String] { wanted.map(\.name).filter { found[$0] == nil } }

  private var unexpected: [String] {
    let known = Set(wanted.map(\.name)).union(unused)
    return names.filter { !known.contains($0) }
  }

  private var missingText: String? {
    let missing = missing
    guard let list = shortened(missing) else { return nil }
    return list + (missing.count == 1 ? " is missing" : " are missing")
  }

  private var unexpectedText: String? {
    let missing = missing
    let list = shortened(unexpected) { name in
      printable(name)
        + (closestName(to: name, among: missing).map { " (did you mean \($0)?)" } ?? "")
    }
    return list.map { "the network has no \($0)" }
  }

  private var shapesText: String? {
    let others = wanted.filter { tensor in
      found[tensor.name].map { $0.shape != tensor.shape } ?? false
    }
    return shortened(others) {
      "\($0.name) is \(printable("\(found[$0.name]?.shape ?? [])")), not \($0.shape)"
    }
  }

  private var damagesText: String? { shortened(wanted.compactMap { damage($0.name) }) }

  /// Numbers that no training leaves behind, and that a ReLU would hide from the loss.
  private func damage(_ name: String) -> String? {
    if case .int64? = found[name]?.values { return "\(name) holds whole numbers" }
    let numbers = numbers(of: name)
    if !numbers.allSatisfy(\.isFinite) { return "\(name) holds what is not a finite number" }
    let isNegative = variances.contains(name) && numbers.contains { $0 < 0 }
    return isNegative ? "\(name) holds a negative variance" : nil
  }

  private var fix: String {
    if let prefix = wrapper {
      return
        "write the file without '\(printable(prefix))' before the names, which a wrapper of the model has "
        + "put there; for DataParallel: model.module.state_dict()"
    }
    return "name the network, and the number of classes, that these weights are of"
  }

  /// What precedes each name where a model was saved inside another one.
  private var wrapper: String? {
    guard let name = missing.first else { return nil }
    return unexpected.first { $0.hasSuffix("." + name) }.map { String($0.dropLast(name.count)) }
  }

  /// The first few, and how many more there are; nil for none.
  private func shortened<Item>(
    _ items: [Item], _ text: (Item) -> String = { "\($0)" }
  ) -> String? {
    guard !items.isEmpty else { return nil }
    let shown = items.prefix(3).map(text).joined(separator: ", ")
    return items.count > 3 ? "\(shown) and \(items.count - 3) more" : shown
  }
}
