import Foundation
import RunRecords

extension CIFAR.Layout {
  /// Where a data set lies.
  enum Place {
    case folder(String)
    /// A `.tar.gz` with the files in it.
    case archive(String)

    var path: String {
      switch self {
      case .folder(let path), .archive(let path): path
      }
    }
  }

  /// Returns the place at `path`, or in the first of `places` that has any where `path` is nil.
  func place(at path: String?, orIn places: [String]) throws(DataError) -> Place {
    if let path { try place(at: path) } else { try place(inAnyOf: places) }
  }

  /// Returns what `path` is: the archive, a folder with the files, or a folder with one of these.
  ///
  /// Of a folder with files and the archive beside it the folder is taken, which opens faster.
  func place(at path: String) throws(DataError) -> Place {
    let advice =
      "name the folder that holds \(filesInWords), its parent, or \(archive.name) (--data)"
    let isArchive = path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz")
    if isArchive, FileManager.default.fileExists(atPath: path), !isFolder(path) {
      return .archive(path)
    }
    let names = try DataFolders.names(in: path, fix: advice)
    if holdsAny(names) { return .folder(path) }
    let nested = path + "/" + folderName
    let nestedNames = names.contains(folderName) ? try? DataFolders.names(in: nested, fix: "") : nil
    if let nestedNames, holdsAny(nestedNames) { return .folder(nested) }
    if names.contains(archive.name) { return .archive(path + "/" + archive.name) }
    if let nestedNames { throw nothing(in: nested, nestedNames, parent: path) }
    throw nothing(in: path, names, parent: path)
  }

  /// Returns the place in the first of `places` that has any.
  func place(inAnyOf places: [String]) throws(DataError) -> Place {
    for path in places {
      if let place = try? place(at: path) { return place }
    }
    throw DataError(
      .missingFile, name, "not found in \(places.joined(separator: " or "))",
      fix: "\(getCommand) fetches it; or name its folder or archive with --data;"
        + " --dataset synthetic needs no files")
  }

  private func holdsAny(_ names: Set<String>) -> Bool { !names.isDisjoint(with: fileNames) }

  /// Whether a folder has the names of the Python version, its archive or its folder.
  private func holdsPickles(_ names: Set<String>) -> Bool {
    let suffixes = ["-python.tar.gz", "-batches-py", "-python"]
    return names.contains("data_batch_1") || names.isSuperset(of: ["train", "test", "meta"])
      || names.contains { name in suffixes.contains { name.hasSuffix($0) } }
  }

  var filesInWords: String {
    fileNames.count > 2
      ? "\(fileNames[0]) … \(fileNames[fileNames.count - 1])"
      : fileNames.joined(separator: " and ")
  }

  /// The error for a folder without any of the files: it says what is there instead.
  private func nothing(in folder: String, _ names: Set<String>, parent: String) -> DataError {
    let problem = "holds none of \(name)'s files (\(filesInWords))"
    func error(_ instead: String, _ fix: String) -> DataError {
      DataError(.missingFile, folder, problem + instead, fix: fix)
    }
    for other in CIFAR.Layout.all
    where other.name != name && (other.holdsAny(names) || names.contains(other.folderName)) {
      return error(" but those of \(other.name)", "use --dataset \(other.flag)")
    }
    if names.contains(PackedDescription.fileName) {
      return error(" but packed images", "use --dataset folder")
    }
    let fetch = "\(getCommand) --data \(parent)"
    if holdsPickles(names) {
      return error(" but the Python version", "get the binary version: \(fetch)")
    }
    return error("", "\(fetch) fetches them, or name the folder that holds them")
  }
}
