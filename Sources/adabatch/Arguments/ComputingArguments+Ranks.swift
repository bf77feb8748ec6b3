import AdaBatch
import Foundation

// What computes on several ranks, who divide their hosts among themselves.
extension ComputingArguments {
  /// What computes, with the cores of each host, or its accelerators, divided among its ranks unless
  /// something else is said.
  ///
  /// - Throws: what ``makeEngine(threads:like:)`` does, on all ranks.
  func makeEngine(on ranks: Ranks, like settings: TrainingSettings? = nil) throws -> Engine {
    // Asked of all, whatever was said to this one: all ranks do the same.
    let share = ranks.count == 1 ? nil : try coresOfOneRank(ranks)
    let isGiven = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] != nil
    let count = settings?.threads ?? (isGiven ? nil : share)
    let choice = try ranks.together { try self.choice(threads: count, like: settings) }
    guard ranks.count > 1 else { return try makeEngine(threads: count, like: settings) }
    let others = try ranks.gather(choice.device.rawValue)
    if let rank = others.firstIndex(where: { $0 != others[0] }) {
      throw DeviceArguments.refused(
        "rank \(rank) is to compute on \(others[rank]), and rank 0 on \(others[0])",
        "give all ranks the same --device")
    }
    guard choice.device != .cpu else {
      return try ranks.together { try makeEngine(threads: count, like: settings) }
    }
    return try joinedEngine(choice, ranks)
  }

  /// Opens devices on each rank, and makes them known to all ranks.
  private func joinedEngine(_ choice: EngineChoice, _ ranks: Ranks) throws -> Engine {
    let plugin = try ranks.together { try devices.plugin(for: choice.device) }
    let visible = choice.device == .cuda ? try ownDevices(choice.devices, ranks) : nil
    let group = ClientGroup(own: ranks.own, count: ranks.count, ranks.communicator.openBoard())
    let engine = try ranks.together { () -> Engine? in
      do {
        let client = try devices.client(
          of: plugin, choice.device, visible: visible, joining: group)
        return try Engine(choice, devices, client: client)
      } catch {
        // Why, says the rank that failed first.
        if group.othersGaveUp { return nil }
        group.giveUp()
        throw error
      }
    }
    guard let engine else { preconditionFailure("a rank that gave up without an error") }
    return engine
  }

  /// Those of the GPUs that a rank sees which are its own: the ranks of a host that see the same
  /// divide them, and who was given others than they takes the first ones.
  private func ownDevices(_ count: Int, _ ranks: Ranks) throws -> Range<Int> {
    let variable = "CUDA_VISIBLE_DEVICES"
    let seen = try ranks.gather(ProcessInfo.processInfo.environment[variable] ?? "")
    let views = zip(ranks.communicator.hosts, seen).map { [$0, $1] }
    let place = views[..<ranks.own].count { $0 == views[ranks.own] }
    let own = place * count..<(place + 1) * count
    let visible = seen[ranks.own].split(separator: ",").count
    return try ranks.together {
      guard visible == 0 || own.upperBound <= visible else {
        throw DeviceArguments.refused(
          "\(variable) has \(counted(visible, "device")), and this is rank \(place + 1) of those that"
            + " take \(count) of them each",
          "start fewer ranks on a host, or give them more devices")
      }
      return own
    }
  }

  /// Cores that the rank with the fewest has for itself.
  ///
  /// Where a batch system has bound every rank to cores of its own, those are its share already.
  private func coresOfOneRank(_ ranks: Ranks) throws -> Int {
    let cores = AvailableCores()
    let own = (cores?.physical ?? [0]).sorted().map(String.init).joined(separator: ",")
    // What a control group gives, it gives to all ranks of the host together.
    let limits = try ranks.gather("\(cores?.quota ?? .infinity)").map { Double($0) ?? .infinity }
    let lists = try ranks.gather(own).map { $0.split(separator: ",") }
    let hosts = Dictionary(grouping: lists.indices) { ranks.communicator.hosts[$0] }
    let shares = hosts.values.map { ranks in
      let cores = Double(Set(ranks.flatMap { lists[$0] }).count)
      return Int(min(cores, ranks.map { limits[$0] }.min() ?? cores)) / ranks.count
    }
    return max(1, shares.min() ?? 1)
  }
}
