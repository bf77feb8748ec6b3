import Executors

// What the passes of an update take, by programs that do nothing else.
extension XLATraining {
  func passSeconds(_ batch: DeviceBatch) throws -> PassSeconds {
    let timing = try programs.timing(batch)
    let arguments = try timingArguments(batch)
    func seconds(_ program: PJRTExecutable, sums: Int) throws -> Double {
      try secondsOfOne(atMost: try programs.updates(batch).updates) { count in
        let ends = try devices.map { try client.buffer(.integers([Int32(count)]), [], on: $0) }
        let results = try program.run(zip(arguments, ends).map { $0 + [$1] })
        // A run returns while it goes on: who copies its results waits.
        _ = try results[0][1].floats(sums)
      }
    }
    return PassSeconds(
      forward: try seconds(timing.forward, sums: TimingText.Extent.forward.sumCount),
      both: try seconds(timing.both, sums: TimingText.Extent.forwardAndBackward.sumCount))
  }

  /// Of each device, but for how many updates pass.
  private func timingArguments(_ batch: DeviceBatch) throws -> [[PJRTBuffer]] {
    let (room, share) = (try programs.updates(batch).updates, batch.images / replicas)
    let count = Int32(training.training.labels.count)
    // Any images: what they show does not change the time.
    var choices = [Int32](repeating: 0, count: 4 * room * share)
    for index in 0..<room * share { choices[4 * index] = Int32(index) % count }
    let state = try held()
    return try devices.indices.map { index in
      [
        state[index][0], state[index][2], images[index].pixels, images[index].labels,
        try client.buffer(.integers(choices), [room, share, 4], on: devices[index]),
      ]
    }
  }
}

/// Seconds of one of several things that are done in a call, which is made with more of them until
/// it takes a tenth of a second.
private func secondsOfOne(atMost most: Int, _ call: (Int) throws -> Void) rethrows -> Double {
  // The first call opens libraries and makes graphs.
  try call(1)
  var count = 1
  while true {
    let start = ContinuousClock.now
    try call(count)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if seconds >= 0.1 || count == most { return seconds / Double(count) }
    count = min(most, 4 * count)
  }
}
