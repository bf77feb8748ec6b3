import BatchPolicies

extension TrainingHistory {
  /// Adds an update, and forgets those that are not among the newest `images`.
  mutating func note(_ update: UpdateSignals, keeping images: Int) {
    if firstLoss == nil { firstLoss = update.loss }
    updates.append(update)
    var sum = updates.reduce(0) { $0 + $1.images }
    while let first = updates.first, sum - first.images >= images {
      sum -= first.images
      updates.removeFirst()
    }
  }

  /// The newest updates with so many images together, or all that are kept.
  func newest(_ images: Int) -> [UpdateSignals] {
    var sum = 0
    let count = updates.reversed().prefix { update in
      defer { sum += update.images }
      return sum < images
    }.count
    return updates.suffix(count)
  }
}
