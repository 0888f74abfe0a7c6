public import DataTables
public import InputReading

/// A table of features, opened but not yet read, so that its columns can be chosen by name.
public struct FeatureFile: ~Copyable {
  private let reader: any RowSource
  private let limits: Limits

  /// The file.
  public let place: Place
  /// The columns' names, by number from 1 where there is no header.
  public let columns: [String]

  /// Opens a file and reads its header.
  ///
  /// - Throws: ``TableError``.
  public init(
    path: String, layout: TableLayout = TableLayout(), limits: Limits = .standard
  ) throws(TableError) {
    let reader = try TableSource.open(.files([path], layout), limits: limits)
    place = reader.place
    columns = reader.columns
    self.reader = reader
    self.limits = limits
  }

  /// What is read of the rows.
  public struct Rows: Sendable {
    /// The feature columns; empty cells and "nan" are missing values.
    public let features: FeatureMatrix
    /// The label column, where one is asked for.
    public let labels: (classes: [Label], codes: [Int32])?
    /// The weight column, where one is asked for.
    public let weights: [Double]?
    /// The text columns that are asked for, in their order.
    public let texts: [[String]]
    /// The number of all rows.
    public let rowCount: Int
  }

  /// The index of a column.
  ///
  /// - Throws: ``TableError`` if there is no such column, or several.
  public func index(of name: String, option: String) throws(TableError) -> Int {
    let role = ColumnRole(name: name, option: option, usualNames: [])
    guard let index = try role.index(in: columns, named: name, at: place) else {
      throw .noSuchColumn(place, name: name, columns: columns)
    }
    return index
  }

  /// The index of the column that usually holds labels, where there is one.
  ///
  /// - Throws: ``TableError/ambiguousColumn(_:option:candidates:)`` if there are several.
  public func usualLabelIndex() throws(TableError) -> Int? {
    try ColumnRole.label.index(in: columns, named: nil, at: place)
  }

  /// Reads all rows.
  ///
  /// - Parameters:
  ///   - features: The indices of the feature columns, in the model's order.
  ///   - labels: The index of the label column.
  ///   - weights: The index of the weight column.
  ///   - texts: The indices of columns that are wanted as they stand.
  /// - Returns: the columns asked for.
  /// - Throws: ``TableError`` with the row and column.
  public consuming func read(
    features: [Int], labels: Int? = nil, weights: Int? = nil, texts: [Int] = []
  ) throws(TableError) -> Rows {
    var values: [[Double]] = []
    let names = features.map { columns[$0] }
    let others = try read(
      Passed(features: features), labels: labels, weights: weights, texts: texts,
      fewestRows: .max
    ) { block in
      values = block.numbers
      return true
    }
    return Rows(
      features: FeatureMatrix(names: names, columns: values),
      labels: others.labels, weights: others.weights, texts: others.texts,
      rowCount: others.rowCount)
  }

  /// Columns that are passed on block by block.
  public struct Passed: Sendable {
    /// The indices of columns of numbers; empty cells and "nan" are missing values.
    public var features: [Int]
    /// The indices of columns that are wanted as they stand.
    public var texts: [Int]

    /// Creates a choice of columns.
    public init(features: [Int], texts: [Int] = []) {
      self.features = features
      self.texts = texts
    }
  }

  /// Rows of the columns that are passed on.
  public struct Block: Sendable {
    /// The columns of numbers.
    public let numbers: [[Double]]
    /// The columns of texts.
    public let texts: [[String]]
    /// The number of the first row, from 1 in the whole table.
    public let firstRow: Int

    /// The number of rows.
    public var rowCount: Int { numbers.first?.count ?? texts.first?.count ?? 0 }
  }

  /// Reads rows, and passes some of their columns on while later ones are read, so that memory does not
  /// grow with them.
  ///
  /// Rows in which a cell is faulty, and those behind them, are not passed on.
  ///
  /// - Parameters:
  ///   - passed: The columns that are passed on.
  ///   - labels: The index of the label column.
  ///   - weights: The index of the weight column.
  ///   - texts: The indices of columns that are kept as they stand.
  ///   - fewestRows: The fewest rows that are passed on at a time, but for the last.
  ///   - progress: Is told of rows as they are read.
  ///   - take: Takes rows; `false` ends the reading.
  /// - Returns: the columns that are kept, without features.
  /// - Throws: ``TableError`` with the row and column.
  public consuming func read(
    _ passed: Passed, labels: Int? = nil, weights: Int? = nil, texts: [Int] = [],
    fewestRows: Int, progress: RowProgress? = nil, take: (Block) -> Bool
  ) throws(TableError) -> Rows {
    var plan = ColumnPlan()
    let passedKeys =
      passed.features.map { plan.want($0, as: NumberColumn(allowsMissing: true)) }
      + passed.texts.map { plan.want($0, as: TextColumn()) }
    let labelKey = labels.map { plan.want($0, as: LabelColumn(limits: limits)) }
    let weightKey = weights.map { plan.want($0, as: NumberColumn(isWeight: true)) }
    let textKeys = texts.map { plan.want($0, as: TextColumn()) }
    try withoutActuallyEscaping(take) { take throws(TableError) in
      var isFaultless = true
      var firstRow = 1
      let passing = WantedColumns.Passing(keys: passedKeys, fewestRows: fewestRows) { columns in
        let numbers = columns.compactMap { $0 as? NumberColumn }
        // What is faulty is counted to the end of the file.
        isFaultless = isFaultless && numbers.allSatisfy(\.isFaultless)
        guard isFaultless else { return true }
        let block = Block(
          numbers: numbers.map(\.values),
          texts: columns.compactMap { ($0 as? TextColumn)?.values }, firstRow: firstRow)
        firstRow += block.rowCount
        return take(block)
      }
      try plan.read(reader, progress: progress, passing: passing)
    }
    return Rows(
      features: FeatureMatrix(values: [], columnCount: 0),
      labels: labelKey.map { key in
        let column = plan.column(key, LabelColumn.self)
        let (sorted, newCodes) = column.table.sorted()
        return (sorted.labels, column.rowCodes.map { newCodes[Int($0)] })
      },
      weights: weightKey.map { plan.column($0, NumberColumn.self).values },
      texts: textKeys.map { plan.column($0, TextColumn.self).values }, rowCount: plan.rowCount)
  }
}

extension FeatureFile {
  /// Reads one row of features that a person typed, parted by commas.
  ///
  /// - Parameters:
  ///   - text: Decimal numbers; empty cells and "nan" are missing values.
  ///   - names: The features' names, for errors; columns are numbered where they do not fit.
  ///   - place: Where the text came from.
  /// - Returns: a matrix of one row.
  /// - Throws: ``TableError/notANumber(_:found:_:count:)`` with the column.
  public static func row(
    _ text: String, names: [String]?, at place: Place
  ) throws(TableError) -> FeatureMatrix {
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let fitting = names.flatMap { $0.count == cells.count ? $0 : nil }
    var values: [Double] = []
    for (index, cell) in cells.enumerated() {
      var column = NumberColumn(allowsMissing: true)
      column.append(RecordBatch(cell), slot: 0, after: 0)
      try column.check { row in place.at(.row(row, column: fitting?[index] ?? "\(index + 1)")) }
      values += column.values
    }
    return FeatureMatrix(names: fitting, values: values, columnCount: values.count)
  }
}
