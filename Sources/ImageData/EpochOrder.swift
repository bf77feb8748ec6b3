import Randomness

/// The order in which one epoch shows the images, handed out in batches of any sizes.
///
/// The order does not depend on the batch sizes, which may change from call to call: no image is
/// lost or shown twice. An epoch that was interrupted goes on at its ``position``.
public struct EpochOrder: Sendable {
  /// Whether an incomplete last batch is left out.
  public let dropsLast: Bool
  /// How many images have been handed out.
  public private(set) var position: Int
  private let order: [Int]

  public var imageCount: Int { order.count }
  public var remainingCount: Int { order.count - position }

  /// The shuffled order of one epoch: a function of `imageCount`, `seed` and `epoch`.
  ///
  /// - Parameters:
  ///   - position: images that were handed out before, 0 to `imageCount`.
  public init(
    imageCount: Int, seed: UInt64, epoch: Int, dropLast: Bool = false, position: Int = 0
  ) {
    self.init(
      permutation(of: imageCount, seed: seed, epoch: epoch), dropLast: dropLast,
      position: position)
  }

  /// The images one after another, for testing.
  public init(sequential imageCount: Int) {
    self.init(Array(0..<imageCount), dropLast: false, position: 0)
  }

  private init(_ order: [Int], dropLast: Bool, position: Int) {
    precondition(position >= 0 && position <= order.count, "a position within the epoch")
    self.order = order
    self.dropsLast = dropLast
    self.position = position
  }

  /// Whether there is a next batch of that size, be it short.
  public func hasNext(_ batchSize: Int) -> Bool {
    remainingCount >= (dropsLast ? batchSize : 1)
  }

  /// Returns the indices of the next batch, or nil at the epoch's end.
  ///
  /// The last batch is what is left, and short where that is less than `batchSize`. With
  /// ``dropsLast`` the epoch ends instead, and ``position`` stays where the last full batch ended.
  public mutating func next(_ batchSize: Int) -> ArraySlice<Int>? { next(batchSize, atMost: 1) }

  /// Returns the indices of the next full batches, `count` of them where there are so many, or of the
  /// short last one; nil at the epoch's end.
  public mutating func next(_ batchSize: Int, atMost count: Int) -> ArraySlice<Int>? {
    precondition(batchSize > 0, "a batch has at least one image")
    guard hasNext(batchSize) else { return nil }
    let full = max(1, min(count, remainingCount / batchSize))
    let batches = order[position..<position + min(full * batchSize, remainingCount)]
    position = batches.endIndex
    return batches
  }
}
