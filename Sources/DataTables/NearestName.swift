/// The known name that somebody may have meant.
public enum NearestName {
  /// The name with the fewest letters added, left out, changed or swapped; `nil` where none is near.
  ///
  /// - Parameters:
  ///   - word: What was written.
  ///   - names: What could have been meant.
  /// - Returns: one of the names.
  public static func of(_ word: String, among names: [String]) -> String? {
    let near = names.map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
      .min { $0.distance < $1.distance }
    // Of names of one letter none is near another.
    guard let near, near.distance <= max(1, min(word.count, near.name.count) / 3),
      near.distance < max(word.count, near.name.count)
    else {
      return nil
    }
    return near.name
  }

  /// Source: Damerau 1964, doi:10.1145/363958.363994, with each letter moved once at most.
  private static func distance(_ first: String, _ second: String) -> Int {
    // No name is long, and a long word is near none.
    let first = Array(first.prefix(longest))
    let second = Array(second.prefix(longest))
    var rows = [Array(0...second.count)]
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let substitution = rows[i][j] + (first[i] == second[j] ? 0 : 1)
        var best = min(substitution, rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }

  private static let longest = 64
}
