extension CIFAR {
  /// What happens while a data set is fetched, for whoever shows it.
  public enum FetchEvent: Sendable, Equatable {
    /// Nothing has to be done: the files are there. They may be other than the official bytes.
    case alreadyThere(path: String, isOfficial: Bool)
    /// The download starts; `bytes` of `byteCount` are there from an earlier one.
    case downloading(url: String, bytes: Int, byteCount: Int)
    /// So many bytes are there by now; thousands of times.
    case received(bytes: Int)
    /// The connection failed, and is tried again.
    case tryingAgain(reason: String)
    /// The archive has the official size and checksum.
    case checked(path: String, byteCount: Int, md5: String)
    /// The data set is ready to be loaded.
    case unpacked(path: String)
  }
}
