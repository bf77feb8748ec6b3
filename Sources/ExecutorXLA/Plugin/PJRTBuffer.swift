import CPJRT
import Executors

/// Numbers in a device's memory, which is given back with the last reference to them.
public final class PJRTBuffer: @unchecked Sendable {
  let handle: UnsafeMutableRawPointer
  // Its memory is the client's, which has to be there as long.
  private let client: PJRTClient
  private var plugin: PJRTPlugin { client.plugin }

  init(_ handle: UnsafeMutableRawPointer?, _ client: PJRTClient) {
    guard let handle else { preconditionFailure("a plugin that makes no buffer") }
    (self.handle, self.client) = (handle, client)
  }

  deinit { plugin.destroy(PJRT_Function_Buffer_Destroy, handle) }

  /// Copies `count` numbers out of the device, once the program that makes them is done.
  ///
  /// - Throws: what went wrong in that program, too.
  public func floats(_ count: Int) throws(ExecutorError) -> [Float] {
    if count == 0 { return [] }
    var failure: ExecutorError?
    let numbers = [Float](unsafeUninitializedCapacity: count) { target, written in
      do throws(ExecutorError) {
        try copy(into: UnsafeMutableRawBufferPointer(target))
        written = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return numbers
  }

  private func copy(into target: UnsafeMutableRawBufferPointer) throws(ExecutorError) {
    var arguments = PJRT_Buffer_ToHost_Arguments()
    (arguments.buffer, arguments.data) = (handle, target.baseAddress)
    arguments.size = target.count
    try plugin.await(try plugin.call(PJRT_Function_Buffer_ToHost, arguments).event)
  }
}
