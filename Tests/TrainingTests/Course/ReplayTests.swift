import BatchPolicies
import Foundation
import RunRecords
import Testing
import Training

@Suite("The decisions of a run, repeated", .serialized)
struct ReplayTests {
  private func replayed(_ run: MeasuredRun) throws -> (RunBits, RunBits, RunDirectory) {
    try withRunFolder { folder in
      let original = try run.finish(in: folder)
      let directory = try RunDirectory(opening: folder)
      var replay = run
      replay.policy = try ReplayedSchedule(of: directory)
      replay.options.decideEvery = nil
      replay.options.guardWindow = nil
      return (original, try withRunFolder { try replay.finish(in: $0) }, directory)
    }
  }

  @Test("have the same bits, changes within epochs among them")
  func sameBits() throws {
    let (original, replay, _) = try replayed(MeasuredRun())
    #expect(original.state.updates == replay.state.updates)
    #expect(original.tensors == replay.tensors)
    #expect(original.model == replay.model)
    #expect(original.epochs == replay.epochs)
  }

  @Test("have the same bits where growth was taken back")
  func takenBack() throws {
    var run = MeasuredRun()
    run.policy = Climber(rate: 1e30)
    run.imageCount = 200
    run.options.decideEvery = 8
    run.options.learningRate = 0.02
    run.options.guardWindow = 60
    let (original, replay, _) = try replayed(run)
    #expect(original.state.course?.signals.marked.isEmpty == false)
    #expect(original.model == replay.model)
    #expect(original.epochs == replay.epochs)
  }

  @Test("have the same bits where a clock had a say")
  func clock() throws {
    let run = MeasuredRun(policy: Climber(goesByClock: true))
    let (original, replay, _) = try replayed(run)
    #expect(original.model == replay.model)
  }

  @Test("of a run that planned them are its plan")
  func planned() throws {
    var run = MeasuredRun()
    run.policy = try growth(from: 8, to: 32)
    let (original, replay, _) = try replayed(run)
    #expect(original.model == replay.model)
  }

  @Test("cannot be those of a run without any")
  func nothing() throws {
    try withRunFolder { folder in
      let directory = try RunDirectory(creatingAt: folder)
      let error = #expect(throws: TrainingError.self) { try ReplayedSchedule(of: directory) }
      #expect(error?.problem.contains(folder) == true)
    }
  }
}
