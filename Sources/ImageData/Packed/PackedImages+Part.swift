import Foundation
import RunRecords

extension PackedImages {
  /// The images to train on, or those to test with.
  struct Part: Sendable {
    let imagesName: String
    let labelsName: String
    let imagesPath: String
    /// `[C, H, W]`.
    let shape: [Int]
    let labels: [Int32]
    private let pixels: FixedBytes
    /// Where the first image begins.
    private let offset: Int

    init(_ kind: String, in folder: String, classes: Int) throws(DataError) {
      (imagesName, labelsName) = (Self.imagesName(kind), Self.labelsName(kind))
      imagesPath = folder + "/" + imagesName
      let labelsPath = folder + "/" + labelsName
      let images = try ArrayFile(imagesPath)
      let (type, dimensions) = (images.header.type, images.header.shape)
      guard type.kind == "u", type.size == 1, dimensions.count == 4,
        dimensions.allSatisfy({ $0 > 0 }), !images.header.isFortranOrder
      else {
        throw DataError(
          .badImages, imagesPath, "it holds \(images.inWords)",
          fix: "save bytes of the shape images × channels × height × width, in C order:"
            + " np.save(\"\(imagesName)\", np.ascontiguousarray(images, dtype=np.uint8))")
      }
      let numbers = try ArrayFile(labelsPath)
      labels = try Self.labels(of: numbers, labelsName, count: dimensions[0], classes: classes)
      (pixels, offset, shape) = (
        images.bytes, images.header.byteCount, Array(dimensions.dropFirst())
      )
    }

    static func imagesName(_ kind: String) -> String { kind + "-images.npy" }
    static func labelsName(_ kind: String) -> String { kind + "-labels.npy" }

    func images(classes: Int) -> LabelledImages {
      LabelledImages(
        shape: (shape[0], shape[1], shape[2]), classCount: classes, labels: labels,
        shards: [.init(bytes: pixels, offset: offset, stride: shape.reduce(1, *))])
    }

    private static func labels(
      of file: ArrayFile, _ name: String, count: Int, classes: Int
    ) throws(DataError) -> [Int32] {
      guard "iu".contains(file.header.type.kind), file.header.shape == [count] else {
        throw DataError(
          .badImages, file.path,
          "it holds \(file.inWords), and a whole number for each of \(grouped(count)) images is"
            + " needed", fix: "np.save(\"\(name)\", labels.astype(np.int64))")
      }
      let numbers = try file.numbers()
      if let index = numbers.firstIndex(where: { $0 < 0 || $0 >= Double(classes) }) {
        throw DataError(
          .badLabel, file.path,
          "image \(grouped(index)) has label \(String(format: "%.0f", numbers[index])), but classes are 0 to"
            + " \(classes - 1)",
          fix: "name every class in \(PackedDescription.fileName), or mend the labels")
      }
      return numbers.map { Int32($0) }
    }
  }
}

/// A NumPy array file, mapped, whose size is that of its shape.
private struct ArrayFile {
  let path: String
  let bytes: FixedBytes
  let header: NPYHeader

  init(_ path: String) throws(DataError) {
    self.path = path
    bytes = try FixedBytes(mapping: path, fix: PackedImages.makeAgain)
    do throws(NumPyFault) {
      header = try NPYHeader(bytes.buffer)
      try header.checkSize(ofFile: bytes.buffer.count)
    } catch {
      throw DataError(.badImages, path, error.reason, fix: PackedImages.makeAgain)
    }
  }

  func numbers() throws(DataError) -> [Double] {
    do throws(NumPyFault) {
      return try header.numbers(behind: bytes.buffer)
    } catch {
      throw DataError(.badImages, path, error.reason, fix: PackedImages.makeAgain)
    }
  }

  /// `int64 of the shape 7 × 3`.
  var inWords: String {
    let kinds: [Character: String] = ["u": "uint", "i": "int", "f": "float"]
    let type = kinds[header.type.kind].map { $0 + "\(8 * header.type.size)" } ?? "bool"
    let order = header.isFortranOrder ? ", in Fortran order" : ""
    return header.shape.isEmpty
      ? "one number of \(type)"
      : "\(type) of the shape \(ImageData.inWords(header.shape))\(order)"
  }
}

extension PackedImages {
  static let makeAgain =
    "pack the images again (adabatch data pack), or save the array again with NumPy"
}
