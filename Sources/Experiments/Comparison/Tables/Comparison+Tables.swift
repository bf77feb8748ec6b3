import Foundation
import Reports

// A comparison as tables, for a page, a paper and a spreadsheet.
extension Comparison {
  /// All of them, the one that answers first.
  public var tables: [ReportTable] {
    [armTable, speedupTable, secondsTable] + (accuracies.isEmpty ? [] : [targetTable])
      + [testTable, runTable]
  }

  /// What the arms came to, each beside the baseline.
  public var armTable: ReportTable {
    ReportTable(
      name: tableName("arms"), title: "\(experiment.name): arms",
      columns: [
        "arm", "batch", "final %", "best %", "points", "95 %", "updates", "× updates", "seconds",
        "× time",
      ],
      rows: arms.map { arm in
        let other = differences.first { $0.arm == arm.name }
        return [
          .text(arm.name), .text(arm.batchText), .init(arm.finalAccuracy, digits: 2),
          .init(arm.bestAccuracy, digits: 2), .init(other?.accuracy.points, digits: 2),
          .init(other?.accuracy.interval), .init(arm.updates, digits: 0),
          .init(other?.updates, digits: 3), .init(arm.seconds, digits: 1),
          .init(other?.time, digits: 3),
        ]
      },
      notes: [conclusion] + accuracyNotes + marks.map(\.text) + missing + damages)
  }

  private var accuracyNotes: [String] {
    let seeds = differences.map(\.accuracy.count).max() ?? 0
    let notes = [
      1: "n = 1: the interval is over test images, and says nothing of other seeds.",
      2: "n = 2: no interval is given over two seeds; the tests are of each seed.",
    ]
    return [notes[seeds]].compactMap(\.self)
  }

  /// What made an arm faster or slower than the baseline.
  public var speedupTable: ReportTable {
    ReportTable(
      name: tableName("speedup"), title: "\(experiment.name): speedup over \(experiment.baseline)",
      columns: [
        "arm", "total", "fewer updates", "kernels", "images per rank", "reductions", "data", "rest",
      ],
      rows: differences.map { difference in
        let split = difference.speedup
        let factors = [
          split.total, split.updates, split.kernels, split.images, split.communication, split.data,
          split.rest,
        ]
        return [.text(difference.arm)] + factors.map { .number($0, digits: 3) }
      },
      notes: ["The factors multiply to the total; one below 1 is a loss."])
  }

  /// Where the time of each arm went.
  public var secondsTable: ReportTable {
    let parts: [KeyPath<RunSeconds, Double>] = [
      \.forward, \.backward, \.update, \.data, \.communication, \.batchSwitch, \.total,
    ]
    return ReportTable(
      name: tableName("seconds"), title: "\(experiment.name): seconds",
      columns: [
        "arm", "forward", "backward", "update", "data", "communication", "batch switch", "all",
      ],
      rows: arms.map { arm in
        [.text(arm.name)]
          + parts.map { part in
            .init(arm.runs.map { $0.seconds[keyPath: part] }.mean, digits: 1)
          }
      },
      notes: ["Of rank 0, means over seeds; all has evaluation too."])
  }

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

  /// Small letters, digits and hyphens, with what tells experiments of one command apart.
  private func tableName(_ name: String) -> String {
    let words = (experiment.name + "-" + name).lowercased().map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    return String(words).split(separator: "-").joined(separator: "-")
  }
}

extension ArmResult {
  /// `256–4096`, or `256`, and the ranks where there are several.
  fileprivate var batchText: String {
    let sizes =
      smallestBatch == largestBatch ? "\(smallestBatch)" : "\(smallestBatch)–\(largestBatch)"
    return ranks == 1 ? sizes : "\(sizes) on \(ranks)"
  }
}

extension ReportTable.Cell {
  fileprivate init(_ interval: Interval?) {
    guard let interval else {
      self = .missing
      return
    }
    self = .text("\(signed(interval.lower))…\(signed(interval.upper))")
  }
}
