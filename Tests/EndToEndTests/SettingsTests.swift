import Foundation
import RunRecords
import Testing

/// What `train --print-config` prints: names with values, and where these were given.
struct PrintedSettings {
  let text: String
  let values: [String: String]
  let origins: [String: String]

  init(_ text: String) {
    self.text = text
    let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.components(separatedBy: "  # ")
      let pair = parts[0].components(separatedBy: ": ")
      return (
        name: pair[0], value: pair[1].trimmingCharacters(in: .whitespaces),
        origin: parts.count > 1 ? parts[1] : ""
      )
    }
    values = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.value) })
    origins = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.origin) })
  }
}

@Suite("The layers of settings")
struct SettingsTests {
  private func write(_ content: String, to name: String, in folder: URL) throws {
    try Data(content.utf8).write(to: folder.appending(path: name))
  }

  /// What is printed with a file and what follows it.
  private func printed(
    _ file: String, _ options: [String] = [], environment: [String: String] = [:]
  ) throws -> PrintedSettings {
    try withFolder { folder in
      try write(file, to: "a.yaml", in: folder)
      let outcome = try adabatch.run(
        ["train", "--config", "a.yaml", "--print-config"] + options, in: folder,
        environment: environment)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome.stderr)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "runs").path))
      return PrintedSettings(outcome.stdout)
    }
  }

  @Test("options are above the environment, that above files, and these above the defaults")
  func precedence() throws {
    let file = "epochs: 5\nbatch-size: 64\nmomentum: 0.8\nlearning-rate: 0.1\n"
    let settings = try printed(
      file, ["--epochs", "7", "--seed=9"],
      environment: [
        "ADABATCH_EPOCHS": "6", "ADABATCH_BATCH_SIZE": "32", "ADABATCH_MOMENTUM": "",
        "ADABATCH_SEED": "8",
      ])
    let names = ["epochs", "seed", "batch-size", "momentum", "learning-rate", "weight-decay"]
    #expect(names.map { settings.values[$0] } == ["7", "9", "32", "0.8", "0.1", "0.0005"])
    #expect(
      names.map { settings.origins[$0] } == [
        "command line", "command line", "$ADABATCH_BATCH_SIZE", "a.yaml, line 3",
        "a.yaml, line 4", "default",
      ])
  }

  @Test("of several files the last is the strongest, and --config may stand anywhere")
  func files() throws {
    try withFolder { folder in
      try write("epochs: 5\nseed: 5\n", to: "a.yaml", in: folder)
      try write("epochs: 6\n", to: "b.yaml", in: folder)
      let outcome = try adabatch.run(
        ["train", "--config=a.yaml", "--print-config", "--keep", "3", "--config", "b.yaml"],
        in: folder)
      let settings = PrintedSettings(outcome.stdout)
      #expect(["epochs", "seed", "keep"].map { settings.values[$0] } == ["6", "5", "3"])
      #expect(settings.origins["epochs"] == "b.yaml, line 1")
    }
  }

  @Test("a flag can be taken back by each higher layer")
  func flags() throws {
    let file = "drop-last: true\n"
    #expect(try printed(file).values["drop-last"] == "true")
    #expect(try printed(file, ["--no-drop-last"]).values["drop-last"] == "false")
    let environment = ["ADABATCH_DROP_LAST": "false"]
    #expect(try printed(file, environment: environment).values["drop-last"] == "false")
    let again = try printed(file, ["--drop-last"], environment: environment)
    #expect(again.values["drop-last"] == "true")
  }

  @Test("milestones take a lower layer's interval away, and an interval its milestones")
  func alternatives() throws {
    let milestones = try printed("growth-interval: 20\n", ["--milestones", "60,80"])
    #expect(milestones.values["milestones"] == "[60, 80]")
    #expect(milestones.values["growth-interval"] == nil)
    let interval = try printed("milestones: [60, 80]\n", ["--growth-interval", "10"])
    #expect(interval.values["growth-interval"] == "10")
    #expect(interval.values["milestones"] == nil)
  }

  @Test("another policy or data set takes away what belonged to the lower layer's")
  func dependents() throws {
    let file = """
      policy: adabatch
      growth-factor: 4
      max-batch: 512
      rate-milestones: [50]
      decay: 0.5
      dataset: cifar100
      data: /images
      classes: 100
      batch-size: 32

      """
    let other = try printed(file, ["--policy", "fixed", "--dataset", "synthetic"])
    for name in ["growth-factor", "max-batch", "rate-milestones", "data"] {
      #expect(other.values[name] == nil, "\(name)")
    }
    #expect(["decay", "classes", "batch-size"].map { other.values[$0] } == ["0.375", "10", "32"])
    let same = try printed(file, ["--policy", "adabatch", "--dataset", "cifar100"])
    #expect(["decay", "data", "max-batch"].map { same.values[$0] } == ["0.5", "/images", "512"])
  }

  @Test("options of the scripts are the user's own words, above all")
  func scripts() throws {
    try withFolder { folder in
      try write("learning-rate: 0.1\nseed: 3\n", to: "a.yaml", in: folder)
      let outcome = try adabatch.run(
        ["train", "--lr", "0.2", "--config", "a.yaml", "--print-config"], in: folder)
      let settings = PrintedSettings(outcome.stdout)
      #expect(settings.values["learning-rate"] == "0.2" && settings.values["seed"] == "3")
    }
  }

  @Test("plan reads the same layers, and leaves what it has no use for")
  func plan() throws {
    try withFolder { folder in
      let file = "dataset: synthetic\nnetwork: alexnet\nepochs: 2\nkeep: 3\nrun: r\n"
      try write(file, to: "a.yaml", in: folder)
      let layered = try adabatch.run(
        ["plan", "--config", "a.yaml", "--json"], in: folder,
        environment: ["ADABATCH_BATCH_SIZE": "500", "ADABATCH_CHECKPOINT_MINUTES": "1"])
      let typed = try adabatch.run(
        [
          "plan", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2",
          "--batch-size", "500", "--json",
        ], in: folder)
      #expect(layered.status == 0 && layered == typed)
      let other = try adabatch.run(["plan", "--config", "a.yaml", "--json"], in: folder)
      #expect(other.status == 0 && other != typed)
    }
  }

  @Test("every option of train is a setting, or belongs to one command")
  func vocabulary() throws {
    let help = try adabatch.run(["train", "--help"]).stdout
    let names = help.components(separatedBy: "\n")
      .filter { $0.hasPrefix("  -") }
      .compactMap { $0.firstMatch(of: /--([a-z-]+)/).map { String($0.1) } }
    #expect(names.count > 25 && Set(names).isSuperset(of: ["epochs", "quiet", "run", "threads"]))
    let commandOnly: Set = [
      "allow-changes", "config", "fresh", "help", "json", "memory-fraction", "plugin",
      "print-config",
      "quiet", "resume", "version",
    ]
    try withFolder { folder in
      for name in names {
        try write("\(name): {a: 1}\n", to: "a.yaml", in: folder)
        let outcome = try adabatch.run(["train", "--config", "a.yaml"], in: folder)
        let reason =
          commandOnly.contains(name)
          ? "'\(name)' belongs to one command, and is no setting of a run"
          : "\(name) is made of several values, but needs to be one"
        #expect(
          outcome.stderr.hasPrefix("adabatch: cannot use a.yaml: line 1: \(reason)\n"), "\(name)")
        #expect(outcome.status == 65)
      }
    }
  }

  @Test(
    "a variable that sets nothing is named, with the one that was meant",
    arguments: [
      ("ADABATCH_LR", "1", "sets nothing; did you mean $ADABATCH_LEARNING_RATE?"),
      ("ADABATCH_EPOCH", "1", "sets nothing; did you mean $ADABATCH_EPOCHS?"),
      ("ADABATCH_epochs", "1", "sets nothing; did you mean $ADABATCH_EPOCHS?"),
      ("ADABATCH_RESUME", "true", "sets nothing"),
      ("ADABATCH_EPOCHS", "ten", "is 'ten', but epochs needs to be a whole number"),
      ("ADABATCH_DROP_LAST", "1", "is '1', but drop-last needs to be true or false"),
      (
        "ADABATCH_MILESTONES", "[60]", "is '[60]', but milestones needs to be epochs, such as 60,80"
      ),
      ("ADABATCH_SEED", "-1", "is '-1', but seed needs to be 0 or more"),
    ])
  func variables(name: String, value: String, problem: String) throws {
    let outcome = try adabatch.run(["train"], environment: [name: value])
    #expect(outcome.status == 64)
    #expect(outcome.stderr.hasPrefix("adabatch: $\(name) \(problem)\n  fix: "))
    let doctor = try adabatch.run(["doctor"], environment: [name: value])
    #expect(doctor.stdout.contains("$\(name) \(problem)"))
  }

  @Test("help is printed whatever the layers hold")
  func help() throws {
    let outcome = try adabatch.run(
      ["train", "--config", "nowhere", "--help"], environment: ["ADABATCH_EPOCHS": "ten"])
    #expect(outcome.status == 0 && outcome.stdout.hasPrefix("OVERVIEW"))
  }
}

@Suite("Documentation/Settings.md")
struct SettingsPageTests {
  @Test("shows what its file comes to")
  func example() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Settings.md"), encoding: .utf8)
    let file = page.components(separatedBy: "```yaml\n")[1].components(separatedBy: "```")[0]
    let blocks = try ConsoleBlock.all(in: "Documentation/Settings.md")
    #expect(blocks.count == 1)
    for block in blocks {
      try withFolder { folder in
        try Data(file.utf8).write(to: folder.appending(path: "alexnet.yaml"))
        let outcome = try adabatch.run(block.arguments, in: folder)
        #expect(outcome == Tool.Outcome(status: 0, stdout: block.output, stderr: ""))
      }
    }
  }
}
