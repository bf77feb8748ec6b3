import RunRecords

/// Files of the reference's scripts that belong to one run, with what their name says of it.
struct ReferenceRun {
  /// One, or one of each rank, in the order of their ranks.
  let files: [ReferenceFile]
  let name: ReferenceName

  /// Puts together the files whose names differ in their rank alone.
  static func grouped(_ files: [ReferenceFile]) -> [ReferenceRun] {
    let named = files.map { (name: ReferenceName(path: $0.path), file: $0) }
    var order: [String] = []
    for (name, _) in named where !order.contains(name.withoutRank) {
      order.append(name.withoutRank)
    }
    return order.compactMap { key in
      let group = named.filter { $0.name.withoutRank == key }
        .sorted { ($0.name.rank ?? 0) < ($1.name.rank ?? 0) }
      return group.first.map { first in
        ReferenceRun(files: group.map(\.file), name: first.name)
      }
    }
  }
}

/// What the name of a file says of the run in it.
///
/// The scripts write none of this into the file, so all of it is a guess.
struct ReferenceName {
  /// The file's name without ending.
  let stem: String
  /// The path up to where it names a rank, and what follows.
  let withoutRank: String
  let rank: Int?
  private let words: String

  init(path: String) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    stem = file.hasSuffix(".npz") ? String(file.dropLast(4)) : file
    words = path.split(separator: "/").suffix(2).joined(separator: "/").lowercased()
    let match = stem.firstMatch(of: /rank([0-9]{1,3})/)
    rank = match.flatMap { Int($0.1) }
    withoutRank = match == nil ? path : path.replacing(/rank[0-9]{1,3}/, with: "rank")
  }

  var network: String? {
    let networks = ["alexnet": "alexnet", "vgg19_bn": "vgg19_bn", "vgg": "vgg19_bn"]
    if let known = ["alexnet", "vgg19_bn", "vgg"].first(where: stem.lowercased().contains) {
      return networks[known]
    }
    guard let match = stem.lowercased().firstMatch(of: /resnet[-_]?(20|32|44|56|110)?/) else {
      return nil
    }
    return match.1.map { "resnet\($0)" } ?? "resnet20"
  }

  /// `cifar100` only where the name says so; the scripts leave it out for both.
  var dataset: String? {
    if words.contains("cifar100") || words.contains("cifar-100") { return "cifar100" }
    return stem.lowercased().contains(/cifar-?10/) ? "cifar10" : nil
  }

  var saysAdaptive: Bool { stem.lowercased().contains("ada") }

  /// The size behind `ada` or `fixed`.
  var batchSize: Int? {
    stem.lowercased().firstMatch(of: /(?:ada|adabatch|fixed|fix)[-_]?([0-9]{1,6})/)
      .flatMap { Int($0.1) }
  }

  /// Processes: 3 for `3gpu` and `gpus3`, at least 2 for `multi`, `dist` and `rank1`, else 1.
  var guessedRanks: Int {
    if let match = words.firstMatch(of: /([0-9]{1,3})[-_]?gpu|gpus?[-_]?([0-9]{1,3})/),
      let ranks = (match.1 ?? match.2).flatMap({ Int($0) })
    {
      return max(1, ranks)
    }
    if let rank { return max(2, rank + 1) }
    return words.contains(/multi|dist|ddp/) ? 2 : 1
  }
}
