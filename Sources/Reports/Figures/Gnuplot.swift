import Foundation
import RunRecords

/// The program that draws: it gets a script on its standard input and gives a picture on its
/// standard output, so that no path is ever part of a script.
struct Gnuplot {
  enum Format: String, CaseIterable {
    case svg, png, pdf

    /// The terminal for a picture of that size in pixels.
    func terminal(_ size: (width: Double, height: Double), scalable: Bool = false) -> String {
      let (width, height) = (Int(size.width.rounded(.up)), Int(size.height.rounded(.up)))
      switch self {
      case .svg:
        return "set terminal svg size \(width),\(height) \(scalable ? "dynamic" : "fixed")"
          + " font '\(GnuplotStyle.font)' noenhanced background rgb 'white'"
      case .png:  // twice as fine, for screens that are
        return "set terminal pngcairo size \(2 * width),\(2 * height) font '\(GnuplotStyle.font)'"
          + " fontscale 1.5 linewidth 2 pointscale 2 noenhanced background rgb 'white'"
      case .pdf:
        return "set terminal pdfcairo size \(size.width / 96)in,\(size.height / 96)in"
          + " font '\(GnuplotStyle.pointFont)' fontscale 0.75 linewidth 1.3 pointscale 0.8 noenhanced"
          + " background rgb 'white'"
      }
    }
  }

  private let program: String

  /// nil where there is none in PATH.
  init?() {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let places = path.split(separator: ":").map { "\($0)/gnuplot" }
    guard let program = places.first(where: FileManager.default.isExecutableFile) else {
      return nil
    }
    self.program = program
  }

  static let howToGetIt =
    "there is no gnuplot, so the report has no figures;"
    + " get it with: apt-get install gnuplot-nox (make setup does, too)"

  /// A script that failed, and what gnuplot said.
  struct Failure: Error { let reason: String }

  /// Draws a script.
  ///
  /// - Throws: ``Failure``.
  func draw(_ script: String, _ terminal: String) throws(Failure) -> Data {
    do {
      return try run(Data((terminal + "\n" + script).utf8))
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(reason: "\(error)")
    }
  }

  private func run(_ script: Data) throws -> Data {
    // A file rather than a pipe: a script is longer than a pipe takes before anybody reads.
    let name = FileManager.default.temporaryDirectory.appending(path: "adabatch-\(UUID()).gnuplot")
    try script.write(to: name)
    defer { try? FileManager.default.removeItem(at: name) }
    let input = try FileHandle(forReadingFrom: name)
    let (process, output, errors) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = ["--default-settings", "-"]  // none of the user's own
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let picture = try output.fileHandleForReading.readToEnd() ?? Data()
    let words = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let said = String(decoding: words, as: UTF8.self)
    guard process.terminationStatus == 0, !picture.isEmpty else {
      throw Failure(
        reason: printable(said.split(separator: "\n").last.map(String.init) ?? "no picture"))
    }
    return picture
  }
}
