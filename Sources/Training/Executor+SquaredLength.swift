import Executors

extension Executor {
  /// The sum of the squares of a buffer's elements, in Double.
  ///
  /// Added up in blocks of a fixed size, so that its bits do not depend on the number of threads.
  func squaredLength(of buffer: Buffer<Scalar>) -> Double {
    let size = 4096
    let sums = Buffer<Double>(repeating: 0, count: (buffer.count + size - 1) / size)
    // By elements, for few blocks would not be worth several threads: a block belongs to the part
    // that it begins in.
    divide(buffer.count) { part in
      for block in (part.lowerBound + size - 1) / size..<(part.upperBound + size - 1) / size {
        let range = block * size..<min((block + 1) * size, buffer.count)
        sums.pointer[block] = Training.squaredLength(buffer.pointer, range)
      }
    }
    return sums.elements.reduce(0, +)
  }
}

// Eight sums at a time: one alone waits for each addition.
@_specialize(where Scalar == Double)
@_specialize(where Scalar == Float)
private func squaredLength<Scalar: TensorScalar>(
  _ numbers: UnsafeMutablePointer<Scalar>, _ range: Range<Int>
) -> Double {
  var sums = SIMD8<Double>()
  var index = range.lowerBound
  while index + 8 <= range.upperBound {
    var eight = SIMD8<Double>()
    for lane in 0..<8 { eight[lane] = Double(numbers[index + lane]) }
    sums += eight * eight
    index += 8
  }
  var sum = sums.sum()
  for rest in index..<range.upperBound { sum += Double(numbers[rest]) * Double(numbers[rest]) }
  return sum
}
