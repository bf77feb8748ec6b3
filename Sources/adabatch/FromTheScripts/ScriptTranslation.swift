import AdaBatch

/// A command line of `adabatch train` or `plan` whose options are spelled as the AdaBatch scripts
/// spell them.
///
/// Turned into adabatch's own words before anything else sees it, so that nothing else has to know.
/// An option that is not given has adabatch's default, not that of one of the scripts.
struct ScriptTranslation {
  /// An option as it was typed.
  struct Given {
    let option: ScriptOption
    let name: String
    let values: [String]

    var text: String { ([name] + values).joined(separator: " ") }
  }

  /// What an option of the scripts comes to.
  private struct Word {
    let option: String
    let value: String
    let typed: String
  }

  /// `train`, or `plan`, which takes the same options.
  private let subcommand: String
  /// The options of the scripts, in the order of typing.
  private(set) var given: [Given] = []
  /// Everything else.
  private var rest: [String] = []
  private var words: [Word] = []
  /// What is said of options that change nothing.
  private var idle: [String] = []

  /// The command line in adabatch's own words, which are reported unless it is to be quiet.
  ///
  /// - Throws: ``TrainingError`` for an option that cannot be meant here, and for two that say
  ///   different things.
  static func ownWords(_ arguments: [String]) throws(TrainingError) -> [String] {
    guard let subcommand = arguments.first, ["train", "plan"].contains(subcommand) else {
      return arguments
    }
    var translation = ScriptTranslation(subcommand)
    try translation.read(Array(arguments.dropFirst()))
    guard !translation.given.isEmpty else { return arguments }
    try translation.translate()
    let isQuiet = translation.rest.contains { $0 == "--quiet" || $0 == "-q" }
    if !isQuiet { translation.report() }
    return translation.command
  }

  private init(_ subcommand: String) { self.subcommand = subcommand }

  private var command: [String] { [subcommand] + words.flatMap { [$0.option, $0.value] } + rest }

  private func report() {
    Console.report("adabatch: in its own words: " + shellLine(["adabatch"] + command))
    idle.forEach(Console.report)
  }

  private mutating func read(_ arguments: [String]) throws(TrainingError) {
    if let folder = arguments.first, !folder.hasPrefix("-") {
      throw TrainingError(
        .impossibleSetting,
        problem: "'\(folder)' stands alone, and \(subcommand) takes options only",
        fix: "name a folder of images with --data DIR; ImageNet cannot be read yet")
    }
    var words = arguments[...]
    while let word = words.popFirst() {
      guard let (option, name, value) = ScriptOption.starting(word) else {
        rest.append(word)
        continue
      }
      let values = value.map { [$0] } ?? Self.values(of: option, from: &words)
      if values.isEmpty, option.isOwnAlone {
        rest.append(word)
        continue
      }
      guard option.values == .none || !values.isEmpty else { throw missingValue(name) }
      given.append(Given(option: option, name: name, values: values))
    }
  }

  private static func values(
    of option: ScriptOption, from words: inout ArraySlice<String>
  ) -> [String] {
    var values: [String] = []
    let limit = [.none: 0, .one: 1, .several: .max][option.values] ?? 0
    while values.count < limit, let word = words.first, !word.hasPrefix("-") || Double(word) != nil
    {
      values.append(words.removeFirst())
    }
    return values
  }

  private mutating func translate() throws(TrainingError) {
    for given in given {
      switch given.option.meaning {
      case .renamed("--decay"):
        try refuseRisingRate(given)
        try add("--decay", given.values[0], typed: given.text)
      case .renamed(let name): try add(name, given.values[0], typed: given.text)
      case .refused(let why, let fix):
        if let neutral = given.option.neutral, Double(given.values[0]) == neutral { continue }
        throw TrainingError(.impossibleSetting, problem: "\(given.name) \(why)", fix: fix)
      case .idle(let why): note(given, changesNothingFor: why)
      case .part: break
      }
    }
    try translateRun()
    try translateNetwork()
    try translateBatch()
    try translateGrowth()
    try refuseRanks()
  }

  /// `--world-size 3 --rank 0` is `mpirun -n 3`, and the scripts' batch is that of one rank.
  private func refuseRanks() throws(TrainingError) {
    let size = try find("--world-size")
    let all = [size, try find("--rank"), try find("--dist-url"), try find("--dist-backend")]
    let typed = all.compactMap(\.?.text).joined(separator: " ")
    if typed.isEmpty || size?.values[0] == "1" { return }
    let command = command.map { word in
      word.hasPrefix("--batch-size")
        ? "--batch-per-rank" + word.dropFirst("--batch-size".count) : word
    }
    throw TrainingError(
      .impossibleSetting,
      problem: "\(typed) is for processes that are started one by one, and a launcher starts all"
        + " ranks with one command",
      fix: "give mpirun -n \(size?.values[0] ?? "N") " + shellLine(["adabatch"] + command))
  }
}

extension ScriptTranslation {
  /// Says `option` `value`, unless that is said already, or something else is.
  mutating func add(
    _ option: String, _ value: String, typed: String
  ) throws(TrainingError) {
    if let other = words.first(where: { $0.option == option }) {
      guard isSame(other.value, value) else { throw conflict(other.typed, typed) }
    } else if let own = own(option) {
      guard isSame(own, value) else { throw conflict(typed, "\(option) \(own)") }
    } else {
      words.append(Word(option: option, value: value, typed: typed))
    }
  }

  mutating func note(_ given: Given, changesNothingFor reason: String) {
    idle.append("adabatch: \(given.text) changes nothing here: \(reason)")
  }

  /// The value of one of adabatch's own options, where it is given.
  func own(_ option: String) -> String? {
    for (index, word) in rest.enumerated() {
      if word == option, index + 1 < rest.count { return rest[index + 1] }
      if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
    }
    return nil
  }

  /// Takes one of adabatch's own options out, for something else is to be said.
  mutating func removeOwn(_ option: String) {
    guard let index = rest.firstIndex(where: { $0 == option || $0.hasPrefix(option + "=") })
    else { return }
    rest.removeSubrange(index...(rest[index] == option ? index + 1 : index))
  }

  /// The option of the scripts called `name`, where it is given.
  func find(_ name: String) throws(TrainingError) -> Given? {
    let all = given.filter { $0.option.names[0] == name }
    if let first = all.first, let other = all.first(where: { $0.values != first.values }) {
      throw conflict(first.text, other.text)
    }
    return all.first
  }

  private func isSame(_ one: String, _ other: String) -> Bool {
    if let one = Double(one), let other = Double(other) { return one == other }
    return one == other
  }

  func conflict(_ one: String, _ other: String) -> TrainingError {
    TrainingError(
      .impossibleSetting, problem: "\(one) and \(other) say different things",
      fix: "leave one of them out")
  }

  func missingValue(_ name: String) -> TrainingError {
    TrainingError(.impossibleSetting, problem: "\(name) has no value", fix: "give one behind it")
  }
}
