import Foundation

/// What a checkpoint says of itself: `checkpoints/000007.json`, whose presence makes it one.
///
/// It is written when everything that it names is on the disk.
public struct CheckpointManifest: Codable, Sendable, Equatable {
  /// The format that this version writes, and the newest that it reads.
  public static let newestFormat = 1

  /// A file that goes with the manifest.
  public struct Content: Codable, Sendable, Equatable {
    public private(set) var bytes = 0
    /// CRC-32C of all its bytes.
    public private(set) var checksum: UInt32 = 0

    public init() {}

    /// Goes on with what follows in the file.
    mutating func add(_ next: UnsafeRawBufferPointer) {
      bytes += next.count
      checksum = CRC32.castagnoli(next, after: checksum)
    }
  }

  public var format = Self.newestFormat
  /// When it was written, as ``RunSettings/timestamp(_:)`` writes it; nothing depends on it.
  public var written: String
  public var state: TrainingState
  /// Images in the next update.
  public var batchSize: Int
  /// The next update's rate.
  public var learningRate: Double
  /// What decides everything that follows: network, policy, schedule, seed.
  public var settings: TrainingSettings
  public var versions: ComponentVersions
  public var machine: Machine
  public var data: DataFingerprint
  /// Bytes of the run's growing records that belong to the state, by their names.
  public var records: [String: Int]
  /// Parameters, running statistics and momentum: the file beside this one.
  public var tensors: Content

  public init(
    written: String = RunSettings.timestamp(), state: TrainingState, batchSize: Int,
    learningRate: Double, settings: TrainingSettings, versions: ComponentVersions,
    machine: Machine, data: DataFingerprint, records: [String: Int], tensors: Content
  ) {
    self.written = written
    self.state = state
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.settings = settings
    self.versions = versions
    self.machine = machine
    self.data = data
    self.records = records
    self.tensors = tensors
  }
}
