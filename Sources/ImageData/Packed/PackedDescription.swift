import Foundation
import RunRecords

/// `dataset.json` of images of the user's own: what the arrays do not say.
struct PackedDescription: Codable, Sendable {
  static let fileName = "dataset.json"

  var name: String?
  /// In the order of the labels.
  var classes: [String]
  /// Of each channel, on the scale where white is 1.
  var mean: [Double]?
  var deviation: [Double]?

  init(name: String, classes: [String], _ statistics: ChannelStatistics) {
    self.name = name
    self.classes = classes
    let normalization = Normalization(statistics)
    mean = normalization.mean.map { Double($0) }
    deviation = normalization.deviation.map { Double($0) }
  }

  init(in folder: String) throws(DataError) {
    let path = folder + "/" + Self.fileName
    let names = try DataFolders.names(
      in: folder, fix: "name a folder that adabatch data pack has made (--data)")
    guard names.contains(Self.fileName) else {
      throw DataError(
        .missingFile, folder, "holds no packed images: there is no \(Self.fileName)",
        fix: "make them of a folder of photographs: adabatch data pack \(folder) --into packed")
    }
    let bytes = try FixedBytes(mapping: path, fix: PackedImages.makeAgain)
    // Some kilobytes; what is much larger is no description.
    guard bytes.buffer.count <= 16 << 20 else {
      throw DataError(
        .wrongSize, path, "\(grouped(bytes.buffer.count)) bytes, but 16 MB are the most",
        fix: PackedImages.makeAgain)
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(bytes.buffer))
    } catch {
      throw DataError(
        .badImages, path, "cannot be read: " + printable(decodingReason(error, format: "JSON")),
        fix: "write a JSON object with \"classes\", a list of their names, as in"
          + " {\"classes\": [\"cat\", \"dog\"]}")
    }
    try checkClasses(path)
  }

  /// A class is shown in tables, and its name recorded in lists with commas.
  static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.contains(",") && printable(name) == name
  }

  private func checkClasses(_ path: String) throws(DataError) {
    func fault(_ problem: String) -> DataError {
      DataError(.badImages, path, problem, fix: "mend the list of \"classes\"")
    }
    guard !classes.isEmpty else { throw fault("it names no class") }
    if let name = classes.first(where: { !Self.isUsable($0) }) {
      throw fault(
        "'\(printable(name))' cannot be a class's name, which has 1 to 80 characters and no comma")
    }
    guard Set(classes).count == classes.count else { throw fault("two classes have one name") }
    if let name, !Self.isUsable(name) {
      throw DataError(
        .badImages, path, "'\(printable(name))' cannot be a name: 1 to 80 characters, no comma",
        fix: "mend \"name\", or leave it out for the folder's")
    }
  }

  /// - Throws: where it does not fit the images; nil where there is none.
  func normalization(channels: Int, in folder: String) throws(DataError) -> Normalization? {
    guard mean != nil || deviation != nil else { return nil }
    let (mean, deviation) = (mean ?? [], deviation ?? [])
    guard mean.count == channels, deviation.count == channels,
      mean.allSatisfy({ $0.isFinite && abs($0) < 1e6 }),
      deviation.allSatisfy({ $0 > 1e-6 && $0 < 1e6 })
    else {
      throw DataError(
        .badImages, folder + "/" + Self.fileName,
        "the mean and deviation do not fit images of \(channels) channels",
        fix: "give one mean and one positive deviation for each channel, or neither")
    }
    return Normalization(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }
}
