import BatchPolicies
import Executors

extension TrainingOutline {
  /// - Throws: ``TrainingError`` with code `impossibleSetting` for what an accelerator cannot do,
  ///   `GraphError` for too few images in a micro-batch.
  public func check(on accelerator: any Accelerator) throws {
    for batch in try deviceBatches(on: accelerator) {
      try trainingGraph.verify(imageCount: batch.group)
    }
  }

  /// Every batch of the plan, short last ones and the largest that may be decided included, with its
  /// groups.
  ///
  /// - Throws: ``TrainingError`` with code `impossibleSetting` for what an accelerator cannot do.
  func deviceBatches(on accelerator: any Accelerator) throws(TrainingError) -> [DeviceBatch] {
    let devices = accelerator.deviceCount * options.ranks
    for size in plannedSizes { try refuseUnequalShares(of: size, devices) }
    for size in Set(plan.phases.map(\.batchSize)).sorted() {
      let (share, wanted) = (size / devices, options.microBatchSize(in: size))
      guard wanted <= share, share % wanted == 0 else {
        throw Self.refused(
          "micro-batches of \(wanted) images are no whole number in \(share)",
          "use a --micro-batch that divides that, or leave it out")
      }
    }
    return plannedSizes.sorted().map { deviceBatch($0, devices) }
  }

  /// - Throws: ``TrainingError`` with code `impossibleSetting`.
  func refuseUnequalShares(of size: Int, _ devices: Int) throws(TrainingError) {
    if size.isMultiple(of: devices) { return }
    throw Self.refused(
      "a batch of \(size) images cannot be shared by \(devices) devices alike",
      "choose a --batch-size that can, and --drop-last for what an epoch ends with")
  }

  private var plannedSizes: Set<Int> {
    // What a policy may decide while it trains; its sizes between are compiled when they come.
    var sizes: Set<Int> = [batchSizes.upperBound]
    for phase in plan.phases {
      sizes.insert(phase.batchSize)
      let last = options.dropLast ? 0 : plan.imageCount % phase.batchSize
      if last > 0 { sizes.insert(last) }
    }
    return sizes
  }

  /// An update of so many images in micro-batches, of fewer images each where the wanted ones would be
  /// no whole number: an epoch's last update is what is left.
  func deviceBatch(_ images: Int, _ devices: Int) -> DeviceBatch {
    let share = images / devices
    let wanted = min(options.microBatchSize(in: images), share)
    let group = (1...wanted).last { share.isMultiple(of: $0) } ?? share
    return DeviceBatch(
      images: images, group: group, comparesGradients: comparesGradients && images > group)
  }

  private var comparesGradients: Bool {
    (shadows + [namedPolicy]).contains { $0.measures.contains(.gradientNorms) }
      || (policy as? ReplayedSchedule)?.comparesGradients == true
  }

  private static func refused(_ problem: String, _ fix: String) -> TrainingError {
    TrainingError(.impossibleSetting, problem: problem, fix: fix)
  }
}
