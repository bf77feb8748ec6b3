import BatchPolicies

extension TrainingHistory {
  /// Updates that are kept in any case: a batch that is a large part of the training set has few in
  /// an epoch, and of fewer than some no noise is known.
  package static let fewestUpdates = 32

  /// Adds an update, and forgets those that are neither among the newest `images` nor among the
  /// newest ``fewestUpdates``.
  package mutating func note(_ update: UpdateSignals, keeping images: Int) {
    if firstLoss == nil { firstLoss = update.loss }
    updates.append(update)
    updates = newest(images, atLeast: Self.fewestUpdates)
  }

  /// The newest updates with so many images together, and so many updates; all that are kept where
  /// there are fewer.
  package func newest(_ images: Int, atLeast count: Int) -> [UpdateSignals] {
    var sum = 0
    let enough = updates.reversed().prefix { update in
      defer { sum += update.images }
      return sum < images
    }
    return updates.suffix(max(enough.count, count))
  }
}
