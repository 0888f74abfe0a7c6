/// What kind of problem a model solves.
public enum Task: String, Hashable, Sendable, CaseIterable {
  /// Two classes, one of them positive.
  case binary
  /// Classes on an equal footing.
  case multiclass
  /// Numbers.
  case regression
}

/// Why a metric has no value.
public enum UndefinedReason: String, Hashable, Sendable {
  /// All rows are of one class.
  case singleClass = "single_class"
  /// A class that the model knows is not among the true labels.
  case absentClass = "absent_class"
  /// No row is positive.
  case noPositives = "no_positives"
  /// Scores lie outside 0...1.
  case notProbabilities = "not_probabilities"
  /// All targets, or all predictions, are equal.
  case zeroVariance = "zero_variance"
  /// There are fewer rows than the metric needs.
  case tooFewRows = "too_few_rows"
  /// A value is -1 or less, where 1 + value has no logarithm.
  case negativeValues = "negative_values"

  /// The reason as a person reads it.
  public var sentence: String {
    switch self {
    case .singleClass: "all rows are of one class"
    case .absentClass: "a class has no rows"
    case .noPositives: "no row is positive"
    case .notProbabilities: "scores lie outside 0 to 1"
    case .zeroVariance: "all targets or predictions are equal"
    case .tooFewRows: "there are too few rows"
    case .negativeValues: "a value is -1 or less"
    }
  }
}

/// A metric's value on some rows, or why it has none.
public enum MetricValue: Hashable, Sendable {
  /// A value.
  case value(Double)
  /// A value in which 0/0 was counted as 0.
  case zeroDivision(Double)
  /// The data does not define the metric.
  case undefined(UndefinedReason)

  /// The number, `nil` where undefined; never NaN.
  public var number: Double? {
    switch self {
    case .value(let value), .zeroDivision(let value): value
    case .undefined: nil
    }
  }

  init(_ quotient: Quotient) {
    self = quotient.isZeroDivision ? .zeroDivision(0) : .value(quotient.value)
  }

  init(_ value: Double?, otherwise reason: UndefinedReason) {
    self = value.map { .value($0) } ?? .undefined(reason)
  }
}

/// One row of the table of metrics: its name, what is known of it, and how it is computed.
///
/// Adding a metric is adding a row to ``all``.
public struct Metric: Sendable, Identifiable {
  /// Whether more or less of it is better.
  public enum Direction: Hashable, Sendable {
    /// A score.
    case higherIsBetter
    /// An error or a loss.
    case lowerIsBetter
  }

  /// What rows must have for a metric.
  public enum Need: Hashable, Sendable {
    /// Predicted classes.
    case predictions
    /// Scores, of which only the order counts, or the probabilities of many classes.
    case ranking
    /// Scores that are probabilities.
    case probabilities
    /// Predicted numbers.
    case numbers
  }

  /// The name in files, gates and reports.
  public let id: String
  /// The problems that it belongs to.
  public let tasks: Set<Task>
  /// What rows must have for it.
  public let need: Need
  /// Whether more of it is better.
  public let direction: Direction
  /// The values that it can have.
  public let range: ClosedRange<Double>
  /// scikit-learn's function, whose value it equals.
  public let scikitLearn: String
  /// The rows of which the metric is a proportion; `nil` where it is none.
  let trials: (@Sendable (Statistics) -> Double?)?
  /// What the metric is of the ROC area, but for a constant; `nil` where it is not.
  let rocAreaFactor: Double?
  /// The value from the statistics of some rows; `nil` where the file lacks what it needs.
  let compute: @Sendable (Statistics) -> MetricValue?

  init(
    _ id: String, _ tasks: Set<Task>, _ need: Need, _ scikitLearn: String,
    direction: Direction = .higherIsBetter, range: ClosedRange<Double> = 0...1,
    trials: (@Sendable (Statistics) -> Double?)? = nil,
    rocAreaFactor: Double? = nil,
    compute: @escaping @Sendable (Statistics) -> MetricValue?
  ) {
    self.trials = trials
    self.rocAreaFactor = rocAreaFactor
    self.id = id
    self.tasks = tasks
    self.need = need
    self.direction = direction
    self.range = range
    self.scikitLearn = scikitLearn
    self.compute = compute
  }

