import Executors
import ImageData

extension BatchWriter {
  /// Writes images and labels as ``write(_:epoch:images:labels:)`` does, on the threads that programs
  /// compute with, of which what is written does not depend.
  package func write(
    _ indices: ArraySlice<Int>, epoch: Int, images target: UnsafeMutablePointer<Float>,
    labels: UnsafeMutablePointer<Int32>, on executor: any Executor<Float>
  ) {
    let size = images.channels * images.height * images.width
    // By numbers, for few images are not worth several threads: an image belongs to the part that it
    // begins in.
    executor.divide(indices.count * size) { part in
      let own = (part.lowerBound + size - 1) / size..<(part.upperBound + size - 1) / size
      write(
        indices.dropFirst(own.lowerBound).prefix(own.count), epoch: epoch,
        images: target + size * own.lowerBound, labels: labels + own.lowerBound)
    }
  }
}
