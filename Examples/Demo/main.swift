// A small network, trained with a batch that grows and with the smallest and the largest fixed one:
// what the growing batch kept, and what it saved. `make demo` runs it; `demo EPOCHS` is another length.
import AdaBatch
import Foundation

let smallest = 64
let largest = 1024

do {
  let atHand = CIFAR.folder(of: .cifar10, inAnyOf: DataFolders.searched()) != nil
  let data = atHand ? try CIFAR.load(.cifar10) : SyntheticImages.make(seed: 1)
  print(
    atHand
      ? "Images: CIFAR-10, found in \(data.source)"
      : "Images: synthetic, for no CIFAR-10 is in $ADABATCH_DATA or ~/.cache/adabatch/data")
  let epochs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) }
  let options = TrainingOptions(epochs: epochs ?? (atHand ? 10 : 20), learningRate: 0.05)
  let interval = ReferenceRecipe.interval(epochs: options.epochs)
  let executor = try OneDNNExecutor()
  var arms = [
    Arm("fixed \(smallest)", try FixedBatch(batchSize: smallest, interval: interval)),
    Arm(
      "AdaBatch \(smallest)–\(largest)",
      try AdaBatchGrowth(
        initialBatchSize: smallest, interval: interval, maximumBatchSize: largest)),
    Arm("fixed \(largest)", try FixedBatch(batchSize: largest, interval: interval)),
  ]
  for index in arms.indices { try arms[index].train(on: data, executor, options) }
  compare(arms, to: arms[0])
  print(
    """
    On one CPU fewer updates save little time, for the machine is busy at batch \(smallest) already; they turn
    into time where an update costs more than its images: on accelerators, and on many ranks, where
    each update is a reduction.
    """)
} catch {
  try? FileHandle.standardError.write(contentsOf: Data("demo: \(error)\n".utf8))
  exit(1)
}
