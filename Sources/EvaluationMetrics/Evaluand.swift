internal import DataTables
internal import NumericKernels

/// Rows that can be evaluated, and what is known of them: the result of all checks.
struct Evaluand: Sendable {
  let rows: EvaluatedRows
  /// The rows given, those of weight 0 among them.
  let rowCount: Int
  /// For each row that counts its place among those given; `nil` where all count.
  private let countedRows: [Int]?
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
    try EvaluationError.check(rowCount: table.rowCount, weights: table.weights)
    try table.checkProbabilities()
    let counted = table.weights.flatMap(rowsThatCount)
    let weighty = counted.map { table.counting($0) } ?? table
    let roles = try ClassRoles(weighty.classes, options: options)
    if roles.task == .binary {
      self.init(binary: weighty, roles, options, countedRows: counted, of: table.rowCount)
    } else {
      try self.init(multiclass: weighty, roles, options, countedRows: counted, of: table.rowCount)
    }
  }

  init(_ table: RegressionTable, options: EvaluationOptions) throws(EvaluationError) {
    guard options.positiveLabel == nil, options.threshold == nil else { throw .classesOfNumbers }
    try EvaluationError.check(rowCount: table.rowCount, weights: table.weights)
    var rows = EvaluatedRows()
    rows.numbers = (table.targets, table.predictions)
    rows.weights = table.weights
    countedRows = table.weights.flatMap(rowsThatCount)
    if let countedRows { rows = rows.selecting(countedRows) }
    self.rows = rows
    rowCount = table.rowCount
    task = .regression
    labels = []
    positiveLabel = nil
    threshold = nil
    let zeros = rows.numbers?.targets.count { $0 == 0 } ?? 0
    warnings =
      zeros == 0
      ? []
      : [
        "\(zeros) of \(table.rowCount) targets are 0, which makes mean_absolute_percentage_error huge"
      ]
  }

  private init(
    binary table: PredictionTable, _ roles: ClassRoles, _ options: EvaluationOptions,
    countedRows: [Int]?, of rowCount: Int
  ) {
    self.countedRows = countedRows
    var rows = EvaluatedRows()
    rows.classCount = 2
    rows.positive = roles.positive
    rows.labels = roles.recoded(table.labels)
    rows.weights = table.weights
    rows.scores =
      table.scores ?? table.probabilityColumn(ofClass: roles.oldCode(of: roles.positive))
    let predictions = table.predictions ?? table.mostProbableClasses
    var warnings: [String] = []
    var threshold = options.threshold
    if let scores = rows.scores, predictions == nil || threshold != nil {
      let cut = threshold ?? Threshold()
      threshold = cut
      rows.cut = cut
      let atCut = scores.countOnAllCores { $0 == cut.value }
      if atCut > 0 {
        let side = cut.isInclusive ? "positive" : "negative"
        warnings.append(
          "\(atCut) of \(scores.count) scores lie exactly at the threshold \(cut.value) "
            + "and count as \(side)")
      }
    } else {
      threshold = nil
      rows.predictions = predictions.map(roles.recoded)
    }
    if let scores = rows.scores {
      let outside = scores.countOnAllCores { $0 < 0 || $0 > 1 }
      rows.areProbabilities = outside == 0
      if outside > 0 {
        warnings.append(
          "\(outside) of \(scores.count) scores lie outside 0 to 1: they are no probabilities, so "
            + "log_loss, brier_score and expected_calibration_error are undefined"
            + (threshold.map { ", and the threshold stays at \($0.value)" } ?? ""))
      }
    }
    self.rows = rows
    self.rowCount = rowCount
    task = .binary
    labels = roles.labels
    positiveLabel = roles.labels[roles.positive]
    self.threshold = threshold
    self.warnings = warnings
  }

  private init(
    multiclass table: PredictionTable, _ roles: ClassRoles, _ options: EvaluationOptions,
    countedRows: [Int]?, of rowCount: Int
  ) throws(EvaluationError) {
    self.countedRows = countedRows
    guard table.scores == nil else { throw .scoresOfManyClasses(table.classes) }
    guard options.threshold == nil else { throw .thresholdOfManyClasses(table.classes) }
    var rows = EvaluatedRows()
    rows.classCount = table.classes.count
    rows.labels = table.labels
    rows.predictions = table.predictions ?? table.mostProbableClasses
    rows.probabilities = table.probabilities
    rows.weights = table.weights
    var warnings: [String] = []
    if let probabilities = rows.probabilities {
      warnings += table.doubtfulProbabilities
      let outside = probabilities.count { $0 < 0 || $0 > 1 }
      rows.areProbabilities = outside == 0
      if outside > 0 {
        warnings.append(
          "\(outside) of \(probabilities.count) probabilities lie outside 0 to 1, so log_loss is "
            + "undefined")
      }
    }
    self.rows = rows
    self.rowCount = rowCount
    task = roles.task
    labels = roles.labels
    positiveLabel = nil
    threshold = nil
    self.warnings = warnings
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

extension [Double] {
  /// The numbers that satisfy a condition.
  @inline(__always)
  fileprivate func countOnAllCores(where holds: @Sendable (Double) -> Bool) -> Int {
    Chunks.map(count) { places in
      var count = 0
      for place in places where holds(self[place]) { count += 1 }
      return count
    }.reduce(0, +)
  }
}

/// The rows whose weight is not 0; `nil` where that is all of them.
private func rowsThatCount(_ weights: [Double]) -> [Int]? {
  weights.contains(0) ? weights.indices.filter { weights[$0] > 0 } : nil
}

/// The classes of a table as its task takes them.
private struct ClassRoles {
  let task: Task
  /// Two for a binary problem, in canonical order, also where the table has only one of them.
  let labels: [Label]
  /// For each of the table's codes the index in `labels`.
  let newCodes: [Int32]
  /// The index of the positive class in `labels`.
  let positive: Int

  init(_ classes: [Label], options: EvaluationOptions) throws(EvaluationError) {
    let known = Set(classes)
    let plain = [[0, 1], [-1, 1]].map { $0.map { Label.integer($0) } }
      .first { known.isSubset(of: $0) }
    let task = options.task ?? (classes.count <= 2 ? .binary : .multiclass)
    self.task = task
    guard task == .binary else {
      guard options.positiveLabel == nil else { throw .tooManyClasses(classes) }
      labels = classes
      newCodes = classes.indices.map { Int32($0) }
      positive = 0
      return
    }
    guard classes.count <= 2 else { throw .tooManyClasses(classes) }
    var labels = plain ?? classes
    if let wanted = options.positiveLabel {
      guard known.contains(wanted) || plain?.contains(wanted) == true else {
        throw .positiveLabelUnknown(wanted, classes)
      }
    } else if plain == nil {
      throw .positiveLabelNeeded(classes)
    }
    let positiveLabel = options.positiveLabel ?? .integer(1)
    if labels.count == 1 {
      labels = [.text("not \(labels[0])"), labels[0]].sorted()
    }
    self.labels = labels
    newCodes = classes.map { label in Int32(labels.firstIndex(of: label) ?? 0) }
    positive = labels.firstIndex(of: positiveLabel) ?? 0
  }

  /// Codes of the table's classes as codes of these; the same list where they agree.
  func recoded(_ codes: [Int32]) -> [Int32] {
    newCodes.enumerated().allSatisfy { $0 == Int($1) } ? codes : codes.map { newCodes[Int($0)] }
  }

  func oldCode(of new: Int) -> Int? { newCodes.firstIndex(of: Int32(new)) }
}

extension PredictionTable {
  /// The table of some rows; the others count for nothing and create no classes.
  fileprivate func counting(_ rows: [Int]) -> PredictionTable {
    func pick<Element>(_ column: [Element]) -> [Element] { rows.map { column[$0] } }
    var table = PredictionTable(
      classes: classes, labels: pick(labels), predictions: predictions.map(pick),
      scores: scores.map(pick),
      probabilities: probabilities.map { values in
        rows.flatMap { values[$0 * classes.count..<($0 + 1) * classes.count] }
      },
      weights: weights.map(pick))
    // Probability columns name their classes, whoever has rows of them.
    guard probabilities == nil else { return table }
    let used = Set(table.labels + (table.predictions ?? []))
    let kept = classes.indices.filter { used.contains(Int32($0)) }
    var newCodes = [Int32](repeating: 0, count: classes.count)
    for (new, old) in kept.enumerated() { newCodes[old] = Int32(new) }
    table.classes = kept.map { classes[$0] }
    table.labels = table.labels.map { newCodes[Int($0)] }
    table.predictions = table.predictions?.map { newCodes[Int($0)] }
    return table
  }

  /// How far a row's probabilities may miss 1, as scikit-learn has it.
  private static var probabilityTolerance: Double { 1e-5 }

  fileprivate func checkProbabilities() throws(EvaluationError) {
    guard let probabilities else { return }
    for row in 0..<rowCount {
      let sum = probabilities[row * classes.count..<(row + 1) * classes.count].reduce(0, +)
      guard abs(sum - 1) <= Self.probabilityTolerance else {
        throw .probabilitiesDoNotAddUp(row: row + 1, sum: sum)
      }
    }
  }

  fileprivate func probabilityColumn(ofClass code: Int?) -> [Double]? {
    guard let probabilities, let code else { return nil }
    return (0..<rowCount).map { probabilities[$0 * classes.count + code] }
  }

  /// What makes one doubt that the probabilities are what they are taken for.
  fileprivate var doubtfulProbabilities: [String] {
    guard let probabilities, let mostProbable = mostProbableClasses else { return [] }
    var doubts: [String] = []
    let count = classes.count
    let tied = (0..<rowCount).count { row in
      let highest = probabilities[row * count + Int(mostProbable[row])]
      return probabilities[row * count..<(row + 1) * count].count { $0 == highest } > 1
    }
    if tied > 0 {
      doubts.append(
        "in \(tied) of \(rowCount) rows several classes have the highest probability: the first of "
          + "them counts before the others")
    }
    if let predictions {
      let other = (0..<rowCount).count { predictions[$0] != mostProbable[$0] }
      if other > 0 {
        doubts.append(
          "in \(other) of \(rowCount) rows the predicted class is not the one of the highest "
            + "probability: check that the probability columns stand in the order of the classes")
      }
    }
    return doubts
  }

  /// Each row's class of the highest probability, the first of equal ones.
  fileprivate var mostProbableClasses: [Int32]? {
    guard let probabilities else { return nil }
    return (0..<rowCount).map { row in
      var best = 0
      for column in 1..<classes.count
      where probabilities[row * classes.count + column] > probabilities[row * classes.count + best]
      {
        best = column
      }
      return Int32(best)
    }
  }
}
