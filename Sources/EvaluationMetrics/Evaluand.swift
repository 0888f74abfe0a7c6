internal import DataTables
internal import NumericKernels

/// Rows that can be evaluated, and what is known of them: the result of all checks.
struct Evaluand: Sendable {
  let rows: EvaluatedRows
  /// The rows given, those of weight 0 among them.
  let rowCount: Int
  /// For each row that counts its place among those given; `nil` where all count.
  let countedRows: [Int]?
  let task: Task
  /// The classes, in canonical order; empty where the rows are numbers.
  let labels: [Label]
  /// The positive class of a binary problem.
  let positiveLabel: Label?
  /// The cut that made the predictions, where one did.
  let threshold: Threshold?
  /// What a reader of the numbers should know.
  let warnings: [String]

  init(_ rows: PredictionRows, options: EvaluationOptions) throws(EvaluationError) {
    switch rows {
    case .classes(let table): try self.init(table, options: options)
    case .numbers(let table): try self.init(table, options: options)
    }
  }

  init(_ table: PredictionTable, options: EvaluationOptions) throws(EvaluationError) {
    var survey = RowSurvey()
    try survey.add(.classes(table))
    let classes = try survey.countedClasses()
    let counted = table.weights.flatMap(rowsThatCount)
    let weighty = counted.map { table.counting($0, classes: classes) } ?? table
    var preparation = try RowPreparation(weighty, options: options)
    var rows = preparation.rows(of: weighty)
    preparation.note(rows)
    rows.areProbabilities = preparation.areProbabilities
    self.init(preparation, rows, countedRows: counted, rowCount: table.rowCount)
  }

  init(_ table: RegressionTable, options: EvaluationOptions) throws(EvaluationError) {
    var survey = RowSurvey()
    try survey.add(.numbers(table))
    try survey.check()
    var preparation = try RowPreparation(ofNumbers: options)
    let counted = table.weights.flatMap(rowsThatCount)
    let rows = preparation.rows(of: counted.map { table.counting($0) } ?? table)
    preparation.note(rows)
    self.init(preparation, rows, countedRows: counted, rowCount: table.rowCount)
  }

  private init(
    _ preparation: RowPreparation, _ rows: EvaluatedRows, countedRows: [Int]?, rowCount: Int
  ) {
    self.init(
      rows: rows, rowCount: rowCount, countedRows: countedRows, task: preparation.task,
      labels: preparation.labels, positiveLabel: preparation.positiveLabel,
      threshold: preparation.threshold, warnings: preparation.warnings(ofAll: rowCount))
  }
}

extension Evaluand {
  /// Rows of which each is given by its place among all, by their places among those that count.
  func places(of rows: [[Int]]) -> [[Int]] {
    guard let countedRows else { return rows }
    var places = [Int](repeating: -1, count: rowCount)
    for (place, row) in countedRows.enumerated() { places[row] = place }
    return rows.map { rows in rows.map { places[$0] }.filter { $0 >= 0 } }
  }

  /// The rows at some places among those that count.
  func selecting(_ places: [Int]) -> Evaluand {
    Evaluand(
      rows: rows.selecting(places), rowCount: places.count, countedRows: nil, task: task,
      labels: labels, positiveLabel: positiveLabel, threshold: threshold, warnings: [])
  }

  private init(
    rows: EvaluatedRows, rowCount: Int, countedRows: [Int]?, task: Task, labels: [Label],
    positiveLabel: Label?, threshold: Threshold?, warnings: [String]
  ) {
    self.rows = rows
    self.rowCount = rowCount
    self.countedRows = countedRows
    self.task = task
    self.labels = labels
    self.positiveLabel = positiveLabel
    self.threshold = threshold
    self.warnings = warnings
  }
}
