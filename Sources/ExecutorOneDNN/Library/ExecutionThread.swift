import Foundation

/// The one thread on which oneDNN makes and executes primitives.
///
/// libgomp keeps a team of threads for each thread that calls it: hopping between callers went
/// from 55 to 65 ms a step and from 2 to 7 threads in a prototype. So callers may come from
/// anywhere, also from Swift's cooperative pool, and wait here for their turn.
final class ExecutionThread: @unchecked Sendable {
  static let shared = ExecutionThread()

  private let turn = NSLock()
  private let ready = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)
  // Written by the caller that has the turn before `ready`, read by the thread after it.
  private var job: (() -> Void)?
  private var thread: Thread?

  private init() {
    let thread = Thread { [unowned self] in
      while true {
        ready.wait()
        job?()
        done.signal()
      }
    }
    thread.name = "adabatch-execution"
    thread.stackSize = 8 << 20
    self.thread = thread
    thread.start()
  }

  /// Runs `body` on the thread and returns when it is done.
  func run<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if Thread.current === thread { return try body() }
    turn.lock()
    defer { turn.unlock() }
    var result: Swift.Result<Result, Failure>?
    withoutActuallyEscaping(body) { body in
      job = {
        do throws(Failure) {
          result = .success(try body())
        } catch {
          result = .failure(error)
        }
      }
      ready.signal()
      done.wait()
      job = nil
    }
    guard let result else { preconditionFailure("the execution thread did not run its job") }
    return try result.get()
  }
}
