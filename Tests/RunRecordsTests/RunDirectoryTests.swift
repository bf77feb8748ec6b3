import Foundation
import RunRecords
import Testing

@Suite struct RunDirectoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refusal(of path: String) -> RunDirectoryError? {
    #expect(throws: RunDirectoryError.self) { try RunDirectory(creatingAt: path) }
  }

  @Test(
    "the directory and those above it are created, and left empty",
    arguments: ["run", "runs/today/7", "runs//8/", "runs/a b ü"])
  func creation(name: String) throws {
    let run = try RunDirectory(creatingAt: folder(name))

    #expect(run.path == folder(name))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder(name)).isEmpty)
  }

  @Test("an existing directory is used, with what else is in it")
  func existing() throws {
    try Data("notes".utf8).write(to: URL(filePath: folder("notes.txt")))
    let run = try RunDirectory(creatingAt: folder.path)
    try run.append(EpochRecord.sample())

    #expect(try folder.names == ["epochs.csv", "epochs.jsonl", "notes.txt"])
  }

  @Test("a directory that holds another run is refused, and left as it was")
  func anotherRun() throws {
    let path = folder("run")
    let run = try RunDirectory(creatingAt: path)
    try run.write(RunSettings.sample())
    let before = try text(of: run.file(RunDirectory.settingsFile))

    let error = refusal(of: path)
    #expect(error?.code == .holdsAnotherRun)
    #expect(
      error?.description == """
        run directory \(path) holds another run: run.yaml is there
          fix: name a directory that is new or empty
        """)
    #expect(try text(of: run.file(RunDirectory.settingsFile)) == before)
  }

  @Test(
    "any file of a run's is another run, be it a link that leads nowhere",
    arguments: [
      "run.yaml", "epochs.jsonl", "epochs.csv", "numbers.npz", "decisions.jsonl",
      "model.safetensors",
    ])
  func remains(name: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder(name), withDestinationPath: "/nowhere/at/all")

    #expect(refusal(of: folder.path)?.code == .holdsAnotherRun)
  }

  @Test("a file, or a path below one, is no directory", arguments: ["", "/run", "/runs/7"])
  func file(below: String) throws {
    try Data("notes".utf8).write(to: URL(filePath: folder("notes.txt")))
    let path = folder("notes.txt") + below

    let error = refusal(of: path)
    #expect(error?.code == .notADirectory)
    #expect(
      error?.description == """
        run directory \(path) is a file, or lies below one
          fix: name a directory that is new or empty
        """)
  }

  // /proc takes no files from anybody, so this holds for root too.
  @Test(
    "a directory that takes no files is refused, for root too",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "there is no /proc here"),
    arguments: ["/proc", "/proc/run", "/proc/self"])
  func takesNoFiles(path: String) {
    let error = refusal(of: path)

    #expect(error?.code == .notWritable)
    #expect(
      error?.description == """
        run directory \(path) cannot be written to: No such file or directory
          fix: name a directory on a disk that has room and that you may write to
        """)
  }

  @Test(
    "a read-only directory is refused",
    .enabled(if: geteuid() != 0, "root passes permissions; /proc stands in, above"))
  func readOnly() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)

    #expect(refusal(of: folder.path)?.code == .notWritable)
    #expect(refusal(of: folder("run"))?.code == .notWritable)
  }

  @Test("an empty name is refused")
  func emptyName() {
    #expect(refusal(of: "")?.code == .notWritable)
  }

  @Test("a run is opened by its settings, and nothing else is a run")
  func opening() throws {
    let path = folder("run")
    try RunDirectory(creatingAt: path).write(RunSettings.sample())

    #expect(try RunDirectory(opening: path).settings() == .sample())
    let error = #expect(throws: RunDirectoryError.self) { try RunDirectory(opening: folder.path) }
    #expect(
      error?.description == """
        run directory \(folder.path) holds no run: there is no run.yaml
          fix: name the directory that was given to the run
        """)
  }

  @Test(
    "a full disk is said, and costs no line that was written before",
    arguments: [RunDirectory.epochsFile, RunDirectory.tableFile])
  func fullDisk(name: String) throws {
    let run = try RunDirectory(creatingAt: folder("run"))
    let path = run.file(name)
    // The kernel's own full disk; it stands where the file would.
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")

    let error = #expect(throws: FileError.self) { try run.append(EpochRecord.sample()) }
    #expect(error?.code == .diskFull)
    #expect(
      error?.description == """
        cannot write \(path): No space left on device
          fix: free some space on that disk, or use a folder on another one
        """)
  }
}
