import AdaBatch

/// Checks of options that several commands have.
enum Checked {
  /// The classes of a data set.
  static func classes(_ given: Int?, of dataset: String) throws(TrainingError) -> Int {
    let known = ["cifar10": [10], "cifar100": [100]][dataset] ?? [10, 100]
    guard let given else { return known[0] }
    guard known.contains(given) else {
      let numbers = known.map(String.init).joined(separator: " or ")
      throw TrainingError(
        .impossibleSetting, problem: "--classes is \(given), but \(dataset) has \(numbers)",
        fix: "leave --classes out, or choose another --dataset")
    }
    return given
  }

  static func refuseFolder(_ folder: String?, of dataset: String) throws(TrainingError) {
    guard dataset == "synthetic", folder != nil else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--data names a folder, and synthetic images need none",
      fix: "leave --data out, or name a --dataset that has files")
  }
}
