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
    let weights = rows.weights
    if let predictions = rows.predictions {
      var matrix = ConfusionMatrix(classCount: rows.classCount)
      matrix.add(labels: rows.labels, predictions: predictions, weights: weights)
      self.matrix = matrix
    }
    if let scores = rows.scores {
      let positive = Int32(rows.positive)
      let ranked = RankedScores(
        labels: rows.labels, positive: positive, scores: scores, weights: weights)
      ranking = ranked.measures(withError: withErrors)
      if let cut = rows.cut { matrix = ranked.matrix(at: cut).placing(positive: rows.positive) }
      if rows.areProbabilities {
        var losses = ProbabilityLosses()
        losses.add(
          labels: rows.labels, positive: positive, probabilities: scores, weights: weights)
        self.losses = losses
        calibrationError = ranked.calibration().expectedCalibrationError
      }
    }
    if let probabilities = rows.probabilities {
      classAreas =
        ClassScores(
          labels: rows.labels, probabilities: probabilities, classCount: rows.classCount,
          weights: weights
        ).areas(ofPairs: weights == nil)
      var ranks = ClassRanks(classCount: rows.classCount)
      ranks.add(labels: rows.labels, probabilities: probabilities, weights: weights)
      classRanks = ranks
      if rows.areProbabilities {
        var losses = ProbabilityLosses()
        losses.add(
          labels: rows.labels, probabilities: probabilities, classCount: rows.classCount,
          weights: weights)
        self.losses = losses
      }
    }
    if let numbers = rows.numbers {
      var errors = RegressionErrors(isWeighted: weights != nil)
      errors.add(targets: numbers.targets, predictions: numbers.predictions, weights: weights)
      self.errors = errors.measures
    }
  }

  /// The statistics of no rows of that kind.
  init(describing rows: EvaluatedRows) {
    positive = rows.positive
    negative = 1 - rows.positive
    isWeighted = rows.weights != nil
    hasScores = rows.scores != nil || rows.probabilities != nil
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
