#if MPI
import CMPI
import Foundation

/// The ranks of an MPI job.
///
/// MPICH 4.0 is the tested library; calls are MPI-3's.
final class MPICommunicator: Communicator {
  let rank: Int
  let hosts: [String]
  let library: String?
  private(set) var traffic = Traffic()

  private let mpi: MPILibrary
  private let all: cmpi_comm
  /// For the heartbeat alone.
  private let ring: cmpi_comm
  /// For letters alone, made at the start: who waits in a call for all ranks keeps his heart still.
  private let line: cmpi_comm
  private var heartbeat: Heartbeat?
  private var letters: LetterCarrier?
  private var hasLeft = false

  /// Joins the job: to be called once in a process.
  ///
  /// - Parameter environment: what the launcher says, which has to be what MPI finds.
  /// - Throws: ``CommunicationError`` with code `unavailable`.
  init(_ environment: JobEnvironment) throws(CommunicationError) {
    var (enough, rank, count): (Int32, Int32, Int32) = (0, 0, 0)
    let mpi = MPILibrary()
    try mpi.call("MPI_Init_thread") { cmpi_start(&enough) }
    var (all, ring, line) = (cmpi_comm(), cmpi_comm(), cmpi_comm())
    try mpi.call("MPI_Comm_dup") { cmpi_all_ranks(&all) }
    try mpi.call("MPI_Comm_dup") { cmpi_all_ranks(&ring) }
    try mpi.call("MPI_Comm_dup") { cmpi_all_ranks(&line) }
    try mpi.call("MPI_Comm_rank") { cmpi_rank(all, &rank) }
    try mpi.call("MPI_Comm_size") { cmpi_size(all, &count) }
    let version = MPILibrary.version
    guard Int(count) == environment.rankCount else {
      throw CommunicationError(
        .unavailable,
        problem: "\(environment.launcher) started \(environment.rankCount) ranks, but \(version),"
          + " which this adabatch is built with, finds \(count)",
        fix: "use the launcher of \(version); with Slurm: srun --mpi=pmi2")
    }
    guard enough != 0 else {
      throw CommunicationError(
        .unavailable, problem: "\(version) is not built for programs with threads",
        fix: "use one that knows MPI_THREAD_SERIALIZED, as Debian's MPICH does")
    }
    (self.rank, self.mpi) = (Int(rank), mpi)
    (self.all, self.ring, self.line) = (all, ring, line)
    library = version
    hosts = try Self.gatherHosts(rank: Int(rank), count: Int(count), all, mpi)
  }

  func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CommunicationError) {
    var requests: [cmpi_request] = []
    for (rank, bytes) in receives {
      var request = cmpi_request()
      let count = try length(bytes.count)
      try mpi.call("MPI_Irecv") {
        cmpi_start_receive(bytes.baseAddress, count, Int32(rank), all, &request)
      }
      requests.append(request)
    }
    for (rank, bytes) in sends {
      var request = cmpi_request()
      let count = try length(bytes.count)
      try mpi.call("MPI_Isend") {
        cmpi_start_send(bytes.baseAddress, count, Int32(rank), all, &request)
      }
      requests.append(request)
      traffic.add(messages: 1, bytes: bytes.count)
    }
    let received = receives.reduce(0) { $0 + $1.bytes.count }
    let sent = sends.reduce(0) { $0 + $1.bytes.count }
    try mpi.wait(for: &requests, bytes: received + sent)
  }

  func gather(
    _ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]
  ) throws(CommunicationError) {
    try Self.gather(bytes, parts: parts, all, mpi)
    let own = parts[rank].count
    traffic.add(messages: own == 0 ? 0 : rankCount - 1, bytes: own * (rankCount - 1))
  }

  func notice(_ watch: RankWatch) {
    precondition(heartbeat == nil, "the others are noticed already")
    heartbeat = Heartbeat(rank: rank, hosts: hosts, ring, mpi, watch)
  }

  func openBoard() -> NoteBoard {
    precondition(letters == nil, "the board is open already")
    let carrier = LetterCarrier(rank: rank, rankCount: rankCount, line, mpi)
    letters = carrier
    return carrier.board
  }

  func leave() {
    if hasLeft { return }
    hasLeft = true
    letters?.end()
    letters = nil
    // Who never came so far as to listen still has a last word to say: another one waits for it.
    if heartbeat == nil { notice(RankWatch()) }
    heartbeat?.end()
    heartbeat = nil
    try? mpi.call("MPI_Finalize") { cmpi_finish() }
  }

  func abort(code: Int32) -> Never {
    cmpi_abort(code)
    exit(code)
  }

  private func length(_ count: Int) throws(CommunicationError) -> Int32 {
    try Self.length(count)
  }
}

// What is needed before there is a communicator.
extension MPICommunicator {
  private static func gather(
    _ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>], _ all: cmpi_comm,
    _ mpi: MPILibrary
  ) throws(CommunicationError) {
    _ = try length(bytes.count)
    let counts = parts.map { Int32($0.count) }
    let places = parts.map { Int32($0.lowerBound) }
    // The library reads both lists until the request is done.
    try counts.withUnsafeBufferPointer { counts throws(CommunicationError) in
      try places.withUnsafeBufferPointer { places throws(CommunicationError) in
        var requests = [cmpi_request()]
        try mpi.call("MPI_Iallgatherv") {
          cmpi_start_gather(
            bytes.baseAddress, counts.baseAddress, places.baseAddress, all, &requests)
        }
        try mpi.wait(for: &requests, bytes: bytes.count)
      }
    }
  }

  private static func gatherHosts(
    rank: Int, count: Int, _ all: cmpi_comm, _ mpi: MPILibrary
  ) throws(CommunicationError) -> [String] {
    let width = 256
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * width, alignment: 1)
    defer { bytes.deallocate() }
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    for (index, byte) in hostName().utf8.prefix(width).enumerated() {
      bytes[rank * width + index] = byte
    }
    let parts = (0..<count).map { $0 * width..<($0 + 1) * width }
    try gather(bytes, parts: parts, all, mpi)
    return parts.map { String(decoding: bytes[$0].prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// MPI counts in 32 bits.
  private static func length(_ count: Int) throws(CommunicationError) -> Int32 {
    guard let length = Int32(exactly: count) else {
      throw CommunicationError(
        .unavailable, problem: "\(count) bytes in one message are more than MPI-3 can send",
        fix: "train a network of fewer parameters on several ranks")
    }
    return length
  }
}
#endif
