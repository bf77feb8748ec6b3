extension CIFAR.Layout {
  /// Returns the folder with the files: `directory`, or the official folder in it.
  func folder(in directory: String) throws(DataError) -> String {
    let advice = "name the folder that holds \(filesInWords), or its parent (--data DIR)"
    let names = try DataFolders.names(in: directory, fix: advice)
    if holdsAny(names) { return directory }
    guard names.contains(folderName) else { throw nothing(in: directory, names) }
    let nested = directory + "/" + folderName
    let nestedNames = try DataFolders.names(in: nested, fix: advice)
    guard holdsAny(nestedNames) else { throw nothing(in: nested, nestedNames) }
    return nested
  }

  /// Returns the folder with the files in the first of `places` that has any.
  func folder(inAnyOf places: [String]) throws(DataError) -> String {
    for place in places {
      if let folder = try? folder(in: place) { return folder }
    }
    throw DataError(
      .missingFile, name, "not found in \(places.joined(separator: " or "))",
      fix: "unpack \(archiveName) of www.cs.toronto.edu/~kriz/cifar.html there, or name its folder"
        + " with --data DIR; --dataset synthetic needs no files")
  }

  private func holdsAny(_ names: Set<String>) -> Bool { !names.isDisjoint(with: fileNames) }

  /// Whether a folder has the names of the Python version, its archive or its folder.
  private func holdsPickles(_ names: Set<String>) -> Bool {
    let suffixes = ["-python.tar.gz", "-batches-py", "-python"]
    return names.contains("data_batch_1") || names.isSuperset(of: ["train", "test", "meta"])
      || names.contains { name in suffixes.contains { name.hasSuffix($0) } }
  }

  private var filesInWords: String {
    fileNames.count > 2
      ? "\(fileNames[0]) … \(fileNames[fileNames.count - 1])"
      : fileNames.joined(separator: " and ")
  }

  /// The error for a folder without any of the files: it says what is there instead.
  private func nothing(in folder: String, _ names: Set<String>) -> DataError {
    let problem = "holds none of \(name)'s files (\(filesInWords))"
    func error(_ instead: String, _ fix: String) -> DataError {
      DataError(.missingFile, folder, problem + instead, fix: fix)
    }
    if names.contains(archiveName) {
      return error(", only the archive", "unpack it: tar xzf \(folder)/\(archiveName) -C \(folder)")
    }
    for other in CIFAR.Layout.all
    where other.name != name && (other.holdsAny(names) || names.contains(other.folderName)) {
      return error(" but those of \(other.name)", "use --dataset \(other.flag)")
    }
    if holdsPickles(names) {
      return error(" but the Python version", "get the binary version, \(archiveName)")
    }
    return error("", "unpack \(archiveName) there, or name the folder that holds it (--data DIR)")
  }
}
