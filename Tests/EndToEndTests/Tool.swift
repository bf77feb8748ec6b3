import Foundation

/// A program of this package, run as its users run it.
struct Tool {
  struct Outcome: Equatable {
    var status: Int32
    var stdout: String
    var stderr: String
  }

  let name: String

  /// The program lies beside the test that runs.
  private var executable: URL {
    get throws {
      let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(filePath: test).deletingLastPathComponent().appending(path: name)
    }
  }

  var path: String { get throws { try executable.path } }

  // A data set of the machine's must not decide what a test sees. One thread, so that a busy
  // neighbour on another core costs nothing.
  static let environment = [
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "OMP_NUM_THREADS": "1",
  ]

  func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try Self.run(try executable, arguments, in: folder, environment: environment)
  }

  /// Runs a program of the system's, as those of this package are.
  static func run(
    _ program: URL, _ arguments: [String], in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    let (stdout, stderr) = (Pipe(), Pipe())
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = stdout
    process.standardError = stderr
    process.environment = Self.environment.merging(environment) { $1 }
    try process.run()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, stdout: String(decoding: output, as: UTF8.self),
      stderr: String(decoding: errors, as: UTF8.self))
  }
}

let adabatch = Tool(name: "adabatch")

/// A folder of its own for a test, removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "adabatch-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
