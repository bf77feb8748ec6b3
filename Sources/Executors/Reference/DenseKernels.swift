/// y[n, k] = bias[k] + Σ x[n, f] · w[k, f].
func dense<T: BinaryFloatingPoint>(_ x: [T], _ w: [T], _ bias: [T], count: Int) -> [T] {
  let (features, outputs) = (x.count / count, bias.count)
  var y: [T] = []
  for n in 0..<count {
    for k in 0..<outputs {
      var sum = bias[k]
      for f in 0..<features { sum += x[n * features + f] * w[k * features + f] }
      y.append(sum)
    }
  }
  return y
}

/// dx[n, f] = Σ dy[n, k] · w[k, f].
func denseInputGradient<T: BinaryFloatingPoint>(_ dy: [T], _ w: [T], count: Int) -> [T] {
  let outputs = dy.count / count
  let features = w.count / outputs
  var dx = Array(repeating: T(0), count: count * features)
  for n in 0..<count {
    for k in 0..<outputs {
      for f in 0..<features { dx[n * features + f] += dy[n * outputs + k] * w[k * features + f] }
    }
  }
  return dx
}

/// dw[k, f] = Σ dy[n, k] · x[n, f], dbias[k] = Σ dy[n, k].
func denseWeightGradient<T: BinaryFloatingPoint>(_ x: [T], _ dy: [T], count: Int) -> [[T]] {
  let (features, outputs) = (x.count / count, dy.count / count)
  var dw = Array(repeating: T(0), count: outputs * features)
  var dbias = Array(repeating: T(0), count: outputs)
  for n in 0..<count {
    for k in 0..<outputs {
      dbias[k] += dy[n * outputs + k]
      for f in 0..<features { dw[k * features + f] += dy[n * outputs + k] * x[n * features + f] }
    }
  }
  return [dw, dbias]
}
