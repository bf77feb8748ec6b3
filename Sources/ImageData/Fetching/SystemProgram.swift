import Foundation
import RunRecords

/// A program that Debian has and no library of ours replaces: curl, gzip, md5sum.
struct SystemProgram {
  let name: String
  let path: String
  private let environment: [String: String]

  /// Looks for a program in the folders of `PATH`.
  ///
  /// - Throws: ``DataError`` with code `missingProgram`.
  init(
    _ name: String, environment: [String: String], fix: String? = nil
  ) throws(DataError) {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard let folder = folders.first(where: { access("\($0)/\(name)", X_OK) == 0 }) else {
      throw DataError(
        .missingProgram, name, "this program is needed, and in no folder of PATH",
        fix: fix ?? "install it: apt-get install \(name == "md5sum" ? "coreutils" : name)")
    }
    self.name = name
    path = "\(folder)/\(name)"
    // Its words are quoted in our messages.
    self.environment = environment.merging(["LC_ALL": "C"]) { $1 }
  }

  /// Starts it, with the file at `input` as its standard input.
  func start(
    _ arguments: [String] = [], input: String = "/dev/null"
  ) throws(DataError) -> RunningProgram {
    let descriptor = open(input, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(input, errno, fix: "check the path") }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    return try RunningProgram(process, name: name)
  }
}

/// A program at work; it is ended with the value that stands for it.
final class RunningProgram {
  private let process: Process
  private let name: String
  private let output = Pipe()
  private let errors = Pipe()

  fileprivate init(_ process: Process, name: String) throws(DataError) {
    self.process = process
    self.name = name
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw DataError(
        .missingProgram, name, "cannot be started: \(error.localizedDescription)",
        fix: "check its permissions")
    }
  }

  deinit { stop() }

  func stop() {
    guard process.isRunning else { return }
    // Not SIGTERM: a program inherits what its starter's thread blocks, and Dispatch's block that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Reads at least one byte of its output into `buffer`, or returns 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let descriptor = output.fileHandleForReading.fileDescriptor
    return max(0, retrying { Foundation.read(descriptor, buffer.baseAddress, buffer.count) })
  }

  /// Waits for its end.
  ///
  /// - Returns: its exit status, and the last line that it wrote to its standard error.
  func finish() -> (status: Int32, reason: String) {
    let data = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let reason = lines.last.map { $0.trimmingCharacters(in: .whitespaces) }
    return (process.terminationStatus, reason ?? "\(name) ended with \(process.terminationStatus)")
  }
}
