import NetworkGraph

/// How a convolution is written.
///
/// XLA tells a convolution from its gradients by their sizes, and takes one for the other where the
/// window is larger than what it gives: then filters are copied turned around, and gradients spread
/// out with zeros between. Such layers are written as something else.
enum ConvolutionForm {
  case plain
  /// A product of matrices: for images of a few pixels.
  case dense(DenseForm)
  /// With the pixels of a stride laid side by side as channels: a smaller window, one step at a
  /// time.
  case folded(FoldedForm)
  /// With two pixels of a row as one: for layers of few channels.
  case paired(PairedForm)

  /// The most pairs of pixels that a product of matrices is written for.
  private static let largestPairs = 256

  init(_ window: Window, from input: TensorType, to output: TensorType) {
    let (image, result) = (input.dimensions[1...], output.dimensions[1...])
    let isMistaken = result.contains { $0 < window.size }
    guard isMistaken, window.size > 1 else {
      let channels = max(input.dimensions[0], output.dimensions[0])
      self = PairedForm(window, width: image[2], channels: channels).map { .paired($0) } ?? .plain
      return
    }
    let pairs = (image + result).reduce(1, *)
    if pairs <= Self.largestPairs {
      self = .dense(DenseForm(window, image: Array(image), result: Array(result)))
    } else if window.stride > 1 {
      self = .folded(FoldedForm(window, image: Array(image), result: Array(result)))
    } else {
      self = .plain
    }
  }
}

/// A convolution of small images as one matrix: a row of filters for each pixel of the result.
struct DenseForm {
  let window: Window
  /// Height and width.
  let image, result: [Int]

  init(_ window: Window, image: [Int], result: [Int]) {
    (self.window, self.image, self.result) = (window, image, result)
  }

  /// The pixels of the result, row by row.
  var positions: [[Int]] {
    (0..<result[0]).flatMap { row in (0..<result[1]).map { [row, $0] } }
  }

  /// Where the window of a pixel of the result begins on the image; before it, where negative.
  private func start(_ position: [Int]) -> [Int] {
    position.map { $0 * window.stride - window.padding }
  }

  /// Filters `[K, s, s, C]` as the matrix `[P·K, H·W·C]`.
  func matrix(_ w: HLOValue, _ text: inout HLOText) -> HLOValue {
    let (filters, channels) = (w.type.dimensions[0], w.type.dimensions[3])
    let parts = positions.map { position in
      let low = start(position)
      let high = (0...1).map { image[$0] - low[$0] - window.size }
      return text.pad(w, low: [0] + low + [0], high: [0] + high + [0])
    }
    return text.reshape(
      text.concatenate(parts, along: 0),
      [positions.count * filters, image[0] * image[1] * channels])
  }

  /// The sum of what the matrix's gradient holds for each filter.
  func filters(_ matrix: HLOValue, to type: HLOType, _ text: inout HLOText) -> HLOValue {
    let d = type.dimensions
    let all = text.reshape(matrix, [positions.count * d[0]] + image + [d[3]])
    let parts = positions.enumerated().map { index, position in
      let rows = index * d[0]..<(index + 1) * d[0]
      let part = text.slice(all, [rows, 0..<image[0], 0..<image[1], 0..<d[3]])
      let low = start(position).map { -$0 }
      let high = (0...1).map { window.size - low[$0] - image[$0] }
      return text.pad(part, low: [0] + low + [0], high: [0] + high + [0])
    }
    return parts.dropFirst().reduce(parts[0]) { text.binary(.add, $0, $1) }
  }
}

extension GraphWriter {
  mutating func write(
    _ dense: DenseForm, _ x: HLOValue, _ w: HLOValue, to type: HLOType
  ) -> HLOValue {
    let rows = text.reshape(x, asRows(x))
    let y = text.product(rows, dense.matrix(w, &text), over: (1, 1), product, to: compact)
    return text.reshape(y, type.dimensions)
  }

