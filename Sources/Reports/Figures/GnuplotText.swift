/// Words of others in gnuplot's language.
enum GnuplotText {
  /// A text in single quotes, where gnuplot expands neither commands nor variables.
  ///
  /// A quote in it becomes the typographic one, which ends nothing: gnuplot 5.4 takes a doubled
  /// quote at the beginning of a text for its end. Line ends and control characters become spaces,
  /// so that a line of the script stays one.
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        " "
      default: hasGlyph(scalar) ? String(scalar) : "?"
      }
    }
    return "'" + plain.joined().replacing("'", with: "’") + "'"
  }

  /// Whether any font for text can be counted on to have a character.
  ///
  /// In the place of one that is missing, Pango draws a box so large that it covers the figure.
  private static func hasGlyph(_ scalar: Unicode.Scalar) -> Bool {
    // Latin, Greek, Cyrillic, punctuation and mathematical signs.
    (0x20..<0x530).contains(scalar.value) || (0x2010...0x2265).contains(scalar.value)
  }

  /// About how many pixels a text takes in the figures' font, rather too many than too few.
  static func width(of text: String) -> Double {
    8.4 * Double(text.unicodeScalars.count)
  }

  /// A text in lines of so many pixels, broken at spaces, and in a word that is longer than a line.
  static func lines(of text: String, width: Double) -> [String] {
    let most = max(4, Int(width / 8.4))
    let words = text.split(separator: " ").flatMap { word in
      stride(from: 0, to: word.count, by: most).map { word.dropFirst($0).prefix(most) }
    }
    return words.reduce(into: []) { lines, word in
      if let last = lines.last, Self.width(of: last + " " + word) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
  }
}
