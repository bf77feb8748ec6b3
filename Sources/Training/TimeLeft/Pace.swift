/// Seconds that something takes which happens again and again.
///
/// A mean that follows a lasting change and leaves out what stands alone: the first of its kind,
/// which compiles a program and touches new memory, and a machine that was busy with something else.
struct Pace: Sendable {
  /// How many times its expected seconds one counts at most.
  private static let limit = 1.5

  /// What the next one is expected to take.
  private(set) var seconds = 0.0
  private(set) var count = 0
  private var first: [Double] = []

  /// Adds one.
  ///
  /// - Parameters:
  ///   - duration: seconds it took.
  ///   - horizon: seconds over which the mean forgets, but never fewer than 32 of its kind.
  /// - Returns: seconds that were left out of account.
  mutating func add(_ duration: Double, horizon: Double) -> Double {
    count += 1
    if count <= 8 { return start(duration) }
    let counted = seconds > 0 ? min(duration, Self.limit * seconds) : duration
    // By what one takes, not by what this one took: long ones would count for more.
    let share = max(1 / Double(count), min(1 / 32, seconds / horizon))
    seconds += share * (counted - seconds)
    return duration - counted
  }

  /// Takes over that the machine became slower or faster.
  mutating func scale(by factor: Double) {
    seconds *= factor
    first = first.map { $0 * factor }
  }

  // A mean of few would be theirs who stand alone.
  private mutating func start(_ duration: Double) -> Double {
    first.append(duration)
    seconds = first.sorted()[(first.count - 1) / 2]
    return max(0, duration - Self.limit * seconds)
  }
}

/// Seconds in which a run did something else than its updates: checkpoints, a machine that was busy.
struct Interruptions: Sendable {
  private var sum = 0.0
  private var longest = 0.0

  /// Adds one; longer than a minute it was a machine asleep, which says nothing about the next.
  mutating func add(_ seconds: Double) {
    let counted = min(seconds, 60)
    sum += counted
    longest = max(longest, counted)
  }

  /// Seconds that come back: what happened once is not expected again.
  var expected: Double { sum - longest }
}
