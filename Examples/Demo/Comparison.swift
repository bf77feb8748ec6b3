import Foundation

/// The arms side by side, each figure with its difference from the smallest fixed batch.
func compare(_ arms: [Arm], to baseline: Arm) {
  print("\n                            best test       updates        seconds       images/s")
  for arm in arms {
    let isBaseline = arm.name == baseline.name
    let points = signed(arm.bestAccuracy - baseline.bestAccuracy, 2)
    print(
      arm.name.padding(toLength: 23, withPad: " ", startingAt: 0)
        + pad(fixed(arm.bestAccuracy, 2), 6) + " " + (isBaseline ? "%      " : pad(points, 6) + " ")
        + column("\(arm.updates)", change(arm.updates, baseline.updates), isBaseline)
        + column(fixed(arm.seconds, 1), change(arm.seconds, baseline.seconds), isBaseline)
        + column(
          "\(Int(arm.imagesPerSecond))", change(arm.imagesPerSecond, baseline.imagesPerSecond),
          isBaseline))
  }
  print(
    """

    The signs are differences from the smallest fixed batch: points of accuracy, per cent of the rest.
    """)
}

private func column(_ value: String, _ change: String, _ isBaseline: Bool) -> String {
  pad(value, 7) + " " + pad(isBaseline ? "" : change, 7)
}

private func change(_ value: Int, _ base: Int) -> String { change(Double(value), Double(base)) }

private func change(_ value: Double, _ base: Double) -> String {
  signed(100 * (value / base - 1), 1) + "%"
}

func signed(_ value: Double, _ digits: Int) -> String { String(format: "%+.\(digits)f", value) }

func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

func pad(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

func pad(_ number: Int, _ width: Int) -> String { pad(String(number), width) }
