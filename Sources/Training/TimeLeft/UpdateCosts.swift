import RunRecords

/// What updates of each size took, and what others will take.
struct UpdateCosts: Sendable {
  private let microBatch: TrainingSettings.MicroBatch
  /// By the images in an update.
  private var paces: [Int: Pace] = [:]
  /// Seconds by the images in an update, from before this process: their ratios are believed.
  private var remembered: [Int: Double] = [:]
  /// The size of the full batches of now.
  private var newest: Int?
  /// The mean of the last few of those.
  private var recent = 0.0
  private var measuredSeconds = 0.0
  private var interruptions = Interruptions()

  init(_ microBatch: TrainingSettings.MicroBatch) { self.microBatch = microBatch }

  /// Seconds over which a change of the machine is followed.
  var horizon: Double { max(30, measuredSeconds / 8) }

  /// What interruptions add to a second of updates.
  var interruptionShare: Double {
    measuredSeconds > 0 ? interruptions.expected / measuredSeconds : 0
  }

  mutating func remember(images: Int, seconds: Double) { remembered[images] = seconds }

  /// - Parameter isFull: whether the batch is no short last one.
  mutating func add(images: Int, isFull: Bool, seconds: Double) {
    let leftOut = isFull ? addFull(images, seconds) : addShort(images, seconds)
    interruptions.add(leftOut)
    measuredSeconds += seconds - leftOut
  }

  private mutating func addFull(_ images: Int, _ seconds: Double) -> Double {
    var pace = paces[images] ?? Pace()
    let before = pace.seconds
    let leftOut = pace.add(seconds, horizon: horizon)
    // A machine that becomes slower does so for batches of every size.
    if pace.count > 64, before > 0 { scale(by: pace.seconds / before) }
    paces[images] = pace
    recent = newest == images ? recent + (seconds - leftOut - recent) / 16 : seconds
    newest = images
    return leftOut
  }

  /// Adds a short batch at the speed that the full ones have on the long run: it is seen so seldom
  /// that a change of the machine shows in those first.
  private mutating func addShort(_ images: Int, _ seconds: Double) -> Double {
    var speed = 1.0
    if let full = newest.flatMap({ paces[$0] }), full.count > 64 { speed = full.seconds / recent }
    var pace = paces[images] ?? Pace()
    let leftOut = pace.add(seconds * speed, horizon: horizon) / speed
    paces[images] = pace
    return leftOut
  }

  private mutating func scale(by factor: Double) {
    for size in paces.keys { paces[size]?.scale(by: factor) }
  }
}

// What is still to come.
extension UpdateCosts {
  /// Seconds of updates of any size.
  struct Prediction: Sendable {
    fileprivate let known: [Int: Double]
    fileprivate let curve: CostCurve
    fileprivate let factor: Double
    fileprivate let microBatch: TrainingSettings.MicroBatch

    func seconds(for images: Int) -> Double {
      known[images] ?? factor * curve.seconds(for: microBatch.work(of: images))
    }
  }

  /// nil before anything is known.
  var prediction: Prediction? {
    let known = known
    guard let curve = CostCurve(points(known)) else { return nil }
    // A curve goes near its points; this one goes through what is measured now.
    let factor = anchor.map { size, seconds in
      seconds / curve.seconds(for: microBatch.work(of: size))
    }
    return Prediction(known: known, curve: curve, factor: factor ?? 1, microBatch: microBatch)
  }

  /// What is measured now: the full batch, or what was measured most where it is new.
  private var anchor: (size: Int, seconds: Double)? {
    let current = newest.flatMap { size in paces[size].map { (size, $0) } }
    let most = paces.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
    guard let most else { return nil }
    if let current, current.1.count >= 3 { return (current.0, current.1.seconds) }
    return (most.key, most.value.seconds)
  }

  /// What was measured often enough, and what is remembered at the speed of now.
  private var known: [Int: Double] {
    let speed = anchor.flatMap { size, seconds in remembered[size].map { seconds / $0 } }
    let measured = paces.filter { $0.value.count >= 3 }.mapValues(\.seconds)
    return remembered.mapValues { $0 * (speed ?? 1) }.merging(measured) { $1 }
  }

  private func points(_ known: [Int: Double]) -> [CostCurve.Point] {
    // The first of a size compiles its program: alone it says something only where all is new.
    let measured = paces.filter { $0.value.count >= (paces.count > 1 ? 2 : 1) }
    let all = known.merging(measured.mapValues(\.seconds)) { known, _ in known }
    let whole = all.filter { microBatch.isWhole($0.key) }
    return (whole.isEmpty ? all : whole).map { size, seconds in
      CostCurve.Point(
        work: microBatch.work(of: size), seconds: seconds,
        weight: Double(min(paces[size]?.count ?? 16, 64)))
    }
  }
}

extension TrainingSettings.MicroBatch {
  /// What the time of an update grows with: its images, or the passes of a fixed size.
  fileprivate func work(of images: Int) -> Double {
    switch self {
    case .batch, .part: Double(images)
    case .images(let count): (Double(images) / Double(count)).rounded(.up)
    }
  }

  /// Whether all passes of an update are full: of one that is not, nobody knows what it costs.
  fileprivate func isWhole(_ images: Int) -> Bool {
    switch self {
    case .batch, .part: true
    case .images(let count): images % count == 0
    }
  }
}
