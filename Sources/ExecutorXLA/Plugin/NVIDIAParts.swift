import Foundation

/// What NVIDIA's plugin needs beside itself, each part looked for where the plugin does.
public struct NVIDIAParts: Sendable {
  /// A library or a program.
  public struct Part: Sendable, Equatable {
    public let name: String
    /// Where it is; nil where it is not.
    public let path: String?
    /// What is wrong with it; nil for nothing.
    public let problem: String?
    public let fix: String
  }

  public let libraries: [Part]
  /// The assembler, without which nothing is compiled.
  public let ptxas: Part
  /// The driver's library.
  public let driver: Part

  public var all: [Part] { [driver, ptxas] + libraries }
  public var missing: [Part] { all.filter { $0.problem != nil } }

  /// - Parameter plugin: the path of `xla_cuda_plugin.so`.
  public init(beside plugin: String) {
    let isOld = plugin.contains("cuda12")
    let packages = URL(filePath: plugin).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "nvidia").path
    let fix = "pip install \"jax[cuda\(isOld ? 12 : 13)]\" beside the plugin"
    let folders = ["/lib", "/bin"].map { end in Self.folders(in: packages).map { $0 + end } }
    libraries = Self.libraries(isOld).map { name in
      let path = folders[0].map { "\($0)/\(name)" }.first(where: Self.exists)
      let isThere = path != nil || dlopen(name, RTLD_LAZY) != nil
      return Part(
        name: name, path: path, problem: isThere ? nil : "is not in \(packages)", fix: fix)
    }
    ptxas = Self.ptxas(folders[1], fix)
    let hasDriver = dlopen("libcuda.so.1", RTLD_LAZY) != nil
    driver = Part(
      name: "libcuda.so.1", path: nil, problem: hasDriver ? nil : "is not here",
      fix: "install NVIDIA's driver; nvidia-smi shows whether it sees a device")
  }

  /// Each is opened by the plugin when it is needed, and by its name alone.
  private static func libraries(_ isOld: Bool) -> [String] {
    isOld
      ? [
        "libcudart.so.12", "libnvrtc.so.12", "libcublas.so.12", "libcublasLt.so.12",
        "libnccl.so.2", "libcupti.so.12", "libcusparse.so.12", "libcusolver.so.11",
        "libcufft.so.11", "libcudnn.so.9",
      ]
      : [
        "libcudart.so.13", "libnvrtc.so.13", "libcublas.so.13", "libcublasLt.so.13",
        "libnccl.so.2", "libcupti.so.13", "libcusparse.so.12", "libcusolver.so.12",
        "libcufft.so.12", "libcudnn.so.9",
      ]
  }

  private static func folders(in packages: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: packages)) ?? []).sorted()
      .map { packages + "/" + $0 }
  }

  private static func ptxas(_ beside: [String], _ fix: String) -> Part {
    let onPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let folders = beside + onPath.map(String.init) + ["/usr/local/cuda/bin", "/opt/cuda/bin"]
    let found = folders.map { $0 + "/ptxas" }.filter(exists)
    guard let first = found.first else {
      return Part(
        name: "ptxas", path: nil, problem: "is neither beside the plugin nor on PATH", fix: fix)
    }
    // The plugin does not say so: it ends the process.
    let isUsable = FileManager.default.isExecutableFile(atPath: first)
    return Part(
      name: "ptxas", path: first, problem: isUsable ? nil : "is not executable",
      fix: "chmod +x \(first)")
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Opens the libraries where they lie, so that the plugin finds them by their names.
  public func open() {
    for path in libraries.compactMap(\.path) { _ = dlopen(path, RTLD_NOW | RTLD_GLOBAL) }
  }
}
