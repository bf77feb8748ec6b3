import Foundation

/// What stdout is connected to.
enum Terminal {
  /// Whether a line there can be drawn anew: not in a file, a pipe or a dumb terminal.
  static var isInteractive: Bool {
    isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(variable("TERM"))
  }

  /// Colours are for those who have not set NO_COLOR (https://no-color.org).
  static var hasColour: Bool { variable("NO_COLOR").isEmpty }

  /// Characters in a line, as the window is now.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether the terminal is ours to draw on: a job in the background leaves it to the shell.
  static var isForeground: Bool {
    let group = tcgetpgrp(STDOUT_FILENO)
    return group < 0 || group == getpgrp()
  }

  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }
}
