import AdaBatch
import Foundation

// The time on more and more ranks.
extension PlanReport {
  /// Nothing where it was not asked for.
  var scalingParts: [String] {
    guard let scaling = plan.scaling else { return [] }
    let refusals = scaling.refusals.joined(separator: "\n")
    return [Self.sideBySide(scaling), Self.ends(scaling)] + (refusals.isEmpty ? [] : [refusals])
  }

  /// The arms' tables beside each other, each below its name.
  private static func sideBySide(_ scaling: ScalingTable) -> String {
    let ranks = scaling.arms.first?.cells.map { "\($0.ranks)" } ?? []
    let columns =
      [block("", textTable([["ranks"]] + ranks.map { [$0] }))]
      + scaling.arms.map { block($0.name, textTable([titles] + $0.cells.map(cells))) }
    let lines = (columns.first ?? []).indices.map { line in
      columns.map { $0[line] }.joined(separator: "  ").trimmingSpacesAtEnd
    }
    return lines.joined(separator: "\n")
  }

  private static let titles = ["time", "×", "comm", "idle"]

  private static func cells(_ cell: ScalingTable.Cell) -> [String] {
    guard cell.predictedSeconds != nil else { return ["—", "", "", ""] }
    return [
      duration(cell.predictedSeconds), cell.speedup.map { String(format: "%.1f", $0) } ?? "",
      cell.communicationShare.map { String(format: "%.0f %%", 100 * $0) } ?? "",
      "\(cell.idleRanks)",
    ]
  }

  /// A name above a table, all lines as long as the longest.
  private static func block(_ name: String, _ table: String) -> [String] {
    let lines = [name] + table.components(separatedBy: "\n")
    let width = lines.map(\.count).max() ?? 0
    return lines.map { $0 + String(repeating: " ", count: width - $0.count) }
  }

  private static func ends(_ scaling: ScalingTable) -> String {
    let last = scaling.arms.first?.cells.last?.ranks ?? 1
    let ends = scaling.arms.map { arm in
      arm.stopsScalingAt.map { "\(arm.name) from \(counted($0, "rank")) on" }
        ?? "\(arm.name) nowhere up to \(grouped(last))"
    }
    return """
      time: of the whole training; ×: times faster than on one rank; comm: the part of it in which
      ranks only communicate; idle: ranks without images, in the phase that has most of them.
      Where the next row gains less than 10 %:
      \(ends.joined(separator: ", ")).
      """
  }
}

extension ScalingTable {
  /// Each reason once, with the ranks that it is for.
  fileprivate var refusals: [String] {
    arms.flatMap { arm in
      let reasons = Dictionary(grouping: arm.cells.filter { $0.refusal != nil }) {
        $0.refusal ?? ""
      }
      return reasons.sorted { ($0.value[0].ranks, $0.key) < ($1.value[0].ranks, $1.key) }.map {
        "—: \(arm.name) on \($1.map { "\($0.ranks)" }.joined(separator: ", ")) ranks: \($0)"
      }
    }
  }
}

extension String {
  fileprivate var trimmingSpacesAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
