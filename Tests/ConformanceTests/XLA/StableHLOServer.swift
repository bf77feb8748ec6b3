import Foundation
import TestSupport

/// The script serve-stablehlo, running; one question at a time.
final class StableHLOServer: @unchecked Sendable {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  enum Argument {
    case floats([Float], [Int])
    case integers([Int32], [Int])
    case bytes([UInt8], [Int])
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let lock = NSLock()
  private var programs = 0

  init(python: String) throws {
    let script = XLAFiles.file("serve-stablehlo")
    process.executableURL = URL(filePath: python)
    process.arguments = [script.path]
    // Flags that another suite sets are for the plugin.
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "XLA_FLAGS" }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { process.terminate() }

  /// - Parameter replicas: up to 3.
  /// - Returns: the program's number.
  func compile(_ text: String, replicas: Int = 1) throws -> Int {
    try lock.withLock {
      programs += 1
      let request =
        "{\"compile\": \(programs), \"bytes\": \(text.utf8.count), \"replicas\": \(replicas)}\n"
      _ = try ask(request, Data(text.utf8))
      return programs
    }
  }

  /// - Parameter arguments: of all replicas, one's after the other's; so are the results.
  func run(_ program: Int, _ arguments: [Argument]) throws -> [[Float]] {
    try lock.withLock {
      let types = arguments.map { "[\"\($0.type)\", \($0.sizes)]" }.joined(separator: ", ")
      let reply = try ask(
        "{\"run\": \(program), \"arguments\": [\(types)]}\n",
        arguments.reduce(into: Data()) { $0.append($1.data) })
      return try (reply.results ?? []).map { result in
        let data = try read(result.count * MemoryLayout<Float>.stride)
        return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      }
    }
  }

  private struct Reply: Decodable {
    /// A result's type and sizes.
    struct Result: Decodable {
      let count: Int

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let type = try container.decode(String.self)
        guard type == "float32" else { throw Failed(description: "a result of \(type)") }
        count = try container.decode([Int].self).reduce(1, *)
      }
    }

    let error: String?
    let results: [Result]?
  }

  private func ask(_ line: String, _ data: Data) throws -> Reply {
    try input.fileHandleForWriting.write(contentsOf: Data(line.utf8) + data)
    var text = Data()
    repeat { text.append(try read(1)) } while text.last != UInt8(ascii: "\n")
    let reply = try JSONDecoder().decode(Reply.self, from: text)
    if let error = reply.error { throw Failed(description: error) }
    return reply
  }

  private func read(_ count: Int) throws -> Data {
    var data = Data()
    while data.count < count {
      let next = try output.fileHandleForReading.read(upToCount: count - data.count) ?? Data()
      if next.isEmpty { throw Failed(description: "the script ended") }
      data.append(next)
    }
    return data
  }
}

extension StableHLOServer.Argument {
  fileprivate var type: String {
    switch self {
    case .floats: "float32"
    case .integers: "int32"
    case .bytes: "uint8"
    }
  }

  fileprivate var sizes: [Int] {
    switch self {
    case .floats(_, let sizes), .integers(_, let sizes), .bytes(_, let sizes): sizes
    }
  }

  fileprivate var data: Data {
    switch self {
    case .floats(let numbers, _): numbers.withUnsafeBytes { Data($0) }
    case .integers(let numbers, _): numbers.withUnsafeBytes { Data($0) }
    case .bytes(let numbers, _): Data(numbers)
    }
  }
}
