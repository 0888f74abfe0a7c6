/// What each row of a table belongs to: one of a few values of a column, or of several.
public struct Categories: Hashable, Sendable {
  /// The columns' names.
  public let columns: [String]
  /// The distinct values, each with one part a column, by code points.
  public let values: [[String]]
  /// For each of *n* rows an index of `values`.
  public let codes: [Int32]

  /// Takes one column.
  ///
  /// - Parameters:
  ///   - column: The column's name.
  ///   - texts: Its *n* cells.
  /// - Complexity: O(*n*).
  public init(column: String, texts: [String]) {
    self.init(columns: [column], values: texts.map { [$0] })
  }

  /// Takes the values of every row, each with one part a column.
  private init(columns: [String], values: [[String]]) {
    self.columns = columns
    var places: [[String]: Int32] = [:]
    for value in values where places[value] == nil { places[value] = 0 }
    self.values = places.keys.sorted { first, second in
      zip(first, second).first { $0 != $1 }.map {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      } ?? false
    }
    for (code, value) in self.values.enumerated() { places[value] = Int32(code) }
    codes = values.map { places[$0] ?? 0 }
  }

  /// The pairs of this table's values and another's of the same rows.
  ///
  /// - Complexity: O(*n*).
  public func crossed(with other: Categories) -> Categories {
    precondition(codes.count == other.codes.count, "values of the same rows")
    return Categories(
      columns: columns + other.columns,
      values: zip(codes, other.codes).map { values[Int($0)] + other.values[Int($1)] })
  }

  /// The rows of each value, in their order.
  ///
  /// - Complexity: O(*n*).
  public var rows: [[Int]] {
    var rows = [[Int]](repeating: [], count: values.count)
    for (row, code) in codes.enumerated() { rows[Int(code)].append(row) }
    return rows
  }
}
