import Foundation
import RunRecords

/// What the commands in Documentation/Errors.md run into.
struct FaultyFolder {
  let folder: URL

  init(in folder: URL) throws {
    self.folder = folder
    try directory("empty")
    try Data("not a folder\n".utf8).write(to: folder.appending(path: "a-file"))
    try directory("damaged-run")
    try Data("adabatch: 0.1.0\n".utf8).write(to: folder.appending(path: "damaged-run/run.yaml"))
    try unfinishedRun("unfinished-run")
    try unfinishedRun("edited-test-batch") { $0.testBatch = -5 }
    try unfinishedRun("edited-classes") { ($0.dataset, $0.classes) = ("cifar10", 5) }
    try unfinishedRun("edited-threads") { $0.threads = 1_000_000 }
    try unfinishedRun("edited-network") { $0.network = "alexnte" }
    try settings()
    try weights()
    try Data("an error page\n".utf8).write(to: folder.appending(path: "not-an-archive.tar.gz"))
    try directory("another-archive")
    try sparse("another-archive/cifar-10-binary.tar.gz", bytes: 10)
    try cifar10("missing-file", leavingOut: "data_batch_4.bin")
    try cifar10("truncated")
    try resize("truncated/data_batch_3.bin", to: 30_000_000)
    try cifar10("oversized")
    try resize("oversized/test_batch.bin", to: 30_730_001)
    try cifar10("bad-label")
    try write([10], to: "bad-label/data_batch_2.bin", at: 3073 * 17)
    try cifar10("copies")
    try write([0], to: "copies/data_batch_5.bin", at: 100)
    try exchangedCIFAR10("exchanged")
    try directory("swapped")
    try sparse("swapped/train.bin", bytes: 30_740_000)
    try sparse("swapped/test.bin", bytes: 153_700_000)
    try OwnImages(in: folder.appending(path: "own"), count: 2)
    try OwnImages(in: folder.appending(path: "own-labels"), count: 2, labels: [0, 2])
    try OwnImages(in: folder.appending(path: "own-floats"), count: 2, type: "<f4", bytes: 4)
  }

  /// A run that has not come to its first epoch.
  private func unfinishedRun(
    _ name: String, edit: (inout TrainingSettings) -> Void = { _ in }
  ) throws {
    var settings = TrainingSettings(
      dataset: "synthetic", data: nil, network: "alexnet", classes: 10, policy: "fixed", epochs: 1,
      batchSize: 100, testBatch: 100, growthFactor: nil, growthInterval: 1, maxBatch: nil,
      learningRate: 0.01, decay: 1, momentum: 0.9, weightDecay: 0, microBatch: .batch,
      dropLast: false, seed: 1, threads: 1)
    edit(&settings)
    try RunDirectory(creatingAt: folder.appending(path: name).path).write(
      RunSettings(
        adabatch: "0.1.0", command: "adabatch train", settings: settings,
        versions: ComponentVersions(executor: "oneDNN")))
  }

  /// Files for `--config`.
  private func settings() throws {
    let files = [
      "no-settings": "# nothing yet\n",
      "unknown-name": "epochs: 2\nlearning_rate: 0.1\n",
      "twice": "epochs: 2\nseed: 1\nepochs: 3\n",
      "wrong-kind": "network: alexnet\nbatch-size: large\n",
      "list": "batch-size: [128, 256]\n",
      "null": "max-batch: null\n",
      "yes": "drop-last: yes\n",
      "resume": "resume: true\n",
      "tab": "epochs: 2\n\tseed: 1\n",
      "alias": "batch-size: &b 128\nmax-batch: *b\n",
      "no-epochs": "epochs: 0\n",
      "fixed": "policy: fixed\nmax-batch: 512\n",
      "experiment-name": "baselin: a\n",
      "arm-setting": "baseline: a\narms:\n  a: {policy: fixed}\n  b: {batch_size: 128}\n",
      "arm-value": "baseline: a\narms:\n  a: {policy: fixed}\n  b: {batch-size: large}\n",
      "arm-seed": "baseline: a\narms:\n  a: {policy: fixed, seed: 2}\n",
      "arm-ranks": "baseline: a\narms:\n  a: {policy: fixed, ranks: many}\n",
      "arm-twice": "baseline: a\narms:\n  a: {policy: fixed}\n  a: {batch-size: 128}\n",
      "arm-text": "baseline: a\narms:\n  a: fixed\n",
      "one-arm": "baseline: a\narms:\n  a: {policy: fixed}\n",
      "no-baseline": "arms:\n  a: {policy: fixed}\n  b: {batch-size: 128}\n",
      "other-baseline": "baseline: c\narms:\n  aa: {policy: fixed}\n  bb: {batch-size: 128}\n",
      "seeds": "baseline: a\nseeds: [1, two]\narms:\n  a: {policy: fixed}\n  b: {}\n",
      "allowed":
        "baseline: a\nallow-differences: [threads]\narms:\n  a: {policy: fixed}\n  b: {}\n",
      "unlike": """
      baseline: a
      all: {data: nowhere, network: alexnet, threads: 1}
      arms:
        a: {epochs: 2, policy: fixed}
        b: {epochs: 3}
        c: {batch-size: 60000}

      """,
    ]
    for (name, content) in files {
      try Data(content.utf8).write(to: folder.appending(path: name + ".yaml"))
    }
  }

  /// Files for `adabatch evaluate`: of another network, and what torch.save begins with.
  private func weights() throws {
    let tensors = [
      SafetensorsTensor(
        name: "fc.weight", shape: [10, 2], values: .float32(.init(repeating: 0, count: 20)))
    ]
    try Safetensors(tensors).write(to: folder.appending(path: "other.safetensors").path)
    try Data("PK\u{3}\u{4}archive/data.pkl".utf8).write(to: folder.appending(path: "model.pth"))
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

  /// CIFAR-10's counts, 1,000 images of each class in the test batch alone and 6,000 in all, with
  /// the test batch under the name of a training batch.
  private func exchangedCIFAR10(_ name: String) throws {
    try directory(name)
    for index in 1...6 {
      let file = index == 6 ? "test_batch.bin" : "data_batch_\(index).bin"
      var records = Data(count: 30_730_000)
      for record in 0..<10_000 { records[record * 3073] = UInt8(record % 10) }
      // In each file but the fifth one image is of the next class: uneven there, even in all.
      let place = min(index, 5) - 1
      if index != 5 { records[place * 3073] = UInt8((place + 1) % 5) }
      records[100] = UInt8(index)
      try records.write(to: folder.appending(path: "\(name)/\(file)"))
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
