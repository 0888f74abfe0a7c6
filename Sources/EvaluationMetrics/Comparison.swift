public import DataTables
internal import Glibc
internal import NumericKernels

/// Two models on the same rows.
///
/// Rows that are hard for one model are often hard for the other, so differences are judged row by
/// row, which finds smaller ones than two intervals side by side would.
public struct Comparison: Sendable {
  /// What a p-value is of.
  public enum Test: String, Hashable, Sendable {
    /// McNemar's exact test of the rows that one model alone has right.
    case mcNemar = "mcnemar"
    /// DeLong's test of two ROC areas of the same rows.
    case deLong = "delong"
    /// How often resamplings of rows turn the difference around.
    case bootstrap
  }

  /// A metric of both models.
  public struct Entry: Sendable {
    /// The metric.
    public let metric: Metric
    /// The first model's value.
    public let first: MetricValue
    /// The second model's value.
    public let second: MetricValue
    /// The second value less the first; `nil` where either is undefined.
    public let difference: Double?
    /// Where the true difference lies.
    public let interval: ConfidenceInterval?
    /// How likely a difference at least this large is where there is none, in 0...1.
    public let pValue: Double?
    /// What the p-value is of.
    public let test: Test?
  }

  /// How many rows, or what weight of them, each model has right.
  public struct Agreement: Hashable, Sendable {
    /// Rows that both have right.
    public internal(set) var bothRight = 0.0
    /// Rows that the first model alone has right.
    public internal(set) var onlyFirst = 0.0
    /// Rows that the second model alone has right.
    public internal(set) var onlySecond = 0.0
    /// Rows that neither has right.
    public internal(set) var neither = 0.0
  }

  /// The rows compared.
  public let rowCount: Int
  /// The metrics that both models have, in the order of ``Metric/all``.
  public let entries: [Entry]
  /// Who has which rows right; `nil` where nothing is predicted, or numbers are.
  public let agreement: Agreement?
  /// The rows that both predict otherwise; `nil` where there is nothing to tell rows by.
  public let disagreements: Disagreements?
  /// The first model's metrics.
  public let first: Evaluation
  /// The second model's metrics.
  public let second: Evaluation

  /// What a reader of the numbers should know of either model.
  public var warnings: [String] {
    first.warnings + second.warnings.filter { !first.warnings.contains($0) }
  }

  /// Compares two models' rows.
  ///
  /// - Parameters:
  ///   - first: One model's rows; at least one.
  ///   - second: The other's, with the same labels and weights in the same order.
  ///   - options: As for one evaluation; without a confidence, intervals have a level of 0.95.
  ///   - disagreementLimit: The most rows that are kept of those predicted otherwise.
  /// - Throws: ``EvaluationError``, also where labels or weights differ.
  /// - Complexity: that of two evaluations with intervals.
  public init(
    of first: PredictionRows, and second: PredictionRows,
    options: EvaluationOptions = EvaluationOptions(), disagreementLimit: Int = 20
  ) throws(EvaluationError) {
    let (first, second) = first.sharingClasses(with: second)
    var plain = options
    plain.confidence = nil
    let pair = (try Evaluand(first, options: plain), try Evaluand(second, options: plain))
    try Self.check(pair.0, pair.1)
    let values = (Evaluation(pair.0, options: plain), Evaluation(pair.1, options: plain))
    self.first = values.0
    self.second = values.1
    rowCount = pair.0.rowCount
    agreement = Self.agreement(pair.0.rows, pair.1.rows)
    disagreements = Disagreements(pair.0, pair.1, limit: disagreementLimit)

    let shared = values.0.entries.compactMap { entry in
      values.1[entry.metric.id].map { (metric: entry.metric, first: entry.value, second: $0) }
    }
    let confidence = options.confidence ?? Confidence()
    let metrics = shared.map(\.metric)
    let replicates = Self.differences(of: metrics, pair.0.rows, pair.1.rows, confidence)
    let areaError = Self.rocAreaError(pair.0.rows, pair.1.rows)
    let discordant = pair.0.rows.weights == nil ? agreement : nil
    entries = shared.enumerated().map { index, values in
      guard let first = values.first.number, let second = values.second.number else {
        return Entry(
          metric: values.metric, first: values.first, second: values.second, difference: nil,
          interval: nil, pValue: nil, test: nil)
      }
      let difference = second - first
      var interval = ConfidenceInterval(
        bootstrap: difference, replicates: replicates[index], level: confidence.level)
      var (pValue, test) = (Self.pValue(ofReplicates: replicates[index]), Test.bootstrap)
      if let factor = values.metric.rocAreaFactor, let areaError {
        let error = factor * areaError
        interval = ConfidenceInterval(
          deLong: difference, standardError: error, range: -factor...factor,
          level: confidence.level)
        (pValue, test) = (Self.pValue(of: difference, standardError: error), .deLong)
      } else if values.metric.id == "accuracy", let discordant {
        (pValue, test) = (discordant.mcNemar, .mcNemar)
      }
      return Entry(
        metric: values.metric, first: values.first, second: values.second, difference: difference,
        interval: interval, pValue: pValue, test: pValue == nil ? nil : test)
    }
  }

  /// Refuses models of different rows.
  private static func check(_ first: Evaluand, _ second: Evaluand) throws(EvaluationError) {
    let (one, other) = (first.rows, second.rows)
    guard first.rowCount == second.rowCount else {
      throw .differentRowCounts(first.rowCount, second.rowCount)
    }
    guard first.task == second.task, first.labels == second.labels,
      first.positiveLabel == second.positiveLabel
    else { throw .differentClasses(first.labels, second.labels) }
    func difference<Element: Equatable>(_ first: [Element]?, _ second: [Element]?) -> Int? {
      guard let first, let second else { return (first == nil) == (second == nil) ? nil : 0 }
      guard first.count == second.count else { return 0 }
      return first.indices.first { first[$0] != second[$0] }
    }
    if let row = difference(one.weights, other.weights) { throw .differentWeights(row: row + 1) }
    if let row = difference(one.labels, other.labels)
      ?? difference(one.numbers?.targets, other.numbers?.targets)
    {
      throw .differentLabels(row: row + 1)
    }
  }

