public import DataTables

/// Where scores are cut into predictions.
public struct Threshold: Hashable, Sendable {
  /// The score at the cut; finite.
  public let value: Double
  /// Whether a score exactly at the cut is predicted positive.
  public let isInclusive: Bool

  /// Creates a cut; by default a score must be above one half.
  public init(_ value: Double = 0.5, isInclusive: Bool = false) {
    self.value = value
    self.isInclusive = isInclusive
  }

  /// Whether a score is predicted positive.
  public func isPositive(_ score: Double) -> Bool {
    isInclusive ? score >= value : score > value
  }
}

/// How a prediction table is to be evaluated.
public struct EvaluationOptions: Hashable, Sendable {
  /// The kind of problem; `nil` takes what the labels say.
  public var task: Task?
  /// The positive class of a binary problem; `nil` where it is plain: 1 of 0/1 and of -1/1.
  public var positiveLabel: Label?
  /// The cut; `nil` cuts scores at one half where there are no predictions.
  public var threshold: Threshold?

  /// Creates options.
  public init(task: Task? = nil, positiveLabel: Label? = nil, threshold: Threshold? = nil) {
    self.task = task
    self.positiveLabel = positiveLabel
    self.threshold = threshold
  }
}

/// What keeps a prediction table from being evaluated.
public enum EvaluationError: Error, Hashable, Sendable {
  /// There are no rows.
  case noRows
  /// All weights are 0.
  case noWeight
  /// The weights add up to more than can be computed with.
  case weightsTooLarge
  /// The labels do not say which of them is positive.
  case positiveLabelNeeded([Label])
  /// The positive label is not among the labels.
  case positiveLabelUnknown(Label, [Label])
  /// A binary problem has two classes, and these are more.
  case tooManyClasses([Label])
  /// Scores are given, which tell of one class against another, and the problem is not binary.
  case scoresOfManyClasses([Label])
  /// A threshold is given, and the problem is not binary.
  case thresholdOfManyClasses([Label])
  /// A positive label or a threshold is given, and the rows are numbers.
  case classesOfNumbers
  /// A row's probabilities do not add up to 1; rows count from 1.
  case probabilitiesDoNotAddUp(row: Int, sum: Double)

  /// What is wrong.
  public var message: String {
    switch self {
    case .noRows: "has no data rows"
    case .noWeight: "all weights are 0"
    case .weightsTooLarge: "the weights add up to more than \(Self.weightLimit)"
    case .positiveLabelNeeded(let labels):
      "the labels \(Self.list(labels)) do not say which of them is positive"
    case .positiveLabelUnknown(let label, let labels):
      "the positive label '\(label)' is not among the labels \(Self.list(labels))"
    case .tooManyClasses(let labels):
      "a binary problem has two labels, and these are \(labels.count): \(Self.list(labels))"
    case .scoresOfManyClasses(let labels):
      "a score column tells of two classes, and the labels are \(Self.list(labels))"
    case .thresholdOfManyClasses(let labels):
      "a threshold tells two classes apart, and the labels are \(Self.list(labels))"
    case .classesOfNumbers: "the labels are numbers, of which none is positive"
    case .probabilitiesDoNotAddUp(let row, let sum):
      "row \(row): the probabilities add up to \(sum), not to 1"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .noRows: "give a file with a header and at least one row"
    case .noWeight: "give at least one row a weight"
    case .weightsTooLarge: "divide all weights by one number, which changes no metric"
    case .positiveLabelNeeded: "name it with --positive-label"
    case .positiveLabelUnknown: "name one of them with --positive-label"
    case .tooManyClasses: "leave --task and --positive-label out"
    case .scoresOfManyClasses: "name the class probabilities with --probability-columns"
    case .thresholdOfManyClasses: "leave the threshold out"
    case .classesOfNumbers: "leave --positive-label and --threshold out"
    case .probabilitiesDoNotAddUp: "write them with more digits, or check the columns"
    }
  }

  /// The most that weights may add up to; their losses are larger by less than a hundred times.
  fileprivate static let weightLimit = 1e300

