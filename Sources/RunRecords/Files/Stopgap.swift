import Foundation

extension RunDirectory {
  func createFolder(_ path: String) throws(FileError) {
    let number = makeFolder(path)
    if number != 0 { throw FileError(errno: number, path: path, operation: "write") }
    try syncFolder(of: path)
  }
  func remove(_ name: String) throws(FileError) {
    guard unlink(file(name)) == 0 else {
      throw FileError(errno: errno, path: file(name), operation: "remove")
    }
    try syncFolder(of: file(name))
  }
  func fileSize(_ path: String) throws(FileError) -> Int { try InputFile(opening: path).size }
  func cutFile(_ path: String, to bytes: Int) throws(FileError) {
    var file = try OutputFile(opening: path, flags: 0)
    try file.truncate(to: bytes)
    try file.sync()
    try file.close()
  }
  func fileNames() throws(FileError) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
extension Safetensors {
  var content: CheckpointManifest.Content {
    let path = "/tmp/xx-\(getpid())"
    try? write(to: path)
    let b = (try? readFile(path)).map { Array($0) } ?? []
    return .init(bytes: b.count, checksum: CRC32.castagnoli(b))
  }
}
