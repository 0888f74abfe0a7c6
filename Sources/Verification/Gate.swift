public import EvaluationMetrics
internal import InputReading
internal import TrainingRecords

/// A condition that a metric must meet: `accuracy > 0.90`.
public struct Gate: Hashable, Sendable, CustomStringConvertible {
  /// How a value is compared with the threshold.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// The value is above it.
    case greater = ">"
    /// The value is above it or equal.
    case greaterOrEqual = ">="
    /// The value is below it.
    case less = "<"
    /// The value is below it or equal.
    case lessOrEqual = "<="

    /// Whether a value meets the threshold.
    ///
    /// Both are doubles. A quotient of counts is rounded once and keeps its order with a threshold
    /// of up to 15 digits, so that 9 of 10 is not above 0.90.
    func holds(_ value: Double, _ threshold: Double) -> Bool {
      switch self {
      case .greater: value > threshold
      case .greaterOrEqual: value >= threshold
      case .less: value < threshold
      case .lessOrEqual: value <= threshold
      }
    }
  }

  /// The metric's name.
  public let metric: String
  /// How it is compared.
  public let comparison: Comparison
  /// What it is compared with.
  public let threshold: Double

  /// Reads a condition.
  ///
  /// - Throws: ``GateError`` if the text is not a name, a comparison and a number.
  public init(_ text: String) throws(GateError) {
    guard let start = text.firstIndex(where: { "<>=".contains($0) }) else {
      throw .noComparison(text)
    }
    let end = text[start...].firstIndex { !"<>=".contains($0) } ?? text.endIndex
    guard let comparison = Comparison(rawValue: String(text[start..<end])) else {
      throw .noComparison(text)
    }
    let name = text[..<start].trimmingWhitespace.lowercased()
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:".contains($0) })
    else { throw .noMetric(text) }
    let digits = text[end...].trimmingWhitespace
    guard let threshold = Double(decimal: digits) else { throw .noThreshold(text) }
    metric = name
    self.comparison = comparison
    self.threshold = threshold
  }

  /// The condition as it is read.
  public var description: String { "\(metric) \(comparison.rawValue) \(threshold)" }

  /// Compares the metric's value in an evaluation with the threshold.
  ///
  /// A metric that is unknown, not computed or undefined fails.
  ///
  /// - Parameter evaluation: `nil` where nothing could be evaluated.
  /// - Returns: whether the gate holds, and why not.
  public func judge(_ evaluation: Evaluation?) -> GateResult {
    switch evaluation?[metric] {
    case .value(let value), .zeroDivision(let value):
      let passed = comparison.holds(value, threshold)
      return GateResult(gate: self, value: value, reason: passed ? nil : .thresholdNotMet)
    case .undefined(let reason):
      return GateResult(gate: self, value: nil, reason: .undefined(reason))
    case nil:
      guard Metric.named(metric) == nil else {
        return GateResult(gate: self, value: nil, reason: .notComputed)
      }
      let meant = MetricName.alias(metric).flatMap(Metric.named)?.id
      return GateResult(gate: self, value: nil, reason: .unknownMetric(meant: meant))
    }
  }
}

/// What became of a gate.
public struct GateResult: Hashable, Sendable {
  /// Why a gate fails.
  public enum Reason: Hashable, Sendable {
    /// The value is on the wrong side of the threshold.
    case thresholdNotMet
    /// The data does not define the metric.
    case undefined(UndefinedReason)
    /// The data has not what the metric needs.
    case notComputed
    /// There is no such metric; another name may be meant.
    case unknownMetric(meant: String?)

    /// The reason as a word for programs.
    public var code: String {
      switch self {
      case .thresholdNotMet: "threshold_not_met"
      case .undefined(let reason): reason.rawValue
      case .notComputed: "not_computed"
      case .unknownMetric: "unknown_metric"
      }
    }

    /// The reason as a person reads it.
    public var sentence: String {
      switch self {
      case .thresholdNotMet: "not met"
      case .undefined(let reason): "undefined: \(reason.sentence)"
      case .notComputed: "not computed: the data lacks what it needs"
      case .unknownMetric(let name):
        "no such metric" + (name.map { "; '\($0)' may be meant" } ?? "")
      }
    }
  }

  /// The gate.
  public let gate: Gate
  /// The metric's value, where it has one.
  public let value: Double?
  /// Why the gate fails; `nil` where it holds.
  public let reason: Reason?

  /// Whether the gate holds.
  public var passed: Bool { reason == nil }
}

/// What is wrong with a gate's text.
public enum GateError: Error, Hashable, Sendable {
  /// There is none of `>`, `>=`, `<`, `<=` in it.
  case noComparison(String)
  /// There is no metric's name before the comparison.
  case noMetric(String)
  /// There is no number behind the comparison.
  case noThreshold(String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .noComparison(let text): "the gate '\(text)' has no comparison: >, >=, < or <="
    case .noMetric(let text): "the gate '\(text)' names no metric before its comparison"
    case .noThreshold(let text): "the gate '\(text)' has no number behind its comparison"
    }
  }

  /// What a gate looks like.
  public var hint: String { "write it as 'accuracy > 0.90'" }
}
