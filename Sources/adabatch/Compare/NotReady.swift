import AdaBatch

/// What keeps an experiment from starting: all of it, so that nothing is found out hours later.
struct NotReady: Error {
  /// One thing that is wrong, for one run or several.
  struct Problem: Equatable {
    var runs: [String]
    let message: String
    let code: Int32
  }

  private(set) var problems: [Problem] = []

  /// Adds what went wrong with a run; the same of several runs is said once.
  mutating func add(_ run: String, _ error: any Error) {
    let failure = Failure(error)
    add(
      run, failure?.message ?? AdabatchCommand.message(for: error), failure?.code ?? 64)
  }

  mutating func add(_ run: String, _ message: String, _ code: Int32) {
    if let index = problems.firstIndex(where: { $0.message == message }) {
      if !problems[index].runs.contains(run) { problems[index].runs.append(run) }
    } else {
      problems.append(Problem(runs: [run], message: message, code: code))
    }
  }

  var message: String {
    let count = problems.count == 1 ? "is a problem" : "are \(problems.count) problems"
    let lines = problems.map { problem in
      let text = problem.message.split(separator: "\n").joined(separator: "\n    ")
      return "  \(problem.runs.joined(separator: ", ")): \(text)"
    }
    return (["nothing was started, for there \(count):"] + lines).joined(separator: "\n")
  }

  /// That of the first problem.
  var code: Int32 { problems.first?.code ?? 1 }
}
