import Foundation
import TestSupport
import Testing

@Suite("adabatch doctor", .serialized)
struct DoctorTests {
  @Test("finds that training can run, what it runs on, and what is missing")
  func healthy() throws {
    try withFolder { folder in
      let (report, status) = try examine(in: folder)
      #expect(status == 0 && report.canTrain)
      #expect(report["oneDNN"]?.text.contains("libdnnl.so") == true)
      #expect(report["training step"]?.status == "ok")
      #expect(report["threads"]?.text.hasPrefix("1 ") == true)
      #expect(report["footprint"]?.text.contains(" MB after the training step, ") == true)
      #expect(report["./runs"]?.text.hasPrefix("can be written, ") == true)
      #expect(report["data pack"]?.status == (PhotographDecoders.areThere ? "ok" : "missing"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      for name in ["cifar10", "cifar100"] {
        #expect(report[name]?.status == "missing")
        #expect(report[name]?.fix?.isEmpty == false)
      }
    }
  }

  @Test("shows each finding in a line, with what to do below")
  func lines() throws {
    let outcome = try adabatch.run(["doctor"])
    let lines = outcome.stdout.components(separatedBy: "\n")
    #expect(outcome.status == 0 && outcome.stderr.isEmpty)
    #expect(lines.first == "program")
    #expect(lines.suffix(2) == ["training can run", ""])
    let missing = try #require(lines.firstIndex { $0.hasPrefix("  missing  cifar100 ") })
    #expect(lines[missing + 1].contains(" fix: "))
  }

  @Test("warns of variables that do harm, and of none that do not")
  func variables() throws {
    let (report, status) = try examine(environment: [
      "OMP_DYNAMIC": "true", "ONEDNN_VERBOSE": "1", "ONEDNN_MAX_CPU_ISA": "SSE41",
      "KMP_AFFINITY": "compact", "ADABATCH_DATA": "/nonexistent", "OMP_WAIT_POLICY": "passive",
    ])
    #expect(status == 0)
    let warned = report.findings.filter { $0.section == "environment" && $0.status == "warning" }
    #expect(
      Set(warned.map(\.name)) == [
        "OMP_DYNAMIC", "ONEDNN_VERBOSE", "ONEDNN_MAX_CPU_ISA", "KMP_AFFINITY", "ADABATCH_DATA",
      ])
    #expect(report["OMP_WAIT_POLICY"]?.status == "ok")
    #expect(report["OMP_NUM_THREADS"]?.status == "ok")
    // The kernels are other ones, and give what they should.
    #expect(report["oneDNN"]?.text.contains("kernels for SSE4.1") == true)
    #expect(report["training step"]?.status == "ok")
  }

  @Test("warns of a number of threads that cannot be")
  func threads() throws {
    // libgomp says so too, on stderr.
    let outcome = try adabatch.run(["doctor", "--json"], environment: ["OMP_NUM_THREADS": "some"])
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.stdout.utf8))
    #expect(outcome.status == 0)
    #expect(report["OMP_NUM_THREADS"]?.fix?.contains("ignores it") == true)
  }

  @Test("says which data are damaged, and reads those of $ADABATCH_DATA")
  func data() throws {
    try withFolder { folder in
      _ = try FaultyFolder(in: folder)
      let (report, status) = try examine(
        environment: ["ADABATCH_DATA": folder.appending(path: "truncated").path])
      #expect(status == 0)
      #expect(report["cifar10"]?.status == "warning")
      #expect(report["cifar10"]?.text.contains("data_batch_3.bin: 30,000,000 bytes") == true)
    }
  }

  // OpenMP ends the process that it is in when it cannot have its threads.
  @Test("exits 69 where the library cannot run, with its reason, and looks at all else")
  func unusable() throws {
    let shell = "ulimit -v 1000000; OMP_NUM_THREADS=1000 exec \"$0\" doctor"
    let process = Process()
    let stdout = Pipe()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", shell, try adabatch.path]
    process.standardOutput = stdout
    try process.run()
    let text = String(
      decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 69)
    #expect(text.contains("  failed   training step "))
    #expect(text.contains("Thread creation failed"))
    #expect(text.contains("more threads than the "))
    #expect(text.contains("./runs"))
    #expect(text.hasSuffix("training cannot run here\n"))
  }

  private struct Report: Decodable {
    let canTrain: Bool
    let findings: [Finding]

    subscript(name: String) -> Finding? { findings.first { $0.name == name } }
  }

  private struct Finding: Decodable {
    let section, name, status, text: String
    let fix: String?
  }

  private func examine(
    in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> (Report, Int32) {
    let outcome = try adabatch.run(["doctor", "--json"], in: folder, environment: environment)
    #expect(outcome.stderr.isEmpty)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.stdout.utf8))
    return (report, outcome.status)
  }
}