  private static func list(_ labels: [Label]) -> String {
    let shown = labels.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
    return labels.count > 10 ? shown + ", …" : shown
  }
}

/// What the metrics of some rows are computed from.
struct Statistics: Sendable {
  /// Indices of the matrix; 0 and 1 in any order for a binary problem, unused otherwise.
  var positive = 0
  var negative = 0
  var isWeighted = false
  var matrix: ConfusionMatrix?
  var hasScores = false
  var ranked: RankedScores?
  var classScores: ClassScores?
  /// `nil` where scores are not probabilities.
  var losses: ProbabilityLosses?
  /// `nil` where scores are not probabilities.
  var calibration: CalibrationBins?
  var classRanks: ClassRanks?
  var errors: RegressionErrors?
}

/// The metrics of a prediction table.
public struct Evaluation: Sendable {
  /// One class's measures.
  public struct ClassReport: Hashable, Sendable {
    /// The class.
    public let label: Label
    /// How many of the rows predicted as the class are of it.
    public let precision: Double
    /// How many of the class's rows are predicted as it.
    public let recall: Double
    /// The harmonic mean of both.
    public let f1: Double
    /// The class's rows, or the sum of their weights.
    public let support: Double
  }

  /// A metric and its value.
  public struct Entry: Sendable {
    /// The metric.
    public let metric: Metric
    /// Its value.
    public let value: MetricValue
  }

  /// The rows evaluated.
  public let rowCount: Int
  /// The kind of problem.
  public let task: Task
  /// The classes, in canonical order.
  public let labels: [Label]
  /// The positive class of a binary problem.
  public let positiveLabel: Label?
  /// The cut that made the predictions, where one did.
  public let threshold: Threshold?
  /// The metrics that the table has what it needs for, in the order of ``Metric/all``.
  public let entries: [Entry]
  /// Rows by true and predicted class; `nil` where nothing was predicted.
  public let matrix: ConfusionMatrix?
  /// Each class's measures; empty where nothing was predicted.
  public let classReports: [ClassReport]
  /// What a reader of the numbers should know.
  public let warnings: [String]

  /// The value of the metric of that name, where it was computed.
  public subscript(_ name: String) -> MetricValue? {
    entries.first { $0.metric.id == name }?.value
  }

  /// The names of the metrics in which 0/0 was counted as 0.
  public var zeroDivisions: [String] {
    entries.compactMap { entry in
      if case .zeroDivision = entry.value { entry.metric.id } else { nil }
    }
  }
}

extension Evaluation {
  /// Computes every metric that the table has what it needs for.
  ///
  /// A prediction column decides the label metrics; scores and probabilities do where there is none,
  /// or a threshold is given.
  ///
  /// - Parameters:
  ///   - table: The rows; at least one.
  ///   - options: The task, the positive class and the cut.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: O(*n* log *n*) with scores, O(*n*) without; *c* times that with probabilities.
  public init(
    of table: PredictionTable, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    try EvaluationError.check(rowCount: table.rowCount, weights: table.weights)
    try table.checkProbabilities()
    let weighty = table.withoutWeightlessRows
    let classes = try ClassRoles(weighty.classes, options: options)
    switch classes.task {
    case .binary: self.init(binary: weighty, classes, options, rowCount: table.rowCount)
    case .multiclass, .regression:
      try self.init(multiclass: weighty, classes, options, rowCount: table.rowCount)
    }
  }

