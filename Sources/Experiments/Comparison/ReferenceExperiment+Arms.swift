import BatchPolicies
import Training

// What all arms of the reference have in common.
extension ReferenceExperiment {
  func arm(
    _ name: String, _ network: String, _ settings: [String: String], ranks: Int = 1
  ) -> Experiment.Arm {
    // Batch and rate change after each fifth of the epochs, as they do unless something is said.
    let shared = [
      "network": network, "dataset": dataset, "epochs": "\(epochs)",
      "drop-last": "\(dropLast)",
    ]
    return Experiment.Arm(
      name, shared.merging(settings) { $1 }.merging(common) { $1 }, ranks: ranks)
  }

  func experiment(
    _ network: String, _ arms: [Experiment.Arm], baseline: String, subject: String?,
    title: String? = nil
  ) throws(TrainingError) -> Experiment {
    try Experiment(
      "\(kind.rawValue) \(title ?? network)", arms: arms, seeds: seeds, baseline: baseline,
      subject: subject, runPrefix: network + "-")
  }
}

extension ReferenceRecipe {
  /// The batch size that the reference starts a network at.
  static func batchSize(network: String) -> Int { network == "alexnet" ? 256 : 128 }
}
