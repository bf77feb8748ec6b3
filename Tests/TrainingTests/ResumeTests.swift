import Executors
import Foundation
import RunRecords
import Testing
import Training

@Suite("A run that is interrupted and gone on with", .serialized)
struct ResumeTests {
  private struct Killed: Error {}

  @Test(
    "has the bits of one that was not, stopped after any update",
    arguments: [
      TrainingSettings.MicroBatch.batch, .images(8),
    ])
  func stopped(microBatch: TrainingSettings.MicroBatch) throws {
    var short = ShortRun()
    short.options.microBatch = microBatch
    let whole = try withRunFolder { try short.finish(in: $0) }
    for update in 1...whole.state.updates {
      try withRunFolder { folder in
        let stop = StopRequest()
        let outcome = try short.begin(in: folder, stop: stop)
          .run(onUpdate: { if $0.updates == update { stop.make() } })
        #expect(outcome == .stopped)
        #expect(try short.finish(in: folder) == whole, "stopped after update \(update)")
      }
    }
  }

  @Test("has the bits of one that was not, stopped at every update in turn")
  func stoppedOften() throws {
    let short = ShortRun()
    let whole = try withRunFolder { try short.finish(in: $0) }
    try withRunFolder { folder in
      var starts = 0
      while true {
        let stop = StopRequest()
        starts += 1
        let outcome = try short.begin(in: folder, stop: stop).run(onUpdate: { _ in stop.make() })
        if outcome == .finished { break }
      }
      #expect(starts == whole.state.updates + 1)
      #expect(try RunBits(folder) == whole)
      #expect(try RunDirectory(opening: folder).starts().records.count == starts)
    }
  }

  @Test("has the bits of one that was not, dead after any update or record")
  func killed() throws {
    var short = ShortRun()
    short.rule.secondsBetween = 3
    let whole = try withRunFolder { try short.finish(in: $0) }
    var kills = 0
    for event in 1...30 {
      try withRunFolder { folder in
        var (events, seconds) = (0, 0.0)
        func happen() throws {
          events += 1
          if events == event { throw Killed() }
        }
        // A second for each look at the clock: a checkpoint every third update.
        let run = try short.begin(
          in: folder,
          clock: {
            seconds += 1; return seconds
          })
        do {
          try run.run(
            onEpoch: { _ in try happen() }, onDecision: { _ in try happen() },
            onUpdate: { _ in try happen() }, onCheckpoint: { _ in try happen() })
        } catch is Killed {
          kills += 1
        }
        #expect(try short.finish(in: folder) == whole, "dead at event \(event)")
      }
    }
    #expect(kills > 10)
  }

  @Test("has the bits of one that was not, without the table and the curves, which are made again")
  func lostTable() throws {
    let short = ShortRun()
    let whole = try withRunFolder { try short.finish(in: $0) }
    try withRunFolder { folder in
      let stop = StopRequest()
      _ = try short.begin(in: folder, stop: stop).run(onUpdate: {
        if $0.updates == 8 { stop.make() }
      })
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      for name in files where name == "epochs.csv" || name.hasPrefix("events.") {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
      #expect(try short.finish(in: folder) == whole)
    }
  }

  @Test("keeps settings that were changed on the way, also when it dies before an update")
  func changedSettings() throws {
    let short = ShortRun()
    try withRunFolder { folder in
      let stop = StopRequest()
      _ = try short.begin(in: folder, stop: stop).run(onUpdate: {
        if $0.updates == 5 { stop.make() }
      })
      let directory = try RunDirectory(opening: folder)
      var settings = short.settings
      settings.settings.learningRate = 0.02
      let found = try directory.newestCheckpoint().found
      let changes = try #require(found).manifest.settings.changes(to: settings.settings)
      let run = try RecordedRun(
        short.trainer(), in: directory, settings: settings, from: found, changes: changes)
      #expect(throws: Killed.self) { try run.run(onCheckpoint: { _ in throw Killed() }) }
      let newest = try directory.newestCheckpoint().found
      #expect(newest?.manifest.settings.learningRate == 0.02)
      #expect(newest?.manifest.state.updates == 5)
    }
  }

  @Test("has the bits of one that was not, whatever the clock does")
  func jumpingClock() throws {
    var short = ShortRun()
    short.rule.secondsBetween = 3
    let whole = try withRunFolder { try short.finish(in: $0) }
    let jumps = [0, 1e9, -1e9, 5, 4, .infinity, -.infinity, .nan]
    try withRunFolder { folder in
      let stop = StopRequest()
      var looks = 0
      let run = try short.begin(in: folder, stop: stop) {
        looks += 1
        return jumps[looks % jumps.count]
      }
      #expect(try run.run(onUpdate: { if $0.updates == 5 { stop.make() } }) == .stopped)
      #expect(looks > 5)
      #expect(try short.finish(in: folder) == whole)
    }
  }

  @Test("does not have them without the momentum, the position, or the statistics")
  func control() throws {
    let short = ShortRun()
    let whole = try withRunFolder { try short.finish(in: $0) }
    let spoilers: [(String, (inout TrainingState, inout [SafetensorsTensor]) -> Void)] = [
      ("momentum", { _, tensors in tensors = tensors.map { $0.zeroed(if: "momentum/") } }),
      ("position", { state, _ in state.imagesIntoEpoch -= 16 }),
      (
        "statistics", { _, tensors in tensors = tensors.map { $0.zeroed(if: "firstNorm.running") } }
      ),
      ("epoch", { state, _ in state.epochsDone = 0 }),
      ("sums", { state, _ in state.epochSoFar = EpochSums() }),
      ("micro-batches", { state, _ in state.microBatchesTracked = 0 }),
      ("best", { state, _ in state.bestAccuracy = 100 }),
    ]
    for (name, spoil) in spoilers {
      try withRunFolder { folder in
        let stop = StopRequest()
        _ = try short.begin(in: folder, stop: stop).run(
          onUpdate: { if $0.epoch == 2, $0.imagesIntoEpoch == 32 { stop.make() } })
        let directory = try RunDirectory(opening: folder)
        let found = try #require(try directory.newestCheckpoint().found)
        var (manifest, tensors) = (found.manifest, found.tensors.tensors)
        spoil(&manifest.state, &tensors)
        let run = try RecordedRun(
          short.trainer(), in: directory, settings: short.settings,
          from: Checkpoint(
            number: found.number, path: found.path, manifest: manifest,
            tensors: Safetensors(tensors)))
        try run.run()
        #expect(try RunBits(folder) != whole, "\(name) is not part of the state")
      }
    }
  }
}

extension SafetensorsTensor {
  /// The same shape with other numbers, where the name begins so.
  fileprivate func zeroed(if prefix: String) -> SafetensorsTensor {
    guard name.hasPrefix(prefix), case .float32(let numbers) = values else { return self }
    return SafetensorsTensor(
      name: name, shape: shape, values: .float32(numbers.map { _ in 0 }))
  }
}
