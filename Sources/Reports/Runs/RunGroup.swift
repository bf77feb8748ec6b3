/// Runs of one network on one data set: those that are compared with each other.
struct RunGroup {
  let network: String?
  let dataset: String?
  /// Adaptive ones, then fixed ones from the smallest batch on; those of fewer ranks first.
  let runs: [ReportRun]

  init(network: String?, dataset: String?, runs: [ReportRun]) {
    self.network = network
    self.dataset = dataset
    let size = { (run: ReportRun) in run.kind.isAdaptive ? -1 : run.kind.fixedSize ?? 0 }
    let order = runs.indices.sorted {
      (size(runs[$0]), runs[$0].ranks ?? 1, $0) < (size(runs[$1]), runs[$1].ranks ?? 1, $1)
    }
    self.runs = order.map { runs[$0] }
  }

  /// The runs in groups, in the order in which they were given.
  static func groups(of runs: [ReportRun]) -> [RunGroup] {
    struct Key: Hashable { let network, dataset: String? }
    var keys: [Key] = []
    var groups: [Key: [ReportRun]] = [:]
    for run in runs {
      let key = Key(network: run.network, dataset: run.dataset)
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(run)
    }
    return keys.map {
      RunGroup(network: $0.network, dataset: $0.dataset, runs: groups[$0] ?? [])
    }
  }

  /// `AlexNet on CIFAR-10`.
  var title: String {
    let name = network.map(Self.shown) ?? "unknown network"
    return dataset.map { "\(name) on \(Self.shown($0))" } ?? name
  }

  /// For names of files: `alexnet-cifar10`.
  var slug: String {
    Self.slug([network ?? "unknown", dataset].compactMap(\.self).joined(separator: "-"))
  }

  static func slug(_ text: String) -> String {
    String(
      text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(60))
  }

  private var fixed: [ReportRun] { runs.filter { $0.kind.fixedSize != nil } }

  /// What others are compared with: the fixed batch that is the smallest one.
  var smallestFixed: ReportRun? { fixed.first }

  /// What a run's seconds are fairly compared with: the smallest fixed batch on as many ranks, where
  /// there is one.
  func baseline(for run: ReportRun) -> ReportRun? {
    fixed.first { $0.ranks == run.ranks } ?? smallestFixed
  }

  /// nil where there is one fixed size alone.
  var largestFixed: ReportRun? {
    guard let last = fixed.last, last.kind.fixedSize != fixed.first?.kind.fixedSize else {
      return nil
    }
    return last
  }

  var adaptive: ReportRun? { runs.first { $0.kind.isAdaptive } }

  private static let names = [
    "alexnet": "AlexNet", "cifar10": "CIFAR-10", "cifar100": "CIFAR-100",
    "synthetic": "synthetic images",
  ]

  /// As people write it; networks that are a number behind a name get a hyphen: `ResNet-20`.
  static func shown(_ name: String) -> String {
    if let known = names[name] { return known }
    for (prefix, shown) in [("resnet", "ResNet-"), ("vgg", "VGG")] where name.hasPrefix(prefix) {
      let rest = name.dropFirst(prefix.count).uppercased()
      return rest.isEmpty ? shown.replacing("-", with: "") : shown + rest
    }
    return name
  }
}
