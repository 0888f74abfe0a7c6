internal import DataTables
internal import NumericKernels

/// What is checked of all rows before any is evaluated; rows may come in pieces.
struct RowSurvey {
  private(set) var rowCount = 0
  private var weight: Double?
  private var hasProbabilities = false
  /// For each class whether a row that counts has it as truth or prediction.
  private var areCounted: [Bool] = []
  /// Whether a row has no weight.
  private(set) var hasWeightlessRows = false

  /// Adds rows.
  ///
  /// - Throws: ``EvaluationError`` if a row's probabilities do not add up to 1.
  mutating func add(_ rows: PredictionRows) throws(EvaluationError) {
    switch rows {
    case .classes(let table):
      try table.checkProbabilities(after: rowCount)
      hasProbabilities = table.probabilities != nil
      if areCounted.isEmpty { areCounted = table.classes.map { _ in false } }
      if let weights = table.weights {
        add(weights)
        for row in weights.indices where weights[row] > 0 {
          areCounted[Int(table.labels[row])] = true
          if let predictions = table.predictions { areCounted[Int(predictions[row])] = true }
        }
      }
    case .numbers(let table):
      if let weights = table.weights { add(weights) }
    }
    rowCount += rows.rowCount
  }

  private mutating func add(_ weights: [Double]) {
    weight = weights.reduce(weight ?? 0, +)
    hasWeightlessRows = hasWeightlessRows || weights.contains(0)
  }

  /// Refuses what no metric can be computed from.
  func check() throws(EvaluationError) {
    try EvaluationError.check(rowCount: rowCount, weight: weight)
  }

  /// The codes of the classes that rows with a weight have.
  ///
  /// Probability columns name their classes, whoever has rows of them.
  ///
  /// - Throws: ``EvaluationError`` as ``check()`` does.
  func countedClasses() throws(EvaluationError) -> [Int] {
    try check()
    return hasWeightlessRows && !hasProbabilities
      ? areCounted.indices.filter { areCounted[$0] } : Array(areCounted.indices)
  }
}

/// How rows are made ready for their metrics, and what is found remarkable about them; rows may come in
/// pieces.
struct RowPreparation {
  let task: Task
  /// The classes, in canonical order; empty where the rows are numbers.
  let labels: [Label]
  /// The positive class of a binary problem.
  let positiveLabel: Label?
  /// The cut that makes the predictions, where one does.
  let threshold: Threshold?
  private let roles: ClassRoles?
  private let hasClassPredictions: Bool
  private var findings = Findings()

  /// Numbers of rows, or of values.
  private struct Findings {
    var scores = 0
    var atCut = 0
    var outside = 0
    var tied = 0
    var otherwisePredicted = 0
    var zeroTargets = 0
  }

  /// Prepares rows of classes.
  ///
  /// - Parameters:
  ///   - table: Some of the rows, with the classes and the columns of all.
  ///   - options: How they are evaluated.
  /// - Throws: ``EvaluationError`` if the classes do not fit the options.
  init(_ table: PredictionTable, options: EvaluationOptions) throws(EvaluationError) {
    let roles = try ClassRoles(table.classes, options: options)
    self.roles = roles
    task = roles.task
    labels = roles.labels
    hasClassPredictions = table.predictions != nil
    guard roles.task == .binary else {
      guard table.scores == nil else { throw .scoresOfManyClasses(table.classes) }
      guard options.threshold == nil else { throw .thresholdOfManyClasses(table.classes) }
      positiveLabel = nil
      threshold = nil
      return
    }
    positiveLabel = roles.labels[roles.positive]
    let hasScores = table.scores != nil || roles.probabilityColumn(of: table) != nil
    let arePredicted = table.predictions != nil || table.probabilities != nil
    let isCut = hasScores && (!arePredicted || options.threshold != nil)
    threshold = isCut ? options.threshold ?? Threshold() : nil
  }

  /// Prepares rows of numbers.
  init(ofNumbers options: EvaluationOptions) throws(EvaluationError) {
    guard options.positiveLabel == nil, options.threshold == nil else { throw .classesOfNumbers }
    roles = nil
    task = .regression
    labels = []
    positiveLabel = nil
    threshold = nil
    hasClassPredictions = false
  }

  /// Rows of numbers as their metrics take them.
  func rows(of table: RegressionTable) -> EvaluatedRows {
    var rows = EvaluatedRows()
    rows.numbers = (table.targets, table.predictions)
    rows.weights = table.weights
    return rows
  }

  /// Rows of classes as their metrics take them; whether scores are probabilities is told by all rows.
  func rows(of table: PredictionTable) -> EvaluatedRows {
    guard let roles else { preconditionFailure("rows of numbers were meant") }
    var rows = EvaluatedRows()
    rows.weights = table.weights
    guard task == .binary else {
      rows.classCount = table.classes.count
      rows.labels = table.labels
      rows.predictions = table.predictions ?? table.mostProbableClasses
      rows.probabilities = table.probabilities
      return rows
    }
    rows.classCount = 2
    rows.positive = roles.positive
    rows.labels = roles.recoded(table.labels)
    rows.scores =
      table.scores ?? roles.probabilityColumn(of: table).map { table.probabilityColumn($0) }
    rows.cut = threshold
    if threshold == nil {
      rows.predictions = (table.predictions ?? table.mostProbableClasses).map(roles.recoded)
    }
    return rows
  }

