import RunRecords

/// A kind of policy that measures, and what it has unless something else is given.
public struct MeasuringKind: Sendable {
  public let name: String
  /// What it looks at, in a line, with its source.
  public let summary: String
  /// How the rate follows the batch.
  public let coupling: String
  /// What the threshold is; nil for a policy that has none.
  public let threshold: (value: Double, meaning: String)?
  /// Decisions without progress that are a plateau; nil for other policies.
  public var patience: Int?
  /// Whether it compares the gradients of an update's micro-batches.
  public var comparesGradients = true
  /// Whether it chooses among the sizes itself, rather than saying about how many images.
  public var choosesSizes = false

  public static let all: [MeasuringKind] = [
    MeasuringKind(
      name: "plateau", summary: "the training loss has stopped falling (Flair, bs-scheduler)",
      coupling: "decay", threshold: (0.01, "share of the loss that counts as progress"),
      patience: 3, comparesGradients: false, choosesSizes: true),
    MeasuringKind(
      name: "loss-ratio", summary: "first loss over present loss (AdaDamp, Sievert & Shah)",
      coupling: "none", threshold: nil, comparesGradients: false),
    MeasuringKind(
      name: "cabs", summary: "rate × gradient variance over loss (CABS, arXiv:1612.05086)",
      coupling: "none", threshold: nil),
    MeasuringKind(
      name: "noise-scale", summary: "gradient noise scale (McCandlish et al., arXiv:1812.06162)",
      coupling: "decay", threshold: nil),
    MeasuringKind(
      name: "norm-test",
      summary: "gradient variance against its norm (AdAdaGrad, arXiv:2402.11215)",
      coupling: "decay",
      threshold: (0.5, "η, the share of the gradient's length that its noise may have")),
    MeasuringKind(
      name: "diversity", summary: "gradient diversity (DiveBatch, arXiv:2509.16173)",
      coupling: "linear", threshold: (0.1, "δ, the share of images × diversity that is taken")),
    MeasuringKind(
      name: "goodput", summary: "throughput × statistical efficiency (Pollux, AdaptDL)",
      coupling: "adascale", threshold: (1.05, "speedup that has to be predicted"),
      choosesSizes: true),
  ]

  /// The kind of that name; nil for a policy that plans, and for a name that there is not.
  public static func named(_ name: String) -> MeasuringKind? { all.first { $0.name == name } }
}

extension TrainingSettings {
  /// Whether a policy compares the gradients of an update's micro-batches.
  public static func comparesGradients(_ policy: String) -> Bool {
    MeasuringKind.named(policy)?.comparesGradients == true
  }
}
