import AdaBatch

/// What a terminal shows of a run under way, in one line that fits its window.
package struct StatusLine: Sendable {
  package var epoch: Int
  package var epochs: Int
  /// How much of the epoch is trained, from 0 to 1.
  package var share: Double
  /// What takes its time, where that is not plain.
  package var activity: String?
  package var imagesPerSecond: Double?
  package var loss: Double?
  /// Of the epoch's images so far, in percent.
  package var accuracy: Double?
  package var rate: Double
  package var batchSize: Int
  /// The next batch size, and the epoch that begins with it.
  package var next: (batchSize: Int, epoch: Int)?
  package var secondsLeft: Double?

  package init(epoch: Int, epochs: Int, share: Double, rate: Double, batchSize: Int) {
    (self.epoch, self.epochs, self.share) = (epoch, epochs, share)
    (self.rate, self.batchSize) = (rate, batchSize)
  }

  /// The line in at most `columns` characters, and whatever colours take.
  ///
  /// A narrow window gets what matters most. The last columns stay free, for the `^C` that a
  /// terminal shows, which must not begin a line of its own.
  package func text(columns: Int, colour: Bool) -> String {
    let room = max(0, columns - 3)
    var used = 0
    var chosen: Set<Part> = []
    for part in Part.byWorth {
      let width = text(of: part).count
      if width > 0, used + width <= room {
        chosen.insert(part)
        used += width
      }
    }
    // Not even the epoch: what there is room for.
    guard chosen.contains(.epoch) else { return String(text(of: .epoch).prefix(room)) }
    let cells = min(Self.fewestCells + room - used, Self.mostCells)
    return Part.allCases.filter(chosen.contains).map { part in
      part == .bar ? bar(cells: cells, colour: colour) : text(of: part)
    }.joined()
  }
}

extension StatusLine {
  private static let fewestCells = 8
  private static let mostCells = 30

  /// In the order of the line.
  private enum Part: CaseIterable {
    case epoch, bar, activity, speed, loss, accuracy, rate, batch, next, left

    /// What stays the longest when there is less and less room.
    static let byWorth: [Part] = [
      .epoch, .left, .batch, .activity, .speed, .loss, .bar, .accuracy, .next, .rate,
    ]
  }

  private func text(of part: Part) -> String {
    switch part {
    case .epoch: "epoch \(epoch)/\(epochs)"
    case .bar: bar(cells: Self.fewestCells, colour: false)
    case .activity: activity.map { "  \($0)" } ?? ""
    case .speed: imagesPerSecond.map { "  " + ProgressText.speed($0) } ?? ""
    case .loss: loss.map { "  loss " + ProgressText.loss($0) } ?? ""
    case .accuracy: accuracy.map { "  train " + ProgressText.percent($0) } ?? ""
    case .rate: "  rate " + ProgressText.rate(rate)
    case .batch: "  batch \(batchSize)"
    case .next: next.map { ", \($0.batchSize) from epoch \($0.epoch)" } ?? ""
    case .left: secondsLeft.map { "  " + ProgressText.timeLeft($0) } ?? ""
    }
  }

  private func bar(cells: Int, colour: Bool) -> String {
    let filled = Int(share * Double(cells))
    let done = String(repeating: "#", count: filled)
    let green = colour && filled > 0 ? "\u{1B}[32m\(done)\u{1B}[39m" : done
    return "  [\(green)\(String(repeating: "-", count: cells - filled))]"
  }
}

extension StatusLine {
  /// Where a run is at a moment, by its monitor's clock.
  init(
    _ moment: RunMonitor.Moment, at now: Double, initialRate: Double
  ) {
    let plan = moment.timeLeft.plan
    let epoch = min(moment.epochsDone, plan.epochs - 1)
    let phase = plan.phase(of: epoch) ?? plan.phases[0]
    let images = moment.update?.imagesIntoEpoch ?? 0
    let isFinished = moment.epochsDone == plan.epochs
    self.init(
      epoch: epoch + 1, epochs: plan.epochs,
      share: isFinished ? 1 : Double(images) / Double(phase.samplesPerEpoch),
      rate: initialRate * phase.learningRateFactor, batchSize: phase.batchSize)
    let silence = Int(now - moment.changed)
    if images == phase.samplesPerEpoch {
      activity = "evaluating" + (silence > 0 ? " \(silence) s" : "")
    } else if silence >= 2 {
      activity = "busy \(silence) s"
    }
    if Interruption.signal != nil { activity = "stopping" }
    imagesPerSecond = moment.timeLeft.imagesPerSecond
    (loss, accuracy) = (moment.update?.trainLoss, moment.update?.trainAccuracy)
    next = plan.nextChange(after: epoch).map { ($0.batchSize, $0.epochs.lowerBound + 1) }
    secondsLeft = moment.timeLeft.seconds(at: now)
  }
}
