/// Chosen images of a data set on the device, cropped, mirrored and normalised.
struct ImageText {
  /// Of all images, `ui8[D·H·W, C]`.
  let pixels: HLOValue
  /// The class of each, `i32[D]`.
  let labels: HLOValue
  let height, width: Int
  let mean, deviation: [Double]

  /// - Parameter choices: `i32[B, 4]`: number, down, right, mirrored.
  /// - Returns: images `f32[B, H, W, C]` and their labels `i32[B]`.
  func write(_ choices: HLOValue, _ text: inout HLOText) -> (images: HLOValue, labels: HLOValue) {
    let count = choices.type.dimensions[0]
    let parts = (0..<4).map { part in
      text.reshape(text.slice(choices, [0..<count, part..<part + 1]), [count])
    }
    let type = HLOType([count, height, width], .i32)
    let (number, down, right, mirrored) = (
      perPixel(parts[0], type, &text), perPixel(parts[1], type, &text),
      perPixel(parts[2], type, &text), perPixel(parts[3], type, &text)
    )
    let column = text.iota(type, along: 2)
    let turned = text.binary(.subtract, text.constant(Double(width - 1), type), column)
    let isMirrored = text.compare("NE", mirrored, text.constant(0, type))
    let y = text.binary(.add, text.iota(type, along: 1), down)
    let x = text.binary(.add, text.select(isMirrored, turned, column), right)
    let (insideY, insideX) = (
      text.clamp(y, 0...height - 1), text.clamp(x, 0...width - 1)
    )
    let isInside = text.and(text.compare("EQ", y, insideY), text.compare("EQ", x, insideX))

    let row = text.binary(
      .add, text.binary(.multiply, number, text.constant(Double(height), type)), insideY)
    let place = text.binary(
      .add, text.binary(.multiply, row, text.constant(Double(width), type)), insideX)
    let found = text.rows(place, of: pixels)
    let shown = text.select(
      text.broadcast(isInside, to: found.type.dimensions, places: [0, 1, 2]), found,
      text.constant(0, found.type))
    return (normalized(text.convert(shown, to: .f32), &text), text.rows(parts[0], of: labels))
  }

  private func perPixel(_ a: HLOValue, _ type: HLOType, _ text: inout HLOText) -> HLOValue {
    text.broadcast(a, to: type.dimensions, places: [0])
  }

  private func normalized(_ x: HLOValue, _ text: inout HLOText) -> HLOValue {
    let type = HLOType([mean.count], .f32)
    let factor = text.list(deviation.map { 1 / (255 * $0) }, type)
    let offset = text.list(zip(mean, deviation).map { -$0 / $1 }, type)
    let scaled = text.binary(
      .multiply, x, text.broadcast(factor, to: x.type.dimensions, places: [3]))
    return text.binary(
      .add, scaled, text.broadcast(offset, to: x.type.dimensions, places: [3]))
  }
}
