import AdaBatch

// What an experiment has beside its arms.
extension ExperimentFile {
  func text(_ name: String) throws(FileError) -> String? {
    guard let entry = entries[name] else { return nil }
    if case .text(let text) = entry.value { return text }
    throw Self.fault(
      path, entry, "\(name) needs to be one name", fix: "write it as a line '\(name): something'")
  }

  func seeds() throws(FileError) -> [UInt64] {
    try list("seeds", "whole numbers, such as [1, 2, 3]") { UInt64($0) } ?? [1]
  }

  func accuracies() throws(FileError) -> [Double] {
    try list("accuracies", "percent, such as [60, 70]") { Double($0) } ?? []
  }

  func allowedDifferences() throws(FileError) -> [String] {
    let names = Comparability.needed
    return try list("allow-differences", "some of: " + names.joined(separator: ", ")) {
      names.contains($0) ? $0 : nil
    } ?? []
  }

  private func list<Item>(
    _ name: String, _ needs: String, _ read: (String) -> Item?
  ) throws(FileError) -> [Item]? {
    guard let entry = entries[name] else { return nil }
    let words: [String] =
      switch entry.value {
      case .list(let words): words
      case .text(let text): [text]
      case .nothing, .nested: []
      }
    let items = words.compactMap(read)
    if !items.isEmpty, items.count == words.count { return items }
    throw Self.fault(
      path, entry, "\(name) needs to be \(needs)", fix: "correct it, or leave it out")
  }
}
