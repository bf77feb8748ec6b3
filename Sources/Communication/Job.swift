/// How silence of a rank is noticed, and what is done about it.
public struct RankWatch: Sendable {
  /// Seconds without a sign of life after which a rank counts as frozen.
  public var limit: Double
  /// That all ranks leave with then.
  public var exitCode: Int32
  /// Called with the silent rank and its host, on a thread of its own, before all ranks are ended.
  public var onSilence: @Sendable (_ rank: Int, _ host: String) -> Void

  public init(
    limit: Double = 8, exitCode: Int32 = 76,
    onSilence: @escaping @Sendable (_ rank: Int, _ host: String) -> Void = { _, _ in }
  ) {
    (self.limit, self.exitCode, self.onSilence) = (limit, exitCode, onSilence)
  }
}

/// The job that this process is in.
public enum Job {
  /// Joins the other ranks, where a launcher started several; to be called once in a process.
  ///
  /// - Parameter environment: of this process.
  /// - Throws: ``CommunicationError`` with code `unavailable` when this build cannot.
  public static func join(
    _ environment: [String: String]
  ) throws(CommunicationError) -> any Communicator {
    guard let job = JobEnvironment(environment), job.rankCount > 1 else { return OneProcess() }
    #if MPI
    return try MPICommunicator(job)
    #else
    throw CommunicationError(
      .unavailable,
      problem: "\(job.launcher) started \(job.rankCount) ranks, and this adabatch is built without"
        + " MPI",
      fix: "build it with 'make build', or with swift build --traits default,MPI")
    #endif
  }

  /// The MPI library that this build joins ranks with, as `MPICH 4.0.2`; nil for none.
  public static var library: String? {
    #if MPI
    MPILibrary.version
    #else
    nil
    #endif
  }
}
