#if MPI
import CMPI

/// The letters to and from one other rank: each one's length, and the letter.
///
/// Used by one thread.
final class LetterLine: @unchecked Sendable {
  private let mpi: MPILibrary
  private let other: Int32
  private let line: cmpi_comm
  /// Sends under way, with what is sent.
  private var sending: [Message] = []
  private var receiving: Message?
  /// What the letter under way is long; nil where a length is.
  private var length: Int?
  private(set) var hasHeardLast = false

  private static let lengthSize = MemoryLayout<UInt64>.size
  /// In place of a letter's length.
  private static let last = UInt64.max

  init(with other: Int, _ line: cmpi_comm, _ mpi: MPILibrary) {
    (self.other, self.line, self.mpi) = (Int32(other), line, mpi)
  }

  func send(_ letter: [UInt8]) throws(CommunicationError) {
    try start(sending: withUnsafeBytes(of: UInt64(letter.count).littleEndian, Array.init))
    if !letter.isEmpty { try start(sending: letter) }
  }

  func sendLast() throws(CommunicationError) {
    try start(sending: withUnsafeBytes(of: Self.last, Array.init))
  }

  /// Whether all that was sent has left.
  func isSent() throws(CommunicationError) -> Bool {
    while let first = sending.first {
      guard try first.isDone(mpi) else { return false }
      sending.removeFirst()
    }
    return true
  }

  /// A letter that has arrived whole; nil for none.
  func receive() throws(CommunicationError) -> [UInt8]? {
    while !hasHeardLast {
      if receiving == nil { try startReceiving(length ?? Self.lengthSize) }
      guard let message = receiving, try message.isDone(mpi) else { return nil }
      receiving = nil
      let bytes = message.bytes
      if length != nil {
        length = nil
        return bytes
      }
      let said = bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
      }
      hasHeardLast = said == Self.last
      if said == 0 { return [] }
      length = hasHeardLast ? nil : Int(said)
    }
    return nil
  }

  private func start(sending bytes: [UInt8]) throws(CommunicationError) {
    let message = Message(bytes)
    try mpi.call("MPI_Isend") {
      cmpi_start_send(message.start, Int32(bytes.count), other, line, &message.request)
    }
    sending.append(message)
  }

  private func startReceiving(_ count: Int) throws(CommunicationError) {
    let message = Message(Array(repeating: 0, count: count))
    try mpi.call("MPI_Irecv") {
      cmpi_start_receive(message.start, Int32(count), other, line, &message.request)
    }
    receiving = message
  }

  /// Bytes that the library reads or writes until a request is done.
  private final class Message {
    let start: UnsafeMutablePointer<UInt8>
    private let count: Int
    var request = cmpi_request()

    init(_ bytes: [UInt8]) {
      count = bytes.count
      start = .allocate(capacity: count)
      start.initialize(from: bytes, count: count)
    }

    deinit { start.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    func isDone(_ mpi: MPILibrary) throws(CommunicationError) -> Bool {
      var done: Int32 = 0
      try mpi.call("MPI_Testall") { cmpi_test_all(&request, 1, &done) }
      return done != 0
    }
  }
}
#endif
