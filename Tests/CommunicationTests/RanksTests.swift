import Communication
import TestSupport
import Testing

@Suite("Ranks")
struct RanksTests {
  private struct Fault: Error {}

  @Test("meet, and come to know the worst that one of them came with")
  func meeting() throws {
    for stopped in 0..<3 {
      let outcomes = onRanks(3) { try $0.meet($0.own == stopped ? .stopped : .fine) }
      #expect(try outcomes.map { try $0.get() } == [.stopped, .stopped, .stopped])
    }
    #expect(
      try onRanks(4) { try $0.meet() }.map { try $0.get() } == Array(repeating: .fine, count: 4))
  }

  @Test("hear why another one has failed, and meet no more")
  func failure() throws {
    let results = onRanks(4) { ranks -> RankFailure? in
      ranks.explain = { _ in ("the disk is full", 74) }
      if ranks.own == 2 {
        try ranks.part(Fault())
        // Nobody waits any more, so this returns.
        try ranks.meet()
        return nil
      }
      do {
        try ranks.meet()
        return nil
      } catch let failure as RankFailure {
        #expect(ranks.haveParted)
        return failure
      }
    }
    let failure = RankFailure(rank: 2, host: "host2", "the disk is full", code: 74)
    #expect(try results.map { try $0.get() } == [failure, failure, nil, failure])
    #expect("\(failure)" == "rank 2 on host2: the disk is full")
  }

  @Test("hear of the first of two that fail at once")
  func twoFailures() throws {
    let results = onRanks(3) { ranks -> Int in
      if ranks.own > 0 {
        try ranks.part(Fault())
        return -1
      }
      do {
        try ranks.meet()
        return -2
      } catch let failure as RankFailure {
        return failure.rank
      }
    }
    #expect(try results.map { try $0.get() } == [1, -1, -1])
  }

  @Test("gather parts of any size, none included, and texts")
  func gathering() throws {
    let results = onRanks(3) { ranks -> ([Int], [String], String) in
      let parts = [0..<2, 2..<2, 2..<5]
      var numbers = Array(repeating: 0, count: 5)
      for index in parts[ranks.own] { numbers[index] = 10 * ranks.own + index }
      try ranks.gather(&numbers, parts: parts)
      let texts = try ranks.gather(String(repeating: "ä", count: ranks.own))
      return (numbers, texts, try ranks.share("from \(ranks.own)"))
    }
    for result in results {
      let (numbers, texts, shared) = try result.get()
      #expect(numbers == [0, 1, 22, 23, 24])
      #expect(texts == ["", "ä", "ää"])
      #expect(shared == "from 0")
    }
  }

  @Test("of one process wait for nobody")
  func alone() throws {
    let ranks = Ranks()
    #expect(ranks.count == 1 && ranks.own == 0)
    #expect(try ranks.meet(.stopped) == .stopped)
    #expect(try ranks.gather("text") == ["text"])
    try ranks.part(Fault())
    #expect(!ranks.haveParted)
  }
}

@Suite("What a launcher tells")
struct JobEnvironmentTests {
  @Test(
    "is understood of MPICH, Open MPI and Slurm",
    arguments: [
      (["PMI_RANK": "2", "PMI_SIZE": "3"], "mpirun"),
      (
        ["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "3"], "Open MPI's mpirun"
      ),
      (["SLURM_PROCID": "2", "SLURM_STEP_NUM_TASKS": "3"], "srun"),
      (
        ["SLURM_PROCID": "2", "SLURM_STEP_NUM_TASKS": "3", "PMI_RANK": "2", "PMI_SIZE": "3"],
        "mpirun"
      ),
    ])
  func launchers(variables: [String: String], name: String) {
    let job = JobEnvironment(variables)
    #expect(job?.rank == 2 && job?.rankCount == 3 && job?.launcher == name)
  }

  @Test(
    "is nothing where nobody launched, or what cannot be",
    arguments: [
      [:], ["PMI_RANK": "0"], ["PMI_RANK": "3", "PMI_SIZE": "3"],
      ["PMI_RANK": "x", "PMI_SIZE": "3"],
      // A batch script, which is alone.
      ["SLURM_PROCID": "0", "SLURM_NTASKS": "8"],
    ])
  func none(variables: [String: String]) { #expect(JobEnvironment(variables) == nil) }
}