  private init(
    binary table: PredictionTable, _ classes: ClassRoles, _ options: EvaluationOptions,
    rowCount: Int
  ) {
    let positive = classes.positive
    let negative = 1 - positive
    let labels = table.labels.map { classes.newCodes[Int($0)] }
    let isPositive = labels.map { $0 == Int32(positive) }
    var statistics = Statistics()
    statistics.positive = positive
    statistics.negative = negative
    statistics.isWeighted = table.weights != nil
    var warnings: [String] = []

    let scores = table.scores ?? table.probabilityColumn(ofClass: classes.oldCode(of: positive))
    var threshold = options.threshold
    var predictions = (table.predictions ?? table.mostProbableClasses)?
      .map { classes.newCodes[Int($0)] }
    if let scores, predictions == nil || threshold != nil {
      let cut = threshold ?? Threshold()
      threshold = cut
      predictions = scores.map { Int32(cut.isPositive($0) ? positive : negative) }
      let atCut = scores.count { $0 == cut.value }
      if atCut > 0 {
        let side = cut.isInclusive ? "positive" : "negative"
        warnings.append(
          "\(atCut) of \(scores.count) scores lie exactly at the threshold \(cut.value) "
            + "and count as \(side)")
      }
    } else {
      threshold = nil
    }
    if let predictions {
      var matrix = ConfusionMatrix(classCount: 2)
      matrix.add(labels: labels, predictions: predictions, weights: table.weights)
      statistics.matrix = matrix
    }
    if let scores {
      statistics.hasScores = true
      statistics.ranked = RankedScores(
        isPositive: isPositive, scores: scores, weights: table.weights)
      let outside = scores.count { $0 < 0 || $0 > 1 }
      if outside == 0 {
        var losses = ProbabilityLosses()
        losses.add(isPositive: isPositive, probabilities: scores, weights: table.weights)
        statistics.losses = losses
        var calibration = CalibrationBins()
        calibration.add(isPositive: isPositive, probabilities: scores, weights: table.weights)
        statistics.calibration = calibration
      } else {
        warnings.append(
          "\(outside) of \(scores.count) scores lie outside 0 to 1: they are no probabilities, so "
            + "log_loss, brier_score and expected_calibration_error are undefined"
            + (threshold.map { ", and the threshold stays at \($0.value)" } ?? ""))
      }
    }
    self.init(
      classes, statistics, rowCount: rowCount, labels: classes.labels, matrix: statistics.matrix,
      threshold: threshold, warnings: warnings)
  }

  private init(
    multiclass table: PredictionTable, _ classes: ClassRoles, _ options: EvaluationOptions,
    rowCount: Int
  ) throws(EvaluationError) {
    guard table.scores == nil else { throw .scoresOfManyClasses(table.classes) }
    guard options.threshold == nil else { throw .thresholdOfManyClasses(table.classes) }
    var statistics = Statistics()
    statistics.isWeighted = table.weights != nil
    var warnings: [String] = []
    let count = table.classes.count
    var predictions = table.predictions
    if let probabilities = table.probabilities {
      predictions = predictions ?? table.mostProbableClasses
      statistics.hasScores = true
      statistics.classScores = ClassScores(
        labels: table.labels, probabilities: probabilities, classCount: count,
        weights: table.weights)
      var ranks = ClassRanks(classCount: count)
      ranks.add(labels: table.labels, probabilities: probabilities, weights: table.weights)
      statistics.classRanks = ranks
      let outside = probabilities.count { $0 < 0 || $0 > 1 }
      if outside == 0 {
        var losses = ProbabilityLosses()
        losses.add(
          labels: table.labels, probabilities: probabilities, classCount: count,
          weights: table.weights)
        statistics.losses = losses
      } else {
        warnings.append(
          "\(outside) of \(probabilities.count) probabilities lie outside 0 to 1, so log_loss is "
            + "undefined")
      }
    }
    var labels = table.classes
    if let predictions {
      var matrix = ConfusionMatrix(classCount: count)
      matrix.add(labels: table.labels, predictions: predictions, weights: table.weights)
      // A model's class that no row has is of interest where it has probabilities.
      if table.probabilities == nil {
        let present = matrix.presentClasses
        labels = present.map { labels[$0] }
        matrix = matrix.restricted(to: present)
      }
      statistics.matrix = matrix
    }
    self.init(
      classes, statistics, rowCount: rowCount, labels: labels, matrix: statistics.matrix,
      threshold: nil, warnings: warnings)
  }

