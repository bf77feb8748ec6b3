/// A square window that slides over an image: of a convolution or of a pooling.
public struct Window: Hashable, Sendable {
  /// Height and width of the window, in pixels.
  public let size: Int
  /// Pixels from one position to the next.
  public let stride: Int
  /// Pixels of zeros (for a maximum: of nothing) added on each of the four sides.
  public let padding: Int

  public init(size: Int, stride: Int = 1, padding: Int = 0) {
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// Positions along an edge of `extent` pixels; 0 or less where the window does not fit.
  public func positions(along extent: Int) -> Int {
    let room = extent + 2 * padding - size
    return room < 0 ? 0 : room / stride + 1
  }

  /// Taps along an edge, of all positions, that are on the image and not in its padding.
  package func taps(on extent: Int) -> Int {
    (0..<positions(along: extent)).reduce(0) { sum, position in
      let first = position * stride - padding
      return sum + max(0, min(extent, first + size) - max(0, first))
    }
  }

  /// What is wrong with the window itself, or nil.
  var fault: String? {
    if size < 1 { return "a window of size \(size)" }
    if stride < 1 { return "a stride of \(stride)" }
    if padding < 0 { return "a padding of \(padding)" }
    return nil
  }
}

extension Window: CustomStringConvertible {
  public var description: String {
    "\(size)×\(size)" + (stride == 1 ? "" : ", stride \(stride)")
      + (padding == 0 ? "" : ", padding \(padding)")
  }
}
