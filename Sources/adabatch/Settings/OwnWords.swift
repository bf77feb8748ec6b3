/// What stands on a command line, before the parser reads it: which options, with which values.
struct OwnWords {
  /// Behind the command's name.
  let words: [String]
  private let options: [(name: String, value: String?)]

  init(_ words: some Sequence<String>) {
    self.words = Array(words)
    options = zip(self.words, self.words.dropFirst() + [""]).compactMap { word, next in
      guard word.hasPrefix("--") else { return nil }
      let name = word.dropFirst(2).prefix { $0 != "=" }
      let isJoined = name.count + 2 < word.count
      let value = isJoined ? String(word.dropFirst(name.count + 3)) : next
      return (String(name), !isJoined && next.hasPrefix("-") ? nil : value)
    }
  }

  /// The values of an option that may be given several times.
  func values(of option: String) -> [String] {
    options.filter { $0.name == option }.compactMap(\.value).filter { !$0.isEmpty }
  }

  /// Whether a run is gone on with, which has settings of its own.
  var resumes: Bool {
    let names = options.map(\.name)
    return names.contains("resume") && !names.contains("fresh")
  }

  /// What the options give; a wrong value is left to the parser to be said.
  var layer: SettingLayer {
    options.reduce(into: [:]) { layer, option in
      let positive = option.name.hasPrefix("no-") ? String(option.name.dropFirst(3)) : option.name
      guard let known = SettingNames.ofTrain[positive] else { return }
      let value = known.isFlag ? "\(positive == option.name)" : option.value ?? ""
      layer[positive] = GivenSetting(value: value, origin: .commandLine)
    }
  }
}
