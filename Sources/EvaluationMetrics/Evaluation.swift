public import DataTables

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
    /// Where its true value lies; `nil` where none is asked for, or the value is undefined.
    public let interval: ConfidenceInterval?
  }

  /// The rows evaluated.
  public let rowCount: Int
  /// Whether rows count by weights.
  public let isWeighted: Bool
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
  /// Where the true accuracy lies, as far as this many rows can tell: Wilson's interval.
  ///
  /// - Parameter level: How often such an interval holds the true value, in 0...1 without the ends.
  /// - Returns: the interval; `nil` where nothing is predicted, numbers are, or rows have weights.
  public func accuracyInterval(level: Double = 0.95) -> ConfidenceInterval? {
    guard let matrix, !isWeighted else { return nil }
    return ConfidenceInterval(wilson: matrix.accuracy, trials: matrix.total, level: level)
  }

  /// Computes every metric that the table has what it needs for.
  ///
  /// A prediction column decides the label metrics; scores and probabilities do where there is none,
  /// or a threshold is given.
  ///
  /// - Parameters:
  ///   - table: The rows; at least one.
  ///   - options: The task, the positive class, the cut and the intervals.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: O(*n* log *n*) with scores, O(*n*) without; *c* times that with probabilities.
  ///   Intervals take O(*n*) for each replicate, or *c* times that.
  public init(
    of table: PredictionTable, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    self.init(try Evaluand(table, options: options), options: options)
  }

  /// Computes every metric of rows of either kind.
  ///
  /// - Parameters:
  ///   - rows: The rows; at least one.
  ///   - options: The task, the positive class, the cut and the intervals; numbers take only the
  ///     last of them.
  /// - Throws: ``EvaluationError``.
  public init(
    of rows: PredictionRows, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    self.init(try Evaluand(rows, options: options), options: options)
  }

  /// Computes every regression metric of a table.
  ///
  /// - Parameters:
  ///   - table: The rows; at least one.
  ///   - options: The intervals.
  /// - Throws: ``EvaluationError`` if there are none, or weights are all 0 or too large.
  /// - Complexity: O(*n* log *n*).
  public init(
    of table: RegressionTable, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    self.init(try Evaluand(table, options: options), options: options)
  }

  init(_ evaluand: Evaluand, options: EvaluationOptions) {
    let statistics = Statistics(
      of: evaluand.rows, withErrors: options.confidence != nil)
    let values = Metric.values(of: evaluand.task, from: statistics)
    let intervals = options.confidence.map {
      Bootstrap.intervals(of: values, statistics, evaluand.rows, $0)
    }
    self.init(
      task: evaluand.task, labels: evaluand.labels, positiveLabel: evaluand.positiveLabel,
      threshold: evaluand.threshold, rowCount: evaluand.rowCount, statistics: statistics,
      entries: values.enumerated().map { index, pair in
        Entry(metric: pair.metric, value: pair.value, interval: intervals?[index])
      }, warnings: evaluand.warnings)
  }

  /// Puts an evaluation together from the statistics of rows.
  init(
    task: Task, labels: [Label], positiveLabel: Label?, threshold: Threshold?, rowCount: Int,
    statistics: Statistics, entries: [Entry], warnings: [String]
  ) {
    self.rowCount = rowCount
    isWeighted = statistics.isWeighted
    self.task = task
    self.positiveLabel = positiveLabel
    self.threshold = threshold
    self.warnings = warnings
    self.entries = entries
    var labels = labels
    var matrix = statistics.matrix
    // A model's class that no row has is of interest where it has probabilities.
    if task == .multiclass, !statistics.hasScores, let whole = matrix {
      let present = whole.presentClasses
      labels = present.map { labels[$0] }
      matrix = whole.restricted(to: present)
    }
    self.labels = labels
    self.matrix = matrix
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

extension Metric {
  /// The metrics of a kind of problem that the statistics have what they need for.
  static func values(
    of task: Task, from statistics: Statistics
  ) -> [(metric: Metric, value: MetricValue)] {
    all.compactMap { metric in
      guard metric.tasks.contains(task), let value = metric.compute(statistics) else { return nil }
      return (metric, value)
    }
  }
}
