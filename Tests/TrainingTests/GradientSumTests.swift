import Executors
import TestSupport
import Testing
import Training

@Suite("The sum of micro-batch gradients")
struct GradientSumTests {
  /// Numbers of which no two sums in another order are equal.
  private let numbers: [Float] = (0..<9).map { Float(1 + formula(tensor: 77, element: $0)) }

  private func sum(of count: Int, weight: Float = 1) -> Float {
    var sum = GradientSum<Float>(count: 1, ReferenceExecutor<Float>())
    for number in numbers.prefix(count) {
      let buffer = sum.takeBuffer()
      buffer.pointer[0] = number
      sum.add(buffer, weight: weight)
    }
    return sum.finish().elements[0]
  }

  @Test("is a binary tree whose shape depends on their number alone")
  func tree() {
    let n = numbers
    #expect(sum(of: 1) == n[0])
    #expect(sum(of: 2) == n[0] + n[1])
    #expect(sum(of: 3) == (n[0] + n[1]) + n[2])
    #expect(sum(of: 4) == (n[0] + n[1]) + (n[2] + n[3]))
    #expect(sum(of: 5) == ((n[0] + n[1]) + (n[2] + n[3])) + n[4])
    #expect(sum(of: 6) == ((n[0] + n[1]) + (n[2] + n[3])) + (n[4] + n[5]))
    #expect(sum(of: 7) == ((n[0] + n[1]) + (n[2] + n[3])) + ((n[4] + n[5]) + n[6]))
    #expect(
      sum(of: 9)
        == (((n[0] + n[1]) + (n[2] + n[3])) + ((n[4] + n[5]) + (n[6] + n[7]))) + n[8])
  }

  @Test("weighs each gradient")
  func weights() { #expect(sum(of: 2, weight: 0.5) == 0.5 * numbers[0] + 0.5 * numbers[1]) }

  @Test("starts anew after it was finished or abandoned")
  func restart() {
    var sum = GradientSum<Float>(count: 1, ReferenceExecutor<Float>())
    for abandons in [true, false] {
      let buffer = sum.takeBuffer()
      buffer.pointer[0] = 5
      sum.add(buffer, weight: 1)
      if abandons {
        sum.begin()
      } else {
        #expect(sum.finish().elements == [5])
      }
    }
  }

  @Test("needs as many buffers as a plan counts", arguments: 1...17)
  func buffers(count: Int) {
    var sum = GradientSum<Float>(count: 1, ReferenceExecutor<Float>())
    // Kept, for an address may be another buffer's after it was freed.
    var buffers: [Buffer<Float>] = []
    for _ in 0..<2 {
      for _ in 0..<count {
        let buffer = sum.takeBuffer()
        buffers.append(buffer)
        sum.add(buffer, weight: 1)
      }
      sum.recycle(sum.finish())
    }
    #expect(
      Set(buffers.map(ObjectIdentifier.init)).count
        == MicroBatchShares(count: count, ranks: 1).gradientBuffers)
  }
}
