import Foundation
import RunRecords
import Testing

@Suite("A training that is asked to stop", .serialized)
struct StopTests {
  private func hasCheckpoint(_ folder: URL) -> Bool {
    let path = folder.appending(path: "run/checkpoints").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0.hasSuffix(".json") }
  }

  @Test(
    "leaves with the signal's code and a line that says how to go on, which ends in the same bits",
    arguments: [SIGINT, SIGTERM])
  func stops(signal: Int32) throws {
    try withFolder { folder in
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      #expect(tool.wait { hasCheckpoint(folder) })
      tool.send(signal)
      let end = try tool.end()
      #expect(end.status == 128 + signal)
      let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
      #expect(end.stderr.hasPrefix("adabatch: stopped by \(name) after update "))
      let advice = "\n  go on: adabatch train --resume --run run\n"
      #expect(end.stderr.hasSuffix(advice))
      let words = advice.split(whereSeparator: \.isWhitespace).dropFirst(3).map(String.init)
      let again = try adabatch.run(words, in: folder)
      #expect(again.status == 0 && again.stderr.isEmpty)
      #expect(again.stdout.contains("goes on from checkpoint "))
      #expect(
        try ShortTraining.bits(of: folder.appending(path: "run")) == ShortTraining.whole)
    }
  }

  @Test("before its first update loses nothing, and the run can begin")
  func stopsEarly() throws {
    try withFolder { folder in
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      let settings = folder.appending(path: "run/starts.jsonl").path
      #expect(tool.wait { FileManager.default.fileExists(atPath: settings) })
      tool.send(SIGTERM)
      // Before the handler is there the system ends it: the same number, and nothing is lost.
      #expect(try tool.end().status == 143)
      let again = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      #expect(again.wait { hasCheckpoint(folder) })
      again.send(SIGKILL)
      _ = try again.end()
    }
  }

  @Test("leaves at once when asked again, and can be gone on with")
  func secondSignal() throws {
    try withFolder { folder in
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      #expect(tool.wait { hasCheckpoint(folder) })
      for _ in 0..<20 {
        tool.send(SIGINT)
        usleep(1000)
      }
      #expect(try tool.end().status == 130)
      let search = try RunDirectory(opening: folder.appending(path: "run").path)
        .newestCheckpoint()
      #expect(search.found != nil && search.damages.isEmpty)
    }
  }

  @Test("is not asked by Ctrl-C where its shell has it ignore that")
  func ignored() throws {
    try withFolder { folder in
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder, ignoring: SIGINT)
      #expect(tool.wait { hasCheckpoint(folder) })
      tool.send(SIGINT)
      tool.wait(seconds: 3)
      #expect(tool.isRunning)
      tool.send(SIGTERM)
      #expect(try tool.end().status == 143)
    }
  }

  @Test("stops in the middle of a pass that takes many seconds")
  func longPass() throws {
    try withFolder { folder in
      let tool = try RunningTool(
        adabatch,
        [
          "train", "--dataset", "synthetic", "--network", "vgg19_bn", "--policy", "fixed",
          "--batch-size", "2048", "--quiet", "--run", "run",
        ], in: folder)
      let starts = folder.appending(path: "run/starts.jsonl").path
      #expect(tool.wait { FileManager.default.fileExists(atPath: starts) })
      tool.wait(seconds: 2)  // well into the first forward pass
      tool.send(SIGTERM)
      let start = ContinuousClock.now
      let end = try tool.end()
      #expect(end.status == 143)
      #expect(end.stderr.contains("after update 0, in epoch 1 after 0 of 10,000 images"))
      // What is promised; an update takes far longer, the stop about two seconds of a Zen 3.
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }

  @Test("keeps its directory to itself")
  func twoProcesses() throws {
    try withFolder { folder in
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      #expect(tool.wait { hasCheckpoint(folder) })
      let second = try adabatch.run(ShortTraining.arguments, in: folder)
      #expect(
        second
          == Tool.Outcome(
            status: 73, stdout: "",
            stderr: """
              adabatch: run directory run is in use: another adabatch trains in it
                fix: wait until it is done, or start another run with --fresh

              """))
      tool.send(SIGTERM)
      #expect(try tool.end().status == 143)
    }
  }
}
