import ExecutorXLA
import Executors
import Foundation
import NetworkGraph
import Networks
import TestSupport
import Testing

private let library = XLAFiles.nvidiaPlugin

/// Compiles for a GPU that is not here, and counts the kernels of an update.
///
/// What is counted is what XLA starts one by one: fusions, convolutions, products. A small
/// network's update takes as long as its kernels take to start, so a change that adds some is a
/// slower one.
@Suite("Compiled for an H200", .serialized, .enabled(if: library != nil, "no XLA_PLUGIN"))
struct DevicelessTests {
  private let plugin: PJRTPlugin
  private static let dump = FileManager.default.temporaryDirectory
    .appending(path: "adabatch-xla-\(ProcessInfo.processInfo.processIdentifier)")

  init() throws {
    // Read once, when the plugin is first asked for something.
    setenv("XLA_FLAGS", "--xla_dump_to=\(Self.dump.path) --xla_dump_hlo_as_text", 1)
    plugin = try PJRTPlugin(loading: #require(library))
  }

  @Test("says which StableHLO it takes")
  func attributes() throws {
    #expect(plugin.version.hasPrefix("0."))
    #expect(try plugin.attributes()["stablehlo_current_version"]?.isEmpty == false)
  }

  @Test(
    "an update has no more kernels than it had, and no window larger than its filter",
    arguments: [("resnet20", 128, 242), ("vgg19_bn", 128, 207), ("alexnet", 256, 52)])
  func kernels(name: String, batch: Int, most: Int) throws {
    let network = try #require(try NetworkCatalogue.network(named: name, classes: 10))
    let graph = try ImageClassifier(network, imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let text = UpdatesText(
      graph, outputs: Self.outputs,
      UpdatesText.Sizes(dataset: 50_000, batch: batch, updates: 390), Self.recipe,
      precision: .bf16, named: name)
    let program = try compiled(text.text, results: 5, name)
    print("\(name), batch \(batch), bf16: \(program.kernels) kernels in an update")
    #expect(program.kernels <= most && program.kernels > 20)
    #expect(!program.windows.isEmpty)
    #expect(program.windows.allSatisfy { $0 <= 3 }, "\(program.windows)")
  }

  @Test(
    "what times the passes has those alone: no backward pass in the forward one, no update",
    arguments: [1, 2])
  func timing(groups: Int) throws {
    let graph = try ImageClassifier(
      ResNet(blocksPerStage: 1, bottleneck: false), imageDimensions: [3, 32, 32], classes: 10
    ).trainingGraph()
    let sizes = UpdatesText.Sizes(
      dataset: 50_000, batch: 128, group: 128 / groups, updates: 390, passes: groups)
    let update = UpdatesText(
      graph, outputs: Self.outputs, sizes, Self.recipe, precision: .bf16, named: "update")
    let passes = [TimingText.Extent.forward, .forwardAndBackward].map {
      TimingText(
        $0, of: graph, outputs: Self.outputs, sizes, Self.recipe, precision: .bf16, named: "\($0)")
    }
    let whole = try compiled(update.text, results: 5, "update")
    let (forward, both) = (
      try compiled(passes[0].text, results: 2, "forward"),
      try compiled(passes[1].text, results: 2, "forwardAndBackward")
    )
    // Of each convolution there are three in an update, but of the first, which has no input
    // gradient.
    #expect(whole.windows.count == 3 * forward.windows.count - 1)
    #expect(both.windows.count == whole.windows.count)
    #expect(forward.kernels < both.kernels && both.kernels <= whole.kernels)
  }

  @Test("an update on two devices, each in two parts, brings them together once")
  func devices() throws {
    let graph = try ImageClassifier(
      ResNet(blocksPerStage: 1, bottleneck: false), imageDimensions: [3, 32, 32], classes: 10
    ).trainingGraph()
    let text = UpdatesText(
      graph, outputs: Self.outputs,
      UpdatesText.Sizes(
        dataset: 50_000, batch: 128, group: 64, updates: 195, replicas: 2, passes: 2),
      Self.recipe, precision: .bf16, named: "devices")
    let program = try compiled(
      text.text, results: 5, "devices", topology: "1x1x2", CompileOptions(replicas: 2))
    // In the loop over updates, in which that over parts is, and not in the latter: statistics, and
    // gradient and sums, which XLA sends together.
    #expect(program.collectives.count == 2)
    #expect(program.collectives.allSatisfy { $0.contains { $0.contains(" while(") } })
  }

  private static let outputs = (ImageClassifier.logitsOutput, ImageClassifier.lossesOutput)
  private static let recipe = UpdatesText.Recipe(
    momentum: 0.9, weightDecay: 5e-4, mean: [0.4914, 0.4822, 0.4465],
    deviation: [0.2023, 0.1994, 0.2010])

  private func compiled(
    _ text: String, results: Int, _ name: String, topology: String = "1x1x1",
    _ options: CompileOptions = CompileOptions()
  ) throws -> CompiledProgram {
    let target = try String(contentsOf: XLAFiles.file("H200.txtpb"), encoding: .utf8)
    #expect(
      try plugin.compile(text, for: target, topology: topology, options: options) == results)
    defer { try? FileManager.default.removeItem(at: Self.dump) }
    return try CompiledProgram(of: name, in: Self.dump)
  }

  @Test("a program that is none is refused in the compiler's words")
  func refused() throws {
    let error = #expect(throws: ExecutorError.self) {
      try plugin.compile("module { this is not }", for: "platform_name: \"CUDA\"")
    }
    #expect(error?.description.contains(plugin.path) == true)
  }
}

