public import DataTables
public import EvaluationMetrics
internal import InputReading
public import TrainingRecords

/// A value that a job states, held against the value recomputed from its predictions.
public struct CrossCheck: Hashable, Sendable {
  /// What the job states.
  public let claim: LoggedMetric
  /// The recomputed value, where there is one to compare with.
  public let computed: Double?
  /// The stated value that is compared; a percentage without its sign is divided by 100.
  public let logged: Double
  /// How far both may lie apart: half a unit of the last digit stated, and what storage loses.
  public let tolerance: Double
  /// Whether both agree; `nil` where that could not be checked.
  public let passed: Bool?
  /// Why it could not be checked, or what else is to be said of it.
  public let note: String?
  /// The difference in rows of the file, where both do not agree and the metric is a fraction of rows.
  public let differenceInRows: Double?
  /// What may have led to the stated value, where both do not agree.
  public let cause: Explanation?

  /// The recomputed value less the stated one.
  public var difference: Double? { computed.map { $0 - logged } }

  /// Everything that is to be said of the check, in a sentence.
  public var explanation: String? {
    let parts = [note, cause?.sentence].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private init(
    claim: LoggedMetric, computed: Double? = nil, logged: Double, tolerance: Double = 0,
    passed: Bool? = nil, note: String?, differenceInRows: Double? = nil, cause: Explanation? = nil
  ) {
    self.claim = claim
    self.computed = computed
    self.logged = logged
    self.tolerance = tolerance
    self.passed = passed
    self.note = note
    self.differenceInRows = differenceInRows
    self.cause = cause
  }

  /// Checks the claims of a job.
  ///
  /// Of a value stated several times in one file the last counts. Claims about the training data
  /// cannot be checked, since the predictions are of held-out rows; where both the validation and
  /// the test split have claims, the predictions are taken to be the test split's.
  ///
  /// - Parameters:
  ///   - claims: What the job states, in the order of its files.
  ///   - evaluation: What the predictions show; `nil` where there are none.
  ///   - rows: The predictions, to explain differences.
  ///   - series: The values of the job's logs step by step, for the same.
  ///   - alternatives: What the same rows give when they are predicted otherwise, for the same.
  ///   - tolerance: A distance that is allowed besides.
  /// - Returns: a check for each claim that counts, in the order of the claims.
  public static func check(
    _ claims: [LoggedMetric], against evaluation: Evaluation?, rows: PredictionRows? = nil,
    series: [MetricSeries] = [], alternatives: [Alternative] = [], tolerance: Double = 0
  ) -> [CrossCheck] {
    struct Source: Hashable {
      let file: String
      let member: String?
      let metric: MetricName
    }
    var last: [Source: Int] = [:]
    for (index, claim) in claims.enumerated() {
      last[Source(file: claim.place.file, member: claim.place.member, metric: claim.metric)] = index
    }
    let hasTestClaims = claims.contains { $0.metric.split == .test }
    let claimedRows = evaluation.flatMap { evaluation in
      rows.flatMap { ClaimedRows($0, evaluation) }
    }
    // Many files state the same; what explains it is looked for once.
    var explanations: [Stated: Explanation?] = [:]
    return last.values.sorted().map { index in
      let claim = claims[index]
      guard let evaluation else {
        return unchecked(claim, "no predictions")
      }
      switch claim.metric.split {
      case .train:
        return unchecked(claim, "no training predictions")
      case .validation where hasTestClaims:
        return unchecked(
          claim, "the predictions are taken to be the test split's")
      case .validation, .test, nil:
        let check = compared(claim, evaluation, tolerance: tolerance)
        guard check.passed == false, let computed = check.computed else { return check }
        let stated = Stated(metric: claim.metric, value: check.logged, tolerance: check.tolerance)
        if explanations[stated] == nil {
          explanations[stated] = .some(
            Explanation.find(
              check.logged, within: check.tolerance, insteadOf: computed, of: claim.metric.id,
              spacing: Self.spacing(
                of: claim.metric.id, in: evaluation, near: check.logged, insteadOf: computed,
                within: check.tolerance), rows: claimedRows,
              others: otherValues(than: claim, claims, series)
                + alternatives.compactMap { $0.outcome(of: claim.metric.id) }))
        }
        return check.explained(by: explanations[stated] ?? nil)
      }
    }
  }

  /// Another way of predicting the rows, and what comes of it.
  public struct Alternative: Sendable {
    /// How the rows are predicted, as a phrase behind a metric's name.
    public let phrase: String
    /// The metrics of such predictions.
    public let evaluation: Evaluation

    /// Creates an alternative.
    public init(phrase: String, evaluation: Evaluation) {
      self.phrase = phrase
      self.evaluation = evaluation
    }

    fileprivate func outcome(of metric: String) -> Hypothesis.Outcome? {
      ClaimMeaning.all(of: metric, in: evaluation).first?.value.number.map {
        Hypothesis.Outcome(phrase: "\(metric) \(phrase)", value: $0)
      }
    }
  }

  /// A stated value as explanations see it.
  private struct Stated: Hashable {
    let metric: MetricName
    let value: Double
    let tolerance: Double
  }

  /// Other values that the job states of a claim's metric: of other data, and of other steps.
  private static func otherValues(
    than claim: LoggedMetric, _ claims: [LoggedMetric], _ series: [MetricSeries]
  ) -> [Hypothesis.Outcome] {
    let alike = claims.filter { $0.metric.id == claim.metric.id && $0.value.isFinite }
    let data = alike.filter { $0.metric.split == .train && claim.metric.split != .train }.map {
      Hypothesis.Outcome(phrase: "the training data's value (\($0.place))", value: $0.value)
    }
    let steps = series.filter {
      $0.metric == claim.metric && $0.count > 1 && $0.best.value != $0.last.value
    }.flatMap { series in
      [("best", series.best), ("first", series.first)].filter { $0.1.place != claim.place }.map {
        let step = $0.1.step.map { ", of step \($0.shortened)" } ?? ""
        return Hypothesis.Outcome(
          phrase: "the log's \($0.0) value instead of the last\(step) (\($0.1.place))",
          value: $0.1.value)
      }
    }
    return data + steps
  }

  private func explained(by cause: Explanation?) -> CrossCheck {
    CrossCheck(
      claim: claim, computed: computed, logged: logged, tolerance: tolerance, passed: passed,
      note: note, differenceInRows: differenceInRows, cause: cause)
  }

  private static func unchecked(_ claim: LoggedMetric, _ reason: String) -> CrossCheck {
    CrossCheck(claim: claim, logged: claim.value, note: "not_checked: \(reason)")
  }

  private static func compared(
    _ claim: LoggedMetric, _ evaluation: Evaluation, tolerance allowance: Double
  ) -> CrossCheck {
    guard claim.value.isFinite else { return unchecked(claim, "the job states no number") }
    let id = claim.metric.id
    // A loss is the log loss in most jobs, and may have other terms.
    let isLoss = id == "loss"
    let meanings = ClaimMeaning.all(of: isLoss ? "log_loss" : id, in: evaluation)
    guard let first = meanings.first else {
      return unchecked(claim, absences[id] ?? "the predictions do not tell \(id)")
    }
    if case .undefined(let reason) = first.value {
      return unchecked(claim, "\(first.name) is undefined here: \(reason.sentence)")
    }
    // 90.5 of a metric that ends at 1 is a percentage.
    let isPercentage =
      claim.value > 1 && claim.value <= 100
      && (Metric.named(id) ?? Metric.named(first.name))?.range.upperBound == 1
    let scale = isPercentage ? 0.01 : 1
    let logged = claim.value * scale
    var slack = claim.resolution * scale / 2
    if claim.isSinglePrecision { slack = max(slack, Double(Float(logged).ulp)) }
    // Sums in another order round differently.
    let tolerance = max(slack, 1e-12 * max(1, abs(logged))) * (1 + 1e-9) + allowance
    let values = meanings.compactMap { meaning in
      meaning.value.number.map { (name: meaning.name, value: $0) }
    }
    // A value printed in full may have been computed, or kept, in single precision.
    let isFull = claim.resolution > 0 && claim.resolution < 1e-7
    let match = values.first {
      abs($0.value - logged) <= tolerance || (isFull && Float($0.value) == Float(logged))
    }
    if isLoss, match == nil { return unchecked(claim, "a loss need not be the log loss") }
    var notes = isPercentage ? ["read as a percentage"] : []
    if let match, match.name != id { notes.append("equals \(match.name)") }
    if match == nil, values.count > 1 {
      notes.append("equals none of \(values.map(\.name).joined(separator: ", "))")
    }
    let computed = (match ?? values.first)?.value
    return CrossCheck(
      claim: claim, computed: computed, logged: logged, tolerance: tolerance, passed: match != nil,
      note: notes.isEmpty ? nil : notes.joined(separator: "; "),
      differenceInRows: match == nil
        ? computed.flatMap { rows(of: id, in: evaluation, difference: $0 - logged) } : nil)
  }

  /// Metrics that are never held against one of a similar name, and why.
  private static let absences = [
    "pr_auc": "an area under straight lines is another number than average_precision",
    "objective_loss": "the objective is of the training's own scale",
  ]

  /// How far apart the values are that a metric can have near the stated one when some rows are
  /// predicted otherwise; 0 where the stated value is none of these, or they lie close together.
  private static func spacing(
    of id: String, in evaluation: Evaluation, near stated: Double, insteadOf computed: Double,
    within tolerance: Double
  ) -> Double {
    guard let matrix = evaluation.matrix,
      let positive = evaluation.positiveLabel.flatMap({ evaluation.labels.firstIndex(of: $0) })
    else { return 0 }
    func isFraction(of whole: Double) -> Bool {
      abs((stated * whole).rounded() / whole - stated) <= tolerance
    }
    let positives = matrix.support(of: positive)
    let negatives = matrix.total - positives
    let fixed: [String: Double] = [
      "accuracy": matrix.total, "error_rate": matrix.total, "recall": positives,
      "specificity": negatives, "roc_auc": positives * negatives,
    ]
    if let whole = fixed[id], whole > 0 { return isFraction(of: whole) ? 1 / whole : 0 }
    let varying = ["precision": 1.0, "f1": 2.0]
    guard let parts = varying[id] else { return 0 }
    // Their denominators change with the predictions: among so many rows, so many values squared.
    let difference = abs(stated - computed)
    let rows = (difference * matrix.total).rounded(.up)
    let whole = matrix.predictedCount(of: positive) + (parts == 2 ? positives : 0)
    let isNear = stride(from: max(1, whole - 4 * rows), through: whole + 4 * rows, by: 1)
      .contains(where: isFraction(of:))
    return isNear ? 4 * difference / (1 + 4 * rows * rows) : 0
  }

  /// How many rows a difference is, where the metric is a fraction of some of them.
  private static func rows(
    of id: String, in evaluation: Evaluation, difference: Double
  ) -> Double? {
    guard let matrix = evaluation.matrix else { return nil }
    let positive = evaluation.positiveLabel.flatMap { evaluation.labels.firstIndex(of: $0) }
    let whole: Double? =
      switch id {
      case "accuracy", "error_rate": matrix.total
      case "recall": positive.map(matrix.support(of:))
      case "precision": positive.map(matrix.predictedCount(of:))
      case "specificity": positive.map { matrix.total - matrix.support(of: $0) }
      default: nil
      }
    return whole.map { abs(difference) * $0 }
  }
}

extension Double {
  /// A step without the point of a whole number.
  fileprivate var shortened: String {
    self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)"
  }
}
