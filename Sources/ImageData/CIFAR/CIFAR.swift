import RunRecords

/// The CIFAR-10 and CIFAR-100 data sets, read from their official binary files.
///
/// The files lie in a folder, where they are mapped and not copied, or in the official `.tar.gz`,
/// which is read into memory as it is. Every one is checked before any is used: size, every label,
/// copies, and a test batch that changed places with a training batch. Not noticed: training
/// batches that changed places among each other, and damaged pixels;
/// ``inspect(_:from:orSearching:comparing:)`` compares with the official bytes.
///
/// > Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images"; the layout
/// > is that of "binary version" at https://www.cs.toronto.edu/~kriz/cifar.html.
public enum CIFAR {
  /// Which of the two.
  public enum Variant: String, Sendable, CaseIterable {
    case cifar10
    case cifar100
  }

  /// Loads a data set.
  ///
  /// - Parameters:
  ///   - path: the folder with the `.bin` files, its parent, a folder with the official archive,
  ///     or that archive.
  ///   - places: folders of which the first that holds the data set is taken where `path` is nil.
  /// - Throws: ``DataError`` for files that are missing, unreadable, of another size, copies of
  ///   each other or in each other's place, for labels out of range, and for a damaged archive.
  /// - Complexity: 20 ms from a folder whose files are in the system's cache, for each record's
  ///   label is read; an archive costs its decompression, about a second.
  public static func load(
    _ variant: Variant, from path: String? = nil,
    orSearching places: [String] = DataFolders.searched()
  ) throws(DataError) -> Dataset {
    try Layout(variant).load(from: path, orSearching: places)
  }

  /// Returns where the data set lies: a folder with its files or its archive; nil for nowhere.
  public static func folder(
    of variant: Variant, inAnyOf places: [String] = DataFolders.searched()
  ) -> String? {
    try? Layout(variant).place(inAnyOf: places).path
  }
}

extension CIFAR.Layout {
  /// See ``CIFAR/load(_:from:orSearching:)``.
  package func load(
    from path: String?, orSearching places: [String] = []
  ) throws(DataError) -> Dataset {
    let place = try place(at: path, orIn: places)
    // Looked at before they are read: what changes in between is then a change.
    let fingerprints = fingerprints(at: place)
    return try dataset(
      of: try files(at: place), source: place.path, fingerprints: fingerprints)
  }

  /// Makes a data set of all its files, which are checked against each other and label by label.
  func dataset(
    of files: [File], source: String, fingerprints: [DataFingerprint.File] = []
  ) throws(DataError) -> Dataset {
    let (training, test) = (
      Array(files.prefix(self.training.names.count)), Array(files.suffix(self.test.names.count))
    )
    try refuseCopies(among: files)
    let trainingImages = try images(training)
    let testImages = try images(test)
    try refuseSwap(training, trainingImages, test, testImages)
    return Dataset(
      made: name, classNames: classNames, training: trainingImages, test: testImages,
      normalization: .cifar, source: source, files: fingerprints)
  }
}