  /// The metric of that name.
  public static func named(_ id: String) -> Metric? { all.first { $0.id == id } }

  /// All metrics, in the order of reports.
  public static let all: [Metric] =
    labelMetrics + averagedMetrics + scoreMetrics + regressionMetrics

  private static let labelMetrics: [Metric] = [
    Metric(
      "accuracy", [.binary, .multiclass], .predictions, "accuracy_score",
      trials: { $0.matrix?.total }
    ) { statistics in
      statistics.matrix.map { .value($0.accuracy) }
    },
    Metric("balanced_accuracy", [.binary, .multiclass], .predictions, "balanced_accuracy_score") {
      statistics in
      statistics.matrix.map { .value($0.balancedAccuracy) }
    },
    Metric(
      "precision", [.binary], .predictions, "precision_score",
      trials: { $0.matrix?.predictedCount(of: $0.positive) }
    ) { statistics in
      statistics.matrix.map { MetricValue($0.precision(of: statistics.positive)) }
    },
    Metric(
      "recall", [.binary], .predictions, "recall_score",
      trials: { $0.matrix?.support(of: $0.positive) }
    ) { statistics in
      statistics.matrix.map { MetricValue($0.recall(of: statistics.positive)) }
    },
    Metric(
      "specificity", [.binary], .predictions, "recall_score(pos_label=0)",
      trials: { $0.matrix?.support(of: $0.negative) }
    ) { statistics in
      statistics.matrix.map { MetricValue($0.recall(of: statistics.negative)) }
    },
    Metric(
      "negative_predictive_value", [.binary], .predictions, "precision_score(pos_label=0)",
      trials: { $0.matrix?.predictedCount(of: $0.negative) }
    ) { statistics in
      statistics.matrix.map { MetricValue($0.precision(of: statistics.negative)) }
    },
    Metric("f1", [.binary], .predictions, "f1_score") { statistics in
      statistics.matrix.map { MetricValue($0.f1(of: statistics.positive)) }
    },
    Metric("f0_5", [.binary], .predictions, "fbeta_score(beta=0.5)") { statistics in
      statistics.matrix.map { MetricValue($0.fBeta(of: statistics.positive, beta: 0.5)) }
    },
    Metric("f2", [.binary], .predictions, "fbeta_score(beta=2)") { statistics in
      statistics.matrix.map { MetricValue($0.fBeta(of: statistics.positive, beta: 2)) }
    },
    Metric("jaccard", [.binary], .predictions, "jaccard_score") { statistics in
      statistics.matrix.map { MetricValue($0.jaccard(of: statistics.positive)) }
    },
    Metric(
      "matthews_corrcoef", [.binary, .multiclass], .predictions, "matthews_corrcoef", range: -1...1
    ) { statistics in
      statistics.matrix.map { MetricValue($0.matthewsCorrelation, otherwise: .singleClass) }
    },
    Metric("cohen_kappa", [.binary, .multiclass], .predictions, "cohen_kappa_score", range: -1...1)
    {
      statistics in
      statistics.matrix.map { MetricValue($0.cohenKappa, otherwise: .singleClass) }
    },
  ]

  /// Precision, recall, F1 and Jaccard, each averaged over classes in three ways.
  ///
  /// Every row is of one class and predicted as one: but for Jaccard, micro averages are the accuracy.
  private static let averagedMetrics: [Metric] =
    averages("precision") { $0.precision(of: $1) } + averages("recall") { $0.recall(of: $1) }
    + averages("f1") { $0.f1(of: $1) }
    + averages("jaccard", micro: { $0.microJaccard }) { $0.jaccard(of: $1) }

