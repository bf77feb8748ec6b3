// What the replicas of a program, each on a device of its own, bring together.
extension HLOText {
  /// The sum of every replica's `a`, on all of them.
  mutating func sumOfReplicas(_ a: HLOValue, count: Int) -> HLOValue {
    if count == 1 { return a }
    let scalar = HLOType.scalar(a.type.element)
    let name = newName()
    line("\(name) = \"stablehlo.all_reduce\"(\(a.name)) <{\(Self.everyone(count))}> ({")
    region(of: scalar) { $0.binary(.add, $1, $2) }
    line("}) : (\(a.type)) -> \(a.type)")
    return HLOValue(name: name, type: a.type)
  }

  /// Every replica's rows of `a`, one replica's behind the other's, on all of them.
  mutating func rowsOfReplicas(_ a: HLOValue, count: Int) -> HLOValue {
    if count == 1 { return a }
    let type = HLOType(
      [count * a.type.dimensions[0]] + a.type.dimensions.dropFirst(), a.type.element)
    let name = newName()
    line(
      "\(name) = \"stablehlo.all_gather\"(\(a.name)) <{all_gather_dim = 0 : i64,"
        + " \(Self.everyone(count))}> : (\(a.type)) -> \(type)")
    return HLOValue(name: name, type: type)
  }

  private static func everyone(_ count: Int) -> String {
    let replicas = (0..<count).map(String.init).joined(separator: ", ")
    return "replica_groups = dense<[[\(replicas)]]> : tensor<1x\(count)xi64>"
  }
}
