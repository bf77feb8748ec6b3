import Foundation
import RunRecords
import TestSupport
import Testing

@Suite("--device", .serialized)
struct DeviceTests {
  private let words = ["train", "--dataset", "synthetic", "--network", "resnet8"]

  @Test("without a plugin says where it was looked for")
  func noPlugin() throws {
    let outcome = try adabatch.run(
      words + ["--device", "cuda"], environment: ["PATH": "/nowhere"])
    #expect(outcome.status == 69)
    #expect(
      outcome.stderr.hasPrefix(
        "adabatch: unsupported: NVIDIA's plugin is not installed (looked in: no Python was found)\n"
      ))
    #expect(outcome.stderr.contains("pip install \"jax[cuda13]\""))
  }

  @Test("finds a plugin among Python's packages, and names what it lacks")
  func incompletePlugin() throws {
    try withFolder { folder in
      let packages = folder.appending(path: "lib/python3.12/site-packages")
      let plugin = packages.appending(path: "jax_plugins/xla_cuda13")
      let tools = packages.appending(path: "nvidia/cu13/bin")
      for folder in [plugin, tools, folder.appending(path: "bin")] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      let library = plugin.appending(path: "xla_cuda_plugin.so")
      try Data().write(to: folder.appending(path: "bin/python3"))
      try Data("no library".utf8).write(to: library)
      let environment = ["PATH": folder.appending(path: "bin").path]
      let none = try adabatch.run(words + ["--device", "cuda"], environment: environment)
      #expect(none.stderr.contains("ptxas is neither beside the plugin nor on PATH"))
      let ptxas = tools.appending(path: "ptxas")
      try Data().write(to: ptxas)
      let idle = try adabatch.run(words + ["--device", "cuda"], environment: environment)
      #expect(idle.stderr.contains("ptxas is not executable\n  fix: chmod +x \(ptxas.path)"))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: ptxas.path)
      let broken = try adabatch.run(words + ["--device", "cuda"], environment: environment)
      #expect(broken.status == 69)
      #expect(broken.stderr.contains("the plugin \(library.path) cannot be used: "))
      #expect(broken.stderr.contains("libcudnn.so.9 is not in \(packages.path)/nvidia"))
      let doctor = try adabatch.run(["doctor"], environment: environment)
      let lines = doctor.stdout.components(separatedBy: "\n")
      func isTold(_ first: String, _ last: String) -> Bool {
        lines.contains { $0.hasPrefix("  \(first) ") && $0.hasSuffix(" \(last)") }
      }
      #expect(isTold("ok       plugin", library.path))
      #expect(isTold("missing  libcudart.so.13", "is not in \(packages.path)/nvidia"))
    }
  }

  @Test("without a device says what the plugin says", .enabled(if: XLAFiles.python != nil))
  func noDevice() throws {
    let outcome = try adabatch.run(
      words + ["--device", "pjrt", "--plugin", JaxlibPlugin.path],
      environment: ["JAXLIB_NO_DEVICE": "1"])
    #expect(outcome.status == 69)
    #expect(outcome.stderr.contains("says: No visible GPU devices."))
  }

  /// Few images: jaxlib takes long with each.
  private let few = [
    "train", "--device", "pjrt", "--dataset", "synthetic-few", "--network", "alexnet",
    "--batch-size", "12", "--epochs", "3", "--learning-rate", "0.02", "--quiet", "--run", "run",
  ]
  private var growing: [String] { few + ["--growth-interval", "1"] }

  private func jaxlib(_ cache: URL) throws -> [String: String] {
    [
      "ADABATCH_PLUGIN": try JaxlibPlugin.path, "XLA_PYTHON": XLAFiles.python ?? "",
      "XDG_CACHE_HOME": cache.path,
    ]
  }

  @Test(
    "trains on the user's own images, of another shape, as a processor does",
    .enabled(if: XLAFiles.python != nil))
  func ownImages() throws {
    try withFolder { folder in
      try OwnImages(in: folder.appending(path: "shades"), count: 24, height: 12, width: 9)
      let words = [
        "train", "--dataset", "folder", "--data", "shades", "--network", "resnet8", "--epochs",
        "2", "--batch-size", "12", "--policy", "fixed", "--quiet",
      ]
      for (run, device) in [("cpu", "cpu"), ("accelerator", "pjrt")] {
        let outcome = try adabatch.run(
          words + ["--run", run, "--device", device], in: folder,
          environment: try jaxlib(folder))
        #expect(outcome.status == 0, "\(outcome.stderr)")
      }
      let losses = try ["cpu", "accelerator"].map { run in
        try RunDirectory(opening: folder.appending(path: run).path).epochs().records
          .map(\.trainLoss)
      }
      #expect(losses[0].count == 2)
      for (cpu, accelerator) in zip(losses[0], losses[1]) {
        #expect(abs(cpu - accelerator) < 1e-4, "\(losses)")
      }
    }
  }

  @Test(
    "records a run, which goes on where it was stopped and ends in the same bits",
    .enabled(if: XLAFiles.python != nil))
  func interrupted() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      let (whole, stopped) = (folder.appending(path: "whole"), folder.appending(path: "stopped"))
      for folder in [whole, stopped] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      let outcome = try adabatch.run(growing, in: whole, environment: environment)
      #expect(outcome.status == 0 && outcome.stdout.isEmpty, "\(outcome.stderr)")
      let tool = try RunningTool(adabatch, growing, in: stopped, environment: environment)
      let epochs = stopped.appending(path: "run/epochs.jsonl")
      #expect(tool.wait { (try? Data(contentsOf: epochs).count) ?? 0 > 0 })
      tool.send(SIGTERM)
      let end = try tool.end()
      #expect(end.status == 143, "\(end.stderr)")
      // Between epochs an accelerator writes no checkpoint for half a minute: the stop does.
      let checkpoints = stopped.appending(path: "run/checkpoints").path
      #expect(try !FileManager.default.contentsOfDirectory(atPath: checkpoints).isEmpty)
      let words = ["train", "--resume", "--run", "run"]
      let again = try adabatch.run(words, in: stopped, environment: environment)
      #expect(again.status == 0, "\(again.stderr)")
      let bits = try ShortTraining.bits(of: whole.appending(path: "run"))
      #expect(try ShortTraining.bits(of: stopped.appending(path: "run")) == bits)
      try moves(whole, environment)
    }
  }

  /// Has a finished run go on on the processor, and back.
  private func moves(_ folder: URL, _ environment: [String: String]) throws {
    let record = folder.appending(path: "run/run.yaml")
    #expect(
      try String(contentsOf: record, encoding: .utf8)
        .contains("timing: forward and backward are the shares that programs take which only pass"))
    for (epochs, device) in [("4", "cpu"), ("5", "pjrt")] {
      let outcome = try adabatch.run(
        [
          "train", "--resume", "--run", "run", "--epochs", epochs, "--device", device,
          "--allow-changes",
        ], in: folder, environment: environment)
      #expect(outcome.status == 0, "\(outcome.stderr)")
    }
    let lines = try String(contentsOf: folder.appending(path: "run/epochs.jsonl"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 5)
    let starts = try String(
      contentsOf: folder.appending(path: "run/starts.jsonl"), encoding: .utf8)
    #expect(starts.contains("device: pjrt → cpu") && starts.contains("device: cpu → pjrt"))
  }

  @Test(
    "shares each update among --devices, and refuses a batch that they cannot share",
    .enabled(if: XLAFiles.python != nil))
  func devices() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      let words = growing + ["--devices", "3", "--epochs", "1"]
      let shared = try adabatch.run(words, in: folder, environment: environment)
      #expect(shared.status == 0, "\(shared.stderr)")
      let record = try String(contentsOf: folder.appending(path: "run/run.yaml"), encoding: .utf8)
      #expect(record.contains("devices: 3\n"))
      let refused = try adabatch.run(
        growing + ["--devices", "3", "--batch-size", "10", "--run", "other"], in: folder,
        environment: environment)
      #expect(refused.status == 64)
      #expect(
        refused.stderr.contains("images cannot be shared by 3 devices alike"))
    }
  }

  @Test(
    "shares each update among ranks with the bits of one process, also when it is stopped between",
    .enabled(if: XLAFiles.python != nil))
  func ranks() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      func run(_ name: String, _ words: [String], ranks: Int) throws -> ShortTraining.Bits {
        let outcome = try RankJobs.run(
          adabatch, few + words + ["--run", name], ranks: ranks, in: folder,
          environment: environment)
        #expect(outcome.status == 0, "\(outcome.stderr)")
        return try ShortTraining.bits(of: folder.appending(path: name))
      }
      let growth = ["--growth-interval", "1"]
      let alone = try run("alone", growth + ["--devices", "2"], ranks: 1)
      _ = try run("shared", growth + ["--epochs", "1"], ranks: 2)
      #expect(try run("shared", growth + ["--resume", "--allow-changes"], ranks: 2) == alone)
      let record = try String(
        contentsOf: folder.appending(path: "shared/run.yaml"), encoding: .utf8)
      #expect(record.contains("ranks: 2\n") && record.contains("micro-batch: batch/2\n"))
    }
  }

  @Test(
    "passes on every rank in as many parts as that with the least memory needs",
    .enabled(if: XLAFiles.python != nil))
  func leastMemory() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      let words = few + ["--epochs", "1", "--micro-batch", "2"]
      // For 2 images beside weights of 10 MB, not for 6.
      let least = "14000000"
      func bits(_ name: String, _ outcome: Tool.Outcome) throws -> ShortTraining.Bits {
        #expect(outcome.status == 0, "\(outcome.stderr)")
        return try ShortTraining.bits(of: folder.appending(path: name))
      }
      let shared = try RankJobs.run(
        each: [words, words], own: [1: "JAXLIB_MEMORY=\(least)"], in: folder,
        environment: environment)
      let two = words + ["--devices", "2", "--run"]
      let whole = try adabatch.run(two + ["whole"], in: folder, environment: environment)
      let parts = try adabatch.run(
        two + ["parts"], in: folder,
        environment: environment.merging(["JAXLIB_MEMORY": least]) { $1 })
      let model = try bits("run", shared).model
      #expect(try bits("parts", parts).model == model)
      #expect(try bits("whole", whole).model != model)
    }
  }

  @Test(
    "shares what a policy measures among ranks of several devices",
    .enabled(if: XLAFiles.python != nil))
  func ranksThatMeasure() throws {
    try withFolder { folder in
      let outcome = try RankJobs.run(
        adabatch,
        few + [
          "--policy", "goodput", "--devices", "2", "--max-batch", "24", "--decide-every", "2",
          "--epochs", "2",
        ], ranks: 2, in: folder, environment: try jaxlib(folder))
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let decisions = try String(
        contentsOf: folder.appending(path: "run/decisions.jsonl"), encoding: .utf8)
      #expect(decisions.contains("\"evidence\""), "\(decisions)")
      #expect(decisions.contains("\"microBatch\":3,"), "\(decisions)")
    }
  }

  @Test(
    "on ranks of which one has no device ends all, with that one's reason",
    .enabled(if: XLAFiles.python != nil))
  func rankWithoutDevice() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      let lame = try RankJobs.run(
        each: [growing, growing], own: [1: "JAXLIB_NO_DEVICE=1"], in: folder,
        environment: environment)
      #expect(lame.status == 69)
      #expect(lame.stderr.contains("rank 1 on "), "\(lame.stderr)")
      #expect(lame.stderr.contains("says: No visible GPU devices."))
      let torn = try RankJobs.run(
        each: [growing, growing + ["--device", "cpu"]], in: folder, environment: environment)
      #expect(torn.status == 64)
      #expect(torn.stderr.contains("rank 1 is to compute on cpu, and rank 0 on pjrt"))
    }
  }

  @Test(
    "repeats a run that was decided upon within epochs, to the same bits",
    .enabled(if: XLAFiles.python != nil))
  func replay() throws {
    try withFolder { folder in
      let environment = try jaxlib(folder)
      let policy = ["--policy", "norm-test", "--decide-every", "3", "--micro-batch", "batch/2"]
      let outcome = try adabatch.run(
        few + policy + ["--max-batch", "24", "--drop-last"], in: folder, environment: environment)
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let again = try adabatch.run(
        ["train", "--replay", "run", "--run", "again", "--quiet"], in: folder,
        environment: environment)
      #expect(again.status == 0, "\(again.stderr)")
      let decisions = try String(
        contentsOf: folder.appending(path: "run/decisions.jsonl"), encoding: .utf8)
      #expect(decisions.contains("imagesIntoEpoch\":36"), "\(decisions)")
      // The reasons of the decisions say that they are repeated.
      let bits = try ShortTraining.bits(of: folder.appending(path: "run"))
      let repeated = try ShortTraining.bits(of: folder.appending(path: "again"))
      #expect(repeated.model == bits.model && repeated.epochs == bits.epochs)
    }
  }

  @Test("compares policies", .enabled(if: XLAFiles.python != nil))
  func comparison() throws {
    try withFolder { folder in
      let file = """
        all: {dataset: synthetic-few, network: alexnet, epochs: 2, batch-size: 12, growth-interval: 1}
        baseline: fixed
        arms:
          fixed: {policy: fixed}
          growing: {policy: adabatch}
        seeds: [1]

        """
      try file.write(
        to: folder.appending(path: "devices.yaml"), atomically: true, encoding: .utf8)
      let outcome = try adabatch.run(
        ["compare", "devices.yaml", "--device", "pjrt"], in: folder,
        environment: try jaxlib(folder))
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains("growing"))
      let ranks = file.replacing("{policy: adabatch}", with: "{policy: adabatch, ranks: 2}")
      try ranks.write(
        to: folder.appending(path: "ranks.yaml"), atomically: true, encoding: .utf8)
      let refused = try adabatch.run(
        ["compare", "ranks.yaml", "--device", "pjrt"], in: folder,
        environment: try jaxlib(folder))
      #expect(refused.status == 64)
      #expect(refused.stderr.contains("give the arm 'devices: 2' in place of ranks"))
    }
  }

  @Test(
    "scores a run of the processor's as that did", .enabled(if: XLAFiles.python != nil))
  func evaluation() throws {
    try withFolder { folder in
      let run = folder.appending(path: "run").path
      _ = try adabatch.run([
        "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1",
        "--batch-size", "1000", "--run", run,
      ])
      let outcome = try adabatch.run(
        ["evaluate", run, "--device", "pjrt", "--json"],
        environment: [
          "ADABATCH_PLUGIN": JaxlibPlugin.path, "XLA_PYTHON": XLAFiles.python ?? "",
          "XDG_CACHE_HOME": folder.path,
        ])
      struct Scored: Decodable {
        struct Recorded: Decodable { let accuracy, meanLoss: Double }
        let accuracy, meanLoss: Double
        let recorded: Recorded
      }
      let scored = try JSONDecoder().decode(Scored.self, from: Data(outcome.stdout.utf8))
      // A logit may fall on the other side of another one's.
      #expect(abs(scored.accuracy - scored.recorded.accuracy) <= 0.1)
      #expect(abs(scored.meanLoss / scored.recorded.meanLoss - 1) < 1e-4)
      let cache = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "adabatch/xla").path)
      #expect(cache.count == 1)
    }
  }
}

