/// The features of many rows, as a model takes them.
public struct FeatureMatrix: Sendable, Hashable {
  /// The columns' names, in order; `nil` where the input has none.
  public var names: [String]?
  /// Row-major, *n* x *k*; NaN is a missing value.
  public var values: [Double]
  /// The number of columns, *k*.
  public var columnCount: Int
  /// What the values of text columns are indices into; empty where all columns are numbers.
  public var texts: [String] = []

  /// The number of rows, *n*.
  public var rowCount: Int { columnCount == 0 ? 0 : values.count / columnCount }

  /// Creates a matrix.
  ///
  /// - Precondition: `values` are whole rows of `columnCount`, as many as there are names.
  public init(names: [String]? = nil, values: [Double], columnCount: Int) {
    precondition(columnCount > 0 ? values.count % columnCount == 0 : values.isEmpty)
    precondition(names.map { $0.count == columnCount } ?? true, "a name a column")
    self.names = names
    self.values = values
    self.columnCount = columnCount
  }

  /// Creates a matrix of columns.
  ///
  /// - Precondition: Columns have one number of rows, and there is a name for each.
  /// - Complexity: O(*n·k*).
  public init(names: [String]?, columns: [[Double]]) {
    let rowCount = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == rowCount }, "columns of one length")
    var values = [Double](repeating: 0, count: rowCount * columns.count)
    var span = values.mutableSpan
    // Rows of a few lines of memory each at a time.
    for start in stride(from: 0, to: rowCount, by: 64) {
      for (index, column) in columns.enumerated() {
        let column = column.span
        for row in start..<min(start + 64, rowCount) {
          span[row * columns.count + index] = column[row]
        }
      }
    }
    self.init(names: names, values: values, columnCount: columns.count)
  }

  /// Puts columns of numbers and columns of texts together.
  ///
  /// A text becomes its place in ``texts``; an empty one and "nan", in any case, are missing.
  ///
  /// - Precondition: Columns have as many rows as there are numbers, or are all there is.
  public init(
    numbers: FeatureMatrix, textColumns: [(index: Int, name: String?, cells: [String])]
  ) {
    guard let first = textColumns.first else {
      self = numbers
      return
    }
    let count = numbers.columnCount + textColumns.count
    let rowCount = first.cells.count
    precondition(numbers.columnCount == 0 || numbers.rowCount == rowCount, "a cell a row")
    var values = [Double](repeating: .nan, count: count * rowCount)
    var names: [String] = []
    var places: [String: Int] = [:]
    var texts: [String] = []
    var number = 0
    var text = 0
    for column in 0..<count {
      if text < textColumns.count, textColumns[text].index == column {
        for (row, cell) in textColumns[text].cells.enumerated()
        where !cell.isEmpty && cell.lowercased() != "nan" {
          let place = places[cell] ?? texts.count
          if place == texts.count {
            places[cell] = place
            texts.append(cell)
          }
          values[row * count + column] = Double(place)
        }
        if let name = textColumns[text].name { names.append(name) }
        text += 1
      } else {
        for row in 0..<rowCount {
          values[row * count + column] = numbers.values[row * numbers.columnCount + number]
        }
        if let name = numbers.names?[number] { names.append(name) }
        number += 1
      }
    }
    self.init(names: names.count == count ? names : nil, values: values, columnCount: count)
    self.texts = texts
  }

  /// One row's values.
  public subscript(row row: Int) -> ArraySlice<Double> {
    values[row * columnCount..<(row + 1) * columnCount]
  }

  /// Some rows, by themselves.
  public subscript(rows rows: Range<Int>) -> FeatureMatrix {
    var block = FeatureMatrix(
      names: names,
      values: Array(values[rows.lowerBound * columnCount..<rows.upperBound * columnCount]),
      columnCount: columnCount)
    block.texts = texts
    return block
  }

  /// The columns of those indices, in their order.
  ///
  /// - Complexity: O(*n·m*) for *m* indices.
  public func selecting(columns: [Int]) -> FeatureMatrix {
    if columns == Array(0..<columnCount) { return self }
    var selected: [Double] = []
    selected.reserveCapacity(rowCount * columns.count)
    for row in 0..<rowCount {
      for column in columns { selected.append(values[row * columnCount + column]) }
    }
    var matrix = FeatureMatrix(
      names: names.map { names in columns.map { names[$0] } }, values: selected,
      columnCount: columns.count)
    matrix.texts = texts
    return matrix
  }
}
