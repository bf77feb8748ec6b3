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

  mutating func run() { Console.print(Self.list) }

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
