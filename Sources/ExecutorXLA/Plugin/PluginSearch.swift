import Executors
import Foundation

/// Where a plugin is: named, or in the packages of a Python that is here.
///
/// Nothing of Python is run. NVIDIA's plugin comes as `pip install "jax[cuda13]"`, with its libraries
/// beside it.
public enum PluginSearch {
  /// Names a plugin, for who gives no `--plugin`.
  public static let variable = "ADABATCH_PLUGIN"

  /// NVIDIA's plugin within a folder of packages, for CUDA 13 and 12.
  private static let places = ["xla_cuda13", "xla_cuda12"].map {
    "jax_plugins/\($0)/xla_cuda_plugin.so"
  }

  /// The path of NVIDIA's plugin.
  ///
  /// - Parameter given: with `--plugin`.
  /// - Throws: ``ExecutorError`` with code `unsupported` that says where it was looked for.
  public static func nvidia(
    given: String? = nil, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ExecutorError) -> String {
    if let named = named(given, environment) { return named }
    let folders = packageFolders(environment)
    for folder in folders {
      for place in places where exists(folder + "/" + place) { return folder + "/" + place }
    }
    let searched = folders.isEmpty ? "no Python was found" : folders.joined(separator: ", ")
    throw ExecutorError(
      .unsupported, problem: "NVIDIA's plugin is not installed (looked in: \(searched))",
      fix: "pip install \"jax[cuda13]\" in a Python of your own and start from there, or name"
        + " xla_cuda_plugin.so with --plugin or \(variable)")
  }

  /// The path that was given, or that the environment names.
  public static func named(
    _ given: String?, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    given ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Folders of Python packages, the active environment's first.
  static func packageFolders(_ environment: [String: String]) -> [String] {
    let home = environment["HOME"].map { [$0 + "/.local"] } ?? []
    let onPath = (environment["PATH"] ?? "").split(separator: ":")
      .filter { exists($0 + "/python3") && $0.hasSuffix("/bin") }
      .map { String($0.dropLast("/bin".count)) }
    let roots =
      [environment["VIRTUAL_ENV"], environment["CONDA_PREFIX"]].compactMap(\.self) + onPath + home
    var folders: [String] = []
    for root in roots {
      let versions = (try? FileManager.default.contentsOfDirectory(atPath: root + "/lib")) ?? []
      for version in versions.sorted() where version.hasPrefix("python3") {
        for name in ["site-packages", "dist-packages"] {
          let folder = "\(root)/lib/\(version)/\(name)"
          if exists(folder), !folders.contains(folder) { folders.append(folder) }
        }
      }
    }
    return folders
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}
