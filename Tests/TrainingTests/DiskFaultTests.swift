import Foundation
import RunRecords
import TestSupport
import Testing
import Training

@Suite("A run on a disk that fails", .serialized)
struct DiskFaultTests {
  private let short = ShortRun.shortest

  /// The bits of a run that nothing happened to, and the calls that it made.
  private func whole() throws -> (bits: RunBits, calls: Int) {
    let disk = MemoryDisk()
    let files = FaultyFiles(disk, failing: .max, with: EIO, lasts: false)
    try short.begin(in: "/run", on: files).run()
    return (try RunBits("/run", on: disk), files.calls)
  }

  @Test(
    "stops with the fault's name wherever a call fails, and goes on to the same bits",
    arguments: [EIO, ENOSPC], [false, true])
  func everyCall(number: Int32, lasts: Bool) throws {
    let (whole, calls) = try whole()
    var failed: [FaultyFiles.Call: Int] = [:]
    for call in 1...calls {
      let disk = MemoryDisk()
      let files = FaultyFiles(disk, failing: call, with: number, lasts: lasts)
      let error = fault { try short.begin(in: "/run", on: files).run() }
      // A call whose failure costs nothing may go unsaid: where the fault does not last, and the
      // very last one, which closes a folder that is synced.
      #expect(error != nil || !lasts || call == calls, "call \(call)")
      if let error { #expect(error == FileError.Code(errno: number), "call \(call)") }
      failed.merge(files.failed) { $0 + $1 }
      #expect(try short.finish(in: "/run", on: disk) == whole, "call \(call)")
    }
    print(
      "failed calls with errno \(number), \(lasts ? "lasting" : "transient"):",
      failed.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", "))
    for kind in [FaultyFiles.Call.open, .write, .sync, .rename] {
      #expect(failed[kind, default: 0] > 0, "no \(kind) has failed")
    }
  }

  /// The kind of fault that a run ends with; nil for none.
  private func fault(_ body: () throws -> Void) -> FileError.Code? {
    do {
      try body()
      return nil
    } catch let error as FileError {
      return error.code
    } catch let error as RunDirectoryError where error.code == .notWritable {
      // Said with the system's words, before there is a run.
      return [EIO, ENOSPC].first { error.problem.hasSuffix(String(cString: strerror($0))) }
        .map { FileError.Code(errno: $0) }
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test("the control: a lost write that goes unsaid changes what is recorded")
  func control() throws {
    let (whole, calls) = try whole()
    let outcomes = stride(from: 1, through: calls, by: 7).map { call in
      Result {
        let disk = MemoryDisk()
        _ = try? short.begin(
          in: "/run", on: FaultyFiles(disk, failing: call, with: 0, lasts: false)
        ).run()
        return try short.finish(in: "/run", on: disk)
      }
    }
    #expect(outcomes.contains { (try? $0.get()) != whole })
  }
}

@Suite("A run whose machine loses power", .serialized)
struct PowerFailureTests {
  private let short = ShortRun.shortest

  /// What a power failure at one call has done.
  private struct Aftermath {
    var damages: [String] = []
    /// Checkpoints that were reported as written and are not there.
    var lost = 0
    var sameBits = false
    var isWhole: Bool { damages.isEmpty && lost == 0 && sameBits }
  }

  /// Fails the power at a call, and goes on; nil when the run had ended by then.
  private func fail(
    at call: Int, _ luck: MemoryDisk.Luck, syncs: Bool = true, expecting whole: RunBits
  ) throws -> Aftermath? {
    let disk = MemoryDisk(syncs: syncs)
    let files = FaultyFiles(disk, failing: call, with: EIO, lasts: true)
    var reported = 0
    do {
      try short.begin(in: "/run", on: files).run(onCheckpoint: { reported = $0 })
      return nil
    } catch {}
    disk.failPower(luck)
    var after = Aftermath()
    do {
      if exists("/run/run.yaml", on: disk) {
        let search = try RunDirectory(opening: "/run", on: disk).newestCheckpoint()
        after.damages = search.damages.map(\.description)
        after.lost = max(0, reported - (search.found?.number ?? 0))
      } else {
        after.lost = reported
      }
      after.sameBits = try short.finish(in: "/run", on: disk) == whole
    } catch {
      after.damages.append("\(error)")
    }
    return after
  }

  @Test(
    "has every checkpoint that was reported, none half, and goes on to the same bits",
    arguments: MemoryDisk.Luck.allCases)
  func everyCall(luck: MemoryDisk.Luck) throws {
    let whole = try short.finish(in: "/run", on: MemoryDisk())
    var call = 1
    while let after = try fail(at: call, luck, expecting: whole) {
      #expect(after.isWhole, "call \(call): \(after)")
      call += 1
    }
    print("power failures survived, \(luck) unsynced kept: \(call - 1)")
    #expect(call > 100)
  }

  @Test(
    "the control: without syncs checkpoints are lost, or half",
    arguments: [MemoryDisk.Luck.nothing, .names])
  func control(luck: MemoryDisk.Luck) throws {
    let whole = try short.finish(in: "/run", on: MemoryDisk())
    // Far enough for a checkpoint that is reported; a run has ended by the last of them.
    let calls = stride(from: 20, to: 400, by: 10)
    let after = try calls.compactMap { try fail(at: $0, luck, syncs: false, expecting: whole) }
    #expect(after.contains { !$0.isWhole })
  }
}
