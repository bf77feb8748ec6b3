import AdaBatch

/// The devices of a plugin, opened: what they are.
struct DeviceTrial: Codable {
  let interface, platform, kind: String
  let count: Int
  /// Bytes that programs may take; absent where the plugin does not say.
  let memoryBytes: Int?

  init(_ client: PJRTClient) {
    interface = client.plugin.version
    (platform, kind, count) = (client.platform, client.devices[0].kind, client.devices.count)
    memoryBytes = client.devices[0].memoryLimit
  }

  /// The same by a process of its own: a plugin that lacks something may end the one that it is in.
  static func inProcessOfItsOwn(_ plugin: String) -> Result<DeviceTrial, Trial.Failed> {
    Trial.answer(to: ["doctor", "--device-trial=\(plugin)"])
  }
}
