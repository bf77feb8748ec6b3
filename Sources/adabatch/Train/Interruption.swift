import AdaBatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as a request to stop; a second one ends the program at once.
///
/// What is being written then is not damaged: files take their names when they are whole.
enum Interruption {
  // Handlers of signals are functions of C, which carry nothing with them.
  static let request = StopRequest()
  private static let first = Atomic<Int32>(0)

  /// The signal that asked to stop; nil for none.
  static var signal: Int32? {
    let number = first.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Takes the signals over from the system: from here on they make ``request``.
  static func watch() {
    // Made now: a handler must not be the first to touch them.
    _ = (request.isMade, first.load(ordering: .relaxed))
    for number in [SIGINT, SIGTERM] { handle(number) }
    unblock([SIGINT, SIGTERM])
  }

  /// A program that starts this one from a thread which takes no signals would leave it deaf.
  static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func handle(_ number: Int32) {
    var action = sigaction()
    sigaction(number, nil, &action)
    // A shell that starts a program in the background has it ignore Ctrl-C: so it stays.
    if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 { return }
    action.__sigaction_handler.sa_handler = { number in
      let isFirst = Interruption.first.compareExchange(
        expected: 0, desired: number, ordering: .relaxed
      ).exchanged
      if isFirst { Interruption.request.make() } else { _exit(128 + number) }
    }
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
  }
}
