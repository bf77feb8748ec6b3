import Dispatch
import Foundation
import RunRecords

/// Writes the files of a packed data set into a folder that is renamed when all are there.
struct Packer {
  let folder: String
  let size: Int
  let skipsDamaged: Bool
  private(set) var damaged: [DataError] = []
  private let decoder = ImageDecoder()

  init(folder: String, size: Int, skipsDamaged: Bool) {
    (self.folder, self.size, self.skipsDamaged) = (folder, size, skipsDamaged)
  }

  /// Decodes the images of one kind, some at a time on all cores, and writes them in their order.
  ///
  /// - Parameter report: called with how many are done.
  mutating func write(
    _ files: [ClassFolders.File], _ kind: String, _ report: (Int) -> Void
  ) throws {
    let path = folder + "/" + PackedImages.Part.imagesName(kind)
    var output = try OutputFile(opening: path, flags: O_CREAT | O_TRUNC)
    try output.write(imagesHeader(count: files.count))
    var labels: [Int] = []
    // Enough for all cores, and no more memory than a training needs.
    let atOnce = max(
      ProcessInfo.processInfo.activeProcessorCount, min(256, (64 << 20) / (3 * size * size)))
    for start in stride(from: 0, to: files.count, by: atOnce) {
      let some = files[start..<min(start + atOnce, files.count)]
      for (file, image) in zip(some, decoded(some)) {
        guard let pixels = try usable(image) else { continue }
        try output.write(pixels)
        labels.append(file.label)
      }
      report(start + some.count)
    }
    try output.sync()
    try output.close()
    try refuseMissing(files, labels)
    if labels.count < files.count { try rewriteHeader(path, count: labels.count) }
    try writeAtomically(
      NPYHeader.bytes(type: "<i8", shape: "(\(labels.count),)")
        + labels.flatMap { label in withUnsafeBytes(of: Int64(label).littleEndian, Array.init) },
      to: folder + "/" + PackedImages.Part.labelsName(kind))
  }

  /// Writes what the arrays do not say, the mean of the images' pixels among it.
  func describe(name: String, _ classes: [String]) throws {
    let images = try PackedImages.Part("train", in: folder, classes: classes.count)
      .images(classes: classes.count)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = PackedDescription(name: name, classes: classes, images.channelStatistics())
    try writeAtomically(
      try encoder.encode(description) + [0x0A], to: folder + "/" + PackedDescription.fileName)
  }

  private func decoded(
    _ files: ArraySlice<ClassFolders.File>
  ) -> [Result<[UInt8], DataError>] {
    var images = Array(repeating: Result<[UInt8], DataError>.success([]), count: files.count)
    images.withUnsafeMutableBufferPointer { buffer in
      // Each iteration writes its own element.
      nonisolated(unsafe) let images = buffer
      let (decoder, size) = (decoder, size)
      DispatchQueue.concurrentPerform(iterations: files.count) { index in
        let path = files[files.startIndex + index].path
        images[index] = Result { () throws(DataError) in try decoder.decode(path).square(size) }
      }
    }
    return images
  }

  /// The pixels, or nil for a damaged image that is left out.
  private mutating func usable(
    _ image: Result<[UInt8], DataError>
  ) throws(DataError) -> [UInt8]? {
    do throws(DataError) {
      return try image.get()
    } catch {
      guard skipsDamaged, error.code != .missingProgram else { throw error }
      damaged.append(error)
      return nil
    }
  }

  /// Refuses a kind, or a class, of which all images were damaged.
  private func refuseMissing(_ files: [ClassFolders.File], _ labels: [Int]) throws(DataError) {
    let left = Set(labels)
    if let file = files.first(where: { !left.contains($0.label) }) {
      throw DataError(
        .badImages, parentFolder(of: file.path), "every image of this class is damaged",
        fix: "replace them, or remove the folder")
    }
  }

  /// Says that there are fewer images; headers of such shapes are all of one size.
  private func rewriteHeader(_ path: String, count: Int) throws(FileError) {
    var output = try OutputFile(opening: path, flags: 0)
    try output.write(imagesHeader(count: count))
    try output.sync()
    try output.close()
  }

  private func imagesHeader(count: Int) -> [UInt8] {
    NPYHeader.bytes(type: "|u1", shape: "(\(count), 3, \(size), \(size))")
  }
}
