import RunRecords

extension PackedImages {
  /// What the files hold; opening them has found nothing wrong.
  ///
  /// - Throws: ``DataError`` for a description that does not fit the images.
  public func inspect() throws(DataError) -> DatasetInspection {
    let files = [training, test].flatMap { part in
      let labels = part.labels
      return [
        file(part.imagesName, images: labels.count),
        file(
          part.labelsName, images: labels.count,
          [.init(name: "label", smallest: Int(labels.min() ?? 0), largest: Int(labels.max() ?? 0))]),
      ]
    }
    let dataset = try dataset()
    return DatasetInspection(
      name: dataset.name, path: folder, files: files, faults: [], dataset: dataset, isOfficial: nil)
  }

  private func file(
    _ name: String, images: Int, _ labels: [DatasetInspection.LabelRange] = []
  ) -> DatasetInspection.File {
    let bytes = DataFingerprint.File(of: folder + "/" + name)?.bytes ?? 0
    return DatasetInspection.File(
      name: name,
      contents: .init(byteCount: bytes, imageCount: images, labels: labels, isOfficial: nil),
      fault: nil)
  }
}
