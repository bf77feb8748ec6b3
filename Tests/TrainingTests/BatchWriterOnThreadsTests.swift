import Executors
import ImageData
import NetworkGraph
import Testing
import Training

@Suite("Images that are prepared on several threads")
struct BatchWriterOnThreadsTests {
  // Ten images of 3,072 numbers: parts that end at an image, within one, and that no image begins in.
  @Test(
    "are the numbers that one thread writes",
    arguments: [[], [15_360], [3_073, 15_359], [1, 2, 3, 30_719]])
  func sameNumbers(cuts: [Int]) {
    let images = SyntheticImages.make(seed: 1, trainingCount: 12, testCount: 1)
    let writer = BatchWriter(
      images: images.training, normalization: images.normalization, augmentation: .reference,
      seed: 3)
    let order = [5, 0, 11, 3, 3, 9, 1, 2, 8, 4, 7, 6][1..<11]
    let (wanted, wantedLabels) = (blank(), Buffer<Int32>(repeating: -1, count: 11))
    writer.write(order, epoch: 2, images: wanted.pointer, labels: wantedLabels.pointer)
    let (written, labels) = (blank(), Buffer<Int32>(repeating: -1, count: 11))
    writer.write(
      order, epoch: 2, images: written.pointer, labels: labels.pointer,
      on: CuttingExecutor(cuts: cuts))
    #expect(written.elements == wanted.elements && labels.elements == wantedLabels.elements)
    #expect(labels.elements.last == -1 && written.elements.last == -9, "written past the end")
  }

  private func blank() -> Buffer<Float> { Buffer(repeating: -9, count: 10 * 3072 + 1) }
}

/// Hands out parts that are cut at these places, the last one first.
private struct CuttingExecutor: Executor {
  let name = "cutting"
  let cuts: [Int]

  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> {
    throw ExecutorError(.outOfMemory, problem: "it only cuts", fix: "use another")
  }

  func divide(_ count: Int, _ body: (Range<Int>) -> Void) {
    for (start, end) in zip([0] + cuts, cuts + [count]).reversed() { body(start..<end) }
  }
}