/// Built with `--disable-default-traits`, as `make test-xla` does.
@Suite(
  "A tool built without oneDNN", .serialized,
  .enabled(if: BareTool.path != nil && XLAFiles.python != nil, "no BARE_ADABATCH"))
struct BareToolTests {
  @Test("trains on a device, needs neither oneDNN nor OpenMP, and says so where one is asked for")
  func trains() throws {
    let program = URL(filePath: try #require(BareTool.path))
    let libraries = try Tool.run(URL(filePath: "/usr/bin/ldd"), [program.path]).stdout
    #expect(libraries.contains("libc.so"))
    #expect(!libraries.contains("dnnl") && !libraries.contains("gomp"))
    try withFolder { folder in
      let words = [
        "train", "--dataset", "synthetic-few", "--network", "alexnet", "--batch-size", "12",
        "--epochs", "1", "--run", "run",
      ]
      let outcome = try Tool.run(
        program, words + ["--device", "pjrt", "--quiet"], in: folder,
        environment: [
          "ADABATCH_PLUGIN": JaxlibPlugin.path, "XLA_PYTHON": XLAFiles.python ?? "",
          "XDG_CACHE_HOME": folder.path,
        ])
      #expect(outcome.status == 0 && outcome.stdout.isEmpty, "\(outcome.stderr)")
      let refused = try Tool.run(program, words, in: folder)
      #expect(refused.status == 69)
      #expect(
        refused.stderr.contains(
          "this adabatch was built without oneDNN, and computes on accelerators\n  fix: train with --device"
        ))
      let network = try Tool.run(program, ["networks", "alexnet"])
      #expect(network.status == 0 && network.stdout.contains("parameters"))
      let nowhere = ["PATH": "", "VIRTUAL_ENV": "", "CONDA_PREFIX": "", "ADABATCH_PLUGIN": ""]
      let doctor = try Tool.run(program, ["doctor"], environment: nowhere)
      #expect(doctor.status == 69 && doctor.stdout.hasSuffix("training cannot run here\n"))
    }
  }
}

private enum BareTool {
  static let path = ProcessInfo.processInfo.environment["BARE_ADABATCH"]
}
