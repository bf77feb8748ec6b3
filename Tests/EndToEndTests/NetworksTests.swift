import Foundation
import Testing

@Suite("adabatch networks", .serialized)
struct NetworksTests {
  @Test("lists the networks, as lines and as JSON")
  func list() throws {
    let list = try adabatch.run(["networks"])
    #expect(list.stdout.contains("vgg19_bn     20,040,522\n"))
    let json = try adabatch.run(["networks", "--json"])
    let counts = try JSONDecoder().decode([Count].self, from: Data(json.stdout.utf8))
    #expect(counts.count == 14)
    #expect(counts.contains(Count(network: "alexnet", parameters: 2_472_266)))
  }

  // The operations are PyTorch's: NetworksTests/Witness/flops.json.
  @Test("shows one with its shapes, parameters, operations and memory")
  func one() throws {
    let lines = try adabatch.run(["networks", "resnet20", "--classes", "100"]).stdout
      .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    let layer = "layer2.0.downsample.0 convolution 1×1, stride 2 [N, 32, 16, 16] 512 0.262 0.786"
    #expect(lines.contains(layer))
    #expect(
      lines.contains(
        "resnet20, 100 classes: 278,324 parameters, 81.638 MFLOP forward and 244.029 in training"
          + " for each image"))
    #expect(lines.contains("MB of memory, f32, 1 thread 128 images 2,048 images"))
  }

  @Test("shows the memory at the batch sizes that are asked for, and that the machine may not have")
  func memory() throws {
    let sizes = [1, 128, 1_000_000]
    let outcome = try adabatch.run(
      ["networks", "alexnet", "--json"] + sizes.flatMap { ["--batch-size", "\($0)"] })
    let cost = try JSONDecoder().decode(Cost.self, from: Data(outcome.stdout.utf8))
    #expect(cost.operations.forward == 29_914_112)
    #expect(cost.operations.training == 86_768_640)
    #expect(cost.memory.map(\.images) == sizes)
    for memory in cost.memory {
      #expect(memory.batch == memory.images * (3 * 32 * 32 * 4 + 4))
      #expect(memory.weights == 3 * 4 * 2_472_266)
      // The activations of the first layer alone, and its gradient's.
      #expect(memory.evaluationProgram >= memory.images * 64 * 8 * 8 * 4)
      // One image alone needs room for filters above all, which evaluation needs too.
      #expect(memory.images == 1 || memory.trainingProgram > memory.evaluationProgram)
      let program = max(memory.trainingProgram, memory.evaluationProgram)
      #expect(memory.all == program + memory.batch + memory.weights)
    }
    #expect(cost.memory[2].all > 1 << 36)
  }

  @Test(
    "prints the program for accelerators, in each precision, the same each time",
    arguments: [("f32", "f32", "HIGHEST"), ("tf32", "f32", "DEFAULT"), ("bf16", "bf16", "DEFAULT")])
  func stableHLO(precision: String, element: String, product: String) throws {
    let command = [
      "networks", "resnet8", "--stablehlo", "--precision", precision, "--batch-size", "4",
      "--micro-batch", "2",
    ]
    let outcome = try adabatch.run(command)
    #expect(outcome.status == 0, "\(outcome.stderr)")
    #expect(outcome.stdout.hasPrefix("module @resnet8 "))
    #expect(outcome.stdout.contains("%choices: tensor<12500x4x4xi32>"))
    #expect(outcome.stdout.contains("-> tensor<4x32x32x16x\(element)>"))
    // Batch norm's sums are over two images.
    #expect(outcome.stdout.contains("tensor<2x2x32x32x16xf32>"))
    #expect(outcome.stdout.contains("#stablehlo<precision \(product)>"))
    #expect(try adabatch.run(command).stdout == outcome.stdout)
  }

  private struct Count: Decodable, Equatable {
    let network: String
    let parameters: Int
  }

  private struct Cost: Decodable {
    let operations: Operations
    let memory: [Memory]

    struct Operations: Decodable {
      let forward, training: Int
    }

    struct Memory: Decodable {
      let images, trainingProgram, evaluationProgram, batch, weights, all: Int
    }
  }
}
