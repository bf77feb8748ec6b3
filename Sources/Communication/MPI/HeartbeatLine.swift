#if MPI
import CMPI

/// The messages of a heartbeat: one byte at a time to one rank, one at a time from another.
///
/// Used by one thread.
final class HeartbeatLine: @unchecked Sendable {
  enum Word: UInt8 { case alive, last }

  private let mpi: MPILibrary
  private let next, before: Int32
  private let ring: cmpi_comm
  // The library reads and writes these until a request is done, which may be never: not freed.
  private let outgoing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  private let incoming = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  private var sending: cmpi_request?
  private var receiving: cmpi_request?

  /// - Parameter ring: a communicator that nothing else uses.
  init(to next: Int, from before: Int, _ ring: cmpi_comm, _ mpi: MPILibrary) {
    (self.next, self.before) = (Int32(next), Int32(before))
    (self.ring, self.mpi) = (ring, mpi)
  }

  /// Whether the last word is on its way, and another can be said.
  func isSent() throws(CommunicationError) -> Bool { try isDone(&sending) }

  func say(_ word: Word) throws(CommunicationError) {
    outgoing.pointee = word.rawValue
    var request = cmpi_request()
    try mpi.call("MPI_Isend") { cmpi_start_send(outgoing, 1, next, ring, &request) }
    sending = request
  }

  /// A word that has arrived; nil for none.
  ///
  /// None follows the last one.
  func listen() throws(CommunicationError) -> Word? {
    if receiving == nil {
      var request = cmpi_request()
      try mpi.call("MPI_Irecv") { cmpi_start_receive(incoming, 1, before, ring, &request) }
      receiving = request
    }
    return try isDone(&receiving) ? Word(rawValue: incoming.pointee) : nil
  }

  func abort(code: Int32) { cmpi_abort(code) }

  private func isDone(_ request: inout cmpi_request?) throws(CommunicationError) -> Bool {
    guard var started = request else { return true }
    var done: Int32 = 0
    try mpi.call("MPI_Testall") { cmpi_test_all(&started, 1, &done) }
    request = done == 0 ? started : nil
    return done != 0
  }
}
#endif
