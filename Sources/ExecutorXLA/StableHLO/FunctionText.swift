/// A module with one function, `main`.
struct FunctionText {
  private let name: String
  private var arguments: [String] = []

  init(named name: String) { self.name = name }

  /// - Parameter aliasing: the result that may take the argument's memory, which is lost then.
  mutating func argument(
    _ name: String, _ type: HLOType, aliasing result: Int? = nil
  ) -> HLOValue {
    let donated = result.map { " {tf.aliasing_output = \($0) : i32}" } ?? ""
    arguments.append("%\(name): \(type)\(donated)")
    return HLOValue(name: "%\(name)", type: type)
  }

  /// - Parameter replicas: devices that run the function together, each on arguments of its own.
  func finished(
    _ body: HLOText, returning results: [HLOValue], replicas: Int = 1
  ) -> String {
    """
    module @\(name) attributes {mhlo.num_replicas = \(replicas) : i32} {
      func.func public @main(
          \(arguments.joined(separator: ",\n      "))
      ) -> (\(results.types)) {
    \(body.lines.map { "  " + $0 }.joined(separator: "\n"))
        return \(results.names) : \(results.types)
      }
    }

    """
  }
}
