extension TrainingSettings {
  /// What `dataset` is for images of the user's own, which lie where `data` says.
  public static let ownImages = "folder"

  /// What a data set is called in names of runs and in reports: the user's own by their folder.
  public static func shortName(of dataset: String, in data: String?) -> String {
    dataset == ownImages ? data.flatMap(lastName) ?? dataset : dataset
  }
}
