import AdaBatch
import Foundation

/// What `adabatch doctor` looks at.
///
/// Nothing here fails: what cannot be found out is a finding too.
enum Examination {
  /// - Parameter trial: nil where the build has no oneDNN.
  static func program(_ trial: Result<Trial, Trial.Failed>?) -> [Finding] {
    let adabatch = Finding(
      "program", "adabatch", .ok,
      "\(Version.number), compiled with Swift \(ComponentVersions.swiftCompiler)")
    guard let trial else {
      let nothing = Finding(
        "program", "oneDNN", .missing, "none: this build computes on accelerators",
        fix: "to train on the processor build with 'make build', or with swift build")
      return [adabatch, nothing]
    }
    let oneDNN = Finding(
      "program", "oneDNN", .ok,
      "\(OneDNNLibrary.version), kernels for \(OneDNNLibrary.instructionSet)"
        + (loaded("libdnnl").first.map { ", \($0)" } ?? ""))
    return [adabatch, oneDNN, openMP, mpi, execution(trial)]
  }

  private static var openMP: Finding {
    let libraries = ["libgomp", "libomp", "libiomp"].flatMap(loaded)
    let text = libraries.isEmpty ? "not found" : libraries.joined(separator: ", ")
    return libraries.count > 1
      ? Finding(
        "program", "OpenMP", .warning, text,
        fix: "two of them in one process compete for the cores: preload none (LD_PRELOAD)")
      : Finding("program", "OpenMP", .ok, text)
  }

  private static var mpi: Finding {
    guard let library = Job.library else {
      return Finding(
        "program", "MPI", .warning, "none: trains on one rank only",
        fix: "for several ranks build with 'make build', or swift build --traits default,MPI")
    }
    guard let launcher = try? Launcher("mpirun") else {
      return Finding(
        "program", "MPI", .warning, "\(library), but no mpirun in PATH",
        fix: "install it (apt-get install mpich), or use srun --mpi=pmi2")
    }
    return Finding("program", "MPI", .ok, "\(library), \(launcher.path)")
  }

  private static func execution(_ trial: Result<Trial, Trial.Failed>) -> Finding {
    let name = "training step"
    switch trial {
    case .success(let trial) where trial.isRight:
      let milliseconds = String(format: "%.0f", trial.milliseconds)
      return Finding("program", name, .ok, "works, \(milliseconds) ms with all preparations")
    case .success(let trial):
      return Finding(
        "program", name, .failed, "gives wrong numbers: off by \(trial.difference)",
        fix: "use the oneDNN of 'make setup', unset ONEDNN_* variables, and report it")
    case .failure(let failed):
      return Finding(
        "program", name, .failed, failed.reason,
        fix: "try OMP_NUM_THREADS=1 adabatch doctor; if that fails too, run 'make setup' again")
    }
  }

  /// Paths of the shared libraries of that name in this process.
  private static func loaded(_ name: String) -> [String] {
    let lines = (HostFiles().text("/proc/self/maps") ?? "").split(separator: "\n")
    let paths = lines.compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
    return Set(paths.filter { $0.split(separator: "/").last?.hasPrefix(name + ".") == true })
      .sorted()
  }
}
