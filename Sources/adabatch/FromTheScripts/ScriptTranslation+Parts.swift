import AdaBatch

// Options of the scripts that say only together what is meant.
extension ScriptTranslation {
  /// `--savez` is the run's directory where nothing else names one: its `numbers.npz` lies there.
  mutating func translateRun() throws(TrainingError) {
    guard let numbers = try find("--savez") else { return }
    if try find("--checkpoint") == nil, own("--run") == nil {
      try add("--run", numbers.values[0], typed: numbers.text)
    } else {
      note(numbers, changesNothingFor: "the numbers lie in the run's directory, as numbers.npz")
    }
  }

  /// `--arch resnet --depth 20` is resnet20; other names hold their depth already.
  mutating func translateNetwork() throws(TrainingError) {
    let (arch, depth) = (try find("--arch"), try find("--depth"))
    guard let typed = [arch, depth].compactMap(\.?.text).joined(separator: " ").nonEmpty else {
      return
    }
    let name = arch?.values[0] ?? "resnet"
    if name == "resnet" {
      try add("--network", name + (depth?.values[0] ?? "20"), typed: typed)
    } else {
      if let depth { try refuse(depth, besides: name) }
      try add("--network", name, typed: typed)
    }
  }

  private func refuse(_ depth: Given, besides network: String) throws(TrainingError) {
    if network == "resnet" + depth.values[0] { return }
    throw TrainingError(
      .impossibleSetting, problem: "\(depth.text) is for --arch resnet, and --arch is \(network)",
      fix: "leave --depth out, or give --arch resnet")
  }

  /// `--train-batch b --zero-grad-freq k` is an update of b·k images in micro-batches of b.
  ///
  /// With k = 1 the scripts grow the batch that passes at once, with more they grow k.
  mutating func translateBatch() throws(TrainingError) {
    let batch = try find("--train-batch")
    guard let accumulation = try find("--zero-grad-freq") else {
      if let batch { try add("--batch-size", batch.values[0], typed: batch.text) }
      return
    }
    let own = own("--batch-size")
    guard let size = batch?.values[0] ?? own else {
      throw TrainingError(
        .impossibleSetting, problem: "\(accumulation.text) multiplies a batch, and none is given",
        fix: "give it with --train-batch, or as --batch-size of the whole update")
    }
    let typed = (batch?.text ?? "--batch-size \(size)") + " " + accumulation.text
    let count = try whole(accumulation, atLeast: 1)
    guard let images = Int(size),
      case (let product, false) = images.multipliedReportingOverflow(by: count)
    else { throw notWhole(batch?.name ?? "--batch-size", size, atLeast: 1) }
    if batch == nil { removeOwn("--batch-size") }
    try add("--batch-size", "\(product)", typed: typed)
    if count > 1 { try add("--micro-batch", "\(images)", typed: typed) }
  }

  /// `--resize-factor` says by how much the batch grows, 1 that it is fixed; `--resize-freq` how
  /// often, 0 never; `--schedule` when the rate changes, where not with the batch.
  mutating func translateGrowth() throws(TrainingError) {
    let (factor, frequency) = (try find("--resize-factor"), try find("--resize-freq"))
    let schedule = try find("--schedule")
    let interval: Int? = if let frequency { try whole(frequency, atLeast: 0) } else { nil }
    let isFixed = interval == 0 || factor.flatMap { Double($0.values[0]) } == 1
    if isFixed {
      try add("--policy", "fixed", typed: (interval == 0 ? frequency : factor)?.text ?? "")
    } else if let factor {
      try add("--policy", "adabatch", typed: factor.text)
      try add("--growth-factor", factor.values[0], typed: factor.text)
    }
    let changesRateOnly = isFixed || (factor == nil && own("--policy") == "fixed")
    if let schedule {
      let milestones = schedule.values.joined(separator: ",")
      let option = changesRateOnly ? "--milestones" : "--rate-milestones"
      try add(option, milestones, typed: schedule.text)
    }
    guard let frequency, schedule == nil || !changesRateOnly else { return }
    if interval == 0 {
      try add("--decay", "1", typed: frequency.text)
    } else {
      try add("--growth-interval", frequency.values[0], typed: frequency.text)
    }
  }

  /// NVlabs' run_adabatch_cifar.sh has `--gamma 2`, which doubles the rate at each change.
  func refuseRisingRate(_ given: Given) throws(TrainingError) {
    guard let value = Double(given.values[0]), value > 1 else { return }
    throw TrainingError(
      .impossibleSetting, problem: "\(given.text) would raise the rate at each change",
      fix: "give \(given.name) 0.75 with --resize-factor 2, or 0.375 with --resize-factor 1")
  }

  private func whole(_ given: Given, atLeast least: Int) throws(TrainingError) -> Int {
    guard let number = Int(given.values[0]), number >= least else {
      throw notWhole(given.name, given.values[0], atLeast: least)
    }
    return number
  }

  private func notWhole(_ name: String, _ value: String, atLeast least: Int) -> TrainingError {
    TrainingError(
      .impossibleSetting,
      problem: "\(name) is \(value), but needs to be a whole number, \(least) or more",
      fix: "correct \(name)")
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
