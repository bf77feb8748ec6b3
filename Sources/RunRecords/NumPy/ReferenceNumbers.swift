/// A run's numbers with the keys, order, types and shapes of the reference scripts' npz files.
///
/// Code that plots those reads this unchanged, by name or by position. Times are wall-clock seconds
/// over the run. As there, training time leaves out going over to another batch size, which is
/// `batch_resize_time`; the two and the test time make up the running time. Unlike there, `loss` is
/// the mean over the epoch instead of the last step's, and `batch_size` and `lr` have an entry for
/// every epoch, which is what the epoch was trained with.
///
/// > Source: the `--savez` files of github.com/GXU-GMU-MICCAI/AdaBatch-numerical-experiments.
public struct ReferenceNumbers: Sendable, Equatable {
  private let epochs: [EpochRecord]

  /// - Parameter epochs: all of the run so far, in order.
  public init(_ epochs: [EpochRecord]) { self.epochs = epochs }

  /// The file: an archive of arrays that NumPy loads without pickle.
  var npz: [UInt8] {
    storedZip(arrays.map { (name: $0.key + ".npy", content: $0.array.bytes) })
  }

  private var arrays: [(key: String, array: NPYArray)] {
    let (training, switching) = (trainingSeconds.reduce(0, +), sum(\.switchSeconds))
    return [
      ("loss", NPYArray(epochs.map(\.trainLoss))),
      ("acc", NPYArray(epochs.map(\.testAccuracy))),
      ("epoch", NPYArray(epochs.count)),
      ("FP_time", NPYArray(sum(\.forwardSeconds))),
      ("BP_time", NPYArray(sum(\.backwardSeconds))),
      ("train_time", NPYArray(training - switching)),
      ("test_time", NPYArray(sum(\.epochSeconds) - training)),
      ("batch_resize_time", NPYArray(switching)),
      ("running_time", NPYArray(sum(\.epochSeconds))),
      ("best_acc", NPYArray(epochs.last?.bestAccuracy ?? 0)),
      ("batch_size", NPYArray(epochs.map(\.batchSize))),
      ("lr", NPYArray(epochs.map(\.learningRate))),
    ]
  }

  /// Seconds of each epoch without its evaluation, as its rate of images says.
  private var trainingSeconds: [Double] {
    zip(epochs, [0] + epochs.map(\.samplesSeen)).map { epoch, seenBefore in
      Double(epoch.samplesSeen - seenBefore) / epoch.imagesPerSecond
    }
  }

  private func sum(_ seconds: KeyPath<EpochRecord, Double>) -> Double {
    epochs.reduce(0) { $0 + $1[keyPath: seconds] }
  }
}
