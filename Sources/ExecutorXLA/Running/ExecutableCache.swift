import Executors
import Foundation

/// Compiled programs in a folder, which may be deleted at any time.
///
/// A program stands under a name made of its text, its options, the plugin's versions and the
/// device, so another version never loads it. What is damaged is compiled anew.
public struct ExecutableCache: Sendable {
  public let folder: URL

  public init(in folder: URL) { self.folder = folder }

  /// `adabatch/xla` where the system keeps such things; nil for a user without home.
  public static func standard(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> ExecutableCache? {
    let caches =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
      ?? environment["HOME"].map { URL(filePath: $0).appending(path: ".cache") }
    return caches.map { ExecutableCache(in: $0.appending(path: "adabatch/xla")) }
  }

  /// Loads a program, or compiles it and keeps it.
  func executable(
    _ text: String, _ options: CompileOptions, for client: PJRTClient
  ) throws(ExecutorError) -> PJRTExecutable {
    let key = try key(text, options, client)
    let file = folder.appending(path: key.text + ".xla")
    if let bytes = program(in: file, key),
      let loaded = try? client.load(bytes, options)
    {
      return loaded
    }
    let compiled = try client.compile(text, options)
    // A plugin that cannot write its programs, or a folder that cannot be written, costs time only.
    if let bytes = try? compiled.serialized() { write(bytes, to: file, key) }
    return compiled
  }

  private func key(
    _ text: String, _ options: CompileOptions, _ client: PJRTClient
  ) throws(ExecutorError) -> Digest {
    var digest = Digest()
    digest.add(Array(text.utf8))
    digest.add(options.bytes)
    let attributes = try client.plugin.attributes().sorted { $0.key < $1.key }
    for part in [client.plugin.version, client.platform] + client.devices.map(\.kind)
      + attributes.map({ "\($0.key)=\($0.value)" })
    {
      digest.add(Array(part.utf8))
    }
    // Kernels are chosen for the libraries that are here, too.
    let libraries = client.platform == "cuda" ? NVIDIAParts(beside: client.plugin.path).all : []
    for path in [client.plugin.path] + libraries.compactMap(\.path) {
      digest.add(Self.identity(of: path))
    }
    digest.add(Array((ProcessInfo.processInfo.environment["XLA_FLAGS"] ?? "").utf8))
    return digest
  }

  /// Two plugins of one interface may be of different days.
  private static func identity(of path: String) -> [UInt8] {
    let attributes = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
    let size = (attributes[.size] as? NSNumber)?.int64Value ?? 0
    let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return Array("\(size) \(changed)".utf8)
  }

  /// The program that a file holds, if it is that of the key and whole.
  private func program(in file: URL, _ key: Digest) -> [UInt8]? {
    guard let data = try? Data(contentsOf: file) else { return nil }
    let head = Self.head(key)
    guard data.starts(with: head) else { return nil }
    let rest = [UInt8](data.dropFirst(head.count))
    let width = Digest().text.utf8.count
    var digest = Digest()
    digest.add(Array(rest.dropFirst(width)))
    guard rest.prefix(width).elementsEqual(digest.text.utf8) else { return nil }
    return Array(rest.dropFirst(width))
  }

  private func write(_ bytes: [UInt8], to file: URL, _ key: Digest) {
    var digest = Digest()
    digest.add(bytes)
    let data = Data(Self.head(key)) + Data(digest.text.utf8) + Data(bytes)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? data.write(to: file, options: .atomic)
  }

  private static func head(_ key: Digest) -> [UInt8] { Array("adabatch XLA \(key.text)\n".utf8) }
}

/// 128 bits that say whether bytes are the same; no protection against who wants them to collide.
///
/// > Source: FNV-1a, with two starts; isthe.com/chongo/tech/comp/fnv.
struct Digest {
  private var sums: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)

  init(of parts: [[UInt8]] = []) { for part in parts { add(part) } }

  mutating func add(_ bytes: [UInt8]) {
    // The length keeps neighbours apart.
    for byte in bytes { add(UInt64(byte)) }
    add(UInt64(bytes.count) | 1 << 63)
  }

  private mutating func add(_ word: UInt64) {
    sums.0 = (sums.0 ^ word) &* 0x100_0000_01b3
    sums.1 = (sums.1 ^ (word &+ 0x9e)) &* 0x100_0000_01b3
  }

  var text: String { Self.hexadecimal(sums.0) + Self.hexadecimal(sums.1) }

  private static func hexadecimal(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
