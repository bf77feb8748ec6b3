import Foundation
import Reports
import RunRecords
import Testing

@Suite("A report's page")
struct PageTests {
  @Test("needs nothing else: no network, no script, no other file")
  func selfContained() throws {
    let folder = try TemporaryFolder()
    let runs = RunReading(try writeSampleRuns(in: folder)).runs
    try Report(runs: runs, title: "Runs").write(to: folder("report"))
    let page = try folder.text("report/report.html")
    #expect(!page.contains("<script") && !page.contains("@import"))
    #expect(!page.contains(/(?:src|href)=["'](?!data:|#)/))
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("src=\"data:image/png;base64,iVBORw0KGgo"))
    for word in ["Decisions", "above the interval", "AMD EPYC", "taken for dog", "unfinished"] {
      #expect(page.contains(word), "no '\(word)'")
    }
    let head =
      "AlexNet on CIFAR-10: AdaBatch 128–256 came to 75.00 % at best, −0.50 points against"
      + " fixed 128, with 25 % fewer updates and 17 % fewer seconds."
    #expect(page.contains(head))
  }

  @Test("shows what runs, files and programs call something, and takes none of it for markup")
  func escaping() throws {
    let folder = try TemporaryFolder()
    let evil = "<script>alert('1')</script>\"&`touch x`"
    try SampleRun(network: evil, classNames: [evil, "dog"], hasPredictions: true)
      .write(to: folder("run"))
    var runs = RunReading([folder("run"), witness("resnet_fixed128.npz")]).runs
    runs[0].label = evil
    let table = ReportTable(
      name: "own", title: evil, columns: [evil], rows: [[.text(evil)]], notes: [evil])
    try Report(
      runs: runs, title: evil, extraTables: [table], headline: evil, faults: [evil]
    ).write(to: folder("report"))
    let page = try folder.text("report/report.html")
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"))
  }

  @Test("carries what a program adds: a headline, and tables before its own")
  func extraTables() throws {
    let folder = try TemporaryFolder()
    let table = ReportTable(
      name: "comparison", title: "Comparison", columns: ["arm", "points"],
      rows: [["AdaBatch", .number(0.12, digits: 2)]])
    let outcome = try Report(
      runs: [], title: "Nothing yet", extraTables: [table], headline: "It holds."
    ).write(to: folder("a/report"))
    #expect(outcome.tables == 1 && outcome.figures == 0 && outcome.warnings.isEmpty)
    #expect(try folder.text("a/report/tables/comparison.csv") == "arm,points\r\nAdaBatch,0.12\r\n")
    let page = try folder.text("a/report/report.html")
    #expect(page.contains("<p class=\"headline\">It holds.</p>"))
    #expect(page.contains("<h2>Comparison</h2>"))
  }
}
