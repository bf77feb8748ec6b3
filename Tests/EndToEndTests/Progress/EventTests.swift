import Foundation
import RunRecords
import Testing

@Suite("train --json", .serialized)
struct EventTests {
  private let command = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--batch-size", "2000",
    "--test-batch", "500", "--run", "run", "--json",
  ]

  @Test("tells of a run in lines of JSON, in order, its epochs as the record has them")
  func events() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(command + ["--epochs", "2"], in: folder)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty)
      let events = try Events(outcome.stdout)
      let names = events.names.filter { $0 != "update" }
      #expect(
        names == [
          "start", "decision", "checkpoint", "epoch", "decision", "checkpoint", "epoch", "finished",
        ])
      #expect(events.names.firstIndex(of: "update") == 2)
      let updates = events["update"].compactMap { $0["updates"] as? Int }
      #expect(updates.first == 1 && updates == updates.sorted() && updates.count <= 8)
      let left = events["update"].compactMap { $0["secondsLeft"] as? Double }
      #expect(left.count == updates.count && left.allSatisfy { $0 >= 0 })
      let run = folder.appending(path: "run")
      #expect(try events.records("epoch") == lines(of: run.appending(path: "epochs.jsonl")))
      #expect(try events.records("decision") == lines(of: run.appending(path: "decisions.jsonl")))
      try documented(events)
      // The same command again finds it finished.
      let again = try Events(adabatch.run(command + ["--epochs", "2"], in: folder).stdout)
      #expect(again.names == ["finished"])
      #expect(again["finished"].first?["updates"] as? Int == 8)
    }
  }

  @Test("ends in an event where the run is stopped, and goes on from there")
  func stopped() throws {
    try withFolder { folder in
      let (text, status) = try interrupting(command + ["--epochs", "50"], in: folder)
      let events = try Events(text)
      #expect(status == 130)
      let stopped = try #require(events["stopped"].first)
      #expect(events.names.suffix(2) == ["checkpoint", "stopped"])
      #expect(stopped["signal"] as? String == "SIGINT")
      #expect(stopped["exitCode"] as? Int == 130)
      #expect(stopped["resume"] as? String == "adabatch train --resume --run run")
      try documented(events)
      let next = try Events(interrupting(command + ["--epochs", "50"], in: folder).text)
      let from = try #require(next["start"].first?["resumedFrom"] as? [String: Any])
      #expect(from["checkpoint"] as? Int == stopped["checkpoint"] as? Int)
      #expect(from["updates"] as? Int == stopped["updates"] as? Int)
      try documented(next)
    }
  }

  @Test("ends in an event where the run fails, which says what stderr says")
  func failed() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(command + ["--learning-rate", "1e30"], in: folder)
      let events = try Events(outcome.stdout)
      let failed = try #require(events["failed"].first)
      #expect(outcome.status == 70)
      #expect(events.names.last == "failed")
      #expect("adabatch: \(failed["message"] as? String ?? "")\n" == outcome.stderr)
      #expect(failed["exitCode"] as? Int == 70)
      try documented(events)
      let early = try adabatch.run(["train", "--json", "--network", "resnt20"], in: folder)
      #expect(try Events(early.stdout).names == ["failed"])
    }
  }

  /// Runs the tool, and interrupts it at its second update.
  private func interrupting(
    _ arguments: [String], in folder: URL
  ) throws -> (text: String, status: Int32) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: try adabatch.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = Pipe()
    process.environment = ["PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"]
    try process.run()
    var (text, isInterrupted) = ("", false)
    while true {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
      guard !isInterrupted, text.components(separatedBy: "\"event\":\"update\"").count > 2 else {
        continue
      }
      isInterrupted = true
      process.interrupt()
    }
    process.waitUntilExit()
    return (text, process.terminationStatus)
  }

  private func lines(of file: URL) throws -> [[String: Double]] {
    try Events(String(contentsOf: file, encoding: .utf8)).all.map(numbers)
  }
}

extension EventTests {
  /// Holds events to what the page shows of each: the same fields, and no event that it lacks.
  private func documented(_ events: Events) throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Watching.md"), encoding: .utf8)
    let shown = try page.components(separatedBy: "```json\n").dropFirst().map {
      try Events($0.components(separatedBy: "```")[0]).all
    }.joined()
    let fields = Dictionary(grouping: shown) { $0["event"] as? String ?? "" }
      .mapValues { $0.map { Set($0.keys) } }
    #expect(
      Set(fields.keys) == [
        "start", "decision", "update", "epoch", "checkpoint", "stopped", "failed", "finished",
      ])
    for event in events.all {
      let name = event["event"] as? String ?? ""
      #expect(fields[name]?.contains(Set(event.keys)) == true, "\(name): \(event.keys.sorted())")
    }
  }
}

/// Lines of JSON.
private struct Events {
  let all: [[String: Any]]

  init(_ text: String) throws {
    all = try text.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  var names: [String] { all.map { $0["event"] as? String ?? "" } }

  subscript(name: String) -> [[String: Any]] { all.filter { $0["event"] as? String == name } }

  /// The numbers of events with a name.
  func records(_ name: String) -> [[String: Double]] { self[name].map(numbers) }
}

/// The fields of an object that are numbers.
private func numbers(_ object: [String: Any]) -> [String: Double] {
  object.compactMapValues { $0 as? Double }
}