  /// Looks for what a reader of the metrics should know.
  mutating func note(_ rows: EvaluatedRows) {
    if let scores = rows.scores {
      findings.scores += scores.count
      if let cut = rows.cut { findings.atCut += scores.countOnAllCores { $0 == cut.value } }
      findings.outside += scores.countOnAllCores { $0 < 0 || $0 > 1 }
    }
    if let probabilities = rows.probabilities {
      findings.scores += probabilities.count
      findings.outside += probabilities.countOnAllCores { $0 < 0 || $0 > 1 }
      let doubts = rows.doubts(predictions: hasClassPredictions ? rows.predictions : nil)
      findings.tied += doubts.tied
      findings.otherwisePredicted += doubts.otherwisePredicted
    }
    findings.zeroTargets += rows.numbers?.targets.count { $0 == 0 } ?? 0
  }

  /// Whether all scores or probabilities noted lie in 0...1.
  var areProbabilities: Bool { findings.outside == 0 }

  /// What a reader of the metrics should know, once all rows have been noted.
  ///
  /// - Parameter rowCount: All rows, those without weight among them.
  /// - Returns: sentences.
  func warnings(ofAll rowCount: Int) -> [String] {
    var warnings: [String] = []
    if let threshold, findings.atCut > 0 {
      let side = threshold.isInclusive ? "positive" : "negative"
      warnings.append(
        "\(findings.atCut) of \(findings.scores) scores lie exactly at the threshold "
          + "\(threshold.value) and count as \(side)")
    }
    let counted = findings.scores / max(labels.count, 1)
    if findings.tied > 0 {
      warnings.append(
        "in \(findings.tied) of \(counted) rows several classes have the highest probability: the "
          + "first of them counts before the others")
    }
    if findings.otherwisePredicted > 0 {
      warnings.append(
        "in \(findings.otherwisePredicted) of \(counted) rows the predicted class is not the one of "
          + "the highest probability: check that the probability columns stand in the order of the "
          + "classes")
    }
    if findings.outside > 0 {
      warnings.append(
        task == .binary
          ? "\(findings.outside) of \(findings.scores) scores lie outside 0 to 1: they are no "
            + "probabilities, so log_loss, brier_score and expected_calibration_error are undefined"
            + (threshold.map { ", and the threshold stays at \($0.value)" } ?? "")
          : "\(findings.outside) of \(findings.scores) probabilities lie outside 0 to 1, so log_loss "
            + "is undefined")
    }
    if findings.zeroTargets > 0 {
      warnings.append(
        "\(findings.zeroTargets) of \(rowCount) targets are 0, which makes "
          + "mean_absolute_percentage_error huge")
    }
    return warnings
  }
}

extension EvaluatedRows {
  /// Rows whose probabilities make one doubt that they are what they are taken for.
  fileprivate func doubts(
    predictions: [Int32]?
  ) -> (tied: Int, otherwisePredicted: Int) {
    guard let probabilities else { return (0, 0) }
    var doubts = (tied: 0, otherwisePredicted: 0)
    for row in labels.indices {
      let own = probabilities[row * classCount..<(row + 1) * classCount]
      let highest = own.max() ?? 0
      if own.count(where: { $0 == highest }) > 1 { doubts.tied += 1 }
      if let predictions, own.firstIndex(of: highest) != own.startIndex + Int(predictions[row]) {
        doubts.otherwisePredicted += 1
      }
    }
    return doubts
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
func rowsThatCount(_ weights: [Double]) -> [Int]? {
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

  /// The column of the positive class's probabilities, where the table has it.
  func probabilityColumn(of table: PredictionTable) -> Int? {
    table.probabilities == nil ? nil : newCodes.firstIndex(of: Int32(positive))
  }
}

extension RegressionTable {
  /// The table of some rows.
  func counting(_ rows: [Int]) -> RegressionTable {
    func pick(_ column: [Double]) -> [Double] { rows.map { column[$0] } }
    return RegressionTable(
      targets: pick(targets), predictions: pick(predictions), weights: weights.map(pick))
  }
}

extension PredictionTable {
  /// The table of some rows; the others count for nothing and create no classes.
  ///
  /// - Parameters:
  ///   - rows: The rows that count.
  ///   - kept: The codes of the classes that such rows have.
  /// - Returns: the rows, with these classes alone.
  func counting(_ rows: [Int], classes kept: [Int]) -> PredictionTable {
    func pick<Element>(_ column: [Element]) -> [Element] { rows.map { column[$0] } }
    var newCodes = [Int32](repeating: 0, count: classes.count)
    for (new, old) in kept.enumerated() { newCodes[old] = Int32(new) }
    return PredictionTable(
      classes: kept.map { classes[$0] }, labels: rows.map { newCodes[Int(labels[$0])] },
      predictions: predictions.map { codes in rows.map { newCodes[Int(codes[$0])] } },
      scores: scores.map(pick),
      probabilities: probabilities.map { values in
        rows.flatMap { values[$0 * classes.count..<($0 + 1) * classes.count] }
      },
      weights: weights.map(pick))
  }

  /// How far a row's probabilities may miss 1, as scikit-learn has it.
  private static var probabilityTolerance: Double { 1e-5 }

  /// Checks that each row's probabilities add up to 1; rows before these count too.
  fileprivate func checkProbabilities(after rowsBefore: Int) throws(EvaluationError) {
    guard let probabilities else { return }
    for row in 0..<rowCount {
      let sum = probabilities[row * classes.count..<(row + 1) * classes.count].reduce(0, +)
      guard abs(sum - 1) <= Self.probabilityTolerance else {
        throw .probabilitiesDoNotAddUp(row: rowsBefore + row + 1, sum: sum)
      }
    }
  }

  fileprivate func probabilityColumn(_ code: Int) -> [Double] {
    guard let probabilities else { return [] }
    return (0..<rowCount).map { probabilities[$0 * classes.count + code] }
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