  mutating func writeInputGradient(
    _ dense: DenseForm, _ dy: HLOValue, _ w: HLOValue, to type: HLOType
  ) -> HLOValue {
    let rows = text.reshape(dy, asRows(dy))
    let dx = text.product(rows, dense.matrix(w, &text), over: (1, 0), product, to: compact)
    return text.reshape(dx, type.dimensions)
  }

  mutating func writeWeightGradient(
    _ dense: DenseForm, _ x: HLOValue, _ dy: HLOValue, to type: HLOType
  ) -> HLOValue {
    let matrix = text.product(
      text.reshape(dy, asRows(dy)), text.reshape(x, asRows(x)), over: (0, 0), product, to: .f32)
    return dense.filters(matrix, to: type, &text)
  }

  private func asRows(_ x: HLOValue) -> [Int] {
    [imageCount, x.type.elementCount / imageCount]
  }
}

/// A convolution with a stride as one without: blocks of stride × stride pixels become the channels
/// of one pixel, of the images and of the filters alike.
struct FoldedForm {
  private let stride, padding, size: Int
  private let image, result: [Int]

  init(_ window: Window, image: [Int], result: [Int]) {
    (stride, padding, size) = (window.stride, window.padding, window.size)
    (self.image, self.result) = (image, result)
  }

  /// In blocks.
  var window: Window { Window(size: (size + stride - 1) / stride) }

  /// Blocks that the windows reach, along each axis.
  private var blocks: [Int] { result.map { $0 + window.size - 1 } }

  func imageDimensions(_ dimensions: [Int]) -> [Int] {
    [dimensions[0]] + blocks + [stride * stride * dimensions[3]]
  }

  func filterDimensions(_ dimensions: [Int]) -> [Int] {
    [dimensions[0], window.size, window.size, stride * stride * dimensions[3]]
  }

  func images(_ x: HLOValue, _ text: inout HLOText) -> HLOValue {
    let high = (0...1).map { blocks[$0] * stride - padding - image[$0] }
    let padded = text.pad(
      x, low: [0, padding, padding, 0], high: [0] + high + [0])
    return folded(padded, blocks, &text)
  }

  func filters(_ w: HLOValue, _ text: inout HLOText) -> HLOValue {
    let missing = window.size * stride - size
    let padded = text.pad(w, low: [0, 0, 0, 0], high: [0, missing, missing, 0])
    return folded(padded, [window.size, window.size], &text)
  }

  func unfolded(_ dx: HLOValue, _ text: inout HLOText) -> HLOValue {
    let whole = unfolded(dx, blocks, &text)
    let high = (0...1).map { image[$0] + padding - blocks[$0] * stride }
    return text.pad(whole, low: [0, -padding, -padding, 0], high: [0] + high + [0])
  }

  func unfoldedFilters(_ dw: HLOValue, _ text: inout HLOText) -> HLOValue {
    let surplus = size - window.size * stride
    let whole = unfolded(dw, [window.size, window.size], &text)
    return text.pad(whole, low: [0, 0, 0, 0], high: [0, surplus, surplus, 0])
  }

  private func folded(_ a: HLOValue, _ blocks: [Int], _ text: inout HLOText) -> HLOValue {
    let (count, channels) = (a.type.dimensions[0], a.type.dimensions[3])
    let split = text.reshape(a, [count, blocks[0], stride, blocks[1], stride, channels])
    let sorted = text.transpose(split, [0, 1, 3, 2, 4, 5])
    return text.reshape(sorted, [count] + blocks + [stride * stride * channels])
  }

  private func unfolded(_ a: HLOValue, _ blocks: [Int], _ text: inout HLOText) -> HLOValue {
    let count = a.type.dimensions[0]
    let channels = a.type.dimensions[3] / (stride * stride)
    let split = text.reshape(a, [count] + blocks + [stride, stride, channels])
    let sorted = text.transpose(split, [0, 1, 3, 2, 4, 5])
    return text.reshape(sorted, [count, blocks[0] * stride, blocks[1] * stride, channels])
  }
}
