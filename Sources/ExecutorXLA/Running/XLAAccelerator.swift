import Executors
import NetworkGraph

/// Devices of a PJRT plugin, as those to which a training is carried.
public struct XLAAccelerator: Accelerator {
  public let client: PJRTClient
  public let precision: Precision
  public let deviceCount: Int
  /// XLA's flags by their names, over those that are chosen here.
  public let flags: [String: CompileOptions.Flag]
  /// Where compiled programs are kept; nil for nowhere.
  public let cache: ExecutableCache?

  /// - Parameters:
  ///   - deviceCount: how many of the client's devices share each update.
  /// - Throws: ``ExecutorError`` with code `unsupported` where there are not so many.
  public init(
    _ client: PJRTClient, precision: Precision = .f32, deviceCount: Int = 1,
    flags: [String: CompileOptions.Flag] = [:], cache: ExecutableCache? = nil
  ) throws(ExecutorError) {
    guard deviceCount >= 1, deviceCount <= client.devices.count else {
      throw ExecutorError(
        .unsupported,
        problem: "\(deviceCount) devices were asked for, and \(client.devices.count) are here",
        fix: "use --devices \(client.devices.count) at most")
    }
    (self.client, self.precision, self.cache) = (client, precision, cache)
    (self.deviceCount, self.flags) = (deviceCount, flags)
  }

  public var name: String {
    let count = deviceCount == 1 ? "" : "\(deviceCount) × "
    return "XLA, PJRT \(client.plugin.version), \(count)\(client.devices[0].kind)"
  }

  public func prepare(_ training: CarriedTraining) throws -> any DeviceTraining {
    try wakeLibraries()
    return try XLATraining(training, self)
  }
}
