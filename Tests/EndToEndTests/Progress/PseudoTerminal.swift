import Foundation

/// A terminal with a program in it, as one in a window is.
struct PseudoTerminal {
  struct Outcome {
    let status: Int32
    /// Every byte that the program wrote, on stdout and stderr.
    let output: String
    let screen: Screen
  }

  var columns = 80
  var environment: [String: String] = [:]

  /// Runs a tool until it ends.
  ///
  /// - Parameter onText: sees all that was written so far, and may interrupt.
  func run(
    _ tool: Tool, _ arguments: [String], in folder: URL,
    onText: (String, Process) -> Void = { _, _ in }
  ) throws -> Outcome {
    var (main, end): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&main, &end, nil, nil, &size) == 0 else { throw POSIXError(.ENXIO) }
    let handle = FileHandle(fileDescriptor: end, closeOnDealloc: true)
    let process = Process()
    process.executableURL = URL(filePath: try tool.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = handle
    process.standardError = handle
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "OMP_NUM_THREADS": "1", "TERM": "xterm",
    ].merging(environment) { $1 }
    try process.run()
    // Ours too has to be closed, for the end of the program to be the end of the text.
    try handle.close()
    let output = text(from: main) { onText($0, process) }
    close(main)
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: output, screen: Screen(output, columns: columns))
  }

  private func text(from descriptor: Int32, _ onText: (String) -> Void) -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { return String(decoding: all, as: UTF8.self) }
      all += buffer.prefix(count)
      onText(String(decoding: all, as: UTF8.self))
    }
  }
}

/// What a terminal shows after some text, and what was drawn over on the way.
struct Screen {
  private(set) var lines: [String] = [""]
  /// Lines that were on the screen when the cursor went back to their start.
  private(set) var drawnOver: [String] = []

  private var column = 0

  init(_ text: String, columns: Int) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r" where rest.first == "\n": break
      case "\r":
        if !current.isEmpty { drawnOver.append(current) }
        column = 0
      case "\n": newLine()
      case "\u{1B}":
        let sequence = rest.prefix { !$0.properties.isAlphabetic }
        rest = rest.dropFirst(sequence.count)
        if rest.popFirst() == "K" { current = String(current.prefix(column)) }
      default:
        if column == columns { newLine() }
        put(Character(scalar))
      }
    }
  }

  private var current: String {
    get { lines[lines.count - 1] }
    set { lines[lines.count - 1] = newValue }
  }

  private mutating func newLine() {
    lines.append("")
    column = 0
  }

  private mutating func put(_ character: Character) {
    current = current.prefix(column) + String(character) + current.dropFirst(column + 1)
    column += 1
  }
}
