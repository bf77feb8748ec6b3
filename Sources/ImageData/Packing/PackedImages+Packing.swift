import RunRecords

extension PackedImages {
  /// What came of packing.
  public struct Packing: Sendable {
    public let images: PackedImages
    /// Files that were left out because their names do not end as those of images.
    public let otherCount: Int
    /// Classes that have images to train on, but none to test with.
    public let untested: [String]
    /// Images that were left out because they are damaged, and why.
    public let damaged: [DataError]
  }

  /// Looks for the libraries that photographs are read with.
  ///
  /// - Throws: ``DataError`` with code `missingProgram` for the first one that is not there.
  public static func checkDecoders() throws(DataError) { try ImageDecoder().check() }

  /// Packs photographs in folders named after what they show: decoded, scaled, and made square.
  ///
  /// `folder` is `train/CLASS/…` and `test/CLASS/…` (or `val`, `valid`, `validation`), or
  /// `CLASS/…`, of which a share is kept to test with, evenly along the names. Classes are numbered
  /// in the order of their names. JPEG and PNG files are read, by the system's TurboJPEG and libpng,
  /// on all cores; the shorter side gets `size` pixels, and the middle is kept.
  ///
  /// - Parameters:
  ///   - target: the folder that is made. It takes its name when all is on the disk.
  ///   - size: width and height of the packed images, in pixels.
  ///   - testShare: of the images of each class, between 0 and 1, where `folder` has none to test with.
  ///   - skippingDamaged: leaves files out that cannot be decoded, instead of giving up.
  ///   - report: called with how many images are done, of how many, on the calling thread.
  /// - Throws: ``DataError`` for the images, `FileError` for what cannot be written.
  public static func pack(
    _ folder: String, into target: String, size: Int, testShare: Double = 0.1,
    skippingDamaged: Bool = false, report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Packing {
    precondition(size > 0 && testShare > 0 && testShare < 1, "no images would be left")
    let work = try PackingFolder(for: target, of: folder)
    do {
      let found = try ClassFolders(folder, testShare: testShare)
      var packer = Packer(folder: work.path, size: size, skipsDamaged: skippingDamaged)
      let count = found.training.count + found.test.count
      try packer.write(found.training, "train") { report($0, count) }
      try packer.write(found.test, "test") { report(found.training.count + $0, count) }
      let name = lastName(of: folder).flatMap { PackedDescription.isUsable($0) ? $0 : nil }
      try packer.describe(name: name ?? "images", found.classes)
      // Looked at before it has its name: what cannot be used is not left there.
      _ = try PackedImages(in: work.path)
      return Packing(
        images: try PackedImages(in: try work.finish()), otherCount: found.otherCount,
        untested: found.untested, damaged: packer.damaged)
    } catch {
      work.remove()
      throw error
    }
  }
}
