import Foundation

/// A library that is looked for when it is needed.
struct SharedLibrary: @unchecked Sendable {  // a handle that is never closed, and constant
  private let handle: UnsafeMutableRawPointer
  private let name: String
  private let fix: String

  /// - Throws: ``DataError`` with code `missingProgram`.
  init(_ name: String, package: String) throws(DataError) {
    fix = "install it: apt-get install \(package)"
    self.name = name
    guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      throw DataError(.missingProgram, name, "this library is needed, and is not there", fix: fix)
    }
    self.handle = handle
  }

  func function<Function>(_ symbol: String, as type: Function.Type) throws(DataError) -> Function {
    guard let address = dlsym(handle, symbol) else {
      throw DataError(
        .missingProgram, name, "this library has no \(symbol), and may be of another version",
        fix: fix)
    }
    return unsafeBitCast(address, to: type)
  }
}
