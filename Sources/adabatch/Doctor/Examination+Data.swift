import AdaBatch
import Foundation

extension Examination {
  /// The data sets where they are looked for, each read as a training would.
  static func data() -> [Finding] {
    CIFAR.Variant.allCases.map { variant in
      do throws(DataError) {
        let data = try CIFAR.load(variant)
        return Finding(
          "data", variant.rawValue, .ok,
          "\(grouped(data.training.imageCount)) images to train on,"
            + " \(grouped(data.test.imageCount)) to test with, in \(data.source)")
      } catch {
        return Finding(
          "data", variant.rawValue, error.code == .missingFile ? .missing : .warning,
          "\(error.file): \(error.problem)", fix: error.fix)
      }
    } + [Finding("data", "synthetic", .ok, "made up, needs no files"), decoders()]
  }

  /// What `data pack` reads photographs with.
  private static func decoders() -> Finding {
    do throws(DataError) {
      try PackedImages.checkDecoders()
      return Finding("data", "data pack", .ok, "can read JPEG and PNG files")
    } catch {
      return Finding(
        "data", "data pack", .missing, "\(error.file): \(error.problem)", fix: error.fix)
    }
  }

  /// The place where runs go unless `--run` names another.
  static func records() -> [Finding] {
    let space = FolderSpace(of: "runs")
    let free = space.freeBytes.map { "\(gigabytes($0)) free" } ?? "unknown space"
    let text = (space.isWritable ? "can be written, " : "cannot be written, ") + free
    let fix =
      if !space.isWritable {
        "go to a folder that you may write to, or name one: --run DIR"
      } else if let bytes = space.freeBytes, bytes < 1 << 30 {
        "free some space, or name a folder on another disk: --run DIR"
      } else { String?.none }
    return [Finding("records", "./runs", fix == nil ? .ok : .warning, text, fix: fix)]
  }
}
