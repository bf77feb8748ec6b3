/// An option of the AdaBatch scripts that `adabatch train` calls otherwise, or cannot mean.
///
/// The scripts are `adabatch_cifar.py`, `cifar_dis.py` (three ranks) and `adabatch_imagenet.py`, as
/// NVlabs and the GXU reproduction have them. Documentation/FromTheScripts.md shows all of it.
struct ScriptOption {
  enum Meaning {
    /// The same thing has another name here.
    case renamed(String)
    /// Says what is meant only together with others.
    case part
    /// Accepted, changes nothing here, for this reason.
    case idle(String)
    /// Cannot be meant here, for this reason; what to do instead.
    case refused(String, fix: String)
  }

  enum Values { case none, one, several }

  /// All spellings, the one that is looked up first.
  let names: [String]
  let meaning: Meaning
  var values = Values.one
  /// A value that says what is so here anyway.
  var neutral: Double?
  /// Whether it is adabatch's own option where no value follows.
  var isOwnAlone: Bool

  init(
    _ names: String..., meaning: Meaning, values: Values = .one, neutral: Double? = nil,
    isOwnAlone: Bool = false
  ) {
    self.isOwnAlone = isOwnAlone
    self.names = names
    self.meaning = meaning
    self.values = values
    self.neutral = neutral
  }

  static func named(_ name: String) -> ScriptOption? { all.first { $0.names.contains(name) } }

  /// The option that a word starts with, and the value that it holds too: `--lr=0.1`, `-b64`.
  static func starting(_ word: String) -> (option: ScriptOption, name: String, value: String?)? {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    if let name = parts.first, let option = named(name) {
      return (option, name, parts.count == 2 ? parts[1] : nil)
    }
    let letter = String(word.prefix(2))
    guard let option = named(letter), option.values != .none else { return nil }
    return (option, letter, String(word.dropFirst(2)))
  }

  static let all: [ScriptOption] =
    batchAndRate + [
      ScriptOption("--arch", "-a", meaning: .part),
      ScriptOption("--depth", meaning: .part),
      ScriptOption("-d", meaning: .renamed("--dataset")),
      ScriptOption("--wd", meaning: .renamed("--weight-decay")),
      ScriptOption("--manualSeed", meaning: .renamed("--seed")),
      ScriptOption("--checkpoint", "-c", "--cp_path", meaning: .renamed("--run")),
      ScriptOption("--savez", meaning: .part),
    ] + idle + networks + ranks + elsewhere

  private static let batchAndRate = [
    ScriptOption("--train-batch", "-b", meaning: .part),
    ScriptOption("--zero-grad-freq", meaning: .part),
    ScriptOption("--resize-factor", meaning: .part),
    ScriptOption("--resize-freq", meaning: .part),
    ScriptOption("--schedule", meaning: .part, values: .several),
    ScriptOption("--lr", meaning: .renamed("--learning-rate")),
    ScriptOption("--gamma", "--lr-factor", meaning: .renamed("--decay")),
  ]

  private static let idle = [
    ScriptOption(
      "--workers", "-j",
      meaning: .idle("there are no loader processes, images are prepared between updates")),
    ScriptOption("--print-freq", "-p", meaning: .idle("a line is printed for each epoch")),
  ]

  private static let networks =
    [
      ("--cardinality", "resnext"), ("--widen-factor", "wrn and resnext"),
      ("--growthRate", "densenet"), ("--compressionRate", "densenet"),
    ].map { name, networks in
      ScriptOption(
        name,
        meaning: .refused(
          "is for \(networks), which cannot be trained yet",
          fix: "leave it out; adabatch networks lists what there is"))
    } + [
      ScriptOption(
        "--drop", "--dropout",
        meaning: .refused(
          "is for densenet, resnext and wrn, which cannot be trained yet",
          fix: "leave it out; adabatch networks lists what there is"), neutral: 0),
      ScriptOption(
        "--pretrained",
        meaning: .refused(
          "starts from weights that torchvision downloads, which is not done here",
          fix: "leave it out; a training cannot start from given weights yet"), values: .none),
    ]

  /// How many processes there are, which this is, and how they meet: a launcher says it.
  private static let ranks = ["--world-size", "--rank", "--dist-url", "--dist-backend"].map {
    ScriptOption($0, meaning: .part)
  }

  private static let goOn = "give --resume --run DIR"

  private static let elsewhere = [
    ScriptOption(
      "--evaluate", "-e",
      meaning: .refused("does not train", fix: "use adabatch evaluate RUN"), values: .none),
    ScriptOption(
      "--gpu_id", "--gpu-id",
      meaning: .refused(
        "chooses a GPU, and training is on the CPU", fix: "leave it out; GPUs cannot be used yet")),
    ScriptOption(
      "--filename",
      meaning: .refused(
        "names a checkpoint, and the files of a run have fixed names",
        fix: "name the directory that they go to with --run DIR")),
    ScriptOption(
      "--resume",
      meaning: .refused("names a file, and a run is gone on with by its directory", fix: goOn),
      isOwnAlone: true),
    ScriptOption(
      "--start-epoch",
      meaning: .refused("says where a run was stopped, which its checkpoint knows", fix: goOn),
      neutral: 0),
  ]
}
