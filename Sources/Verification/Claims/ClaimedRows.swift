internal import DataTables
internal import EvaluationMetrics
internal import Glibc

/// Rows of predictions as somebody may have evaluated them.
///
/// Codes of classes are indices of the confusion matrix; the positive class is one of them.
struct ClaimedRows {
  enum Columns {
    /// Labels, predictions and the positive class's scores, as far as they are there.
    case classes(labels: [Int32], predictions: [Int32]?, scores: [Double]?)
    /// Targets and predictions.
    case numbers(targets: [Double], predictions: [Double])
  }

  var columns: Columns
  var classCount = 0
  /// The positive class's code; `nil` where no class is.
  var positive: Int?
  /// Where scores were cut into predictions; `nil` where they were not.
  var threshold: Threshold?
  /// Probabilities are moved this far from 0 and 1 before their logarithm is taken.
  var clip = ProbabilityLosses.clip

  /// The number of rows.
  var count: Int {
    switch columns {
    case .classes(let labels, _, _): labels.count
    case .numbers(let targets, _): targets.count
    }
  }

  /// Takes rows as they were evaluated; `nil` for weighted ones, which nobody's batches have.
  init?(_ rows: PredictionRows, _ evaluation: Evaluation) {
    switch rows {
    case .numbers(let table):
      guard table.weights == nil else { return nil }
      columns = .numbers(targets: table.targets, predictions: table.predictions)
    case .classes(let table):
      guard table.weights == nil, !table.labels.isEmpty else { return nil }
      let classCount = table.classes.count
      let positive = evaluation.positiveLabel.flatMap { table.classes.firstIndex(of: $0) }
      var scores = table.scores
      if scores == nil, let probabilities = table.probabilities, let positive {
        scores = (0..<table.rowCount).map { probabilities[$0 * classCount + positive] }
      }
      var predictions = table.predictions
      if predictions == nil, scores == nil, let probabilities = table.probabilities {
        predictions = (0..<table.rowCount).map { row in
          let start = row * classCount
          let best = (0..<classCount).max {
            (probabilities[start + $0], $1) < (probabilities[start + $1], $0)
          }
          return Int32(best ?? 0)
        }
      }
      columns = .classes(labels: table.labels, predictions: predictions, scores: scores)
      self.classCount = classCount
      self.positive = positive
      threshold = evaluation.threshold
      if predictions == nil || threshold != nil { cut(at: threshold ?? Threshold()) }
    }
  }

  /// Predicts anew by cutting scores.
  mutating func cut(at threshold: Threshold) {
    guard case .classes(let labels, _, let scores?) = columns, let positive, classCount == 2 else {
      return
    }
    self.threshold = threshold
    columns = .classes(
      labels: labels,
      predictions: scores.map { Int32(threshold.isPositive($0) ? positive : 1 - positive) },
      scores: scores)
  }

  /// The rows with those indices; an index may stand twice.
  func rows(_ indices: [Int]) -> ClaimedRows {
    var copy = self
    switch columns {
    case .classes(let labels, let predictions, let scores):
      copy.columns = .classes(
        labels: indices.map { labels[$0] },
        predictions: predictions.map { column in indices.map { column[$0] } },
        scores: scores.map { column in indices.map { column[$0] } })
    case .numbers(let targets, let predictions):
      copy.columns = .numbers(
        targets: indices.map { targets[$0] }, predictions: indices.map { predictions[$0] })
    }
    return copy
  }

  /// A metric of the rows; `nil` where it is not one of ``measures``, or the rows lack what it needs.
  func value(of metric: String) -> Double? { Self.measures[metric]?(self) }

  // MARK: Measures

  private typealias Measure = @Sendable (ClaimedRows) -> Double?

  /// The metrics whose differences are explained.
  private static let measures: [String: Measure] = {
    var measures: [String: Measure] = [
      "accuracy": { $0.matrix?.accuracy },
      "error_rate": { $0.matrix.map { 1 - $0.accuracy } },
      "balanced_accuracy": { $0.matrix?.balancedAccuracy },
      "specificity": { rows in
        guard let positive = rows.positive, rows.classCount == 2 else { return nil }
        return rows.matrix?.recall(of: 1 - positive).value
      },
      "matthews_corrcoef": { $0.matrix?.matthewsCorrelation },
      "cohen_kappa": { $0.matrix?.cohenKappa },
      "roc_auc": { $0.ranked?.rocArea },
      "average_precision": { $0.ranked?.averagePrecision },
      "log_loss": { $0.meanLogLoss },
      "brier_score": { rows in
        rows.mean { isPositive, score in
          let difference = score - (isPositive ? 1 : 0)
          return difference * difference
        }
      },
      "mean_squared_error": { $0.meanError { $0 * $0 } },
      "root_mean_squared_error": { $0.meanError { $0 * $0 }?.squareRoot() },
      "mean_absolute_error": { $0.meanError(abs) },
    ]
    let ofClass: [(String, @Sendable (ConfusionMatrix, Int) -> Quotient)] = [
      ("precision", { $0.precision(of: $1) }), ("recall", { $0.recall(of: $1) }),
      ("f1", { $0.f1(of: $1) }),
    ]
    for (name, measure) in ofClass {
      measures[name] = { rows in
        rows.positive.flatMap { positive in rows.matrix.map { measure($0, positive).value } }
      }
      measures[name + "_macro"] = { $0.average(measure) { _, _ in 1 } }
      measures[name + "_weighted"] = { $0.average(measure) { $0.support(of: $1) } }
      measures[name + "_micro"] = { $0.matrix?.accuracy }
    }
    return measures
  }()

  private var matrix: ConfusionMatrix? {
    guard case .classes(let labels, let predictions?, _) = columns, !labels.isEmpty else {
      return nil
    }
    var matrix = ConfusionMatrix(classCount: classCount)
    matrix.add(labels: labels, predictions: predictions)
    return matrix
  }

  private func average(
    _ measure: (ConfusionMatrix, Int) -> Quotient, weight: (ConfusionMatrix, Int) -> Double
  ) -> Double? {
    guard let matrix else { return nil }
    let classes = matrix.presentClasses
    let weights = classes.reduce(0) { $0 + weight(matrix, $1) }
    return classes.reduce(0) { $0 + measure(matrix, $1).value * weight(matrix, $1) } / weights
  }

  private var ranked: RankedScores? {
    guard case .classes(let labels, _, let scores?) = columns, let positive, !labels.isEmpty else {
      return nil
    }
    return RankedScores(isPositive: labels.map { $0 == Int32(positive) }, scores: scores)
  }

  private var meanLogLoss: Double? {
    mean { isPositive, score in
      -log(min(max(isPositive ? score : 1 - score, clip), 1 - clip))
    }
  }

  private func mean(_ loss: (Bool, Double) -> Double) -> Double? {
    guard case .classes(let labels, _, let scores?) = columns, let positive, !labels.isEmpty,
      scores.allSatisfy({ (0...1).contains($0) })
    else { return nil }
    var sum = 0.0
    for (label, score) in zip(labels, scores) { sum += loss(label == Int32(positive), score) }
    return sum / Double(labels.count)
  }

  private func meanError(_ loss: (Double) -> Double) -> Double? {
    guard case .numbers(let targets, let predictions) = columns, !targets.isEmpty else {
      return nil
    }
    var sum = 0.0
    for (target, prediction) in zip(targets, predictions) { sum += loss(prediction - target) }
    return sum / Double(targets.count)
  }
}
