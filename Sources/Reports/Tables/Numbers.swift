import Foundation

/// A number with up to four digits that say something: `0.0075`, `1.98e-08`.
func compact(_ value: Double) -> String { String(format: "%.4g", value) }
