import Executors
import NetworkGraph

/// Devices of a PJRT plugin, as those to which a training is carried.
public struct XLAAccelerator: Accelerator {
  public let client: PJRTClient
  public let precision: Precision
  /// Of this process.
  public let deviceCount: Int
  /// Those that share each update, of every process.
  let devicesOfGroup: [[PJRTDevice]]
  /// XLA's flags by their names, over those that are chosen here.
  public let flags: [String: CompileOptions.Flag]
  /// Where compiled programs are kept; nil for nowhere.
  public let cache: ExecutableCache?

  /// - Parameters:
  ///   - deviceCount: how many of the client's devices share each update, and as many of every other
  ///     process of its group.
  /// - Throws: ``ExecutorError`` with code `unsupported` where there are not so many.
  public init(
    _ client: PJRTClient, precision: Precision = .f32, deviceCount: Int = 1,
    flags: [String: CompileOptions.Flag] = [:], cache: ExecutableCache? = nil
  ) throws(ExecutorError) {
    let all = try client.devicesOfGroup()
    let fewest = all.map(\.count).min() ?? 0
    guard fewest > 0 else {
      throw ExecutorError(
        .unsupported, problem: "the plugin \(client.plugin.path) does not join processes",
        fix: "train with one process; --devices shares an update among its devices")
    }
    guard deviceCount >= 1, deviceCount <= fewest else {
      let place =
        all.count == 1 ? "here" : "with rank \(all.firstIndex { $0.count == fewest } ?? 0)"
      throw ExecutorError(
        .unsupported,
        problem: "\(deviceCount) devices were asked for, and \(fewest) are \(place)",
        fix: "use --devices \(fewest) at most")
    }
    devicesOfGroup = all.map { Array($0.prefix(deviceCount)) }
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

// Who runs a program together.
extension XLAAccelerator {
  enum Team { case oneDevice, thisProcess, everyProcess }

  /// Devices that share each update, of all processes.
  var replicas: Int { devicesOfGroup.joined().count }

  /// The first of them that is this process's.
  var firstReplica: Int { ownProcess * deviceCount }

  /// Those of this process.
  var devices: [PJRTDevice] { devicesOfGroup[ownProcess] }

  private var ownProcess: Int { client.group?.own ?? 0 }

  func options(_ team: Team) -> CompileOptions {
    guard client.group != nil else {
      return CompileOptions(replicas: team == .oneDevice ? 1 : deviceCount)
    }
    let team =
      switch team {
      case .oneDevice: [devices[0]]
      case .thisProcess: devices
      case .everyProcess: Array(devicesOfGroup.joined())
      }
    return CompileOptions(replicas: team.count, devices: team.map(\.number))
  }
}
