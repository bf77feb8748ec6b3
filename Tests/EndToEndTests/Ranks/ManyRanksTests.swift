import Foundation
import RunRecords
import Testing

@Suite("Ranks under mpirun", .serialized)
struct ManyRanksTests {
  @Test(
    "compute the bits of one, fixed and growing, with uneven shares and a short last batch",
    arguments: ["alexnet", "resnet20", "vgg19_bn"], ["adabatch", "fixed"])
  func bits(network: String, policy: String) throws {
    let example = Tool(name: "ManyRanks")
    let alone = try RankJobs.run(example, [network, policy], ranks: 1)
    #expect(alone.status == 0 && alone.stderr.isEmpty)
    #expect(alone.stdout.contains("batch 48") == (policy == "adabatch"))
    for ranks in 2...4 {
      #expect(
        try RankJobs.run(example, [network, policy], ranks: ranks) == alone, "\(ranks) ranks")
    }
  }

  @Test(
    "are refused by commands that start ranks themselves, in one voice",
    arguments: [
      ("compare", "compare FILE by itself, with 'ranks: 2' in its arms"),
      ("reproduce", "reproduce by itself; multi-rank has --ranks 2"),
      ("launch", "launch -n 2 -- train … by itself"),
    ])
  func refused(command: String, way: String) throws {
    let outcomes = try ["0", "1"].map {
      try adabatch.run([command], environment: ["PMI_RANK": $0, "PMI_SIZE": "2"])
    }
    #expect(outcomes.map(\.status) == [64, 64])
    #expect(
      outcomes[0].stderr
        == "adabatch: \(command) starts ranks itself, and mpirun has started 2 of it\n"
        + "  fix: adabatch \(way)\n")
    #expect(outcomes[1].stderr.isEmpty && outcomes.allSatisfy(\.stdout.isEmpty))
  }

  @Test("train with the tool as one process does: rank 0 alone prints and writes")
  func tool() throws {
    try withFolder { folder in
      var words = SharedTraining.arguments.filter { $0 != "--quiet" }
      words += ["--log-all-ranks"]
      let outcome = try RankJobs.run(adabatch, words, ranks: 3, in: folder)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty)
      let lines = outcome.stdout.split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("epoch ") }.count == 2)
      #expect(
        lines.contains { $0.hasPrefix("3 ranks on 1 host (") && $0.contains("1 thread each, ") })
      #expect(try ShortTraining.bits(of: folder.appending(path: "run")) == SharedTraining.whole)

      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      #expect(try run.settings().ranks == 3)
      #expect(try run.settings().versions.mpi != nil)
      #expect(try run.starts().records.map(\.ranks) == [3])
      let epochs = try run.epochs().records
      #expect(epochs.map(\.ranks) == [3, 3])
      // Half as many reductions of two nodes per rank more.
      #expect(epochs[0].messageBytes > epochs[1].messageBytes && epochs[1].messages > 0)
      for rank in 1...2 {
        let log = try String(
          contentsOf: folder.appending(path: "run/rank-\(rank).log"), encoding: .utf8)
        #expect(log.hasPrefix("rank \(rank) of 3 on "))
        #expect(log.split(separator: "\n").filter { $0.contains("communication ") }.count == 2)
      }
      // Scored on ranks too, to the recorded bits.
      let evaluated = try RankJobs.run(adabatch, ["evaluate", "run"], ranks: 2, in: folder)
      #expect(evaluated.status == 0)
      #expect(evaluated.stdout.contains("the same bits as the run recorded after epoch 2"))
    }
  }

  @Test(
    "stop at the same update when asked, and the run goes on to the same bits", arguments: [1, 4])
  func stopAndGoOn(ranks: Int) throws {
    try withFolder { folder in
      let job = try RunningTool(
        try RankJobs.words(adabatch, SharedTraining.arguments, ranks: 3), in: folder)
      #expect(job.wait { SharedTraining.hasCheckpoint(folder) })
      job.send(SIGTERM)
      let end = try job.end()
      // MPICH 4.0's mpirun returns 0 now and then when it has handed a signal on.
      #expect([0, 143].contains(end.status))
      #expect(end.stderr.hasPrefix("adabatch: stopped by SIGTERM after update "))
      #expect(end.stderr.hasSuffix("\n  go on: adabatch train --resume --run run\n"))
      #expect(RankJobs.areGone(from: folder, seconds: 10))
      let again = try RankJobs.run(
        adabatch, ["train", "--resume", "--run", "run"], ranks: ranks, in: folder)
      #expect(again.status == 0 && again.stderr.isEmpty)
      #expect(try ShortTraining.bits(of: folder.appending(path: "run")) == SharedTraining.whole)
      let starts = try RunDirectory(opening: folder.appending(path: "run").path).starts()
      #expect(starts.records.map(\.ranks) == [3, ranks])
    }
  }

  @Test("say which micro-batch gives the same bits on one rank, and it does")
  func sameBits() throws {
    try withFolder { folder in
      let words = [
        "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1",
        "--batch-per-rank", "1000", "--policy", "fixed", "--run",
      ]
      let shared = try RankJobs.run(adabatch, words + ["shared"], ranks: 2, in: folder)
      #expect(shared.status == 0)
      let hint = "--micro-batch batch/2 --threads 1"
      #expect(shared.stdout.contains("the same bits on any number of ranks: \(hint)\n"))
      let alone = words.map {
        $0 == "--batch-per-rank" ? "--batch-size" : $0 == "1000" ? "2000" : $0
      }
      let outcome = try adabatch.run(
        alone + ["alone"] + hint.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0)
      func model(_ run: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: "\(run)/model.safetensors"))
      }
      #expect(try model("shared") == model("alone"))
    }
  }

  @Test("that would idle are named")
  func idle() throws {
    try withFolder { folder in
      let outcome = try RankJobs.run(
        adabatch,
        [
          "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1", "--policy",
          "fixed", "--batch-size", "5000", "--micro-batch", "2500", "--run", "run",
        ], ranks: 3, in: folder)
      #expect(outcome.status == 0)
      #expect(
        outcome.stdout.contains("1 rank will idle: an update of 5000 images is 2 micro-batches\n"))
    }
  }
}
