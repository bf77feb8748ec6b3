import Foundation
import RunRecords

/// Photographs in folders named after what they show.
///
/// Either `FOLDER/train/CLASS/…` and `FOLDER/test/CLASS/…` (or `val`, `valid`, `validation`), or
/// `FOLDER/CLASS/…`, of which some are kept to test with. Classes and files are in the order of the
/// bytes of their names, as in torchvision's `ImageFolder`.
struct ClassFolders {
  /// A file, and the place of its class in ``classes``.
  struct File {
    let path: String
    let label: Int
  }

  private(set) var classes: [String] = []
  private(set) var training: [File] = []
  private(set) var test: [File] = []
  /// Files whose names do not end as those of images.
  private(set) var otherCount = 0

  private static let testNames = ["test", "val", "valid", "validation"]

  /// - Parameter testShare: of each class, where the folder has no images to test with.
  /// - Throws: ``DataError``.
  init(_ folder: String, testShare: Double) throws(DataError) {
    let fix = "name the folder that holds a folder for each class, or train and test"
    let names = try FolderEntries(of: folder, fix: fix).folders
    if names.contains("train") {
      guard let name = Self.testNames.first(where: names.contains) else {
        throw DataError(
          .missingFile, folder, "has train, but neither test nor val",
          fix: "make \(folder)/test with images of the same classes")
      }
      try readClasses(in: folder + "/train", fix)
      try refuseOtherClasses(in: folder + "/" + name)
      training = try files(in: folder + "/train")
      test = try files(in: folder + "/" + name)
    } else {
      try refuseParts(names, in: folder)
      try readClasses(in: folder, fix)
      split(try files(in: folder), testShare)
    }
    try refuseEmpty(folder)
  }

  /// Classes that have images to train on, but none to test with.
  var untested: [String] {
    let tested = Set(test.map(\.label))
    return classes.indices.filter { !tested.contains($0) }.map { classes[$0] }
  }

  private mutating func readClasses(in folder: String, _ fix: String) throws(DataError) {
    classes = try FolderEntries(of: folder, fix: fix).folders
    guard !classes.isEmpty else {
      throw DataError(
        .missingFile, folder, "holds no folders, and one for each class is needed", fix: fix)
    }
    if let name = classes.first(where: { !PackedDescription.isUsable($0) }) {
      throw DataError(
        .badImages, folder,
        "'\(printable(name))' cannot be a class's name, which has 1 to 80 characters and no comma",
        fix: "rename that folder")
    }
    guard Set(classes).count == classes.count else {
      throw DataError(
        .badImages, folder, "two folders' names differ in the spelling of an accent alone",
        fix: "rename one of them")
    }
  }

  /// `Train` beside `Test` are hardly two classes.
  private func refuseParts(_ names: [String], in folder: String) throws(DataError) {
    let parts = ["train", "training", "testing"] + Self.testNames
    guard let name = names.first(where: { parts.contains($0.lowercased()) }) else { return }
    throw DataError(
      .badImages, "\(folder)/\(name)", "is it a class, or a part of the images?",
      fix: "call the part to train on train, and the other one test; a class needs another name")
  }

  private func refuseOtherClasses(in folder: String) throws(DataError) {
    let names = try FolderEntries(of: folder, fix: "check its permissions").folders
    guard let name = names.first(where: { !isClass($0) }) else { return }
    throw DataError(
      .badImages, "\(folder)/\(name)", "no class of that name is in the images to train on",
      fix: "rename it, or give the class images to train on")
  }

  /// By its bytes, as the file system has it.
  private func isClass(_ name: String) -> Bool {
    classes.contains { $0.utf8.elementsEqual(name.utf8) }
  }

  private mutating func files(in folder: String) throws(DataError) -> [File] {
    var files: [File] = []
    for (label, name) in classes.enumerated() {
      files += try images(in: folder + "/" + name).map { File(path: $0, label: label) }
    }
    return files
  }

  /// The image files in a class's folder and in those below it; a class may have none to test with.
  private mutating func images(in folder: String) throws(DataError) -> [String] {
    guard exists(folder) else { return [] }
    let all = FolderEntries.sorted(try FolderEntries.files(below: folder))
    let images = all.filter { path in
      ImageDecoder.endings.contains { path.lowercased().hasSuffix("." + $0) }
    }
    otherCount += all.count - images.count
    return images
  }

  /// Keeps every few files of each class to test with, evenly along the names.
  private mutating func split(_ files: [File], _ share: Double) {
    // A share such as 0.29 is a little less than it says.
    func tested(_ count: Int) -> Double { (Double(count) * share + 1e-9).rounded(.down) }
    var seen = Array(repeating: 0, count: classes.count)
    for file in files {
      let before = seen[file.label]
      seen[file.label] += 1
      if tested(before + 1) > tested(before) { test.append(file) } else { training.append(file) }
    }
  }

  private func refuseEmpty(_ folder: String) throws(DataError) {
    let fix = "put JPEG or PNG files there, or remove the folder"
    let known = Set(training.map(\.label))
    if let label = classes.indices.first(where: { !known.contains($0) }) {
      throw DataError(
        .badImages, folder, "there is no image of '\(classes[label])' to train on", fix: fix)
    }
    guard !test.isEmpty else {
      throw DataError(
        .badImages, folder, "there is no image to test with",
        fix: "put some into test, or keep more of each class with --test-share")
    }
  }
}
