import Foundation
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
