extension BatchKind {
  /// `fixed 256`, `AdaBatch 256–4096`, `noise-scale 128–1500`.
  var label: String {
    switch self {
    case .fixed(let size): size.map { "fixed \($0)" } ?? "fixed"
    case .adaptive(let policy, let from, let upTo):
      ([policy == "adabatch" ? "AdaBatch" : policy] + [Self.sizes(from, upTo)].compactMap(\.self))
        .joined(separator: " ")
    }
  }

  private static func sizes(_ from: Int?, _ upTo: Int?) -> String? {
    guard let from else { return nil }
    guard let upTo, upTo != from else { return "\(from)" }
    return "\(from)–\(upTo)"
  }
}

extension [ReportRun] {
  /// Gives runs without a label the shortest one that tells apart those of one network and data set:
  /// how their batch goes, then ranks and seed where these differ, at last a number.
  mutating func makeLabelsDiffer() {
    let places = indices.filter { self[$0].label.isEmpty }
    for place in places { self[place].label = self[place].kind.label }
    let traits: [(ReportRun) -> String?] = [
      { $0.ranks.map { $0 == 1 ? "1 rank" : "\($0) ranks" } },
      { $0.settings.map { "seed \($0.settings.seed)" } },
    ]
    for trait in traits { distinguish(places, by: trait) }
    for group in sameLabels(Array<Int>(indices)) where group.count > 1 {
      for (number, place) in group.enumerated() { self[place].label += " (\(number + 1))" }
    }
  }

  /// The runs as they are called beside those of other networks.
  func namingNetworks() -> [ReportRun] {
    guard Set(map(\.label)).count < count else { return self }
    return map { run in
      var run = run
      guard case .directory = run.source else { return run }
      run.label += ", " + RunGroup(network: run.network, dataset: run.dataset, runs: []).title
      return run
    }
  }

  /// Adds a trait to labels that are there more than once, where it differs between them.
  private mutating func distinguish(_ places: [Int], by trait: (ReportRun) -> String?) {
    for group in sameLabels(places) where Set(group.map { trait(self[$0]) }).count > 1 {
      for place in group {
        if let text = trait(self[place]) { self[place].label += ", \(text)" }
      }
    }
  }

  private func sameLabels(_ places: [Int]) -> [[Int]] {
    let groups = Dictionary(grouping: places) { place in
      [self[place].network, self[place].dataset, self[place].label]
    }
    return Array<[Int]>(groups.values)
  }
}
