/// Words of others in gnuplot's language.
enum GnuplotText {
  /// A text in single quotes, where gnuplot expands neither commands nor variables, and a quote is
  /// written twice. Line ends and control characters become spaces: a line of the script stays one.
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        " "
      default: String(scalar)
      }
    }
    return "'" + plain.joined().replacing("'", with: "''") + "'"
  }

  /// About how many pixels a text takes in the figures' font, rather too many than too few.
  static func width(of text: String) -> Double {
    text.unicodeScalars.reduce(0) { sum, scalar in
      // East Asian characters are as wide as they are high.
      sum + (scalar.value >= 0x2E80 ? 14 : 8.4)
    }
  }

  /// A text in lines of so many pixels, broken at spaces; a long word stays whole.
  static func lines(of text: String, width: Double) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, Self.width(of: last + " " + word) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
  }
}
