import Foundation
import Reports
import RunRecords
import Testing

@Suite("Files of the reference's scripts")
struct ReferenceImportTests {
  private func run(_ names: String...) throws -> ReportRun {
    let reading = RunReading(names.map(witness))
    #expect(reading.faults.isEmpty)
    return try #require(reading.runs.first)
  }

  @Test("become runs, named and guessed from their names")
  func whole() throws {
    let run = try run("resnet_fixed128.npz")
    #expect(run.label == "resnet_fixed128" && run.network == "resnet20" && run.dataset == nil)
    #expect(run.kind == .fixed(128) && run.ranks == 1 && run.ranksAreGuessed)
    #expect(run.epochs.count == 10 && run.epochs[9].testAccuracy == 60)
    #expect(run.epochs[9].learningRate == 0.01 * 0.5 * 0.5 * 0.5 * 0.5)
    #expect(run.times.forward == 30 && run.times.total == 105.5 && run.bestAccuracy == 60)
    #expect(run.epochs[0].samplesSeen == nil && run.epochs[0].updates == nil)
  }

  @Test("may be compressed, as numpy.savez_compressed writes them")
  func deflated() throws {
    let run = try run("resnet_ada128_deflated.npz")
    #expect(run.kind == .adaptive(policy: "adabatch", from: 128, upTo: 2048))
    #expect(run.epochs.map(\.batchSize) == [128, 128, 256, 256, 512, 512, 1024, 1024, 2048, 2048])
    #expect(run.epochs[0].trainLoss == 2.3)
  }

  @Test("may have one batch size for each change")
  func fiveSizes() throws {
    let run = try run("resnet_ada128_five.npz")
    #expect(run.epochs.map(\.batchSize) == [128, 128, 256, 256, 512, 512, 1024, 1024, 2048, 2048])
    #expect(
      run.notes.contains(
        "has 5 batch sizes for 10 epochs: taken as one per change, at equal intervals"))
  }

  @Test("may lack keys, and have numbers of other types")
  func missingKeys() throws {
    let few = try run("numbers.npz")
    #expect(few.network == nil && few.times.forward == nil && few.epochs[0].batchSize == nil)
    #expect(few.bestAccuracy == 60)
    let types = try run("types.npz")
    #expect(types.epochs[0].trainLoss == Double(Float(2.3)))
    #expect(types.epochs[9].testAccuracy == 9 && types.epochs[0].batchSize == 128)
  }

  @Test("of an experiment's ranks become one run, its seconds their mean")
  func ranks() throws {
    let run = try run(
      "resnet_ada64_rank2.npz", "resnet_ada64_rank0.npz", "resnet_ada64_rank1.npz")
    #expect(run.label == "resnet_ada64 (3 ranks)" && run.ranks == 3)
    #expect(run.times.forward == 20)
  }

  @Test(
    "are refused with a reason where they are something else",
    arguments: [
      ("objects.npz", "array 'loss': it holds Python objects, which only pickle can read"),
      ("table.npz", "array 'loss': it has 2 dimensions, and a list of numbers has one"),
    ])
  func refused(name: String, reason: String) throws {
    let reading = RunReading([witness(name)])
    #expect(reading.runs.isEmpty && reading.faults.count == 1)
    let fault = try #require(reading.faults.first)
    #expect(fault.description.contains(reason) && fault.description.contains("fix: name a .npz"))
    #expect(!fault.isMissing)
  }

  @Test("that are damaged anywhere are refused, and nothing crashes")
  func damaged() throws {
    let folder = try TemporaryFolder()
    for name in ["resnet_ada128_deflated.npz", "resnet_fixed128.npz"] {
      let whole = [UInt8](try Data(contentsOf: URL(filePath: witness(name))))
      for place in stride(from: 0, to: whole.count, by: 7) {
        var bytes = whole
        bytes[place] ^= 0x55
        try Data(bytes).write(to: URL(filePath: folder("changed.npz")))
        try Data(whole[..<place]).write(to: URL(filePath: folder("short.npz")))
        _ = try? ReferenceFile(reading: folder("changed.npz"))
        #expect(throws: FileError.self) { try ReferenceFile(reading: folder("short.npz")) }
      }
    }
  }

  @Test("are audited: what does not hold in them is named")
  func audit() throws {
    let names = [
      "resnet_fixed128", "resnet_ada64", "resnet_fixed2048", "resnet_ada64_rank0",
      "resnet_ada64_rank1", "resnet_ada64_rank2", "numbers",
    ]
    let folder = try TemporaryFolder()
    let runs = RunReading(names.map { witness($0 + ".npz") }).runs
    try Report(runs: runs, title: "Audit").write(to: folder("report"))
    let audit = try folder.text("report/tables/audit.csv")
    #expect(
      audit.split(separator: "\r\n").map {
        $0.split(separator: ",").prefix(2).joined(separator: ": ")
      }
        == [
          "run: finding", "resnet_ada64: a batch that never grows",
          "resnet_ada64: a rate that grows",
          "resnet_ada64 (3 ranks): a speedup over unlike rank counts",
          "resnet_fixed2048: accuracy collapse", "numbers: totals missing",
        ])
    #expect(audit.contains("3 here, 1 in resnet_fixed128 (guessed from the files' names)"))
  }
}