  /// A measure of a class, averaged in three ways.
  ///
  /// - Parameters:
  ///   - name: The measure.
  ///   - micro: The micro average, where it is not the accuracy.
  ///   - ofClass: The measure of one class.
  /// - Returns: the metrics of the three averages.
  private static func averages(
    _ name: String, micro: (@Sendable (ConfusionMatrix) -> Double)? = nil,
    ofClass: @escaping @Sendable (ConfusionMatrix, Int) -> Quotient
  ) -> [Metric] {
    [
      Metric(
        "\(name)_macro", [.multiclass], .predictions, "\(name)_score(average='macro')"
      ) { statistics in
        statistics.matrix.map { $0.average(ofClass) { _ in 1 } }
      },
      Metric(
        "\(name)_micro", [.multiclass], .predictions, "\(name)_score(average='micro')",
        trials: { micro == nil ? $0.matrix?.total : nil }
      ) { statistics in
        statistics.matrix.map { .value(micro?($0) ?? $0.accuracy) }
      },
      Metric(
        "\(name)_weighted", [.multiclass], .predictions, "\(name)_score(average='weighted')"
      ) { statistics in
        statistics.matrix.map { matrix in matrix.average(ofClass) { matrix.support(of: $0) } }
      },
    ]
  }

  private static let scoreMetrics: [Metric] = [
    Metric("roc_auc", [.binary], .ranking, "roc_auc_score", rocAreaFactor: 1) { statistics in
      statistics.ranking.map { MetricValue($0.rocArea, otherwise: .singleClass) }
    },
    Metric("roc_auc_ovr", [.multiclass], .ranking, "roc_auc_score(multi_class='ovr')") {
      statistics in
      statistics.classAreas.map { MetricValue($0.oneVsRest(.macro), otherwise: $0.gap) }
    },
    Metric(
      "roc_auc_ovr_weighted", [.multiclass], .ranking,
      "roc_auc_score(multi_class='ovr', average='weighted')"
    ) { statistics in
      statistics.classAreas.map { MetricValue($0.oneVsRest(.weighted), otherwise: $0.gap) }
    },
    // scikit-learn has no one-vs-one area of weighted rows, and neither have we.
    Metric("roc_auc_ovo", [.multiclass], .ranking, "roc_auc_score(multi_class='ovo')") {
      statistics in
      guard !statistics.isWeighted else { return nil }
      return statistics.classAreas.map {
        MetricValue($0.oneVsOne(.macro), otherwise: .singleClass)
      }
    },
    Metric(
      "roc_auc_ovo_weighted", [.multiclass], .ranking,
      "roc_auc_score(multi_class='ovo', average='weighted')"
    ) { statistics in
      guard !statistics.isWeighted else { return nil }
      return statistics.classAreas.map {
        MetricValue($0.oneVsOne(.weighted), otherwise: .singleClass)
      }
    },
    Metric(
      "gini", [.binary], .ranking, "2 * roc_auc_score - 1", range: -1...1,
      rocAreaFactor: 2
    ) { statistics in
      statistics.ranking.map {
        MetricValue($0.rocArea.map { 2 * $0 - 1 }, otherwise: .singleClass)
      }
    },
    Metric("ks_statistic", [.binary], .ranking, "scipy.stats.ks_2samp") { statistics in
      statistics.ranking.map { MetricValue($0.kolmogorovSmirnov, otherwise: .singleClass) }
    },
    Metric("average_precision", [.binary], .ranking, "average_precision_score") { statistics in
      statistics.ranking.map { MetricValue($0.averagePrecision, otherwise: .noPositives) }
    },
    Metric(
      "log_loss", [.binary, .multiclass], .probabilities, "log_loss", direction: .lowerIsBetter,
      range: 0...Double.infinity
    ) { statistics in
      statistics.hasScores
        ? MetricValue(statistics.losses?.logLoss, otherwise: .notProbabilities) : nil
    },
    Metric("brier_score", [.binary], .probabilities, "brier_score_loss", direction: .lowerIsBetter)
    { statistics in
      statistics.hasScores
        ? MetricValue(statistics.losses?.brierScore, otherwise: .notProbabilities) : nil
    },
    Metric(
      "expected_calibration_error", [.binary], .probabilities, "none", direction: .lowerIsBetter
    ) { statistics in
      statistics.hasScores
        ? MetricValue(statistics.calibrationError, otherwise: .notProbabilities) : nil
    },
    topK(2), topK(3), topK(5),
  ]

