/// The name in `names` that a typing error may have turned into `typed`, or nil if none is near.
///
/// - Complexity: O(names · length²).
public func closestName(to typed: String, among names: [String]) -> String? {
  let near = names.map { (name: $0, distance: editDistance(typed.lowercased(), $0.lowercased())) }
    .min { $0.distance < $1.distance }
  guard let near, near.distance <= max(2, near.name.count / 3) else { return nil }
  return near.name
}

/// Insertions, deletions and replacements that turn `first` into `second` (Levenshtein 1966).
package func editDistance(_ first: String, _ second: String) -> Int {
  let (first, second) = (Array(first), Array(second))
  var row = Array(0...second.count)
  for (i, a) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in second.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
      diagonal = above
    }
  }
  return row[second.count]
}
