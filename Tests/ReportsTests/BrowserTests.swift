import Foundation
import Reports
import Testing

@Suite(
  "A report in a browser", .serialized,
  .enabled(
    if: Programs.hasBrowser,
    "there is no chromium, or no gnuplot; Scripts/setup-tests installs chromium"))
struct BrowserTests {
  @Test(
    "has no text on another, nothing beyond the window, and no message", arguments: [390, 1280])
  func layout(width: Int) throws {
    let folder = try TemporaryFolder()
    try SampleRun(network: "vgg19_bn").write(to: folder("alone"))
    let directories = try writeSampleRuns(in: folder) + [folder("alone")]
    let files =
      ["resnet_fixed128", "resnet_ada64", "resnet_ada128_five", "resnet_fixed2048"]
      + (0..<3).map { "resnet_ada64_rank\($0)" }
    let runs = RunReading(directories + files.map { witness($0 + ".npz") }).runs
    try Report(runs: runs, title: "Runs of a report", faults: ["cannot read /a/b: it is damaged"])
      .write(to: folder("report"))
    let found = try measure(try folder.text("report/report.html"), width, in: folder)
    #expect(found.findings.isEmpty)
    #expect(found.texts > 200 && found.width == width)
  }

  @Test("as it is written, loads without a message on the console")
  func console() throws {
    let folder = try TemporaryFolder()
    let runs = RunReading(try writeSampleRuns(in: folder)).runs
    try Report(runs: runs, title: "Runs").write(to: folder("report"))
    let shown = try browse(folder("report/report.html"), in: folder)
    #expect(shown.dom.contains("<h1>Runs</h1>") && shown.messages.isEmpty)
  }

  private struct Findings: Decodable {
    let findings: [String]
    let texts: Int
    let width: Int
  }

  /// Shows a copy of a page in a frame of that width, with the script that measures it.
  private func measure(
    _ page: String, _ width: Int, in folder: TemporaryFolder
  ) throws -> Findings {
    let script = try String(contentsOf: URL(filePath: witness("measure.js")), encoding: .utf8)
    let policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/
    let copy = page.replacing(policy, with: "")
      .replacing("</body>", with: "<script>\(script)</script></body>")
      .replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    let frame = """
      <!DOCTYPE html><body><iframe style="border:0;width:\(width)px;height:4000px" srcdoc="\(copy)">
      </iframe><pre></pre><script>
      onload = () => {
        const page = document.querySelector("iframe").contentWindow;
        document.querySelector("pre").textContent =
          btoa(unescape(encodeURIComponent(JSON.stringify(
            {...page.measured, findings: page.findings}))));
      };
      </script>
      """
    try Data(frame.utf8).write(to: URL(filePath: folder("frame.html")))
    let shown = try browse(folder("frame.html"), in: folder)
    #expect(shown.messages.isEmpty)
    let text = try #require(shown.dom.firstMatch(of: /<pre>([A-Za-z0-9+\/=]+)<\/pre>/)?.1)
    let json = try #require(Data(base64Encoded: String(text)))
    return try JSONDecoder().decode(Findings.self, from: json)
  }

  /// What a browser makes of a page, and what its console says.
  private func browse(
    _ path: String, in folder: TemporaryFolder
  ) throws -> (dom: String, messages: [Substring]) {
    let output = try Programs.run(
      "chromium",
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--user-data-dir=\(folder("profile"))", "--enable-logging=stderr",
        "--window-size=1400,1000", "--dump-dom", "file://\(path)",
      ])
    return (output.stdout, output.stderr.split(separator: "\n").filter { $0.contains("CONSOLE") })
  }
}