  private static func topK(_ k: Int) -> Metric {
    Metric(
      "top_\(k)_accuracy", [.multiclass], .ranking, "top_k_accuracy_score(k=\(k))",
      trials: { $0.classRanks?.total }
    ) { statistics in
      statistics.classRanks?.accuracy(top: k).map { .value($0) }
    }
  }

  private static let regressionMetrics: [Metric] = [
    error("mean_absolute_error") { .value($0.meanAbsoluteError) },
    error("mean_squared_error") { .value($0.meanSquaredError) },
    error("root_mean_squared_error") { .value($0.rootMeanSquaredError) },
    error("median_absolute_error") { .value($0.medianAbsoluteError) },
    error("max_error") { .value($0.maxError) },
    error("mean_absolute_percentage_error") { .value($0.meanAbsolutePercentageError) },
    error("mean_squared_log_error") {
      MetricValue($0.meanSquaredLogError, otherwise: .negativeValues)
    },
    error("mean_pinball_loss") { .value($0.meanPinballLoss) },
    Metric(
      "r2", [.regression], .numbers, "r2_score", range: -Double.infinity...1
    ) { statistics in
      statistics.errors.map {
        MetricValue($0.r2, otherwise: $0.rowCount < 2 ? .tooFewRows : .zeroVariance)
      }
    },
    Metric(
      "explained_variance", [.regression], .numbers, "explained_variance_score",
      range: -Double.infinity...1
    ) { statistics in
      statistics.errors.map { MetricValue($0.explainedVariance, otherwise: .zeroVariance) }
    },
    // scipy has no correlations of weighted rows, and neither have we.
    Metric("pearson_correlation", [.regression], .numbers, "scipy.stats.pearsonr", range: -1...1) {
      statistics in
      guard !statistics.isWeighted else { return nil }
      return statistics.errors.map {
        MetricValue(
          $0.pearsonCorrelation, otherwise: $0.rowCount < 2 ? .tooFewRows : .zeroVariance)
      }
    },
    Metric("spearman_correlation", [.regression], .numbers, "scipy.stats.spearmanr", range: -1...1)
    {
      statistics in
      guard !statistics.isWeighted else { return nil }
      return statistics.errors.map {
        MetricValue(
          $0.spearmanCorrelation, otherwise: $0.rowCount < 2 ? .tooFewRows : .zeroVariance)
      }
    },
  ]

  private static func error(
    _ id: String, value: @escaping @Sendable (RegressionMeasures) -> MetricValue
  ) -> Metric {
    Metric(
      id, [.regression], .numbers, id, direction: .lowerIsBetter, range: 0...Double.infinity
    ) { statistics in statistics.errors.map(value) }
  }
}

extension ConfusionMatrix {
  /// The right rows over all pairs of row and class, the class being the true or predicted one.
  fileprivate var microJaccard: Double { correct / (2 * total - correct) }

  /// The mean of a measure over the classes that are true or predicted somewhere.
  fileprivate func average(
    _ measure: (ConfusionMatrix, Int) -> Quotient, weight: (Int) -> Double
  ) -> MetricValue {
    var sum = 0.0
    var weights = 0.0
    var isZeroDivision = false
    for label in presentClasses {
      let quotient = measure(self, label)
      isZeroDivision = isZeroDivision || quotient.isZeroDivision
      sum += quotient.value * weight(label)
      weights += weight(label)
    }
    return isZeroDivision ? .zeroDivision(sum / weights) : .value(sum / weights)
  }
}

extension ClassAreas {
  /// Why the one-vs-rest area has no value.
  fileprivate var gap: UndefinedReason { trueClasses.count > 1 ? .absentClass : .singleClass }
}
