import NetworkGraph

/// The largest pixel of each window, the first of equals, and its place in the window.
func maximumPool<T: BinaryFloatingPoint>(
  _ x: [T], _ input: ImageShape, _ window: Window
) -> [[T]] {
  let count = input.slid(window, channels: input.channels).elementCount
  var y = Array(repeating: -T.infinity, count: count)
  var choice = Array(repeating: T(0), count: count)
  forEachPooledPixel(input, window) { source, target, tap in
    // Written so that a NaN is passed on and not skipped.
    if !(x[source] <= y[target]) {
      y[target] = x[source]
      choice[target] = T(tap)
    }
  }
  return [y, choice]
}

func maximumPoolGradient<T: BinaryFloatingPoint>(
  _ choice: [T], _ dy: [T], _ input: ImageShape, _ window: Window
) -> [T] {
  var dx = Array(repeating: T(0), count: input.elementCount)
  forEachPooledPixel(input, window) { source, target, tap in
    if choice[target] == T(tap) { dx[source] += dy[target] }
  }
  return dx
}

/// The mean of each window, in which padding counts as zeros.
func averagePool<T: BinaryFloatingPoint>(
  _ x: [T], _ input: ImageShape, _ window: Window
) -> [T] {
  let count = input.slid(window, channels: input.channels).elementCount
  var y = Array(repeating: T(0), count: count)
  forEachPooledPixel(input, window) { source, target, _ in y[target] += x[source] }
  return y.map { $0 / T(window.size * window.size) }
}

func averagePoolGradient<T: BinaryFloatingPoint>(
  _ dy: [T], _ input: ImageShape, _ window: Window
) -> [T] {
  var dx = Array(repeating: T(0), count: input.elementCount)
  forEachPooledPixel(input, window) { source, target, _ in
    dx[source] += dy[target] / T(window.size * window.size)
  }
  return dx
}

/// Calls `body` for each pixel of each window, in row-major order within the window.
private func forEachPooledPixel(
  _ input: ImageShape, _ window: Window, _ body: (_ source: Int, _ target: Int, _ tap: Int) -> Void
) {
  let output = input.slid(window, channels: input.channels)
  for plane in 0..<input.count * input.channels {
    for tap in 0..<window.size * window.size {
      let (ky, kx) = (tap / window.size, tap % window.size)
      for row in window.positionsInside(input.height, tap: ky) {
        for column in window.positionsInside(input.width, tap: kx) {
          let pixel = window.pixel(row, tap: ky) * input.width + window.pixel(column, tap: kx)
          body(plane * input.plane + pixel, plane * output.plane + row * output.width + column, tap)
        }
      }
    }
  }
}
