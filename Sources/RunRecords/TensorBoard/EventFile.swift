import Foundation

/// A run's curves as TensorBoard reads them: an event file with scalars for each epoch.
///
/// Every start makes a file of its own, because TensorBoard reads nothing behind a record that a
/// kill has torn. Steps are epochs, which here are samples seen in another unit: every epoch passes
/// over all images, whatever the batch. `schedule/updates` says how many updates that took.
///
/// > Source: tensorboardX 2.6, `record_writer.py` and `proto/event.proto`.
public struct EventFile: Sendable {
  public let path: String
  private let files: any FileSystem

  /// Makes a file with a name that sorts behind those of earlier starts.
  ///
  /// - Throws: ``FileError``.
  public init(creatingIn directory: RunDirectory, at time: Date = Date()) throws(FileError) {
    files = directory.files
    let seconds = max(Int(time.timeIntervalSince1970), try Self.newest(in: directory) + 1)
    path = directory.file(Self.name(seconds))
    var event = ProtobufMessage()
    event.add(1, time.timeIntervalSince1970)
    event.add(3, "brain.Event:2")
    try appendWhole(Self.framed(event), to: path, on: files)
  }

  /// Adds the scalars of an epoch, on the disk when this returns.
  ///
  /// - Throws: ``FileError``; the file is as it was then.
  public func append(_ record: EpochRecord, at time: Date = Date()) throws(FileError) {
    var summary = ProtobufMessage()
    for (tag, value) in Self.scalars(record) {
      var scalar = ProtobufMessage()
      scalar.add(1, tag)
      scalar.add(2, Float(value))
      summary.add(1, scalar)
    }
    var event = ProtobufMessage()
    event.add(1, time.timeIntervalSince1970)
    event.add(2, UInt64(record.epoch))
    event.add(5, summary)
    try appendWhole(Self.framed(event), to: path, on: files)
  }

  /// Whether a file of a run's is one of these, and not another program's.
  static func isName(_ name: String) -> Bool {
    name.hasPrefix("events.out.tfevents.") && name.hasSuffix(".adabatch")
  }

  /// The seconds in the name of the newest one: a clock that was set back must not put the next
  /// before it.
  private static func newest(in directory: RunDirectory) throws(FileError) -> Int {
    let names = try directory.fileNames().filter(isName)
    let seconds = names.map { $0.split(separator: ".").dropFirst(3).first }
    return seconds.compactMap { $0.flatMap { Int($0) } }.max() ?? 0
  }

  /// What stands in the place of the host: records keep a machine's name to themselves.
  private static func name(_ seconds: Int) -> String {
    "events.out.tfevents.\(seconds).adabatch"
  }

  /// The part before the slash is the section that TensorBoard shows a curve in.
  private static func scalars(_ record: EpochRecord) -> [(tag: String, value: Double)] {
    [
      ("loss/train", record.trainLoss), ("loss/test", record.testLoss),
      ("accuracy/train", record.trainAccuracy), ("accuracy/test", record.testAccuracy),
      ("schedule/batch_size", Double(record.batchSize)),
      ("schedule/learning_rate", record.learningRate),
      ("schedule/updates", Double(record.updates)),
      ("speed/images_per_second", record.imagesPerSecond),
    ]
  }

  /// A record: length, its checksum, content, its checksum.
  private static func framed(_ event: ProtobufMessage) -> [UInt8] {
    let length = UInt64(event.bytes.count).littleEndianBytes
    return length + maskedChecksum(length) + event.bytes + maskedChecksum(event.bytes)
  }

  /// The checksum, changed so that a checksum over bytes that hold one stays meaningful.
  private static func maskedChecksum(_ bytes: [UInt8]) -> [UInt8] {
    let checksum = CRC32.castagnoli(bytes)
    return ((checksum >> 15 | checksum << 17) &+ 0xA282_EAD8).littleEndianBytes
  }
}
