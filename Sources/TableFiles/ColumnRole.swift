internal import InputReading

/// What a column means, and the names that such columns usually have.
struct ColumnRole {
  /// The role as reports name it.
  let name: String
  /// The option that names the column.
  let option: String
  /// The usual names, in lower case.
  let usualNames: [String]

  static let label = ColumnRole(
    name: "label", option: "--label-column",
    usualNames: ["label", "y_true", "target", "actual", "y"])
  static let score = ColumnRole(
    name: "score", option: "--score-column",
    usualNames: ["score", "y_score", "probability", "prob", "y_prob"])
  static let prediction = ColumnRole(
    name: "prediction", option: "--prediction-column",
    usualNames: ["prediction", "y_pred", "predicted", "predicted_label"])
  static let probability = ColumnRole(
    name: "probability", option: "--probability-columns", usualNames: [])
  static let weight = ColumnRole(name: "weight", option: "--weight-column", usualNames: [])
  static let slice = ColumnRole(name: "slice", option: "--slice-by", usualNames: [])
  static let id = ColumnRole(name: "id", option: "--id-column", usualNames: ["id"])

  /// The column of the role: the named one, or else the one with a usual name.
  ///
  /// - Throws: ``TableError`` if the named column is not there, or several have usual names.
  func index(
    in columns: [String], named wanted: String?, at place: Place
  ) throws(TableError) -> Int? {
    if let wanted {
      let found = columns.indices.filter { columns[$0] == wanted }
      guard let index = found.first else {
        throw .noSuchColumn(place, name: wanted, columns: columns)
      }
      guard found.count == 1 else { throw .columnNameTwice(place, name: wanted) }
      return index
    }
    let found = columns.indices.filter { usualNames.contains(columns[$0].lowercased()) }
    guard found.count <= 1 else {
      throw .ambiguousColumn(place, option: option, candidates: found.map { columns[$0] })
    }
    return found.first
  }

  /// The name, usual for the role, that a column has in both lists.
  func index(sharedBy first: [String], _ second: [String]) -> String? {
    first.first { usualNames.contains($0.lowercased()) && second.contains($0) }
  }
}
