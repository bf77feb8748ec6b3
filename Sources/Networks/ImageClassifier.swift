import NetworkGraph

/// A network, the images it takes and the classes it tells apart: all that a graph follows from.
public struct ImageClassifier: Sendable {
  /// `[C, H, W]`.
  public let imageDimensions: [Int]
  public let classes: Int
  public let network: any Layer

  /// The input that a caller feeds: normalised images `[N, C, H, W]`.
  public static let imagesInput = "images"
  /// Output: one row of unnormalised log-probabilities for each image, `[N, classes]`.
  public static let logitsOutput = "logits"
  /// Output: one cross-entropy, in nats, for each image, `[N]`.
  public static let lossesOutput = "losses"

  public init(_ network: any Layer, imageDimensions: [Int], classes: Int) {
    self.network = network
    self.imageDimensions = imageDimensions
    self.classes = classes
  }

  /// Forward, loss and backward pass, with batch statistics.
  public func trainingGraph() throws(GraphError) -> Graph {
    var builder = GraphBuilder(mode: .training)
    let losses = try appendForward(to: &builder)
    return try builder.finish(minimizing: losses)
  }

  /// Forward pass and loss, with running statistics.
  public func evaluationGraph() throws(GraphError) -> Graph {
    var builder = GraphBuilder(mode: .evaluation)
    _ = try appendForward(to: &builder)
    return try builder.finish()
  }

  private func appendForward(to builder: inout GraphBuilder) throws(GraphError) -> Value {
    let type = TensorType(imageDimensions, perImage: true)
    let images = try builder.input(Self.imagesInput, type)
    let logits = try network.lower(images, into: &builder)
    guard builder.type(of: logits) == .perImage(classes) else {
      throw GraphError(
        .shapeMismatch,
        problem: "the network ends in \(builder.type(of: logits)) for \(classes) classes",
        fix: "end it in Flatten() and Dense(\(classes))")
    }
    let labels = try builder.append(.labels)[0]
    let losses = try builder.append(.softmaxCrossEntropy, logits, labels)[0]
    builder.output(Self.logitsOutput, logits)
    builder.output(Self.lossesOutput, losses)
    return losses
  }
}
