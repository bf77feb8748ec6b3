import Foundation

/// What a run is followed along.
struct Axis {
  let label: String
  let value: (ReportEpoch) -> Double?

  static var epochs: Axis { Axis(label: "epoch") { Double($0.epoch) } }

  static func samples(of runs: [ReportRun]) -> Axis {
    counted("images seen", runs) { $0.samplesSeen.map(Double.init) }
  }

  static func updates(of runs: [ReportRun]) -> Axis {
    counted("weight updates", runs) { $0.updates.map(Double.init) }
  }

  static func seconds(of runs: [ReportRun]) -> Axis {
    let largest = runs.compactMap { $0.epochs.last?.seconds }.max() ?? 0
    let (unit, size) =
      largest > 20_000 ? ("hours", 3600.0) : largest > 600 ? ("minutes", 60.0) : ("seconds", 1.0)
    return Axis(label: "time (\(unit))") { epoch in epoch.seconds.map { $0 / size } }
  }

  /// In thousands or millions where numbers would be too long for the axis.
  private static func counted(
    _ name: String, _ runs: [ReportRun], _ value: @escaping (ReportEpoch) -> Double?
  ) -> Axis {
    let largest = runs.compactMap { $0.epochs.last.flatMap(value) }.max() ?? 0
    let (unit, size) =
      largest >= 1e6 ? (" (millions)", 1e6) : largest >= 1e4 ? (" (thousands)", 1e3) : ("", 1)
    return Axis(label: name + unit) { epoch in value(epoch).map { $0 / size } }
  }

  /// A round distance between ticks, for four to seven of them.
  static func step(upTo end: Double) -> Double {
    let power = pow(10, (log10(end / 5)).rounded(.down))
    let steps = [1, 2, 5, 10].map { $0 * power }
    return steps.first { end / $0 <= 6 } ?? end
  }
}
