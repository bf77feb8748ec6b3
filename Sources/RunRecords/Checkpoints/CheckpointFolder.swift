import Foundation

/// A run's checkpoints: pairs of files in its folder `checkpoints`.
///
/// ```
/// 000007.safetensors   parameters, running statistics, momentum
/// 000007.json          the manifest, written when all it names is on the disk
/// ```
///
/// Numbers are never used twice, so a file that a kill has left behind belongs to nothing else. A
/// checkpoint that cannot be used is set aside as `….damaged`, not deleted.
struct CheckpointFolder {
  let run: RunDirectory
  var path: String { run.file(RunDirectory.checkpointFolder) }
  var files: any FileSystem { run.files }

  private static let manifestSuffix = ".json"
  private static let tensorsSuffix = ".safetensors"

  func manifestPath(_ number: Int) -> String { file(number, Self.manifestSuffix) }
  func tensorsPath(_ number: Int) -> String { file(number, Self.tensorsSuffix) }

  /// The checkpoints there are, the newest first.
  func numbers() throws(FileError) -> [Int] {
    try names().filter { $0.hasSuffix(Self.manifestSuffix) }.compactMap(number)
      .sorted(by: >)
  }

  /// A number above all that any file here has had.
  func nextNumber() throws(FileError) -> Int {
    (try names().compactMap(number).max() ?? 0) + 1
  }

  /// Removes all but the newest `count` checkpoints, and what kills have left of others.
  func prune(keeping count: Int) throws(FileError) {
    let kept = Set(try numbers().prefix(count))
    for name in try names() {
      guard let number = number(name), !kept.contains(number), !name.hasSuffix(Self.damaged)
      else { continue }
      try remove("\(path)/\(name)", on: files)
    }
  }

  private static let damaged = ".damaged"

  /// Puts a checkpoint out of the way of the next one.
  func setAside(_ number: Int) throws(FileError) {
    for path in [manifestPath(number), tensorsPath(number)] where exists(path, on: files) {
      try move(path, to: path + Self.damaged, on: files)
    }
  }

  private func names() throws(FileError) -> [String] {
    guard exists(path, on: files) else { return [] }
    // Manifests before their tensors: a kill between the two leaves what belongs to nothing.
    return try attempt("list", path) { () throws(SystemFault) in
      try files.names(in: path)
    }.sorted()
  }

  /// The number that a file's name begins with.
  private func number(_ name: String) -> Int? { Int(name.prefix { $0 != "." }) }

  private func file(_ number: Int, _ suffix: String) -> String {
    let digits = String(number)
    return path + "/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + suffix
  }
}
