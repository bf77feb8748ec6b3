import NetworkGraph

/// y[n, k, oy, ox] = bias[k] + Σ x[n, c, oy·s − p + ky, ox·s − p + kx] · w[k, c, ky, kx].
func convolution<T: BinaryFloatingPoint>(
  _ x: [T], _ input: ImageShape, _ w: [T], _ bias: [T]?, _ filters: Int, _ window: Window
) -> [T] {
  let output = input.slid(window, channels: filters)
  var y = Array(repeating: T(0), count: output.elementCount)
  if let bias {
    for row in 0..<output.count * filters {
      for pixel in 0..<output.plane { y[row * output.plane + pixel] = bias[row % filters] }
    }
  }
  y.withUnsafeMutableBufferPointer { y in
    x.withUnsafeBufferPointer { x in
      forEachTap(input, output, window) { tap in
        let weight = w[tap.weight]
        withStride(of: window) { stride in
          for column in 0..<tap.columns {
            y[tap.output + column] += weight * x[tap.input + column * stride]
          }
        }
      }
    }
  }
  return y
}

/// dx: every product of the convolution, with the roles of x and y exchanged.
func convolutionInputGradient<T: BinaryFloatingPoint>(
  _ dy: [T], _ input: ImageShape, _ w: [T], _ window: Window
) -> [T] {
  let filters = w.count / (input.channels * window.size * window.size)
  var dx = Array(repeating: T(0), count: input.elementCount)
  dx.withUnsafeMutableBufferPointer { dx in
    dy.withUnsafeBufferPointer { dy in
      forEachTap(input, input.slid(window, channels: filters), window) { tap in
        let weight = w[tap.weight]
        withStride(of: window) { stride in
          for column in 0..<tap.columns {
            dx[tap.input + column * stride] += weight * dy[tap.output + column]
          }
        }
      }
    }
  }
  return dx
}

/// dw: every product of the convolution, with the roles of w and y exchanged; dbias: Σ dy.
func convolutionWeightGradient<T: BinaryFloatingPoint>(
  _ x: [T], _ input: ImageShape, _ dy: [T], _ output: ImageShape, _ window: Window
) -> [[T]] {
  let filters = output.channels
  var dw = Array(repeating: T(0), count: filters * input.channels * window.size * window.size)
  var dbias = Array(repeating: T(0), count: filters)
  x.withUnsafeBufferPointer { x in
    dy.withUnsafeBufferPointer { dy in
      forEachTap(input, output, window) { tap in
        var sum = T(0)
        for column in 0..<tap.columns {
          sum += x[tap.input + column * window.stride] * dy[tap.output + column]
        }
        dw[tap.weight] += sum
      }
    }
  }
  for row in 0..<output.count * filters {
    for pixel in 0..<output.plane { dbias[row % filters] += dy[row * output.plane + pixel] }
  }
  return [dw, dbias]
}

/// One weight against one row of pixels: indices of the weight, of the first input pixel and of the
/// first output pixel, and how many neighbouring output pixels it touches.
private struct Tap {
  let weight, input, output, columns: Int
}

/// Calls `body` once for each weight, image and row of the output that it touches.
@inline(__always)
private func forEachTap(
  _ input: ImageShape, _ output: ImageShape, _ window: Window, _ body: (Tap) -> Void
) {
  let size = window.size
  for n in 0..<input.count {
    for k in 0..<output.channels {
      for c in 0..<input.channels {
        for tap in 0..<size * size {
          let (ky, kx) = (tap / size, tap % size)
          let columns = window.positionsInside(input.width, tap: kx)
          let rows = window.positionsInside(input.height, tap: ky)
          if columns.isEmpty { continue }
          let inputPlane = (n * input.channels + c) * input.plane
          let outputPlane = (n * output.channels + k) * output.plane
          for row in rows {
            let pixels = window.pixel(row, tap: ky) * input.width
            body(
              Tap(
                weight: (k * input.channels + c) * size * size + tap,
                input: inputPlane + pixels + window.pixel(columns.lowerBound, tap: kx),
                output: outputPlane + row * output.width + columns.lowerBound,
                columns: columns.count))
          }
        }
      }
    }
  }
}

/// Calls `body` with the window's stride, as a constant where it is 1: neighbouring pixels then go
/// through vectors.
@inline(__always)
private func withStride(of window: Window, _ body: (Int) -> Void) {
  if window.stride == 1 { body(1) } else { body(window.stride) }
}
