import Experiments
import RunRecords
import Testing
import Training

@Suite("Experiments as values")
struct ExperimentTests {
  @Test("the reference's on one device: 256 to 4096 for AlexNet, 128 to 2048 for the others")
  func oneDevice() throws {
    var reference = ReferenceExperiment(.cifar10)
    (reference.epochs, reference.seeds, reference.policies) = (30, [1, 2], ["fixed"])
    let experiments = try reference.experiments()
    #expect(experiments.map(\.name) == ["cifar10 alexnet", "cifar10 resnet20", "cifar10 vgg19_bn"])
    let alexnet = experiments[0]
    #expect(alexnet.baseline == "smallest" && alexnet.subject == "adabatch")
    #expect(alexnet.arms.map { $0.settings["batch-size"] } == ["256", "256", "4096", "256"])
    #expect(
      experiments[1].arms.map { $0.settings["batch-size"] } == ["128", "128", "2048", "128"])
    #expect(alexnet.arms.map { $0.settings["policy"] } == ["adabatch", "fixed", "fixed", "fixed"])
    #expect(alexnet.arms.allSatisfy { $0.settings["epochs"] == "30" })
    let runs = alexnet.runs { _, _ in settings() }
    #expect(
      runs.map(\.name).prefix(3) == [
        "alexnet-adabatch-seed1", "alexnet-smallest-seed1", "alexnet-largest-seed1",
      ])
    #expect(runs.count == 8 && runs[4].name == "alexnet-adabatch-seed2")
  }

  @Test("the reference's on several ranks, at equal rate over batch")
  func multiRank() throws {
    let experiments = try ReferenceExperiment(.multiRank).experiments()
    let arms = experiments[0].arms
    #expect(experiments[0].name == "multi-rank resnet20")
    #expect(arms.map(\.name) == ["fixed", "adabatch", "adabatch-3-ranks"])
    #expect(arms.map(\.ranks) == [1, 1, 3])
    #expect(arms.map { $0.settings["decay"] } == ["0.25", "0.5", "0.5"])
    #expect(arms.allSatisfy { $0.settings["learning-rate"] == "0.1" })
    #expect(arms.allSatisfy { $0.settings["dataset"] == "cifar100" })
    #expect(arms[2].settings["batch-per-rank"] == "128" && arms[2].settings["batch-size"] == nil)
  }

  @Test("growth for decay, in two pairs of equal rate over batch")
  func growthForDecay() throws {
    var reference = ReferenceExperiment(.growthForDecay)
    reference.networks = ["resnet20"]
    let pairs = try reference.experiments()
    #expect(
      pairs.map { $0.arms.map(\.name) } == [
        ["growth-2", "decay-0.5"], ["growth-2-rate-0.75", "decay-0.375"],
      ])
    for pair in pairs {
      let decays = pair.arms.compactMap { $0.settings["decay"].flatMap(Double.init) }
      #expect(decays[0] / 2 == decays[1])
      #expect(pair.baseline == pair.arms[1].name && pair.subject == pair.arms[0].name)
    }
  }

  @Test("refuse names that are there twice, that name nothing, or that no directory can have")
  func refusals() {
    func problem(_ arms: [String], _ seeds: [UInt64] = [1], _ baseline: String = "a") -> String? {
      do {
        _ = try Experiment(
          "e", arms: arms.map { Experiment.Arm($0, [:]) }, seeds: seeds, baseline: baseline)
        return nil
      } catch {
        return error.problem
      }
    }
    #expect(problem(["a", "b"]) == nil)
    #expect(problem(["a"]) == "the experiment 'e' has fewer than two arms")
    #expect(problem(["a", "b", "a"]) == "the experiment 'e' has two arms 'a'")
    #expect(problem(["a", "b"], []) == "the experiment 'e' has no seeds")
    #expect(problem(["a", "b"], [1, 1]) == "the experiment 'e' has a seed twice")
    #expect(problem(["a", "b"], [1], "c") == "there is no arm 'c'; did you mean 'a'?")
    #expect(problem(["a", "../b"]) == "the arm '../b' cannot be part of a directory's name")
    #expect(problem(["a", "-b"]) == "the arm '-b' cannot be part of a directory's name")
  }

  @Test("the time left is that of the same arm, of its network, or of all")
  func remaining() throws {
    try withExperiment(arms: ["a", "b"], seeds: [1, 2], baseline: "a") { _, runs, _ in
      var remaining = RemainingTime(runs)
      // Two epochs each, nothing known but the first run.
      #expect(remaining.seconds(after: runs[0], taking: 10) == 30)
      remaining.finished(runs[0], seconds: 10)
      #expect(remaining.seconds(after: runs[1], taking: 20) == 30)
      #expect(remaining.seconds(after: runs[3], taking: 20) == 0)
    }
  }
}
