/// The cores that this process may use: hardware threads, and what they are threads of.
public struct AvailableCores: Sendable, Equatable {
  /// Those that its CPU affinity allows, by the kernel's numbers.
  public let allowed: Set<Int>
  /// The first hardware thread of each physical core of which it may use any; ``allowed`` where the
  /// system does not say what belongs together.
  public let physical: Set<Int>
  /// Cores' worth of time that its control groups' quota gives; nil where there is none.
  public let quota: Double?

  /// How many threads can run at the same time.
  public var count: Int { min(allowed.count, quotaCount) }

  /// How many can run at the same time without sharing a core's vector units, which one thread of a
  /// convolution keeps busy.
  public var physicalCount: Int { min(physical.count, quotaCount) }

  private var quotaCount: Int { quota.map { max(1, Int($0.rounded(.down))) } ?? .max }

  /// What keeps the count down.
  var reason: String { count < allowed.count ? "the control group's quota" : "its CPU affinity" }

  /// nil where the system does not say which cores are allowed.
  package init?(_ files: HostFiles = HostFiles()) {
    guard let list = files.value(of: "Cpus_allowed_list", in: "/proc/self/status") else {
      return nil
    }
    let allowed = Self.numbers(in: list)
    self.allowed = allowed
    physical = Set(
      allowed.map { cpu in
        let siblings = "/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"
        return Self.numbers(in: files.text(siblings)?.prefix { !$0.isNewline } ?? "").min() ?? cpu
      })
    quota = ControlGroups(files: files).coreQuota
    if allowed.isEmpty { return nil }
  }

  /// The numbers of a list such as `0-3,8,10-11`.
  private static func numbers(in list: Substring) -> Set<Int> {
    var numbers: Set<Int> = []
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { continue }
      numbers.formUnion(first...last)
    }
    return numbers
  }
}
