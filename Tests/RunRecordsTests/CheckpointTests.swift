import Foundation
import RunRecords
import TestSupport
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  private let disk = MemoryDisk()
  private let run: RunDirectory

  init() throws {
    run = try RunDirectory(creatingAt: "/run", on: disk)
    try run.write(RunSettings.sample())
    for updates in 1...2 { try save(updates: updates) }
  }

  private func tensors(_ number: Float) -> Safetensors {
    Safetensors([
      SafetensorsTensor(
        name: "fc.weight", shape: [2, 3], values: .float32([1, 2, 3, 4, 5, number])),
      SafetensorsTensor(name: "bn.num_batches_tracked", scalar: 7),
    ])
  }

  @discardableResult
  private func save(updates: Int, keeping count: Int = 2, on run: RunDirectory? = nil) throws -> Int
  {
    try (run ?? self.run).save(tensors(Float(updates)), keeping: count) { content in
      var state = TrainingState()
      state.updates = updates
      return CheckpointManifest(
        state: state, batchSize: 128, learningRate: 0.1 + 0.2, settings: .sample(),
        versions: ComponentVersions(executor: "oneDNN"), machine: .sample,
        data: DataFingerprint(files: [], trainingImages: 10, testImages: 5, labels: 1),
        records: [:], tensors: content)
    }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try readFile("/run/checkpoints/" + name, on: disk))
  }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    var file = try OutputFile(opening: "/run/checkpoints/" + name, flags: O_TRUNC, on: disk)
    try file.write(bytes)
  }

  private func names() throws -> [String] { try disk.names(in: "/run/checkpoints").sorted() }

  @Test("come back to the last bit, the newest first")
  func roundTrip() throws {
    let search = try run.newestCheckpoint()
    let found = try #require(search.found)
    #expect(search.damages.isEmpty)
    #expect(found.number == 2)
    #expect(found.tensors == tensors(2))
    #expect(found.manifest.state.updates == 2)
    #expect(found.manifest.learningRate == 0.1 + 0.2)
    #expect(found.manifest.settings == .sample())
  }

  @Test("none is no fault")
  func none() throws {
    let empty = try RunDirectory(creatingAt: "/other", on: disk)
    #expect(try empty.newestCheckpoint() == CheckpointSearch(found: nil, damages: []))
  }

  @Test("stay as many as are to be kept, and what kills have left goes with the older ones")
  func pruning() throws {
    try put([1], "000001.safetensors")
    for name in ["000002.safetensors.partial", "000001.json.partial"] {
      try disk.close(disk.open("/run/checkpoints/" + name, flags: O_CREAT))
    }
    #expect(try save(updates: 3) == 3)
    #expect(
      try names() == [
        "000002.json", "000002.safetensors", "000002.safetensors.partial", "000003.json",
        "000003.safetensors",
      ])
    #expect(try save(updates: 4, keeping: 1) == 4)
    #expect(try names() == ["000004.json", "000004.safetensors"])
  }

  @Test(
    "with one flipped bit anywhere are found out, and the one before is used",
    arguments: ["000002.json", "000002.safetensors"])
  func flippedBit(name: String) throws {
    let whole = try bytes(name)
    for bit in 0..<whole.count * 8 {
      var damaged = whole
      damaged[bit / 8] ^= 1 << (bit % 8)
      try put(damaged, name)
      let search = try run.newestCheckpoint()
      #expect(search.found?.number == 1, "bit \(bit)")
      #expect(search.damages.map(\.code) == [.invalid], "bit \(bit)")
      #expect(search.damages.first?.path == "/run/checkpoints/" + name)
    }
    // The control: without a flipped bit there is nothing to find.
    try put(whole, name)
    #expect(try run.newestCheckpoint().found?.number == 2)
  }

  @Test(
    "cut off anywhere are found out, and the one before is used",
    arguments: ["000002.json", "000002.safetensors"])
  func truncation(name: String) throws {
    let whole = try bytes(name)
    for count in 0..<whole.count {
      try put(Array(whole.prefix(count)), name)
      let search = try run.newestCheckpoint()
      #expect(search.found?.number == 1, "\(count) bytes")
      #expect(search.damages.count == 1)
    }
    try put(whole + [0], name)
    #expect(try run.newestCheckpoint().found?.number == 1)
  }

  @Test("whose tensors alone are left, or gone, are none")
  func halves() throws {
    try disk.remove("/run/checkpoints/000002.safetensors")
    #expect(try run.newestCheckpoint().found?.number == 1)
    try disk.remove("/run/checkpoints/000001.json")
    let error = #expect(throws: FileError.self) { try run.newestCheckpoint() }
    #expect(
      error?.description == """
        cannot go on from /run/checkpoints/000002.safetensors: No such file or directory
          fix: restore /run/checkpoints from a copy, or start over with --fresh
        """)
  }

  @Test("all damaged are refused, not taken for none")
  func allDamaged() throws {
    for name in ["000001.safetensors", "000002.json"] { try put([], name) }
    let error = #expect(throws: FileError.self) { try run.newestCheckpoint() }
    #expect(
      error?.description == """
        cannot go on from /run/checkpoints/000002.json: its checksum does not match, and no older \
        checkpoint is whole
          fix: restore /run/checkpoints from a copy, or start over with --fresh
        """)
  }

  @Test("of a newer format are refused, not passed over for an older one")
  func newerFormat() throws {
    let text = String(decoding: try bytes("000002.json"), as: UTF8.self)
      .replacing("\"format\":1", with: "\"format\":2")
    let body = text.prefix(upTo: try #require(text.range(of: ",\"crc32c\"")).lowerBound)
    let checksum = String(CRC32.castagnoli(body.utf8), radix: 16)
    let zeros = String(repeating: "0", count: 8 - checksum.count)
    try put(Array("\(body),\"crc32c\":\"\(zeros + checksum)\"}\n".utf8), "000002.json")
    let error = #expect(throws: FileError.self) { try run.newestCheckpoint() }
    #expect(error?.code == .unsupported)
    #expect(
      error?.description == """
        cannot go on from /run/checkpoints/000002.json: it is of format 2, and this version reads \
        up to 1
          fix: go on with the version of adabatch that wrote it, or start over with --fresh
        """)
  }

  @Test("that are damaged are set aside when an older one is gone on from, and their numbers too")
  func setAside() throws {
    try put([], "000002.json")
    try run.setAsideCheckpoints(after: try run.newestCheckpoint().found)
    #expect(
      try names() == [
        "000001.json", "000001.safetensors", "000002.json.damaged", "000002.safetensors.damaged",
      ])
    #expect(try save(updates: 3) == 3)
    #expect(try run.newestCheckpoint().found?.manifest.state.updates == 3)
  }

  @Test("that do not read back as written leave those before them, and say so")
  func readBack() throws {
    // A disk that takes writes and keeps half of them, and says nothing.
    let lying = try RunDirectory(
      opening: "/run", on: FaultyFiles(disk, failing: 1, with: 0, lasts: true))
    let error = #expect(throws: FileError.self) { try save(updates: 3, keeping: 1, on: lying) }
    #expect(error?.code == .invalid)
    let search = try run.newestCheckpoint()
    #expect(search.found?.number == 2)
    #expect(search.found?.tensors == tensors(2))
  }

  @Test("do not go with records that became shorter")
  func lostRecords() throws {
    try run.append(EpochRecord.sample())
    let lengths = try run.recordLengths()
    try run.save(tensors(3), keeping: 3) { content in
      CheckpointManifest(
        state: TrainingState(), batchSize: 1, learningRate: 1, settings: .sample(),
        versions: ComponentVersions(executor: "oneDNN"), machine: .sample,
        data: DataFingerprint(files: [], trainingImages: 1, testImages: 1, labels: 0),
        records: lengths, tensors: content)
    }
    #expect(try run.newestCheckpoint().found?.number == 3)
    var file = try OutputFile(opening: "/run/epochs.jsonl", flags: O_TRUNC, on: disk)
    try file.write(Array("epoch".utf8))
    try disk.remove("/run/epochs.csv")  // made again from the lines, so no reason to refuse
    let search = try run.newestCheckpoint()
    #expect(search.found?.number == 2)
    #expect(search.damages.first?.reason.hasPrefix("epochs.jsonl has 5 bytes, and had ") == true)
  }
}
