import Foundation

/// The machine's own file system.
package struct SystemFiles: FileSystem {
  package init() {}

  package func open(_ path: String, flags: Int32) throws(SystemFault) -> Int32 {
    Int32(try call { Int(Foundation.open(path, flags | O_CLOEXEC, 0o666)) })
  }

  package func close(_ file: Int32) throws(SystemFault) {
    // On Linux an interrupted close has closed.
    guard Foundation.close(file) != 0, errno != EINTR else { return }
    throw SystemFault(errno)
  }

  package func status(of file: Int32) throws(SystemFault) -> FileStatus {
    var status = stat()
    try call { Int(fstat(file, &status)) }
    return FileStatus(status)
  }

  package func status(
    at path: String, followingLink: Bool
  ) throws(SystemFault) -> FileStatus {
    var status = stat()
    try call { Int(followingLink ? stat(path, &status) : lstat(path, &status)) }
    return FileStatus(status)
  }

  package func read(
    _ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemFault) -> Int {
    try call { pread(file, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  package func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemFault) -> Int {
    try call { Foundation.write(file, bytes.baseAddress, bytes.count) }
  }

  package func truncate(_ file: Int32, to size: Int) throws(SystemFault) {
    try call { Int(ftruncate(file, off_t(size))) }
  }

  package func sync(_ file: Int32) throws(SystemFault) { try call { Int(fsync(file)) } }

  package func rename(_ path: String, to other: String) throws(SystemFault) {
    try call { Int(Foundation.rename(path, other)) }
  }

  package func remove(_ path: String) throws(SystemFault) { try call { Int(unlink(path)) } }

  package func makeFolder(_ path: String) throws(SystemFault) {
    try call { Int(mkdir(path, 0o777)) }
  }

  package func names(in folder: String) throws(SystemFault) -> [String] {
    guard let stream = opendir(folder) else { throw SystemFault(errno) }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw SystemFault(errno) }
    return names
  }

  @discardableResult
  private func call(_ body: () -> Int) throws(SystemFault) -> Int {
    let result = retrying(body)
    if result < 0 { throw SystemFault(errno) }
    return result
  }
}

extension FileStatus {
  fileprivate init(_ status: stat) {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .other
      }
    self.init(size: Int(status.st_size), kind: kind)
  }
}

/// Calls again as long as only a signal came between: a run that is asked to stop ends its line.
package func retrying(_ call: () -> Int) -> Int {
  while true {
    let status = call()
    if status >= 0 || errno != EINTR { return status }
  }
}
