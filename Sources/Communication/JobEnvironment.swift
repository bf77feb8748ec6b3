/// What a launcher tells its processes before they speak to each other.
public struct JobEnvironment: Sendable, Equatable {
  /// This process's number, from 0.
  public let rank: Int
  public let rankCount: Int
  /// Who started the processes, as users call it.
  public let launcher: String

  /// nil where nobody did.
  public init?(_ variables: [String: String]) {
    for launcher in Launcher.all {
      guard let rank = variables[launcher.rank].flatMap({ Int($0) }),
        let count = variables[launcher.count].flatMap({ Int($0) }), rank >= 0, rank < count
      else { continue }
      self.rank = rank
      rankCount = count
      self.launcher = launcher.name
      return
    }
    return nil
  }

  private struct Launcher {
    let name, rank, count: String

    /// Slurm's own names come last: its plugins for MPI set those of the libraries too.
    static let all = [
      Launcher(name: "mpirun", rank: "PMI_RANK", count: "PMI_SIZE"),
      Launcher(
        name: "Open MPI's mpirun", rank: "OMPI_COMM_WORLD_RANK", count: "OMPI_COMM_WORLD_SIZE"),
      // Of a step that srun started: a batch script, which is alone, has no step's count.
      Launcher(name: "srun", rank: "SLURM_PROCID", count: "SLURM_STEP_NUM_TASKS"),
    ]
  }
}
