/// The epochs after which a policy changes batch size or learning rate.
///
/// Milestones mean what they mean to PyTorch's `MultiStepLR`: 60 is a change after 60 epochs, so
/// the 61st, counted from 1, is the first that is trained with it.
public enum ChangeEpochs: Sendable, Hashable {
  /// After every so many epochs.
  case every(Int)

  /// After each of these numbers of epochs: milestones, in ascending order.
  case after([Int])

  /// The changes that lie behind a run which has completed `epoch` epochs, in order.
  func until(_ epoch: Int) -> [Int] {
    switch self {
    case .every(let interval): Array(stride(from: interval, through: epoch, by: interval))
    case .after(let milestones): milestones.filter { $0 <= epoch }
    }
  }
}

extension ChangeEpochs: CustomStringConvertible {
  public var description: String {
    switch self {
    case .every(1): "every epoch"
    case .every(let interval): "every \(interval.epochs)"
    case .after(let milestones): "after \(milestones.listed) epochs"
    }
  }
}

extension ChangeEpochs {
  /// - Parameter name: of milestones, for the message; an interval is always `interval`.
  func check(_ name: String = "milestones") throws(PolicyError) {
    switch self {
    case .every(let interval):
      try require(
        interval >= 1, "interval", interval, needs: "1 epoch or more",
        fix: "for no change at all, give the number of epochs")
    case .after(let milestones):
      try require(
        !milestones.isEmpty, name, "empty", needs: "at least one number of epochs",
        fix: "give the epochs after which to change, such as 60,120,160")
      try require(
        milestones.allSatisfy { $0 >= 1 }, name, milestones.listed,
        needs: "1 or more each: 60 is a change after 60 epochs",
        fix: "leave out what is below 1; the first epoch has the initial values anyway")
      let inOrder = Set(milestones).sorted()
      try require(
        milestones == inOrder, name, milestones.listed, needs: "in ascending order, each once",
        fix: "give \(inOrder.listed)")
    }
  }

  /// Refuses milestones that a run is too short to reach.
  ///
  /// - Throws: ``PolicyError`` with code `outOfRange`, and `name` as its setting.
  public func check(_ name: String, epochs: Int) throws(PolicyError) {
    guard case .after(let milestones) = self else { return }
    let beyond = milestones.filter { $0 >= epochs }
    try require(
      beyond.isEmpty, name, milestones.listed, needs: "below the run's \(epochs) epochs",
      fix: "leave out \(beyond.listed), or train longer")
  }
}

// In a file: the interval as a number, milestones as a list.
extension ChangeEpochs: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let interval = try? container.decode(Int.self) {
      self = .every(interval)
    } else {
      self = .after(try container.decode([Int].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .every(let interval): try container.encode(interval)
    case .after(let milestones): try container.encode(milestones)
    }
  }
}

extension Int {
  /// So many epochs, in words.
  var epochs: String { self == 1 ? "1 epoch" : "\(self) epochs" }
}

extension [Int] {
  /// The numbers as a command line takes them: `60,120,160`.
  var listed: String { map(String.init).joined(separator: ",") }
}
