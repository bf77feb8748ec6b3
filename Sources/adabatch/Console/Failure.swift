import AdaBatch

/// What a user is told about an error, and the exit code that goes with it.
///
/// The codes follow sysexits(3): 64 usage, 65 data, 66 no input, 69 unavailable, 70 the run itself,
/// 71 system resources, 73 cannot create, 74 input/output.
struct Failure {
  let message: String
  let code: Int32

  /// What all ranks leave with when one has vanished.
  static let otherRankFailed: Int32 = 76

  /// nil for errors that are not ours, which the argument parser knows how to report.
  init?(_ error: any Error) {
    switch error {
    case let error as NotReady: self.init(error.message, error.code)
    case let error as DamagedRuns: self.init(error.message, 65)
    case let error as Stopped: self.init(error.message, error.code)
    case let error as Broken:
      guard let failure = Failure(error.cause) else { return nil }
      self.init("\(failure.message)\n  go on: \(error.advice)", failure.code)
    case let error as TrainingError:
      self.init("\(error)", error.code == .diverged ? 70 : 64)
    case let error as PolicyError:
      let options =
        error.code == .unusableDecision ? ": --batch-size, or --max-batch for one that grows" : ""
      self.init(error.message(calling: Self.option(for: error.setting)) + options, 64)
    case let error as GraphError: self.init("\(error)", error.code == .malformed ? 1 : 64)
    case let error as DataError: self.init("\(error)", Self.code(of: error))
    case let error as ExecutorError: self.init("\(error)", Self.code(of: error))
    case let error as RunDirectoryError where error.code == .notARun: self.init("\(error)", 66)
    case let error as RunDirectoryError:
      self.init("\(error)" + (error.fix.hasPrefix("name a directory") ? ": --run DIR" : ""), 73)
    case let error as RankFailure: self.init("\(error)", error.code)
    case let error as CommunicationError:
      self.init("\(error)", error.code == .unavailable ? 69 : Self.otherRankFailed)
    case let error as FileError: self.init("\(error)", Self.code(of: error))
    default: return nil
    }
  }

  private static func code(of error: ExecutorError) -> Int32 {
    switch error.code {
    case .outOfMemory: 71
    case .unsupported: 69
    default: 1
    }
  }

  private static func code(of error: DataError) -> Int32 {
    switch error.code {
    case .badAddress: 64
    case .missingFile: 66
    case .missingProgram: 69
    case .inUse: 73
    case .downloadFailed: 74
    default: 65
    }
  }

  private static func code(of error: FileError) -> Int32 {
    switch error.code {
    case .notPermitted: 73
    case .missing: 66
    case .invalid, .unsupported: 65
    default: 74
    }
  }

  private init(_ message: String, _ code: Int32) {
    self.message = message
    self.code = code
  }

  /// The option that sets a policy's setting.
  private static func option(for setting: String) -> String {
    switch setting {
    case "batchSize", "initialBatchSize": "--batch-size"
    case "growthFactor": "--growth-factor"
    case "minimumBatchSize": "--min-batch"
    case "maxInterval": "--max-interval"
    case "cooldown", "hysteresis", "patience", "threshold": "--" + setting
    case "interval": "--growth-interval"
    case "milestones": "--milestones"
    case "rateMilestones": "--rate-milestones"
    case "maximumBatchSize": "--max-batch"
    case "decay": "--decay"
    case "warmUpEpochs": "--warmup"
    case "baselineBatchSize": "--baseline-batch"
    case "epochs": "--epochs"
    case "imageCount": "--images"
    default: setting
    }
  }
}
