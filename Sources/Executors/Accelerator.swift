import NetworkGraph

/// A device with memory of its own, to which whole trainings are carried.
///
/// An executor's programs pass one micro-batch, and what is between them is done here. A GPU would
/// wait for that most of the time, so it gets the loop as well: images, passes, updates, many in
/// one call.
public protocol Accelerator: Sendable {
  /// As recorded with a run: what computes, in which version, on what.
  var name: String { get }
  /// The numbers of activations and products.
  var precision: Precision { get }
  /// Devices of this process that share each update.
  var deviceCount: Int { get }

  /// Puts a training's images on the device.
  ///
  /// - Throws: ``ExecutorError``, with code `outOfMemory` where they do not fit.
  func prepare(_ training: CarriedTraining) throws -> any DeviceTraining
}

/// What of a training is carried to a device.
public struct CarriedTraining: Sendable {
  /// Images as their files have them, and their classes.
  public struct Images: Sendable {
    /// `[D, H, W, C]`, one byte each.
    public var pixels: [UInt8]
    /// Of each, `[D]`.
    public var labels: [Int32]

    public init(pixels: [UInt8], labels: [Int32]) {
      (self.pixels, self.labels) = (pixels, labels)
    }
  }

  /// With one input, images `[C, H, W]`, and both passes.
  public var trainingGraph: Graph
  /// The same network with running statistics.
  public var evaluationGraph: Graph
  /// The names of each image's logits and loss, in both graphs.
  public var outputs: (logits: String, losses: String)
  /// Those to train with may be none, where nothing is trained.
  public var training, test: Images
  /// Of the images: (byte / 255 − mean) / deviation, per channel.
  public var mean, deviation: [Double]
  /// Of the optimizer, as PyTorch's SGD has them.
  public var momentum, weightDecay: Double

  public init(
    trainingGraph: Graph, evaluationGraph: Graph, outputs: (logits: String, losses: String),
    training: Images, test: Images, mean: [Double], deviation: [Double], momentum: Double,
    weightDecay: Double
  ) {
    (self.trainingGraph, self.evaluationGraph) = (trainingGraph, evaluationGraph)
    (self.outputs, self.training, self.test) = (outputs, training, test)
    (self.mean, self.deviation) = (mean, deviation)
    (self.momentum, self.weightDecay) = (momentum, weightDecay)
  }
}

/// How many images make an update, and how many of them have batch statistics of their own.
public struct DeviceBatch: Sendable, Hashable, CustomStringConvertible {
  public var images: Int
  /// Divides each device's share of ``images``.
  public var group: Int
  /// Whether the gradients of groups, which pass one after the other then, are compared.
  public var comparesGradients: Bool

  public init(images: Int, group: Int, comparesGradients: Bool = false) {
    (self.images, self.group) = (images, group)
    self.comparesGradients = comparesGradients
  }

  public var description: String { "\(images) images in groups of \(group)" }
}

/// An image of an update, and how it is shown.
public struct ImageChoice: Sendable, Hashable, BitwiseCopyable {
  /// Its number in the data set.
  public var image: Int32
  /// Where the crop begins, from the image's own corner.
  public var down, right: Int32
  /// 1 where it is mirrored, else 0.
  public var mirrored: Int32

  public init(image: Int, down: Int, right: Int, mirrored: Bool) {
    (self.image, self.down, self.right) = (Int32(image), Int32(down), Int32(right))
    self.mirrored = mirrored ? 1 : 0
  }
}

/// Parameters, momentum and running statistics, in the networks' order.
public struct DeviceState: Sendable, Equatable {
  public var parameters, velocity, statistics: [Float]

  public init(parameters: [Float], velocity: [Float], statistics: [Float]) {
    (self.parameters, self.velocity, self.statistics) = (parameters, velocity, statistics)
  }
}

/// What the updates of one call have come to.
public struct DeviceUpdates: Sendable {
  /// What one update has come to.
  public struct Update: Sendable, Equatable {
    /// Of its images.
    public var lossSum: Double
    /// Images whose class had the largest logit.
    public var correct: Int
    /// Of its groups' gradients; nil where they are not compared.
    public var lengths: Lengths?

    public init(lossSum: Double, correct: Int, lengths: Lengths? = nil) {
      (self.lossSum, self.correct, self.lengths) = (lossSum, correct, lengths)
    }
  }

  /// The mean of the squared lengths of gradients, and the squared length of their mean.
  public struct Lengths: Sendable, Equatable {
    public var meanOfSquares, squareOfMean: Double

    public init(meanOfSquares: Double, squareOfMean: Double) {
      (self.meanOfSquares, self.squareOfMean) = (meanOfSquares, squareOfMean)
    }
  }

  /// Those that were made, in their order: fewer than asked for where a loss, or a statistic, was
  /// no finite number.
  ///
  /// That update, and those after it, have changed nothing.
  public var made: [Update]
  /// Of all parameters.
  public var squaredLength: Double
  /// Whether all parameters are numbers still: a gradient may overflow where the loss did not, and
  /// the state is lost then.
  public var areNumbers: Bool { squaredLength.isFinite }

  public init(made: [Update], squaredLength: Double) {
    (self.made, self.squaredLength) = (made, squaredLength)
  }
}

/// What the passes of an update take where nothing else is done, forward and both together.
public struct PassSeconds: Sendable, Equatable {
  public var forward, both: Double

  public init(forward: Double, both: Double) { (self.forward, self.both) = (forward, both) }

  /// The parts of seconds in which whole updates were made, of `update` seconds each.
  ///
  /// Passes alone may take longer than within an update, and are its whole time then.
  public func parts(
    of seconds: Double, update: Double
  ) -> (forward: Double, backward: Double, update: Double) {
    guard update > 0 else { return (0, 0, seconds) }
    let both = min(both, update) / update
    let forward = min(forward / update, both)
    return (forward * seconds, (both - forward) * seconds, (1 - both) * seconds)
  }
}

/// A training whose images, weights and loop are on a device.
///
/// One caller at a time.
public protocol DeviceTraining: AnyObject {
  /// Compiles for these batches now, and for the evaluation, several at a time.
  ///
  /// - Throws: ``ExecutorError``, with code `outOfMemory` where one does not fit, before anything is
  ///   taken for it.
  func reserve(_ batches: [DeviceBatch]) throws

  /// Puts a state on the device.
  func load(_ state: DeviceState) throws

  /// What has become of the state.
  func state() throws -> DeviceState

  /// Keeps parameters and statistics as they are now, on the device.
  func keep() throws

  /// What was kept last; without momentum. nil where nothing was.
  func kept() throws -> (parameters: [Float], statistics: [Float])?

  /// Makes updates, one after the other.
  ///
  /// - Parameters:
  ///   - choices: the images of all updates, `batch.images` of each.
  ///   - rate: of all of them.
  func update(
    _ choices: [ImageChoice], _ batch: DeviceBatch, rate: Double
  ) throws -> DeviceUpdates

  /// What the passes of one update take, measured by programs that do nothing else: nobody sees
  /// into a call.
  func passSeconds(_ batch: DeviceBatch) throws -> PassSeconds

  /// Passes all test images.
  ///
  /// - Returns: logits `[D, K]` and losses `[D]`.
  func score() throws -> (logits: [Float], losses: [Float])
}
