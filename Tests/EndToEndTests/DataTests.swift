import Foundation
import RunRecords
import TestSupport
import Testing

@Suite("adabatch data", .serialized) struct DataTests {
  @Test("check tells of each file, and says that well-formed ones are not the official ones")
  func wellFormed() throws {
    try withFolder { folder in
      try cifar10(in: folder)
      let outcome = try adabatch.run(["data", "check", "--data", "."], in: folder)
      let rows = (0..<6).map { index in
        let name = (index < 5 ? "data_batch_\(index + 1).bin" : "test_batch.bin")
          .padding(toLength: 16, withPad: " ", startingAt: 0)
        return "  \(name)  30,730,000 bytes  10,000 images  labels 0 to \(index)"
          + "  not the official bytes\n"
      }
      #expect(
        outcome.stdout == "CIFAR-10 in .\n" + rows.joined() + """
          well-formed: 50,000 images to train on, 10,000 to test with, 10 classes
          not the official bytes: results may differ from those of others by more than chance

          """)
      #expect((outcome.status, outcome.stderr) == (0, ""))
    }
  }

  @Test("check names every fault, and exits with the code of the worst")
  func faults() throws {
    try withFolder { folder in
      try cifar10(in: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "data_batch_1.bin"))
      try Data([0]).write(to: folder.appending(path: "data_batch_2.bin"))
      let outcome = try adabatch.run(["data", "check", "--data", "."], in: folder)
      #expect(outcome.stdout.components(separatedBy: "cannot be used\n").count == 3)
      #expect(
        outcome.stderr == """
          adabatch: ./data_batch_1.bin: no such file or folder
            fix: unpack cifar-10-binary.tar.gz again
          adabatch: ./data_batch_2.bin: 1 bytes, but this file of CIFAR-10 has 30,730,000 \
          (10,000 records of 3,073)
            fix: unpack cifar-10-binary.tar.gz again

          """)
      #expect(outcome.status == 65)
      try FileManager.default.removeItem(at: folder.appending(path: "data_batch_2.bin"))
      #expect(try adabatch.run(["data", "check", "--data", "."], in: folder).status == 66)
    }
  }

  @Test("info shows the classes with their counts, and gives the same as JSON")
  func info() throws {
    try withFolder { folder in
      try cifar10(in: folder)
      let text = try adabatch.run(["data", "info", "--data", "."], in: folder)
      #expect(text.stdout.contains("\n 0  airplane           49,996   9,999\n"))
      #expect(text.stdout.contains("\n 5  dog                     0       1\n"))

      let json = try adabatch.run(["data", "info", "--json", "--data", "."], in: folder)
      let info = try JSONDecoder().decode(Info.self, from: Data(json.stdout.utf8))
      #expect(info.classes[4] == .init(name: "deer", training: 1, test: 0))
      #expect(info.files.map(\.images) == Array(repeating: 10_000, count: 6))
      #expect(info.shape == [3, 32, 32])
      // The red channel alone has pixels that are not black: 1, 2, 3 and 4.
      #expect(abs(info.mean[0] - 10 / (255 * 1024 * 50_000.0)) < 1e-15)
      #expect(info.mean[1...] == [0, 0])
    }
  }

  @Test(
    "every command that reads a data set says the same of --data",
    arguments: [["train"], ["evaluate"], ["data", "check"], ["data", "info"]])
  func help(command: [String]) throws {
    let help = try adabatch.run(command + ["--help"]).stdout.split(whereSeparator: \.isWhitespace)
    let words = "Folder with the data set's files, its parent, or the .tar.gz. Unless given:"
    #expect(help.joined(separator: " ").contains("--data <path> " + words))
  }

  @Test("a run records its images' folder from the root, for evaluations from elsewhere")
  func relativeFolder() throws {
    try withFolder { folder in
      try cifar10(in: folder)
      // A rate at which training diverges at once: the settings are on the disk by then.
      let outcome = try adabatch.run(
        [
          "train", "--network", "alexnet", "--learning-rate", "1e30", "--data", ".", "--run", "run",
          "--quiet",
        ], in: folder)
      #expect(outcome.status == 70)
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      #expect(try run.settings().settings.data == folder.resolvingSymlinksInPath().path)
    }
  }

  @Test("get refuses a mirror's wrong bytes, and leaves nothing")
  func mirror() throws {
    let server = LoopbackServer(["/cifar.tar.gz": .bytes(Array("not CIFAR".utf8))])
    defer { server.stop() }
    try withFolder { folder in
      let url = server.url("/cifar.tar.gz")
      let outcome = try adabatch.run(
        ["data", "get", "cifar10", "--data", "new/data", "--from", url], in: folder)
      #expect(
        outcome
          == .init(
            status: 65, stdout: "",
            stderr: """
              fetching \(url): 170.1 MB
              adabatch: \(url): 9 bytes, but cifar-10-binary.tar.gz has 170,052,171
                fix: it was removed; give the command again, or another address with --from

              """))
      let left = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "new/data").path)
      #expect(left.isEmpty)
    }
  }

  @Test("get does nothing where files are")
  func there() throws {
    try withFolder { folder in
      try cifar10(in: folder)
      let outcome = try adabatch.run(["data", "get", "cifar10", "--data", "."], in: folder)
      #expect(
        outcome
          == .init(
            status: 0,
            stdout: "CIFAR-10, 50,000 images to train on and 10,000 to test with, is in .\n",
            stderr: """
              nothing to do: well-formed files are there, but not the official bytes; to get \
              those, remove . and give the command again

              """))
    }
  }

  private struct Info: Decodable {
    struct File: Decodable { let images: Int }
    struct Class: Decodable, Equatable {
      let name: String
      let training: Int
      let test: Int
    }
    let files: [File]
    let classes: [Class]
    let shape: [Int]
    let mean: [Double]
  }

  /// Six files of the right size: labels 0 and black pixels, but in each file but the first one
  /// label and one pixel, which are the file's number.
  private func cifar10(in folder: URL) throws {
    for index in 0..<6 {
      let name = index < 5 ? "data_batch_\(index + 1).bin" : "test_batch.bin"
      var head = [UInt8](repeating: 0, count: 3074)
      (head[1], head[3073]) = (UInt8(index), UInt8(index))
      let url = folder.appending(path: name)
      try Data(head).write(to: url)
      let file = try FileHandle(forWritingTo: url)
      try file.truncate(atOffset: 30_730_000)
      try file.close()
    }
  }
}
