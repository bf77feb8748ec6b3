/// The cores, counting each hardware thread, that this process may use.
public struct AvailableCores: Sendable, Equatable {
  /// Those that its CPU affinity allows, by the kernel's numbers.
  public let allowed: Set<Int>
  /// Cores' worth of time that its control groups' quota gives; nil where there is none.
  public let quota: Double?

  /// How many threads can run at the same time.
  public var count: Int {
    min(allowed.count, quota.map { max(1, Int($0.rounded(.down))) } ?? .max)
  }

  /// What keeps the count down.
  var reason: String { count < allowed.count ? "the control group's quota" : "its CPU affinity" }

  /// nil where the system does not say which cores are allowed.
  package init?(_ files: HostFiles = HostFiles()) {
    guard let list = files.value(of: "Cpus_allowed_list", in: "/proc/self/status") else {
      return nil
    }
    allowed = Self.numbers(in: list)
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
