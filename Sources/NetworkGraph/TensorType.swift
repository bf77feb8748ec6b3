/// The dimensions of a tensor, and whether there is one such tensor for every image.
///
/// A graph says nothing about how many images pass together: `perImage` tensors get that many rows
/// when the graph is compiled. Images and activations are per image, weights are not.
public struct TensorType: Hashable, Sendable {
  /// `[C, H, W]` for images and activations, `[F]` for features, `[]` for one number.
  public let dimensions: [Int]
  public let perImage: Bool

  public init(_ dimensions: [Int], perImage: Bool) {
    self.dimensions = dimensions
    self.perImage = perImage
  }

  public static func perImage(_ dimensions: Int...) -> TensorType {
    TensorType(dimensions, perImage: true)
  }

  public static func shared(_ dimensions: Int...) -> TensorType {
    TensorType(dimensions, perImage: false)
  }

  /// Elements of one image's tensor, or of the shared one.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// Elements when `imageCount` images pass together.
  public func elementCount(images imageCount: Int) -> Int {
    perImage ? imageCount * elementCount : elementCount
  }

  /// All dimensions when `imageCount` images pass together: `[N, C, H, W]` for an activation.
  public func dimensions(images imageCount: Int) -> [Int] {
    perImage ? [imageCount] + dimensions : dimensions
  }
}

extension TensorType: CustomStringConvertible {
  /// `[N, 16, 32, 32]` for activations, `[16, 3, 3, 3]` for weights.
  public var description: String {
    let sizes = (perImage ? ["N"] : []) + dimensions.map(String.init)
    return "[" + sizes.joined(separator: ", ") + "]"
  }
}
