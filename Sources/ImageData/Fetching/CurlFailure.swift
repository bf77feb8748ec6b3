/// Why curl gave up, from its exit status (curl's manual, "EXIT CODES") and its words.
enum CurlFailure: Equatable {
  /// A connection that may come about the next time.
  case passing(String)
  /// The server cannot send the rest of a file.
  case noRanges
  case lasting(String)

  init(status: Int32, reason: String) {
    let words = reason.split(separator: ") ", maxSplits: 1).last.map(String.init) ?? reason
    // Proxy, name, connection, HTTP/2 framing, partial file, timeout, TLS, empty reply, send,
    // receive, HTTP/2 stream.
    let passing: Set<Int32> = [5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92]
    let isBusyServer =
      status == 22 && ["408", "429", "500", "502", "503", "504"].contains(words.suffix(3))
    self =
      switch status {
      case 33: .noRanges
      case _ where isBusyServer || passing.contains(status): .passing(words)
      default: .lasting(words)
      }
  }

  var isPassing: Bool {
    switch self {
    case .passing, .noRanges: true
    case .lasting: false
    }
  }

  var reason: String {
    switch self {
    case .noRanges: "the server cannot go on with a part of a file, so it is fetched from its start"
    case .passing(let reason), .lasting(let reason): reason
    }
  }
}

extension Download {
  var installCurl: String {
    "install it: apt-get install curl; or fetch \(url) in another way, put it into \(folder),"
      + " and give the command again"
  }

  func error(_ failure: CurlFailure) -> DataError {
    let fix =
      failure.isPassing
      ? "check the network and its proxy, and give the command again: it goes on where it was"
      : "check the address, or give a mirror's with --from"
    return DataError(
      .downloadFailed, url, "cannot be fetched: \(failure.reason)", fix: fix)
  }

  /// curl knows many protocols, and some read files of this machine.
  func refuseOtherProtocols() throws(DataError) {
    let start = url.lowercased()
    if start.hasPrefix("https://") || start.hasPrefix("http://") { return }
    throw DataError(
      .badAddress, url, "this is no address that a file is fetched from",
      fix: "give --from https://…, the whole address of \(archive.name)")
  }
}
