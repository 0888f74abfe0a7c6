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
  /// Why it could not be checked, or what else is to be said.
  public let explanation: String?

  /// The recomputed value less the stated one.
  public var difference: Double? { computed.map { $0 - logged } }

  /// Checks the claims of a job.
  ///
  /// Of a value stated several times in one file the last counts. Claims about the training data
  /// cannot be checked, since the predictions are of held-out rows; where both the validation and
  /// the test split have claims, the predictions are taken to be the test split's.
  ///
  /// - Parameters:
  ///   - claims: What the job states, in the order of its files.
  ///   - evaluation: What the predictions show; `nil` where there are none.
  ///   - tolerance: A distance that is allowed besides.
  /// - Returns: a check for each claim that counts, in the order of the claims.
  public static func check(
    _ claims: [LoggedMetric], against evaluation: Evaluation?, tolerance: Double = 0
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
        return compared(claim, evaluation, tolerance: tolerance)
      }
    }
  }

  private static func unchecked(_ claim: LoggedMetric, _ explanation: String) -> CrossCheck {
    CrossCheck(
      claim: claim, computed: nil, logged: claim.value, tolerance: 0, passed: nil,
      explanation: "not_checked: \(explanation)")
  }

  private static func compared(
    _ claim: LoggedMetric, _ evaluation: Evaluation, tolerance allowance: Double
  ) -> CrossCheck {
    guard claim.value.isFinite else { return unchecked(claim, "the job states no number") }
    let names = candidates(claim.metric.id, in: evaluation)
    guard let first = names.first else {
      return unchecked(claim, "the predictions do not tell \(claim.metric.id)")
    }
    if case .undefined(let reason) = evaluation[first] {
      return unchecked(claim, "\(first) is undefined here: \(reason.sentence)")
    }
    // 90.5 of a metric that ends at 1 is a percentage.
    let isPercentage =
      claim.value > 1 && claim.value <= 100 && Metric.named(first)?.range.upperBound == 1
    let scale = isPercentage ? 0.01 : 1
    let logged = claim.value * scale
    var slack = claim.resolution * scale / 2
    if claim.isSinglePrecision { slack = max(slack, Double(Float(logged).ulp)) }
    // Sums in another order round differently.
    let tolerance = max(slack, 1e-12 * max(1, abs(logged))) * (1 + 1e-9) + allowance
    let values = names.compactMap { name in
      evaluation[name]?.number.map { (name: name, value: $0) }
    }
    // A value printed in full may have been computed, or kept, in single precision.
    let isFull = claim.resolution > 0 && claim.resolution < 1e-7
    let match = values.first {
      abs($0.value - logged) <= tolerance || (isFull && Float($0.value) == Float(logged))
    }
    var notes = isPercentage ? ["read as a percentage"] : []
    if names.count > 1 {
      notes.append(
        match.map { "equals \($0.name)" } ?? "equals none of \(names.joined(separator: ", "))")
    }
    return CrossCheck(
      claim: claim, computed: (match ?? values.first)?.value, logged: logged, tolerance: tolerance,
      passed: match != nil, explanation: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  /// The computed metrics that a claim of that name can mean.
  ///
  /// Where there are many classes, a name without an average does not say which is meant.
  private static func candidates(_ id: String, in evaluation: Evaluation) -> [String] {
    if evaluation[id] != nil { return [id] }
    return ["_macro", "_weighted", "_micro", "_ovr", "_ovr_weighted", "_ovo", "_ovo_weighted"]
      .map { id + $0 }.filter { evaluation[$0] != nil }
  }
}
