import Executors
import Synchronization

extension Executor {
  /// The sum of the squares of a buffer's elements, in Double.
  ///
  /// Added up in blocks of a fixed size, so that its bits do not depend on the number of threads.
  func squaredLength(of buffer: Buffer<Scalar>) -> Double {
    let count = (buffer.count + squaredLengthBlock - 1) / squaredLengthBlock
    let sums = Buffer<Double>(repeating: 0, count: count)
    divide(count) { part in
      for block in part {
        let start = block * squaredLengthBlock
        let end = min(start + squaredLengthBlock, buffer.count)
        sums.pointer[block] = squaredLength(buffer.pointer, start..<end)
      }
    }
    return sums.elements.reduce(0, +)
  }

  // Eight sums at a time: one alone waits for each addition.
  private func squaredLength(_ numbers: UnsafeMutablePointer<Scalar>, _ range: Range<Int>) -> Double
  {
    var sums = SIMD8<Double>()
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      for lane in 0..<8 {
        let number = Double(numbers[index + lane])
        sums[lane] += number * number
      }
      index += 8
    }
    var sum = sums.sum()
    for rest in index..<range.upperBound { sum += Double(numbers[rest]) * Double(numbers[rest]) }
    return sum
  }
}

private let squaredLengthBlock = 4096
