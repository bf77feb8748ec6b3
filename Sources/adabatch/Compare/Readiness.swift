import AdaBatch
import Foundation

/// Looks before the first arm starts at what the last one will need.
final class Readiness {
  private let directory: String
  private let workshop: Workshop
  private(set) var problems: NotReady
  /// Names of the runs that have nothing left to do.
  private(set) var finished: Set<String> = []

  init(_ directory: String, _ workshop: Workshop, _ problems: NotReady) {
    (self.directory, self.workshop, self.problems) = (directory, workshop, problems)
  }

  func check(_ prepared: PreparedExperiment) {
    var seen: Set<String> = []
    for run in prepared.runs {
      attempt(run.name) { if try isFinished(run) { finished.insert(run.name) } }
      guard !finished.contains(run.name) else { continue }
      // Seeds of an arm need the same.
      guard seen.insert(run.arm.name).inserted else { continue }
      let name = prepared.experiment.runPrefix + run.arm.name
      attempt(name) { try checkImages(run) }
      attempt(name) { try checkMemory(run) }
      if run.ranks > 1 { attempt(name) { try checkRanks(run) } }
    }
    attempt(directory) { try checkFolder() }
  }

  private func attempt(_ name: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      problems.add(name, error)
    }
  }

  /// - Throws: what keeps a run that is there from being gone on with.
  private func isFinished(_ run: ExperimentRun) throws -> Bool {
    let path = RunDirectory.file(run.name, in: directory)
    let place = try RunPlace(path, mustExist: false)
    guard let past = place.past else {
      if RunDirectory.holdsRun(at: path) { try RunDirectory(opening: path).refuseAnotherRun() }
      return false
    }
    var changes = try place.changes(to: run.settings).map(\.description)
    let ranks = past.settings.ranks ?? 1
    if ranks != run.ranks { changes.append("ranks: \(ranks) → \(run.ranks)") }
    guard changes.isEmpty else {
      throw TrainingError(
        .impossibleSetting,
        problem: "the run in \(path) has other settings: \(changes.joined(separator: ", "))",
        fix: "give the experiment those settings, start over in a new directory with --fresh, or"
          + " take what is there with --results-only")
    }
    return past.isFinished
  }

  private func checkImages(_ run: ExperimentRun) throws {
    let dataset = try workshop.dataset(of: run.settings)
    _ = try run.settings.outline(images: dataset.outline, ranks: run.ranks)
  }

  private func checkMemory(_ run: ExperimentRun) throws {
    let outline = try run.settings.outline(ranks: run.ranks)
    switch try workshop.engine(for: run.settings).computing {
    case .host(let executor): _ = try outline.reserve(on: executor)
    // What it has the memory for it knows when it has compiled, which is when it trains.
    case .accelerator(let accelerator): try outline.check(on: accelerator)
    }
  }

  private func checkRanks(_ run: ExperimentRun) throws {
    // The experiment's own process has the devices open, for all of its arms.
    guard try Checked.device(run.settings.device) == .cpu else {
      throw DeviceArguments.refused(
        "the arm has \(run.ranks) ranks, and an experiment's arms share the accelerators of one"
          + " process",
        "give the arm 'devices: \(run.ranks)' in place of ranks")
    }
    _ = try Launcher("mpirun")
    guard Job.library == nil else { return }
    throw CommunicationError(
      .unavailable,
      problem: "the arm has \(run.ranks) ranks, and this adabatch is built without MPI",
      fix: "build it with 'make build', or with swift build --traits default,MPI")
  }

  /// Whether runs can be made in the directory, which is not made before it is needed.
  private func checkFolder() throws {
    var path = directory
    while !exists(path) { path = parentFolder(of: path) }
    guard isFolder(path) else {
      throw RunDirectoryError(
        code: .notADirectory, path: directory, problem: "is a file, or lies below one",
        fix: "name another one with --directory")
    }
    guard access(path, W_OK) == 0 else {
      throw RunDirectoryError(
        code: .notWritable, path: directory,
        problem: "cannot be written to: \(String(cString: strerror(errno)))",
        fix: "name a directory that you may write to with --directory")
    }
  }
}