@Suite("A plugin")
struct PluginTests {
  @Test("that is not there, or none, is named with what is wrong")
  func wrong() throws {
    let missing = #expect(throws: ExecutorError.self) { try PJRTPlugin(loading: "/none.so") }
    #expect(missing?.description.contains("/none.so cannot be used: there is no such file") == true)
    let text = #expect(throws: ExecutorError.self) { try PJRTPlugin(loading: #filePath) }
    #expect(text?.description.contains("invalid ELF header") == true)
    // Any library will do.
    let library = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6"]
      .first { FileManager.default.fileExists(atPath: $0) }
    let other = #expect(throws: ExecutorError.self) {
      try PJRTPlugin(loading: #require(library))
    }
    #expect(other?.description.contains("it has no GetPjrtApi") == true)
  }
}

/// What came out of the compiler, as it dumps it: the text of its final program.
private struct CompiledProgram {
  /// Instructions of the loop's body that are started one by one.
  let kernels: Int
  /// The sizes of the windows of all convolutions, the larger side of each.
  let windows: [Int]
  /// For each instruction that begins to speak to other devices, the lines of its computation.
  let collectives: [[String]]

  init(of name: String, in dump: URL) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: dump, includingPropertiesForKeys: nil)
    let file = try #require(
      files.first { $0.path.contains(name) && $0.path.hasSuffix("_gpu_after_optimizations.txt") })
    let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    collectives = lines.split { $0 == "}" }.flatMap { computation in
      computation.filter { $0.contains(#/^ *%all-(reduce|gather)-start[.\d]* = /#) }
        .map { _ in Array(computation) }
    }
    let loop = try #require(
      lines.first { $0.contains(" while(") }?.firstMatch(of: #/body=%?([\w.]+)/#))
    let start = try #require(
      lines.firstIndex { $0.firstMatch(of: #/^%?([\w.]+) /#)?.1 == loop.1 && $0.hasSuffix("{") })
    let body = lines[(start + 1)...].prefix { !$0.hasPrefix("}") }
    let idle = ["parameter", "get-tuple-element", "tuple", "constant", "bitcast"]
    kernels = body.count { line in
      // An instruction is `name = type operation(…)`, and a type has no lower case before a
      // bracket.
      guard let operation = line.firstMatch(of: #/ ([a-z][a-z\-]*)\(/#)?.1 else { return false }
      return !idle.contains(String(operation))
    }
    windows = body.compactMap { line in
      line.firstMatch(of: #/window=\{size=(\d+)x(\d+)/#).flatMap {
        max(Int($0.1) ?? 0, Int($0.2) ?? 0)
      }
    }
  }
}
