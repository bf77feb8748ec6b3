import ImageData
import Testing

@Suite("A data set of one's own")
struct DatasetTests {
  @Test("is refused, with the reason, where one network could not take it")
  func refused() throws {
    let good = try images(4, size: 8, classes: 2)
    #expect(throws: Never.self) { try dataset(good, good) }
    try expect(dataset(good, images(4, size: 9, classes: 2)), "training images are [3, 8, 8]")
    try expect(dataset(good, images(4, size: 8, classes: 3)), "2 class names for 2 classes")
    try expect(dataset(good, images(0, size: 8, classes: 2)), "4 training and 0 test images")
    let grey = Normalization(mean: [0.5], deviation: [0.2])
    try expect(dataset(good, good, grey), "a normalization of 1 channels for 3")
  }

  private func expect(
    _ make: @autoclosure () throws -> Dataset, _ problem: String
  ) throws {
    let error = #expect(throws: DataError.self) { try make() }
    #expect(error?.problem.hasPrefix(problem) == true)
  }

  private func images(_ count: Int, size: Int, classes: Int) throws -> LabelledImages {
    try LabelledImages(
      pixels: Array(repeating: 0, count: count * 3 * size * size),
      labels: Array(repeating: 1, count: count), channels: 3, height: size, width: size,
      classCount: classes)
  }

  private func dataset(
    _ training: LabelledImages, _ test: LabelledImages, _ normalization: Normalization = .cifar
  ) throws -> Dataset {
    try Dataset(
      name: "mine", classNames: ["a", "b"], training: training, test: test,
      normalization: normalization, source: "memory")
  }
}
