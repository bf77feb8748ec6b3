import AdaBatch

/// Checks of options that several commands have.
enum Checked {
  static func dataset(_ name: String) throws(TrainingError) {
    let names = TrainingSettings.datasetNames
    if names.contains(name) || TrainingSettings.isMadeUp(name) { return }
    throw unknownName(name, what: "data set", option: "--dataset", names)
  }

  /// The classes of a data set.
  ///
  /// - Parameters:
  ///   - folder: of images of the user's own, which are looked at.
  ///   - name: what its user knows the number as, here and below.
  static func classes(
    _ given: Int?, of dataset: String, in folder: String?, name: String = "--classes"
  ) throws -> Int {
    let known =
      if dataset == TrainingSettings.ownImages {
        [
          try TrainingSettings.datasetOutline(dataset, from: folder, classes: given ?? 1)
            .classCount
        ]
      } else { ["cifar10": [10], "cifar100": [100]][dataset] ?? [10, 100] }
    guard let given else { return known[0] }
    guard known.contains(given) else {
      let numbers = known.map(String.init).joined(separator: " or ")
      throw TrainingError(
        .impossibleSetting, problem: "\(name) is \(given), but \(dataset) has \(numbers)",
        fix: "leave --classes out, or choose another --dataset")
    }
    return given
  }

  /// Images that are evaluated together; there may be fewer.
  static func testBatch(_ count: Int, name: String = "--test-batch") throws(TrainingError) -> Int {
    if count >= 1 { return count }
    throw TrainingError(
      .impossibleSetting, problem: "\(name) is \(count), but needs to be 1 or more",
      fix: "leave it out")
  }

  static func threads(_ count: Int, name: String = "--threads") throws(TrainingError) -> Int {
    if 1...1024 ~= count { return count }
    throw TrainingError(
      .impossibleSetting, problem: "\(name) is \(count), but needs to be 1 to 1024",
      fix: "leave it out for one thread on each physical core")
  }

  /// As a run recorded it.
  static func precision(_ name: String?) throws(TrainingError) {
    guard let name, Precision(rawValue: name) == nil else { return }
    throw TrainingError(
      .impossibleSetting, problem: "precision is '\(name)', but needs to be f32, tf32 or bf16",
      fix: "leave it out for f32")
  }

  /// As a run recorded it.
  static func device(_ name: String?) throws(TrainingError) -> DeviceName {
    guard let name else { return .cpu }
    if let device = DeviceName(rawValue: name) { return device }
    throw TrainingError(
      .impossibleSetting, problem: "device is '\(name)', but needs to be cpu, cuda or pjrt",
      fix: "leave it out for cpu")
  }

  static func range(
    _ option: String, _ given: Int, _ allowed: ClosedRange<Int>
  ) throws(TrainingError) {
    if allowed.contains(given) { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "\(option) is \(given), but needs to be \(allowed.lowerBound) to"
        + " \(allowed.upperBound)",
      fix: "change \(option), or leave it out")
  }

  static func refuseFolder(_ folder: String?, of dataset: String) throws(TrainingError) {
    guard TrainingSettings.isMadeUp(dataset), folder != nil else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--data names a folder, and synthetic images need none",
      fix: "leave --data out, or name a --dataset that has files")
  }
}
