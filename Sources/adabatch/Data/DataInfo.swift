import AdaBatch
import Foundation

/// What `adabatch data info` tells of a data set; its JSON has these names.
struct DataInfo: Encodable {
  struct File: Encodable {
    let name: String
    let bytes: Int
    let images: Int
  }

  struct Class: Encodable {
    let name: String
    let training: Int
    let test: Int
  }

  struct Channels: Encodable {
    let mean: [Double]
    let deviation: [Double]
  }

  let name: String
  let path: String
  let files: [File]
  /// Channels, height and width of an image.
  let shape: [Int]
  /// In the order of their labels.
  let classes: [Class]
  /// Of the training images' pixels, per channel, on the scale where white is 1.
  let mean: [Double]
  let deviation: [Double]
  /// What training subtracts and divides by.
  let normalization: Channels

  init(_ found: DatasetInspection, _ dataset: Dataset) {
    (name, path) = (found.name, found.path)
    files = found.files.compactMap { file in
      file.contents.map { File(name: file.name, bytes: $0.byteCount, images: $0.imageCount) }
    }
    shape = [dataset.training.channels, dataset.training.height, dataset.training.width]
    let counts = zip(dataset.training.countPerClass(), dataset.test.countPerClass())
    classes = zip(dataset.classNames, counts).map {
      Class(name: $0, training: $1.0, test: $1.1)
    }
    let statistics = dataset.training.channelStatistics()
    (mean, deviation) = (statistics.mean, statistics.deviation)
    // As they are written, not as the nearest double to the nearest float is.
    normalization = Channels(
      mean: dataset.normalization.mean.compactMap { Double("\($0)") },
      deviation: dataset.normalization.deviation.compactMap { Double("\($0)") })
  }
}
