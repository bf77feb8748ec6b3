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

  /// Small letters, digits and hyphens, with what tells experiments of one command apart.
  func tableName(_ name: String) -> String {
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
