import ImageData
import Testing

@Suite struct LabelledImagesTests {
  @Test("images in memory keep their pixels and labels")
  func inMemory() throws {
    let images = try LabelledImages(
      pixels: Array(0..<24), labels: [2, 0], channels: 3, height: 2, width: 2, classCount: 3)
    #expect(images.imageCount == 2)
    #expect((images.label(of: 0), images.label(of: 1)) == (2, 0))
    #expect(images.withPixels(of: 1) { Array($0) } == Array(12..<24))
    #expect(images.countPerClass() == [1, 0, 1])
  }

  @Test("no images at all are images too")
  func empty() throws {
    let images = try LabelledImages(
      pixels: [], labels: [], channels: 1, height: 2, width: 2, classCount: 3)
    #expect(images.imageCount == 0)
    #expect(images.countPerClass() == [0, 0, 0])
  }

  @Test("pixels that do not fit the labels are refused")
  func wrongCount() {
    let error = #expect(throws: DataError.self) {
      try LabelledImages(
        pixels: Array(0..<23), labels: [2, 0], channels: 3, height: 2, width: 2, classCount: 3)
    }
    #expect(error?.code == .badImages)
    #expect(
      error?.description == """
        images in memory: 23 pixels for 2 labels
          fix: give channels × height × width = 3 × 2 × 2 bytes per label
        """)
  }

  @Test("a label that is no class is refused", arguments: [-1, 3])
  func wrongLabel(label: Int) {
    let error = #expect(throws: DataError.self) {
      try LabelledImages(
        pixels: [1, 2], labels: [0, label], channels: 1, height: 1, width: 1, classCount: 3)
    }
    #expect(error?.code == .badLabel)
    #expect(
      error?.description == """
        images in memory: image 1 has label \(label), but classes are 0 to 2
          fix: give labels from 0, or a larger classCount
        """)
  }
}
