import Foundation
import Testing

@Suite("adabatch report", .serialized)
struct ReportTests {
  private func train(_ name: String, in folder: URL) throws {
    let outcome = try adabatch.run(
      [
        "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2",
        "--batch-size", "500", "--test-batch", "500", "--quiet", "--threads", "1", "--run", name,
      ], in: folder)
    #expect(outcome.status == 0)
  }

  private func exists(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  @Test("makes a page, tables and figures of a run; names what is damaged, and goes on")
  func report() throws {
    try withFolder { folder in
      try train("run", in: folder)
      let whole = try adabatch.run(["report", "run"], in: folder)
      #expect(whole.status == 0)
      #expect(whole.stdout.hasPrefix("the report is report/report.html: 1 run, "))
      for name in ["report.html", "tables/results.csv", "tables/settings.tex"] {
        #expect(exists("report/\(name)", in: folder))
      }
      let missing = try adabatch.run(
        ["report", "run", "nowhere", "--output", "a/b"], in: folder)
      #expect(missing.status == 66 && exists("a/b/report.html", in: folder))
      #expect(
        missing.stderr.contains("cannot read nowhere: there is nothing of that name\n  fix: name"))
      try damage("run/decisions.jsonl", in: folder)
      let damaged = try adabatch.run(["report", "nowhere", "run"], in: folder)
      #expect(damaged.status == 65 && damaged.stdout.contains("1 run"))
      #expect(damaged.stderr.contains("cannot read line 1 of run/decisions.jsonl"))
    }
  }

  @Test("without gnuplot makes the report without figures, and says in a line how to get it")
  func withoutGnuplot() throws {
    try withFolder { folder in
      try train("run", in: folder)
      let outcome = try adabatch.run(
        ["report", "run"], in: folder, environment: ["PATH": "/nonexistent"])
      #expect(outcome.status == 0 && exists("report/report.html", in: folder))
      #expect(
        outcome.stderr == """
          adabatch: warning: there is no gnuplot, so the report has no figures; \
          get it with: apt-get install gnuplot-nox (make setup does, too)

          """)
      #expect(!exists("report/figures", in: folder))
    }
  }

  @Test("of nothing that can be read writes nothing")
  func nothing() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(["report", "nowhere"], in: folder)
      #expect(outcome.status == 66 && outcome.stdout.isEmpty)
      #expect(!exists("report", in: folder))
      #expect(try adabatch.run(["report", "x", "--accuracy", "7x"], in: folder).status == 64)
    }
  }

  private func damage(_ name: String, in folder: URL) throws {
    try Data("no JSON\n".utf8).write(to: folder.appending(path: name))
  }
}
