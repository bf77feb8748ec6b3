/// Images and the class that each belongs to.
///
/// ## Shapes
/// - pixels of an image: `[C, H, W]`, one byte each, plane after plane
/// - labels: `0..<classCount`
///
/// The pixels stay where they were loaded, often a mapped file; nothing of them is copied.
public final class LabelledImages: Sendable {
  public let imageCount: Int
  public let channels: Int
  public let height: Int
  public let width: Int
  public let classCount: Int
  let labels: [Int32]
  let shards: [Shard]
  let imagesPerShard: Int

  /// One piece of memory with images at equal distances.
  struct Shard: Sendable {
    let bytes: FixedBytes
    /// Bytes before the first image's pixels.
    let offset: Int
    /// Bytes from one image's pixels to the next one's.
    let stride: Int
  }

  /// Images in `shards` of equally many images each; the loader has checked labels and sizes.
  init(
    shape: (channels: Int, height: Int, width: Int), classCount: Int, labels: [Int32],
    shards: [Shard]
  ) {
    (channels, height, width) = shape
    self.classCount = classCount
    self.labels = labels
    self.shards = shards
    imageCount = labels.count
    imagesPerShard = max(1, labels.count / max(1, shards.count))
  }

  /// Returns the class of image `index`.
  public func label(of index: Int) -> Int { Int(labels[index]) }

  /// Calls `body` with the C·H·W pixels of image `index`; they are not valid after it returns.
  @inline(__always)
  public func withPixels<Result>(
    of index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    precondition(index >= 0 && index < imageCount, "there is no image \(index)")
    let shard = shards[index / imagesPerShard]
    let start = shard.offset + index % imagesPerShard * shard.stride
    let pixels = UnsafeRawBufferPointer(
      rebasing: shard.bytes.buffer[start..<start + channels * height * width])
    return try withExtendedLifetime(shard) { try body(pixels.assumingMemoryBound(to: UInt8.self)) }
  }

  /// Returns how many images each class has.
  public func countPerClass() -> [Int] {
    labels.reduce(into: Array(repeating: 0, count: classCount)) { $0[Int($1)] += 1 }
  }
}

extension LabelledImages {
  /// Images given in memory; a copy is made.
  ///
  /// - Parameters:
  ///   - pixels: `[N, C, H, W]`, one byte each.
  ///   - labels: `[N]`, each in `0..<classCount`.
  /// - Throws: ``DataError`` with code `badImages` or `badLabel`.
  public convenience init(
    pixels: [UInt8], labels: [Int], channels: Int, height: Int, width: Int, classCount: Int
  ) throws(DataError) {
    let needed = labels.count * channels * height * width
    guard channels > 0, height > 0, width > 0, pixels.count == needed else {
      throw DataError(
        .badImages, "images in memory",
        "\(grouped(pixels.count)) pixels for \(grouped(labels.count)) labels",
        fix: "give channels × height × width = \(channels) × \(height) × \(width) bytes per label")
    }
    if let index = labels.firstIndex(where: { $0 < 0 || $0 >= classCount }) {
      throw DataError(
        .badLabel, "images in memory",
        "image \(index) has label \(labels[index]), but classes are 0 to \(classCount - 1)",
        fix: "give labels from 0, or a larger classCount")
    }
    let bytes = FixedBytes(count: needed) { $0.copyBytes(from: pixels) }
    self.init(
      shape: (channels, height, width), classCount: classCount, labels: labels.map(Int32.init),
      shards: [Shard(bytes: bytes, offset: 0, stride: channels * height * width)])
  }
}
