import ExecutorOneDNN
import Executors
import Experiments
import ImageData
import NetworkGraph
import RunRecords
import Testing
import Training

@Suite("Planned memory")
struct PlannedMemoryTests {
  private let executor: OneDNNExecutor

  init() throws { executor = try OneDNNExecutor(threads: 1) }

  // AlexNet for 10 classes: 2,472,266 parameters, no running statistics.
  @Test("counts weights, momentum, gradients, fed images, and the larger program")
  func parts() throws {
    let settings = settings { ($0.network, $0.batchSize) = ("alexnet", 256) }
    let plan = try TrainingPlan(settings, executor: executor)
    let memory = plan.run.totals.memory
    #expect(memory.weights == 3 * 4 * 2_472_266)
    #expect(memory.batch == (4096 + 200) * (3 * 32 * 32 * 4 + 4))
    #expect(memory.trainingProgram > memory.evaluationProgram)
    #expect(memory.all == memory.trainingProgram + memory.batch + memory.weights)
    // The first layer's activations and their gradient alone.
    #expect(memory.trainingProgram >= 2 * 4096 * 64 * 8 * 8 * 4)
  }

  @Test("is the memory that the programs of a training work in")
  func programs() throws {
    let settings = settings { ($0.network, $0.batchSize, $0.epochs) = ("alexnet", 16, 5) }
    let outline = try settings.outline()
    let plan = try TrainingPlan(settings, executor: executor)
    for phase in plan.run.phases {
      let program = try executor.compile(outline.trainingGraph, imageCount: phase.batchSize)
      #expect(phase.memory.trainingProgram == program.memoryBytes)
    }
    #expect(plan.run.totals.memory == plan.run.phases.last?.memory)
    #expect(
      plan.baselines.map(\.totals.memory.trainingProgram) == [
        plan.run.phases[0].memory.trainingProgram, plan.run.totals.memory.trainingProgram,
      ])
  }

  @Test("a fixed micro-batch keeps the programs, and needs gradients for the sum's tree")
  func accumulation() throws {
    let plan = try plan {
      ($0.network, $0.batchSize, $0.microBatch) = ("alexnet", 64, .images(64))
    }
    let phases = plan.run.phases
    #expect(phases.map(\.microBatches) == [1, 2, 4, 8, 16])
    #expect(Set(phases.map(\.memory.trainingProgram)).count == 1)
    // A complete tree of 2ᵏ leaves is joined with one sum of each size below waiting.
    #expect(phases.map(\.memory.weights) == [3, 4, 5, 6, 7].map { $0 * 4 * 2_472_266 })
    #expect(phases.map(\.memory.batch) == Array(repeating: 264 * 12_292, count: 5))
  }

  @Test("counts the weights and the momentum that a guard goes back to")
  func guarded() throws {
    let plain = try plan { $0.network = "resnet20" }.run.totals.memory
    let guarded = try plan { ($0.network, $0.guardsGrowth) = ("resnet20", true) }.run.totals.memory
    // ResNet-20 has 272,474 parameters, and two statistics of each of 784 channels.
    #expect(guarded.weights - plain.weights == 4 * (2 * 272_474 + 2 * 784))
  }

  @Test(
    "is what a training takes, to the byte",
    arguments: [
      ("alexnet", TrainingSettings.MicroBatch.batch), ("alexnet", .images(8)),
      ("resnet20", .images(16)), ("vgg11_bn", .part(3)),
    ])
  func exact(network: String, microBatch: TrainingSettings.MicroBatch) throws {
    let settings = settings {
      ($0.dataset, $0.network, $0.policy) = ("synthetic", network, "fixed")
      ($0.batchSize, $0.epochs, $0.microBatch) = (32, 1, microBatch)
    }
    let images = SyntheticImages.make(seed: 1, trainingCount: 64, testCount: 20)
    let plan = try TrainingPlan(settings, images: images.outline, executor: executor)
    let before = AllocatedMemory.bytes
    let outline = try settings.outline(images: images.outline)
    // An executor of its own: its arena is part of what is counted.
    let trainer = try Trainer(outline, images, on: .host(try OneDNNExecutor(threads: 1)))
    try trainer.train()
    #expect(AllocatedMemory.bytes - before == plan.run.totals.memory.all)
    #expect(plan.run.totals.memory.all > 0)
    withExtendedLifetime(trainer) {}
  }

  @Test("that is not there is refused as a training refuses it, with the options that help")
  func refused() throws {
    let error = #expect(throws: ExecutorError.self) {
      try TrainingPlan(settings(), executor: NarrowExecutor(imagesThatFit: 500))
    }
    #expect(error?.code == .outOfMemory)
    #expect(
      error?.description == """
        out of memory: in training, 2048 images are too many
          fix: use --micro-batch 128, or let the batch grow to --max-batch 500
        """)
  }
}

/// An executor with memory for few images.
private struct NarrowExecutor: Executor {
  let name = "narrow"
  let imagesThatFit: Int

  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> {
    guard imageCount <= imagesThatFit else {
      throw ExecutorError(
        .outOfMemory, problem: "\(imageCount) images are too many", fix: "pass fewer",
        imagesThatFit: imagesThatFit)
    }
    return try ReferenceExecutor<Float>().compile(graph, imageCount: imageCount)
  }
}
