import Foundation
import RunRecords
import Testing

@Suite("Faults of one rank", .serialized)
struct RankFaultTests {
  /// Words of which the first rank's are right.
  private static func words(_ more: [String] = []) -> [String] {
    [
      "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1", "--batch-size",
      "2000", "--run", "run",
    ] + more
  }

  private static let host = ProcessInfo.processInfo.hostName

  @Test(
    "before the first update end all of them with one message",
    arguments: [
      (
        words(["--seed", "2"]), 64,
        "is unlike rank 0 on HOST: --seed is 2, and 1 on rank 0\n"
          + "  fix: give all ranks the same program, settings and images\n"
      ),
      (
        words(["--sed", "2"]), 64, ": Error: Unknown option '--sed'. Did you mean '--seed'?\n"
      ),
      (
        ["train", "--data", "nowhere", "--run", "run"], 66,
        ": nowhere: no such file or folder\n"
      ),
      (
        words(["--threads", "0"]), 64, ": --threads is 0, but needs to be 1 to 1024\n"
      ),
      (
        ["train", "--resume", "--config", "nowhere.yaml"], 66,
        ": cannot read nowhere.yaml: No such file or directory\n"
      ),
    ])
  func beforeTheFirstUpdate(second: [String], code: Int32, message: String) throws {
    try withFolder { folder in
      let outcome = try RankJobs.run(each: [Self.words(), second, Self.words()], in: folder)
      #expect(outcome.status == code)
      #expect(outcome.stdout.isEmpty)
      let host = try #require(outcome.stderr.firstMatch(of: /^adabatch: rank 1 on (\S+?)[: ]/)).1
      #expect(
        outcome.stderr.dropFirst("adabatch: rank 1 on \(host)".count)
          .trimmingPrefix(" ").hasPrefix(message.replacing("HOST", with: host)),
        "\(outcome.stderr)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run/run.yaml").path))
    }
  }

  @Test("that are another program's are told from the first one's")
  func otherProgram() throws {
    try withFolder { folder in
      let other = folder.appending(path: "other")
      try FileManager.default.copyItem(at: URL(filePath: try adabatch.path), to: other)
      let file = try FileHandle(forWritingTo: other)
      try file.seekToEnd()
      try file.write(contentsOf: Data("another build".utf8))
      try file.close()
      // Libraries lie beside the program.
      let library = URL(filePath: try adabatch.path).deletingLastPathComponent()
        .appending(path: "libdnnl.so.3")
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "libdnnl.so.3"), withDestinationURL: library)
      let words = Self.words()
      let outcome = try Tool.run(
        URL(filePath: "/usr/bin/env"),
        ["mpirun", "-n", "1", try adabatch.path] + words + [":", "-n", "1", other.path] + words,
        in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.stderr.contains(": the program file is of checksum "), "\(outcome.stderr)")
    }
  }

  @Test("that all have are said once")
  func faultOfAll() throws {
    try withFolder { folder in
      let outcome = try RankJobs.run(
        adabatch, ["train", "--network", "alexnt"], ranks: 3, in: folder)
      #expect(outcome == (try adabatch.run(["train", "--network", "alexnt"], in: folder)))
      #expect(outcome.status == 64)
      let unknown = try RankJobs.run(adabatch, ["train", "--sed", "2"], ranks: 3, in: folder)
      #expect(unknown == (try adabatch.run(["train", "--sed", "2"], in: folder)))
    }
  }

  @Test("that is killed ends all within 10 seconds; launch names it and goes on to the same bits")
  func killed() throws {
    try withFolder { folder in
      let job = try RunningTool(
        adabatch, ["launch", "-n", "3", "--max-restarts", "1", "--"] + SharedTraining.arguments,
        in: folder)
      #expect(job.wait { SharedTraining.hasCheckpoint(folder) })
      let ranks = RankJobs.processes(in: folder)
      #expect(ranks.count == 3)
      let victim = try #require(ranks[1])
      kill(victim, SIGKILL)
      // The others are gone, or started anew, long before.
      let deadline = ContinuousClock.now + .seconds(10)
      while ContinuousClock.now < deadline,
        !Set(RankJobs.processes(in: folder).values).isDisjoint(with: ranks.values)
      {
        usleep(20_000)
      }
      #expect(Set(RankJobs.processes(in: folder).values).isDisjoint(with: ranks.values))
      let end = try job.end()
      #expect(end.status == 0)
      let line =
        /adabatch: rank 1 on \S+ was ended by signal 9 \(Killed\); restart 1 of 1 goes on from the newest checkpoint\n/
      #expect(end.stderr.wholeMatch(of: line) != nil, "\(end.stderr)")
      #expect(try ShortTraining.bits(of: folder.appending(path: "run")) == SharedTraining.whole)
    }
  }

  @Test("that is frozen ends all after the stated time, and is named")
  func frozen() throws {
    try withFolder { folder in
      let job = try RunningTool(
        adabatch,
        ["launch", "-n", "3", "--max-restarts", "0", "--"] + SharedTraining.arguments
          + ["--rank-timeout", "3"], in: folder)
      #expect(job.wait { SharedTraining.hasCheckpoint(folder) })
      let victim = try #require(RankJobs.processes(in: folder)[2])
      let start = ContinuousClock.now
      kill(victim, SIGSTOP)
      let end = try job.end()
      #expect(ContinuousClock.now - start < .seconds(10))
      #expect(end.status == 76)
      #expect(
        end.stderr.firstMatch(of: /adabatch: rank 2 on \S+ has given no sign of life for 3.0 s;/)
          != nil)
      #expect(
        end.stderr.contains("adabatch: a rank was frozen or cut off, and 0 restarts are used up\n"))
      #expect(RankJobs.areGone(from: folder, seconds: 10))
      let search = try RunDirectory(opening: folder.appending(path: "run").path)
        .newestCheckpoint()
      #expect(search.found != nil && search.damages.isEmpty)
    }
  }

  @Test("launch hands a signal on, and starts nothing again")
  func launchStopped() throws {
    try withFolder { folder in
      let job = try RunningTool(
        adabatch, ["launch", "-n", "2", "--"] + SharedTraining.arguments, in: folder)
      #expect(job.wait { SharedTraining.hasCheckpoint(folder) })
      job.send(SIGINT)
      let end = try job.end()
      #expect(end.status == 130)
      #expect(end.stderr.contains("adabatch: stopped by SIGINT after update "))
      #expect(!end.stderr.contains("restart"))
      #expect(RankJobs.areGone(from: folder, seconds: 10))
    }
  }
}
