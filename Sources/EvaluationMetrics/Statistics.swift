/// What the metrics of some rows are computed from: a few numbers of each kind, which come from the
/// rows themselves or from a resampling of them.
struct Statistics: Sendable {
  /// Indices of the matrix; 0 and 1 in any order for a binary problem, unused otherwise.
  var positive = 0
  var negative = 0
  var isWeighted = false
  var matrix: ConfusionMatrix?
  var hasScores = false
  var ranking: RankingMeasures?
  var classAreas: ClassAreas?
  /// `nil` where scores are not probabilities.
  var losses: ProbabilityLosses?
  /// `nil` where scores are not probabilities.
  var calibrationError: Double?
  var classRanks: ClassRanks?
  var errors: RegressionMeasures?
}

/// What a binary problem's scores are worth as a ranking.
struct RankingMeasures: Hashable, Sendable {
  /// `nil` where all rows are of one class.
  var rocArea: Double?
  /// The area's standard deviation over samples; `nil` where it is not known.
  var rocAreaError: Double?
  /// `nil` where no row is positive.
  var averagePrecision: Double?
  /// `nil` where all rows are of one class.
  var kolmogorovSmirnov: Double?
}

extension Statistics {
  /// The statistics of rows as they are.
  ///
  /// - Parameters:
  ///   - rows: The rows, at least one.
  ///   - withErrors: Whether standard errors are wanted too.
  init(of rows: EvaluatedRows, withErrors: Bool = false) {
    self.init(describing: rows)
    var sums = RowSums(describing: rows)
    sums.add(rows)
    take(sums, areProbabilities: rows.areProbabilities)
    let weights = rows.weights
    if let scores = rows.scores {
      let ranked = RankedScores(
        labels: rows.labels, positive: Int32(rows.positive), scores: scores, weights: weights)
      ranking = ranked.measures(withError: withErrors)
      if let cut = rows.cut { matrix = ranked.matrix(at: cut).placing(positive: rows.positive) }
      if rows.areProbabilities {
        calibrationError = ranked.calibration().expectedCalibrationError
      }
    }
    if let probabilities = rows.probabilities {
      classAreas =
        ClassScores(
          labels: rows.labels, probabilities: probabilities, classCount: rows.classCount,
          weights: weights
        ).areas(ofPairs: weights == nil)
    }
    if let numbers = rows.numbers {
      var errors = RegressionErrors(isWeighted: weights != nil)
      errors.add(targets: numbers.targets, predictions: numbers.predictions, weights: weights)
      self.errors = errors.measures
    }
  }

  /// Takes over what is summed up row by row.
  mutating func take(_ sums: RowSums, areProbabilities: Bool) {
    matrix = sums.matrix
    classRanks = sums.classRanks
    losses = areProbabilities ? sums.losses : nil
  }

  /// The statistics of no rows of that kind.
  init(describing rows: EvaluatedRows) {
    positive = rows.positive
    negative = 1 - rows.positive
    isWeighted = rows.weights != nil
    hasScores = rows.scores != nil || rows.probabilities != nil
  }
}

/// What is summed up over rows of classes in memory that does not grow with them.
struct RowSums: Sendable {
  private(set) var matrix: ConfusionMatrix?
  private(set) var losses: ProbabilityLosses?
  private(set) var classRanks: ClassRanks?

  /// Creates the sums of no rows of that kind.
  init(describing rows: EvaluatedRows) {
    if rows.predictions != nil { matrix = ConfusionMatrix(classCount: rows.classCount) }
    if rows.scores != nil || rows.probabilities != nil { losses = ProbabilityLosses() }
    if rows.probabilities != nil { classRanks = ClassRanks(classCount: rows.classCount) }
  }

  /// Adds rows; pieces of whole `Chunks` have the sums of all at once, to the last bit.
  mutating func add(_ rows: EvaluatedRows) {
    let (labels, weights) = (rows.labels, rows.weights)
    if let predictions = rows.predictions {
      matrix?.add(labels: labels, predictions: predictions, weights: weights)
    }
    if let scores = rows.scores, rows.areProbabilities {
      losses?.add(
        labels: labels, positive: Int32(rows.positive), probabilities: scores, weights: weights)
    }
    if let probabilities = rows.probabilities {
      classRanks?.add(labels: labels, probabilities: probabilities, weights: weights)
      if rows.areProbabilities {
        losses?.add(
          labels: labels, probabilities: probabilities, classCount: rows.classCount,
          weights: weights)
      }
    }
  }
}

/// Rows as their metrics take them: classes by their place among the evaluation's labels, scores cut
/// into predictions.
struct EvaluatedRows: Sendable {
  /// The number of classes, *c*; 0 where the rows are numbers.
  var classCount = 0
  /// The code of the positive class of a binary problem.
  var positive = 0
  /// The true classes, *n* codes.
  var labels: [Int32] = []
  /// The predicted classes, *n* codes; `nil` where scores are cut into them.
  var predictions: [Int32]?
  /// The positive class's scores, *n*; of a binary problem.
  var scores: [Double]?
  /// Where scores are cut into predictions.
  var cut: Threshold?
  /// The classes' probabilities, row-major *n* x *c*; of a problem of many classes.
  var probabilities: [Double]?
  /// Whether scores or probabilities all lie in 0...1.
  var areProbabilities = false
  /// The true and the predicted numbers, *n* each.
  var numbers: (targets: [Double], predictions: [Double])?
  /// The weights, *n*, all above 0 where the rows are of classes.
  var weights: [Double]?

  /// The number of rows, *n*.
  var rowCount: Int { numbers?.targets.count ?? labels.count }

  /// Whether the true class is the positive one, *n* answers; of a binary problem.
  var isPositive: [Bool] { labels.map { $0 == Int32(positive) } }

  /// The predicted classes, from whatever predicts them, *n* codes.
  var predictedClasses: [Int32]? {
    guard let scores, let cut else { return predictions }
    return scores.map { Int32(cut.isPositive($0) ? positive : 1 - positive) }
  }

  /// Adds rows of the same kind.
  mutating func append(_ other: EvaluatedRows) {
    labels += other.labels
    if let others = other.predictions { predictions? += others }
    if let others = other.scores { scores? += others }
    if let others = other.probabilities { probabilities? += others }
    if let others = other.numbers {
      numbers?.targets += others.targets
      numbers?.predictions += others.predictions
    }
    if let others = other.weights { weights? += others }
  }

  /// The rows of those indices, in their order and as often as they stand there.
  func selecting(_ indices: [Int]) -> EvaluatedRows {
    func pick<Element>(_ values: [Element]) -> [Element] {
      values.isEmpty ? [] : indices.map { values[$0] }
    }
    var rows = self
    rows.labels = pick(labels)
    rows.predictions = predictions.map(pick)
    rows.scores = scores.map(pick)
    rows.probabilities = probabilities.map { values in
      indices.flatMap { values[$0 * classCount..<($0 + 1) * classCount] }
    }
    rows.numbers = numbers.map { (pick($0.targets), pick($0.predictions)) }
    rows.weights = weights.map(pick)
    return rows
  }
}
