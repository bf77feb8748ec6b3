/// The batch sizes that a policy which measures may decide upon: the initial one, times and over a
/// factor again and again.
///
/// Few sizes mean few programs, and changes that are worth being made.
public struct BatchLattice: Sendable, Hashable {
  public let initial: Int
  /// From one size to the next, before rounding down.
  public let factor: Double
  /// In ascending order.
  public let sizes: [Int]

  /// - Parameter limits: that no size lies outside of.
  /// - Throws: ``PolicyError`` for limits that leave the initial size out, and a factor that does
  ///   not lead to another size.
  public init(
    initial: Int, factor: Double, limits: ClosedRange<Int>
  ) throws(PolicyError) {
    try require(
      initial >= 1, "initialBatchSize", initial, needs: "1 or more", fix: "the usual start is 128")
    try require(
      factor.isFinite && (Double(initial) * factor).rounded(.down) > Double(initial),
      "growthFactor", factor.short, needs: "enough to add one image to a batch of \(initial)",
      fix: "use a factor of 2, or start with a larger batch", code: .neverGrows)
    try require(
      limits.lowerBound >= 1 && limits.lowerBound <= initial, "minimumBatchSize",
      limits.lowerBound, needs: "from 1 to the initial batch size, \(initial)",
      fix: "lower it, or start with a larger batch")
    try require(
      limits.upperBound >= initial, "maximumBatchSize", limits.upperBound,
      needs: "at least the initial batch size, \(initial)",
      fix: "raise the limit or lower the initial batch size")
    self.initial = initial
    self.factor = factor
    sizes = Self.sizes(initial, factor, limits)
    try require(
      sizes.count > 1, "maximumBatchSize", limits.upperBound,
      needs: "\((Double(initial) * factor).rounded(.down).short) or more, the first growth",
      fix: "raise the limit, or lower the growth factor", code: .neverGrows)
  }

  private static func sizes(_ initial: Int, _ factor: Double, _ limits: ClosedRange<Int>) -> [Int] {
    var sizes = [initial]
    while let last = sizes.last {
      // nil beyond what an Int holds, which a limit of Int.max as a Double already is.
      let next = Int(exactly: (Double(last) * factor).rounded(.down))
      guard let next, next <= limits.upperBound else { break }
      sizes.append(next)
    }
    while let first = sizes.first {
      let next = Int((Double(first) / factor).rounded(.down))
      guard next >= limits.lowerBound, next < first else { break }
      sizes.insert(next, at: 0)
    }
    return sizes
  }

  /// Why a size is not to be had now; nil for one that is.
  func objection(to size: Int, _ signals: Signals) -> String? {
    if size > signals.imageCount { return "more than the training set" }
    guard let mark = signals.marked.min(), size >= mark else { return nil }
    return size == mark ? "marked by the guard" : "above \(mark), which the guard has marked"
  }

  /// The sizes that are to be had now.
  func available(_ signals: Signals) -> [Int] { sizes.filter { objection(to: $0, signals) == nil } }

  /// The next larger size that is to be had now.
  func next(above size: Int, _ signals: Signals) -> Int? {
    available(signals).first { $0 > size }
  }

  /// How many sizes one is above another; below 0 for one that is below it.
  func steps(from size: Int, to other: Int) -> Int {
    func place(_ size: Int) -> Int { sizes.lastIndex { $0 <= size } ?? 0 }
    return place(other) - place(size)
  }
}
