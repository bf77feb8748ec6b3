import Reports

// Tables of accuracies on the way, of images and of runs.
extension Comparison {
  /// How soon each arm came to accuracies.
  public var targetTable: ReportTable {
    let first = arms.first { $0.name == experiment.baseline }
    return ReportTable(
      name: tableName("targets"), title: "\(experiment.name): time to an accuracy",
      columns: ["arm", "accuracy %", "runs", "updates", "seconds", "× time"],
      rows: arms.flatMap { arm in
        arm.targets.enumerated().map { index, target in
          let base = first?.targets[index].seconds
          let ratio = target.seconds.flatMap { seconds in base.map { seconds / $0 } }
          return [
            .text(arm.name), .number(target.accuracy, digits: 2),
            .text("\(target.runs) of \(arm.runs.count)"), .init(target.updates, digits: 0),
            .init(target.seconds, digits: 1), .init(ratio, digits: 3),
          ]
        }
      },
      notes: experiment.accuracies.isEmpty
        ? ["90, 95 and 99 % of what \(experiment.baseline) ends with."] : [])
  }

  /// McNemar's test of each seed.
  public var testTable: ReportTable {
    ReportTable(
      name: tableName("tests"), title: "\(experiment.name): the same test images",
      columns: [
        "arm", "seed", "points", "only baseline right", "only arm right", "p exact",
        "p with continuity", "95 %",
      ],
      rows: differences.flatMap { difference in
        difference.accuracy.seeds.map { seed in
          let test = seed.mcNemar
          return [
            .text(difference.arm), .text("\(seed.seed)"), .number(seed.points, digits: 2),
            .init(test?.onlyBaseline), .init(test?.onlyOther), .init(test?.p, digits: 4),
            .init(test?.approximateP, digits: 4), .init(test?.interval),
          ]
        }
      },
      notes: ["McNemar's test of final weights: other test images, not other seeds."])
  }

  /// Each run.
  public var runTable: ReportTable {
    ReportTable(
      name: tableName("runs"), title: "\(experiment.name): runs",
      columns: ["run", "ranks", "final %", "best %", "updates", "images", "seconds", "MB sent"],
      rows: arms.flatMap(\.runs).map { run in
        [
          .text(run.name), .integer(run.ranks), .number(run.finalAccuracy, digits: 2),
          .number(run.bestAccuracy, digits: 2), .integer(run.updates), .integer(run.samplesSeen),
          .number(run.seconds.total, digits: 1), .number(Double(run.messageBytes) / 1e6, digits: 1),
        ]
      })
  }
}

extension ReportTable.Cell {
  init(_ interval: Interval?) {
    guard let interval else {
      self = .missing
      return
    }
    self = .text("\(signed(interval.lower))…\(signed(interval.upper))")
  }
}
