/// The CIFAR-10 and CIFAR-100 data sets, read from their official binary files.
///
/// Files are mapped, not copied, and every one is checked before any is used: size, every label,
/// copies, and a test batch that changed places with a training batch. Not noticed: training
/// batches that changed places among each other, and damaged pixels.
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
  ///   - directory: the folder with the `.bin` files, or its parent.
  ///   - places: folders of which the first that holds the data set is taken where `directory`
  ///     is nil.
  /// - Throws: ``DataError`` for files that are missing, unreadable, of another size, copies of
  ///   each other or in each other's place, and for labels out of range.
  /// - Complexity: 20 ms when the files are in the system's cache: each record's label is read.
  public static func load(
    _ variant: Variant, from directory: String? = nil,
    orSearching places: [String] = DataFolders.searched()
  ) throws(DataError) -> Dataset {
    let layout = Layout(variant)
    let folder =
      if let directory { try layout.folder(in: directory) } else {
        try layout.folder(inAnyOf: places)
      }
    let training = try layout.files(layout.training, in: folder)
    let test = try layout.files(layout.test, in: folder)
    try layout.refuseCopies(among: training + test)
    let trainingImages = try layout.images(training)
    let testImages = try layout.images(test)
    try layout.refuseSwap(training, trainingImages, test, testImages)
    return Dataset(
      made: layout.name, classNames: layout.classNames, training: trainingImages,
      test: testImages, normalization: .cifar, source: folder)
  }

  /// Returns the first folder in `places` that holds files of the data set, or nil.
  public static func folder(
    of variant: Variant, inAnyOf places: [String] = DataFolders.searched()
  ) -> String? {
    try? Layout(variant).folder(inAnyOf: places)
  }
}
