import AdaBatch
import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and leave a run directory, or go on with one.",
    discussion: """
      EXAMPLE
        adabatch train --dataset cifar10 --network alexnet --batch-size 256

      The defaults are the recipe of the AdaBatch paper's one-device experiment: the batch doubles \
      and the rate is multiplied by 0.75 every 20 of 100 epochs. Writes run.yaml, decisions.jsonl, \
      model.safetensors, and the epochs as epochs.jsonl, epochs.csv, numbers.npz and for TensorBoard. \
      The same command again goes on where the run was interrupted, to the same bits. \
      Behind mpirun -n N or srun, N ranks share each update: Documentation/ManyRanks.md. \
      Options of the AdaBatch scripts (--train-batch, --zero-grad-freq, --lr, ...) are understood \
      too: Documentation/FromTheScripts.md.
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup(title: "Run and checkpoints") var checkpoints: CheckpointArguments
  @OptionGroup(title: "Ranks") var ranks: RankArguments

  @OptionGroup(title: "Progress") var progress: ProgressArguments

  @Flag(help: "Print the settings as YAML, each with where it is from, and train nothing.")
  var printConfig = false

  mutating func run() throws {
    try progress.check()
    do {
      try train()
    } catch {
      progress.tell(error)
      throw error
    }
  }
}
