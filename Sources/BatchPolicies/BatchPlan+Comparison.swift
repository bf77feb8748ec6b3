extension BatchPlan {
  /// Two plans of the same epochs and images side by side, with what SGD's noise depends on.
  ///
  /// - Parameters:
  ///   - other: the plan to the right of this one
  ///   - names: of the two plans, above their columns
  ///   - initialRate: the learning rate that the factors of both multiply
  public func table(
    beside other: BatchPlan, names: (String, String), initialRate: Double
  ) -> String {
    precondition(epochs == other.epochs, "plans of different runs")
    let names = [names.0, names.1].flatMap { ["", "", "", $0] }
    let head = ["batch", "rate", "rate/batch", "updates"]
    let rows = boundaries(with: other).map { epochs in
      [epochs.counted] + cells(in: epochs, initialRate) + other.cells(in: epochs, initialRate)
    }
    let sums = [self, other].flatMap { ["", "", "", "\($0.totalUpdates)"] }
    return aligned(
      [[""] + names, ["epochs"] + head + head] + rows + [["all \(epochs)"] + sums])
  }

  /// The stretches in which neither plan changes.
  private func boundaries(with other: BatchPlan) -> [Range<Int>] {
    let ends = Set((phases + other.phases).map(\.epochs.upperBound)).sorted()
    return zip([0] + ends, ends).map { $0..<$1 }
  }

  private func cells(in epochs: Range<Int>, _ initialRate: Double) -> [String] {
    guard let phase = phases.first(where: { $0.epochs.contains(epochs.lowerBound) }) else {
      return ["", "", "", ""]
    }
    let rate = initialRate * phase.learningRateFactor
    let perImage = rate / Double(phase.batchSize)
    return [
      "\(phase.batchSize)", rate.rounded(digits: 6), perImage.rounded(digits: 6),
      "\(epochs.count * phase.updatesPerEpoch)",
    ]
  }
}
