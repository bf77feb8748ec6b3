import NetworkGraph

/// y, mean and population variance of each channel.
///
/// > Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1.
func batchNorm<T: BinaryFloatingPoint>(
  _ x: [T], _ shape: ImageShape, _ scale: [T], _ shift: [T], _ epsilon: Double
) -> [[T]] {
  let n = T(shape.count * shape.plane)
  let mean = sumPerChannel(shape) { _, pixel in x[pixel] }.map { $0 / n }
  let variance = sumPerChannel(shape) { channel, pixel in
    (x[pixel] - mean[channel]) * (x[pixel] - mean[channel])
  }
  .map { $0 / n }
  let y = normalize(
    x, shape, scale: scale, shift: shift, mean: mean, variance: variance, epsilon)
  return [y, mean, variance]
}

/// y = (x − mean) / √(variance + ε) · scale + shift.
func normalize<T: BinaryFloatingPoint>(
  _ x: [T], _ shape: ImageShape, scale: [T], shift: [T], mean: [T], variance: [T],
  _ epsilon: Double
) -> [T] {
  let factor = zip(scale, variance).map { $0 / ($1 + T(epsilon)).squareRoot() }
  var y = x
  forEachPixel(shape) { channel, pixel in
    y[pixel] = (x[pixel] - mean[channel]) * factor[channel] + shift[channel]
  }
  return y
}

/// dx, dscale and dshift.
///
/// With x̂ = (x − mean)/σ: dshift = Σ dy, dscale = Σ dy·x̂,
/// dx = scale/σ · (dy − dshift/n − x̂·dscale/n).
func batchNormGradient<T: BinaryFloatingPoint>(
  _ x: [T], _ shape: ImageShape, scale: [T], mean: [T], variance: [T], dy: [T],
  _ epsilon: Double
) -> [[T]] {
  let n = T(shape.count * shape.plane)
  let inverse = variance.map { 1 / ($0 + T(epsilon)).squareRoot() }
  let dshift = sumPerChannel(shape) { _, pixel in dy[pixel] }
  let dscale = sumPerChannel(shape) { channel, pixel in
    dy[pixel] * (x[pixel] - mean[channel]) * inverse[channel]
  }
  var dx = dy
  forEachPixel(shape) { channel, pixel in
    let normalized = (x[pixel] - mean[channel]) * inverse[channel]
    let centred = dy[pixel] - dshift[channel] / n - normalized * dscale[channel] / n
    dx[pixel] = scale[channel] * inverse[channel] * centred
  }
  return [dx, dscale, dshift]
}

private func sumPerChannel<T: BinaryFloatingPoint>(
  _ shape: ImageShape, _ term: (_ channel: Int, _ pixel: Int) -> T
) -> [T] {
  var sums = Array(repeating: T(0), count: shape.channels)
  forEachPixel(shape) { channel, pixel in sums[channel] += term(channel, pixel) }
  return sums
}

private func forEachPixel(_ shape: ImageShape, _ body: (_ channel: Int, _ pixel: Int) -> Void) {
  for row in 0..<shape.count * shape.channels {
    for pixel in 0..<shape.plane { body(row % shape.channels, row * shape.plane + pixel) }
  }
}
