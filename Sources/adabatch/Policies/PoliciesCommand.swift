import AdaBatch
import ArgumentParser

struct PoliciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies",
    abstract: "List the policies; convert decay to growth and back.",
    discussion: """
      EXAMPLE
        adabatch policies
      """,
    subcommands: [PolicyConversionCommand.self])

  mutating func run() { Console.print(Self.list + Self.measuring) }

  private static var measuring: String {
    let kinds = MeasuringKind.all.map { kind in
      let rate = "--coupling \(kind.coupling)"
      let threshold = kind.threshold.map { ", --threshold \(number($0.value)): \($0.meaning)" }
      let patience = kind.patience.map { ", --patience \($0)" } ?? ""
      return "\(kind.name): \(kind.summary)\n  \(rate)\(threshold ?? "")\(patience)"
    }
    return """


      policies that measure decide while training: Documentation/MeasuringPolicies.md
      \(kinds.joined(separator: "\n"))
      any of these
        --batch-size       at the start; 128
        --min-batch        size that it never goes below; the batch size
        --max-batch        size that it never passes; 16 × the batch size
        --growth-factor    from one size to the next; \(number(ReferenceRecipe.growthFactor))
        --decide-every     updates after which to decide, beside each start of an epoch
        --coupling         of the rate: \(RateCoupling.allCases.map(\.rawValue).joined(separator: ", "))
        --cooldown         decisions after a change in which all stays; 1
        --hysteresis       share by which a size has to be passed; 0.1
        --max-interval     half of a 95 % interval that is believed, as a share; 0.5
      replay: the decisions of a run again, to the same bits
        --replay           directory of the run
      """
  }

  private static let list = """
    adabatch: the batch grows by a factor, and the rate decays a little (arXiv:1712.02029)
      --batch-size       at the start; 128
      --growth-factor    of each growth; \(number(ReferenceRecipe.growthFactor))
      --growth-interval  epochs from one change to the next; a fifth of all epochs
      --milestones       epochs after which to change, instead of an interval
      --rate-milestones  epochs after which the rate changes, where not with the batch
      --max-batch        size that growth never passes; 16 × the batch size
      --decay            of the rate at each change, 1 keeps it; \(number(ReferenceRecipe.growthDecay))
    fixed: one batch size, and the rate decays
      --batch-size       128
      --growth-interval  epochs from one change to the next; a fifth of all epochs
      --milestones       epochs after which to change, instead of an interval
      --decay            of the rate at each change, 1 keeps it; \(number(ReferenceRecipe.fixedDecay))
    either, with a warm-up of the rate
      --warmup           epochs in which it climbs to rate × batch size / baseline batch
      --baseline-batch   batch size that the learning rate was chosen for
    """

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
