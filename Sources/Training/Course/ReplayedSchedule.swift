import BatchPolicies
import RunRecords

/// The batch sizes and rates of a run that was recorded, as a schedule.
///
/// It repeats the moments too, so the same network, images, seed, micro-batch and threads give the
/// same bits, whatever the decisions were made of at the time.
public struct ReplayedSchedule: BatchPolicy {
  struct Entry: Codable, Sendable {
    let epoch: Int
    let imagesIntoEpoch: Int
    let decision: BatchDecision
    let isRollback: Bool
  }

  private let entries: [Entry]
  /// Whether gradients of micro-batches were compared: on an accelerator images pass otherwise then,
  /// with other last bits.
  let comparesGradients: Bool

  /// - Parameter directory: of the run to repeat.
  /// - Throws: ``TrainingError`` where it has no decisions, or where some are missing; `FileError`.
  public init(of directory: RunDirectory) throws {
    let records = try directory.decisions()
    guard !records.records.isEmpty else {
      throw TrainingError(
        .impossibleSetting, problem: "--replay: \(directory.path) has no decisions to repeat",
        fix: "name the directory of a run that has been trained")
    }
    let settings = try directory.settings().settings
    entries = records.records.filter { $0.action != .keep }.map {
      Entry($0, initialRate: settings.learningRate)
    }
    comparesGradients =
      settings.coupling == "adascale"
      || ([settings.policy] + (settings.shadow ?? [])).contains(
        where: TrainingSettings.comparesGradients)
  }

  public func decision(for signals: Signals) -> BatchDecision {
    let moment = (signals.epoch, signals.imagesIntoEpoch)
    let entry = entries.last { ($0.epoch, $0.imagesIntoEpoch) <= moment } ?? entries[0]
    return entry.decision
  }

  /// Whether a decision was made within an epoch at this place.
  func changes(at epoch: Int, imagesIntoEpoch: Int) -> Bool {
    entries.contains { $0.epoch == epoch && $0.imagesIntoEpoch == imagesIntoEpoch }
  }

  /// Images from here to the next decision within the epoch; nil where none follows.
  func imagesUntilChange(at epoch: Int, imagesIntoEpoch: Int) -> Int? {
    let places = entries.filter { $0.epoch == epoch }.map(\.imagesIntoEpoch)
    return places.filter { $0 > imagesIntoEpoch }.min().map { $0 - imagesIntoEpoch }
  }

  /// What a growth was taken back to at this place; nil for none.
  func rollback(at epoch: Int, imagesIntoEpoch: Int) -> BatchDecision? {
    entries.first {
      $0.isRollback && $0.epoch == epoch && $0.imagesIntoEpoch == imagesIntoEpoch
    }?.decision
  }

  /// Whether a growth is taken back later than this place.
  func takesBack(after epoch: Int, imagesIntoEpoch: Int) -> Bool {
    entries.contains {
      $0.isRollback && ($0.epoch, $0.imagesIntoEpoch) > (epoch, imagesIntoEpoch)
    }
  }

  /// The sizes that it takes.
  var sizes: [Int] { entries.map(\.decision.batchSize) }
}

/// What multiplies one number to the last bit of another: a quotient is rounded.
private func factor(from initial: Double, to rate: Double) -> Double {
  let quotient = rate / initial
  return [quotient, quotient.nextUp, quotient.nextDown].first { initial * $0 == rate } ?? quotient
}

extension ReplayedSchedule.Entry {
  fileprivate init(_ record: DecisionRecord, initialRate: Double) {
    epoch = record.epoch - 1
    imagesIntoEpoch = record.imagesIntoEpoch ?? 0
    decision = BatchDecision(
      batchSize: record.batchSize,
      learningRateFactor: record.rateFactor
        ?? factor(from: initialRate, to: record.learningRate),
      reason: "replayed: " + record.reason, evidence: record.evidence)
    isRollback = record.action == .rollback
  }
}
