/// What the reference's scripts saved of a run, as it is in the file: an npz, keys of which may be
/// missing, and whose `batch_size` may have an entry per change instead of per epoch.
///
/// > Source: the `--savez` files of github.com/GXU-GMU-MICCAI/AdaBatch-numerical-experiments.
public struct ReferenceFile: Sendable, Equatable {
  public let path: String
  /// Loss of each epoch: the last step's, in the scripts.
  public let loss: [Double]
  /// Test accuracy of each epoch, in percent.
  public let accuracy: [Double]
  public let batchSizes: [Int]
  public let learningRates: [Double]
  public let forwardSeconds: Double?
  public let backwardSeconds: Double?
  public let trainSeconds: Double?
  public let testSeconds: Double?
  public let switchSeconds: Double?
  public let runningSeconds: Double?
  public let bestAccuracy: Double?
  /// Of those that the scripts save, the keys that this file lacks.
  public let missingKeys: [String]

  /// A file above this is none of some numbers.
  static let largestBytes = 64 << 20

  static let keys = [
    "loss", "acc", "epoch", "FP_time", "BP_time", "train_time", "test_time", "batch_resize_time",
    "running_time", "best_acc", "batch_size", "lr",
  ]

  /// Reads a file; nothing in it is executed.
  ///
  /// - Throws: ``FileError`` with code `invalid` for what is not such a file, or is damaged.
  public init(reading path: String) throws(FileError) {
    let file = try InputFile(opening: path)
    guard file.size <= Self.largestBytes else {
      throw Self.invalid(path, "it has \(file.size) bytes, too many for the numbers of a run")
    }
    let bytes: [UInt8] = try file.read(file.size, at: 0)
    let arrays = try Self.arrays(in: bytes, path)
    func list(_ key: String) -> [Double] { arrays[key]?.values ?? [] }
    func scalar(_ key: String) -> Double? { arrays[key]?.values.first }
    self.path = path
    loss = list("loss")
    accuracy = list("acc")
    batchSizes = list("batch_size").compactMap { Int(exactly: $0.rounded()) }
    learningRates = list("lr")
    forwardSeconds = scalar("FP_time")
    backwardSeconds = scalar("BP_time")
    trainSeconds = scalar("train_time")
    testSeconds = scalar("test_time")
    switchSeconds = scalar("batch_resize_time")
    runningSeconds = scalar("running_time")
    bestAccuracy = scalar("best_acc")
    missingKeys = Self.keys.filter { arrays[$0] == nil }
    guard !loss.isEmpty || !accuracy.isEmpty else {
      throw Self.invalid(path, "it has neither 'loss' nor 'acc', so no epoch of a run")
    }
  }

  /// The arrays of the scripts' keys; others are left.
  private static func arrays(
    in bytes: [UInt8], _ path: String
  ) throws(FileError) -> [String: NPYNumbers] {
    var name = ""
    do throws(ZipArchive.Fault) {
      var arrays: [String: NPYNumbers] = [:]
      for member in try ZipArchive(bytes).members where member.name.hasSuffix(".npy") {
        name = String(member.name.dropLast(4))
        if keys.contains(name) { arrays[name] = try NPYNumbers(member.content) }
      }
      return arrays
    } catch {
      throw invalid(path, (name.isEmpty ? "" : "array '\(name)': ") + error.reason)
    }
  }

  private static func invalid(_ path: String, _ reason: String) -> FileError {
    FileError(
      code: .invalid, path: path, operation: "read", reason: reason,
      fix: "name a .npz file that the scripts' --savez, or numpy.savez with plain numbers, wrote")
  }
}