  private init(
    _ classes: ClassRoles, _ statistics: Statistics, rowCount: Int, labels: [Label],
    matrix: ConfusionMatrix?, threshold: Threshold?, warnings: [String]
  ) {
    self.rowCount = rowCount
    task = classes.task
    self.labels = labels
    positiveLabel = task == .binary ? classes.labels[classes.positive] : nil
    self.threshold = threshold
    self.matrix = matrix
    self.warnings = warnings
    entries = Metric.entries(of: task, from: statistics)
    classReports =
      matrix.map { matrix in
        labels.enumerated().map { index, label in
          ClassReport(
            label: label, precision: matrix.precision(of: index).value,
            recall: matrix.recall(of: index).value, f1: matrix.f1(of: index).value,
            support: matrix.support(of: index))
        }
      } ?? []
  }
}

extension Evaluation {
  /// Computes every metric of rows of either kind.
  ///
  /// - Parameters:
  ///   - rows: The rows; at least one.
  ///   - options: The task, the positive class and the cut; numbers take none of them.
  /// - Throws: ``EvaluationError``.
  public init(
    of rows: PredictionRows, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    switch rows {
    case .classes(let table): try self.init(of: table, options: options)
    case .numbers(let table):
      guard options.positiveLabel == nil, options.threshold == nil else { throw .classesOfNumbers }
      try self.init(of: table)
    }
  }

  /// Computes every regression metric of a table.
  ///
  /// - Parameter table: The rows; at least one.
  /// - Throws: ``EvaluationError`` if there are none, or weights are all 0 or too large.
  /// - Complexity: O(*n* log *n*).
  public init(of table: RegressionTable) throws(EvaluationError) {
    try EvaluationError.check(rowCount: table.rowCount, weights: table.weights)
    var errors = RegressionErrors(isWeighted: table.weights != nil)
    errors.add(targets: table.targets, predictions: table.predictions, weights: table.weights)
    var statistics = Statistics()
    statistics.isWeighted = table.weights != nil
    statistics.errors = errors
    rowCount = table.rowCount
    task = .regression
    labels = []
    positiveLabel = nil
    threshold = nil
    matrix = nil
    classReports = []
    let zeros = errors.zeroTargetCount
    warnings =
      zeros == 0
      ? []
      : [
        "\(zeros) of \(table.rowCount) targets are 0, which makes mean_absolute_percentage_error huge"
      ]
    entries = Metric.entries(of: .regression, from: statistics)
  }
}

extension Metric {
  /// The metrics of a kind of problem that the statistics have what they need for.
  fileprivate static func entries(of task: Task, from statistics: Statistics) -> [Evaluation.Entry]
  {
    all.compactMap { metric in
      guard metric.tasks.contains(task), let value = metric.compute(statistics) else { return nil }
      return Evaluation.Entry(metric: metric, value: value)
    }
  }
}

extension EvaluationError {
  /// Refuses what no metric can be computed from.
  fileprivate static func check(rowCount: Int, weights: [Double]?) throws(EvaluationError) {
    guard rowCount > 0 else { throw .noRows }
    if let weights {
      guard weights.contains(where: { $0 > 0 }) else { throw .noWeight }
      guard weights.reduce(0, +) <= weightLimit else { throw .weightsTooLarge }
    }
  }
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

  func oldCode(of new: Int) -> Int? { newCodes.firstIndex(of: Int32(new)) }
}

extension PredictionTable {
  /// The table without the rows of weight 0, which count for nothing and create no classes.
  fileprivate var withoutWeightlessRows: PredictionTable {
    guard let weights, weights.contains(0) else { return self }
    let rows = weights.indices.filter { weights[$0] > 0 }
    func pick<Element>(_ column: [Element]) -> [Element] { rows.map { column[$0] } }
    var table = PredictionTable(
      classes: classes, labels: pick(labels), predictions: predictions.map(pick),
      scores: scores.map(pick),
      probabilities: probabilities.map { values in
        rows.flatMap { values[$0 * classes.count..<($0 + 1) * classes.count] }
      },
      weights: pick(weights))
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
