import CPJRT
import Executors
import Foundation

/// An accelerator's compiler and runtime, loaded from a shared library: a PJRT plugin.
///
/// One interface for NVIDIA's, AMD's, Apple's and Google's devices; a build needs none of their
/// software. A plugin is loaded once for the process, and never let go.
public struct PJRTPlugin: @unchecked Sendable {
  // Its functions may be called from any thread.
  let api: UnsafePointer<PJRT_Api>
  public let path: String

  /// The interface that it was built with, as in `0.115`.
  public var version: String { "\(api.pointee.version.major).\(api.pointee.version.minor)" }

  /// The oldest interface whose functions stand where we look for them.
  private static let oldestMinor: Int32 = 33

  /// - Parameter path: of the shared library, such as `xla_cuda_plugin.so`.
  /// - Throws: ``ExecutorError`` with code `unsupported` that says what is wrong with the library.
  public init(loading path: String) throws(ExecutorError) {
    try Self.check(path)
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw Self.unusable(
        path, String(cString: dlerror()), "name a PJRT plugin that is built for this system")
    }
    guard let symbol = dlsym(library, "GetPjrtApi") else {
      throw Self.unusable(
        path, "it is no PJRT plugin: it has no GetPjrtApi", "name another shared library")
    }
    typealias GetAPI = @convention(c) () -> UnsafePointer<PJRT_Api>?
    guard let api = unsafeBitCast(symbol, to: GetAPI.self)() else {
      throw Self.unusable(path, "it gives no interface", "install it again")
    }
    (self.api, self.path) = (api, path)
    let (major, minor) = (api.pointee.version.major, api.pointee.version.minor)
    guard major == 0, minor >= Self.oldestMinor else {
      throw Self.unusable(
        path, "its interface is \(major).\(minor)",
        "use a plugin with an interface from 0.\(Self.oldestMinor) on, below 1.0")
    }
    try call(PJRT_Function_Plugin_Initialize, PJRT_Plugin_Initialize_Arguments())
  }

  /// - Throws: ``ExecutorError`` where there is no such file.
  public static func check(_ path: String) throws(ExecutorError) {
    if FileManager.default.fileExists(atPath: path) { return }
    throw unusable(path, "there is no such file", "name the plugin's shared library")
  }

  private static func unusable(_ path: String, _ reason: String, _ fix: String) -> ExecutorError {
    ExecutorError(.unsupported, problem: "the plugin \(path) cannot be used: \(reason)", fix: fix)
  }

  /// What it says of itself, such as `stablehlo_current_version`, as text.
  public func attributes() throws(ExecutorError) -> [String: String] {
    let found = try call(
      PJRT_Function_Plugin_Attributes, PJRT_Plugin_Attributes_Arguments())
    let all = UnsafeBufferPointer(start: found.attributes, count: found.count)
    return Dictionary(
      all.map { (Self.text($0.name, $0.name_size), Self.value(of: $0)) }, uniquingKeysWith: { $1 })
  }

  private static func value(of named: PJRT_Named) -> String {
    switch Int(named.type) {
    case PJRT_Value_String: text(named.string, named.value_size)
    case PJRT_Value_Integer: "\(named.integer)"
    case PJRT_Value_Integers:
      UnsafeBufferPointer(start: named.integers, count: named.value_size)
        .map(String.init).joined(separator: ".")
    case PJRT_Value_Float: "\(named.number)"
    default: "\(named.flag)"
    }
  }
}
