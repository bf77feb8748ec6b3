/// Joins a negative number to the option before it: `--seed -1` becomes `--seed=-1`.
///
/// The parser takes `-1` for an option and says that the value is missing; so the value is seen, and
/// said to be too small.
func attachingNegativeNumbers(_ words: [String]) -> [String] {
  var joined: [String] = []
  for word in words {
    if let option = joined.last, option.hasPrefix("--"), option != "--", !option.contains("="),
      word.hasPrefix("-"), word.dropFirst().first?.isNumber == true
    {
      joined[joined.count - 1] = option + "=" + word
    } else {
      joined.append(word)
    }
  }
  return joined
}
