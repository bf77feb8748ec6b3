import Foundation

/// What the commands in Documentation/Errors.md run into.
struct FaultyFolder {
  let folder: URL

  init(in folder: URL) throws {
    self.folder = folder
    try directory("empty")
    try Data("not a folder\n".utf8).write(to: folder.appending(path: "a-file"))
    try directory("finished-run")
    try Data("adabatch: 0.1.0\n".utf8).write(to: folder.appending(path: "finished-run/run.yaml"))
    try cifar10("missing-file", leavingOut: "data_batch_4.bin")
    try cifar10("truncated")
    try resize("truncated/data_batch_3.bin", to: 30_000_000)
    try cifar10("oversized")
    try resize("oversized/test_batch.bin", to: 30_730_001)
    try cifar10("bad-label")
    try write([10], to: "bad-label/data_batch_2.bin", at: 3073 * 17)
    try cifar10("copies")
    try write([0], to: "copies/data_batch_5.bin", at: 100)
    try directory("swapped")
    try sparse("swapped/train.bin", bytes: 30_740_000)
    try sparse("swapped/test.bin", bytes: 153_700_000)
  }

  /// Six files of the right size, all labels 0, told apart by one pixel.
  private func cifar10(_ name: String, leavingOut missing: String? = nil) throws {
    try directory(name)
    let files = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    for (index, file) in files.enumerated() where file != missing {
      try sparse("\(name)/\(file)", bytes: 30_730_000)
      try write([UInt8(index)], to: "\(name)/\(file)", at: 100)
    }
  }

  private func directory(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: folder.appending(path: name), withIntermediateDirectories: true)
  }

  private func sparse(_ name: String, bytes: UInt64) throws {
    try Data().write(to: folder.appending(path: name))
    try resize(name, to: bytes)
  }

  private func resize(_ name: String, to bytes: UInt64) throws {
    let file = try FileHandle(forWritingTo: folder.appending(path: name))
    try file.truncate(atOffset: bytes)
    try file.close()
  }

  private func write(_ bytes: [UInt8], to name: String, at offset: UInt64) throws {
    let file = try FileHandle(forUpdating: folder.appending(path: name))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }
}
