import Foundation
import RunRecords

extension CIFAR {
  /// Fetches a data set's official archive into `folder`, and unpacks it.
  ///
  /// Does nothing where the files are there already, and downloads nothing where the archive is.
  /// A download that was interrupted goes on. The archive takes its name after its size and
  /// checksum were found right, and the folder of its files after all of them are on the disk;
  /// the archive is kept.
  ///
  /// Needs the system's curl, gzip and md5sum.
  ///
  /// - Parameters:
  ///   - folder: made where there is none.
  ///   - url: a mirror's address; the bytes have to be the official ones there too.
  ///   - report: called with what happens, while it happens.
  /// - Returns: what ``load(_:from:orSearching:)`` takes.
  /// - Throws: ``DataError`` and `FileError`.
  @discardableResult
  public static func fetch(
    _ variant: Variant, into folder: String, from url: String? = nil,
    report: @escaping (FetchEvent) -> Void = { _ in }
  ) throws -> String {
    try Layout(variant).fetch(into: folder, from: url, report: report)
  }
}

extension CIFAR.Layout {
  /// See ``CIFAR/fetch(_:into:from:report:)``.
  ///
  /// - Parameter pause: seconds before a failed connection is tried again.
  package func fetch(
    into folder: String, from url: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment, pause: Double = 1,
    report: @escaping (CIFAR.FetchEvent) -> Void = { _ in }
  ) throws -> String {
    let download = Download(
      archive: archive, url: url ?? archive.url, folder: folder, environment: environment,
      pause: pause, report: report)
    try download.refuseOtherProtocols()
    let lock = try FolderLock.fetching(into: folder)
    defer { withExtendedLifetime(lock) {} }
    if let there = try unpacked(in: folder) {
      report(
        .alreadyThere(path: there, isOfficial: isOfficial(folder: there, environment: environment)))
      return there
    }
    if exists(download.path) {
      try archive.check(fileAt: download.path, environment: environment)
      report(.checked(path: download.path, byteCount: archive.byteCount, md5: archive.md5))
    } else {
      try download.run()
    }
    let unpacked = try unpack(download.path, into: folder, environment: environment)
    report(.unpacked(path: unpacked))
    return unpacked
  }

  /// The folder with the files in `folder`, or nil where there is none.
  ///
  /// - Throws: ``DataError`` for one that is damaged or somebody else's: it is not overwritten.
  private func unpacked(in folder: String) throws(DataError) -> String? {
    if case .folder(let path) = try? place(at: folder) {
      do throws(DataError) {
        _ = try load(from: path)
        return path
      } catch {
        throw DataError(
          error.code, error.file, error.problem,
          fix: "remove or rename \(path), and give the command again")
      }
    }
    let path = folder + "/" + folderName
    guard exists(path), try !DataFolders.names(in: path, fix: "remove it").isEmpty else {
      return nil
    }
    throw DataError(
      .badFolder, path, "in the way: it holds other files than \(name)'s",
      fix: "remove or rename it, and give the command again")
  }

  /// Whether all files in a folder have the official checksums.
  private func isOfficial(folder: String, environment: [String: String]) -> Bool {
    fileNames.allSatisfy {
      let sum = try? Checksum.md5(of: folder + "/" + $0, environment: environment)
      return sum == archive.fileMD5[$0]
    }
  }
}

extension CIFAR.Layout {
  /// Unpacks the files of a checked archive into their folder, which appears when it is whole.
  private func unpack(
    _ path: String, into folder: String, environment: [String: String]
  ) throws -> String {
    let files = try files(inArchive: path, environment: environment)
    _ = try dataset(of: files, source: path)
    let final = folder + "/" + folderName
    let partial = final + ".partial"
    try? FileManager.default.removeItem(atPath: partial)  // what a kill left
    guard mkdir(partial, 0o777) == 0 else {
      throw FileError(errno: errno, path: partial, operation: "make the folder")
    }
    do {
      for file in files {
        try writeAtomically(to: partial + "/" + file.fileName) { output throws(FileError) in
          try output.write(file.bytes.buffer)
        }
      }
      try move(partial, to: final)
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
    try syncFolder(of: final)
    return final
  }
}
