/// What training has shown so far, as far as policies look back.
public struct TrainingHistory: Sendable, Codable, Equatable {
  /// The mean loss of the run's first update: how training began.
  public var firstLoss: Double?

  /// Mean training losses of the stretches between moments of decision, oldest first: of epochs,
  /// where a policy decides by the epoch.
  public var losses: [Double] = []

  /// The newest updates, oldest first: an epoch's worth of images, and more where those are few.
  public var updates: [UpdateSignals] = []

  public init() {}
}

/// What one weight update has shown.
public struct UpdateSignals: Sendable, Codable, Equatable {
  /// Images in it, over all ranks.
  public var images: Int

  /// Their mean loss, before the update.
  public var loss: Double

  /// nil where it was not measured, and where a single micro-batch has nothing to compare with.
  public var gradients: GradientNorms?

  /// nil where it was not measured.
  public var seconds: StepSeconds?

  public init(
    images: Int, loss: Double, gradients: GradientNorms? = nil, seconds: StepSeconds? = nil
  ) {
    self.images = images
    self.loss = loss
    self.gradients = gradients
    self.seconds = seconds
  }
}

/// The lengths of an update's gradient and of its micro-batches' gradients gᵢ, of nᵢ of B images.
public struct GradientNorms: Sendable, Codable, Equatable {
  /// Micro-batches in the update: 2 or more.
  public var microBatches: Int

  /// The mean of the squared lengths: Σ (nᵢ/B)·|gᵢ|².
  public var meanOfSquares: Double

  /// The squared length of the mean, which is the update's gradient: |Σ (nᵢ/B)·gᵢ|².
  public var squareOfMean: Double

  public init(microBatches: Int, meanOfSquares: Double, squareOfMean: Double) {
    self.microBatches = microBatches
    self.meanOfSquares = meanOfSquares
    self.squareOfMean = squareOfMean
  }
}

/// How long an update took, on the rank that took the longest.
public struct StepSeconds: Sendable, Codable, Equatable, BitwiseCopyable {
  /// Forward, backward and preparing the images.
  public var passes: Double

  /// What each update costs, however many images it has: optimizer and communication.
  public var perUpdate: Double

  public init(passes: Double, perUpdate: Double) {
    self.passes = passes
    self.perUpdate = perUpdate
  }
}

/// What training can measure for a policy, beside the losses that are there anyway.
public struct Measures: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// ``GradientNorms`` of every update, for which it needs two micro-batches or more.
  public static let gradientNorms = Measures(rawValue: 1)

  /// ``StepSeconds`` of every update.
  ///
  /// Decisions are no longer the same from run to run then.
  public static let seconds = Measures(rawValue: 2)
}
