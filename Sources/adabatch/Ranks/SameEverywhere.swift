import AdaBatch
import Foundation

/// What has to be the same on all ranks: the program, the settings, the images.
struct SameEverywhere: Codable {
  /// Names and values, in the order in which they are compared.
  private let program: [[String]]
  private let settings: [String: String]
  private let data: DataFingerprint

  /// - Parameter engine: that computes.
  init(_ settings: TrainingSettings, _ dataset: Dataset, _ engine: Engine) throws {
    var settings = settings
    // Each host has its own way to the images, which the fingerprint compares.
    settings.data = nil
    data = dataset.fingerprint
    // With the version of oneDNN, which is not in the file.
    program = [
      ["adabatch", Version.text], ["the MPI library", Job.library ?? "none"],
      ["the program file", try Self.checksumOfProgram()],
      ["what computes", engine.versions.executor],
    ]
    self.settings = try settings.texts()
  }

  /// - Throws: ``TrainingError`` on all ranks, naming the first one that is unlike rank 0, and what
  ///   is different there.
  func check(_ ranks: Ranks) throws {
    let own = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    let all = try ranks.gather(own).map {
      try JSONDecoder().decode(SameEverywhere.self, from: Data($0.utf8))
    }
    for (rank, other) in all.enumerated() {
      guard let difference = difference(all[0], other) else { continue }
      throw TrainingError(
        .impossibleSetting,
        problem: "rank \(rank) on \(ranks.communicator.hosts[rank]) is unlike rank 0 on"
          + " \(ranks.communicator.hosts[0]): \(difference)",
        fix: "give all ranks the same program, settings and images")
    }
  }

  private func difference(_ first: SameEverywhere, _ other: SameEverywhere) -> String? {
    for (left, right) in zip(first.program, other.program) where left != right {
      return "\(right[0]) is \(right[1]), and \(left[1]) on rank 0"
    }
    for name in Set(first.settings.keys).union(other.settings.keys).sorted() {
      let (left, right) = (first.settings[name] ?? "none", other.settings[name] ?? "none")
      if left != right { return "--\(name) is \(right), and \(left) on rank 0" }
    }
    // Copies on several hosts were written at several times.
    let (left, right) = (first.data.timeless, other.data.timeless)
    if left == right { return nil }
    return left.labels == right.labels
      ? "its images are in other files" : "its images have other labels"
  }

  private static func checksumOfProgram() throws -> String {
    let bytes = try Data(contentsOf: URL(filePath: "/proc/self/exe"), options: .alwaysMapped)
    return "of checksum " + String(CRC32.castagnoli(bytes), radix: 16)
  }
}

extension DataFingerprint {
  fileprivate var timeless: DataFingerprint {
    var copy = self
    for index in files.indices { copy.files[index].modified = 0 }
    return copy
  }
}