  private static func agreement(_ first: EvaluatedRows, _ second: EvaluatedRows) -> Agreement? {
    guard let one = first.predictedClasses, let other = second.predictedClasses else { return nil }
    var agreement = Agreement()
    for row in one.indices {
      let weight = first.weights?[row] ?? 1
      switch (one[row] == first.labels[row], other[row] == first.labels[row]) {
      case (true, true): agreement.bothRight += weight
      case (true, false): agreement.onlyFirst += weight
      case (false, true): agreement.onlySecond += weight
      case (false, false): agreement.neither += weight
      }
    }
    return agreement
  }

  /// Each metric's differences over resamplings of rows, those left out that are undefined.
  private static func differences(
    of metrics: [Metric], _ first: EvaluatedRows, _ second: EvaluatedRows,
    _ confidence: Confidence
  ) -> [[Double]] {
    let sources = (
      ResampledRows(first, metrics: metrics, isPaired: true),
      ResampledRows(second, metrics: metrics, isPaired: true)
    )
    let replicates = Bootstrap.map(confidence, rowCount: first.rowCount, draws: true) {
      draws, random in
      func values(_ source: ResampledRows) -> [[Double?]] {
        var values = random.map { _ in [Double?]() }
        source.forEachReplicate(draws: draws, random: random) { replicate, statistics in
          values[replicate] = metrics.map { $0.compute(statistics)?.number }
        }
        return values
      }
      return zip(values(sources.0), values(sources.1)).map { first, second in
        zip(first, second).map { first, second in
          first.flatMap { first in second.map { $0 - first } }
        }
      }
    }
    return metrics.indices.map { index in
      replicates.compactMap { $0[index] }.filter(\.isFinite)
    }
  }

  /// The standard error of the difference of two ROC areas of the same rows.
  ///
  /// `nil` with weights, without scores, or with fewer than two rows of a class.
  ///
  /// Source: DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595.
  private static func rocAreaError(_ first: EvaluatedRows, _ second: EvaluatedRows) -> Double? {
    guard first.weights == nil, let one = first.scores, let other = second.scores else {
      return nil
    }
    let isPositive = first.isPositive
    let shares = (
      ResampledRanking.placements(isPositive: isPositive, scores: one),
      ResampledRanking.placements(isPositive: isPositive, scores: other)
    )
    var variance = 0.0
    for side in [true, false] {
      let rows = isPositive.indices.filter { isPositive[$0] == side }
      guard rows.count > 1 else { return nil }
      let differences = rows.map { shares.1[$0] - shares.0[$0] }
      let mean = differences.reduce(0, +) / Double(rows.count)
      let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      variance += squares / (Double(rows.count) * Double(rows.count - 1))
    }
    return variance.squareRoot()
  }

  private static func pValue(of difference: Double, standardError: Double) -> Double? {
    guard standardError > 0 else { return difference == 0 ? 1 : nil }
    return normalTails(difference / standardError)
  }

  /// Twice the share of resamplings on the rarer side of 0, the rows themselves counting as one of
  /// them, so that no number of resamplings makes it 0.
  ///
  /// Source: Davison and Hinkley 1997, ISBN 0521574714, section 4.2.
  private static func pValue(ofReplicates differences: [Double]) -> Double? {
    guard !differences.isEmpty else { return nil }
    let side = min(differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
    return min(1, 2 * Double(side + 1) / Double(differences.count + 1))
  }
}

extension Comparison.Agreement {
  /// How likely rows that one model alone has right would be shared out at least as unevenly if
  /// either model were as likely to have each of them.
  ///
  /// Source: McNemar 1947, doi:10.1007/BF02295996, by the exact binomial distribution.
  ///
  /// - Complexity: O(*m*) for *m* such rows, and far less where they are many.
  var mcNemar: Double {
    let count = onlyFirst + onlySecond
    let fewer = min(onlyFirst, onlySecond)
    guard 2 * fewer < count else { return 1 }
    var term = exp(
      lgamma(count + 1).0 - lgamma(fewer + 1).0 - lgamma(count - fewer + 1).0 - count * log(2))
    var sum = 0.0
    var successes = fewer
    while successes >= 0 && term > 1e-17 * sum {
      sum += term
      term *= successes / (count - successes + 1)
      successes -= 1
    }
    return min(1, 2 * sum)
  }
}

extension PredictionRows {
  /// Both rows with one list of classes, where neither has a column for each class.
  fileprivate func sharingClasses(
    with other: PredictionRows
  ) -> (PredictionRows, PredictionRows) {
    guard case .classes(let first) = self, case .classes(let second) = other,
      first.probabilities == nil, second.probabilities == nil, first.classes != second.classes
    else { return (self, other) }
    let classes = Set(first.classes + second.classes).sorted()
    return (.classes(first.recoded(to: classes)), .classes(second.recoded(to: classes)))
  }
}

extension PredictionTable {
  fileprivate func recoded(to classes: [Label]) -> PredictionTable {
    let codes = self.classes.map { label in Int32(classes.firstIndex(of: label) ?? 0) }
    return PredictionTable(
      classes: classes, labels: labels.map { codes[Int($0)] },
      predictions: predictions?.map { codes[Int($0)] }, scores: scores, weights: weights)
  }
}
