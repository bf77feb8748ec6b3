// Trains a few updates on as many ranks as it is started on, and prints a checksum of the weights,
// which is the same on all numbers of ranks:
//
//   mpirun -n 3 .build/release/ManyRanks vgg19_bn

import AdaBatch
import Foundation

let name = CommandLine.arguments.dropFirst().first ?? "resnet20"
let largest = CommandLine.arguments.contains("fixed") ? 24 : 48
let ranks = Ranks(try Job.join(ProcessInfo.processInfo.environment))

@MainActor func train() throws {
  guard let network = try NetworkCatalogue.network(named: name, classes: 10) else {
    throw NetworkCatalogue.unknown(name)
  }
  let trainer = try Trainer(
    network, SyntheticImages.make(seed: 1, trainingCount: 52, testCount: 30),
    policy: AdaBatchGrowth(initialBatchSize: 24, interval: 1, maximumBatchSize: largest),
    executor: OneDNNExecutor(threads: 1),
    options: TrainingOptions(
      epochs: 2, learningRate: 0.05, microBatch: .images(8), testBatch: 10),
    ranks: ranks)
  var epochs = ""
  try trainer.train { epochs += "batch \($0.batchSize): loss \($0.trainLoss), \($0.testLoss)\n" }
  // Every rank has the same weights; one of them says so.
  if ranks.own == 0 {
    let weights = trainer.learner.weights
    let bits = (weights.parameters.elements + weights.statistics.elements).map(\.bitPattern)
    print("\(epochs)weights \(bits.reduce(0 as UInt64) { $0 &* 31 &+ UInt64($1) })")
  }
}

// A rank that is frozen ends all of them, and so does what fails on one.
ranks.communicator.notice(RankWatch())
do {
  try ranks.together(train)
  ranks.communicator.leave()
} catch {
  if ranks.own == 0 { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
  if error is CommunicationError { ranks.communicator.abort(code: 76) }
  ranks.communicator.leave()
  exit(1)
}
