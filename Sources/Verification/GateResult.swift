public import DataTables
public import EvaluationMetrics
internal import InputReading
internal import TrainingRecords

/// What became of a gate.
public struct GateResult: Hashable, Sendable {
  /// Why a gate does not hold.
  public enum Reason: Hashable, Sendable {
    /// The value is on the wrong side of the threshold.
    case thresholdNotMet
    /// The value is on the right side, and its interval is not wholly there.
    case notProven
    /// The data does not define the metric.
    case undefined(UndefinedReason)
    /// The data has not what the metric needs.
    case notComputed
    /// There is no such metric; another name may be meant.
    case unknownMetric(meant: String?)
    /// No row that counts has what the slice asks for.
    case noRows
    /// The gate is relative to an earlier model, and none is given.
    case noBaseline
    /// The earlier model's file does not state the metric, or states several values of it.
    case noBaselineValue
    /// The gate is relative to an earlier model, and there is none yet, as the user says.
    case firstRun

    /// The reason as a word for programs.
    public var code: String {
      switch self {
      case .thresholdNotMet: "threshold_not_met"
      case .notProven: "not_proven"
      case .undefined(let reason): reason.rawValue
      case .notComputed: "not_computed"
      case .unknownMetric: "unknown_metric"
      case .noRows: "no_rows"
      case .noBaseline: "no_baseline"
      case .noBaselineValue: "no_baseline_value"
      case .firstRun: "first_run"
      }
    }

    /// The reason as a person reads it.
    public var sentence: String {
      switch self {
      case .thresholdNotMet: "not met"
      case .notProven: "the interval reaches beyond the threshold"
      case .undefined(let reason): "undefined: \(reason.sentence)"
      case .notComputed: "not computed: the data lacks what it needs"
      case .unknownMetric(let name):
        "no such metric" + (name.map { "; '\($0)' may be meant" } ?? "")
      case .noRows: "no such rows"
      case .noBaseline: "no baseline is given; a first run says so with --first-run"
      case .noBaselineValue: "the baseline states no one value of it"
      case .firstRun: "not judged: there is no baseline yet"
      }
    }
  }

  /// The gate.
  public let gate: Gate
  /// The metric's value, where it has one.
  public var value: Double?
  /// Where its true value lies, where the gate asks for that.
  public var interval: ConfidenceInterval?
  /// The earlier model's value, where the gate asks for that and it is known.
  public var baseline: Double?
  /// What the value was compared with; `nil` where that is not known.
  public var threshold: Double?
  /// Why the gate does not hold; `nil` where it does.
  public var reason: Reason?

  /// Whether the gate holds.
  public var passed: Bool { reason == nil }

  /// Whether the gate stands in the way: one that is passed over on a first run neither holds nor fails.
  public var fails: Bool { reason != nil && reason != .firstRun }

  /// The number that decides: of an interval the end towards the threshold.
  public var decisive: Double? {
    interval.map { gate.comparison.isLowerBound ? $0.low : $0.high } ?? value
  }

  /// What was found, in a sentence, where the gate does not hold.
  public var finding: String {
    guard let reason else { return "holds" }
    let name = gate.metric
    switch (reason, value) {
    case (.thresholdNotMet, let value?):
      return "\(name) is \(value)" + (gate.needsBaseline ? beside : "")
    case (.notProven, let value?):
      let end = gate.comparison.isLowerBound ? "begins" : "ends"
      let level = gate.level.map(Gate.percentage) ?? ""
      return "\(name) is \(value), and its interval at \(level) \(end) at \(decisive ?? value)"
        + (gate.needsBaseline ? beside : "")
    default: return reason.sentence
    }
  }

  /// What a reader should know of gates that were not judged.
  public static func warnings(of results: [GateResult]) -> [String] {
    results.filter { $0.reason == .firstRun }.map {
      "the gate '\($0.gate)' was not judged: there is no baseline yet"
    }
  }

  private var beside: String { baseline.map { ", and the baseline's is \($0)" } ?? "" }
}

/// What gates are judged by: rows, their metrics, and those of an earlier model.
public struct Evidence: Sendable {
  /// The metrics of all rows; `nil` where nothing could be evaluated.
  public let evaluation: Evaluation?
  private let rows: PredictionRows?
  private let slicings: [Categories]
  private let options: EvaluationOptions
  private let baseline: Baseline?
  private let isFirstRun: Bool

  /// Takes the evidence.
  ///
  /// - Parameters:
  ///   - evaluation: The metrics of all rows; `nil` where nothing could be evaluated.
  ///   - rows: The rows, for gates on slices and intervals.
  ///   - slicings: What the rows belong to, in the columns that gates name.
  ///   - options: How the rows were evaluated.
  ///   - baseline: The metrics of an earlier model.
  ///   - isFirstRun: Whether there is no earlier model yet, so that gates relative to one are passed
  ///     over; without this they fail.
  public init(
    _ evaluation: Evaluation?, rows: PredictionRows? = nil, slicings: [Categories] = [],
    options: EvaluationOptions = EvaluationOptions(), baseline: Baseline? = nil,
    isFirstRun: Bool = false
  ) {
    self.evaluation = evaluation
    self.rows = rows
    self.slicings = slicings
    self.options = options
    self.baseline = baseline
    self.isFirstRun = isFirstRun
  }

  /// Judges gates, each by itself, in order.
  ///
  /// - Returns: what became of the gates, and the slices that they are on, each once.
  /// - Complexity: an evaluation for each slice and level.
  public func judge(_ gates: [Gate]) -> (results: [GateResult], slices: [Slice]) {
    var slices: [[Gate.Condition]: Slice] = [:]
    var order: [Slice] = []
    let results = gates.map { gate in
      guard !gate.slice.isEmpty else { return judge(gate, by: evaluation) }
      if slices[gate.slice] == nil, let slice = slice(gate.slice, options) {
        slices[gate.slice] = slice
        order.append(slice)
      }
      let slice = slices[gate.slice]
      guard slice != nil || rows == nil else {
        return GateResult(gate: gate, threshold: gate.threshold, reason: .noRows)
      }
      return judge(gate, by: slice?.evaluation)
    }
    return (results, order)
  }

  /// Judges one gate.
  public func judge(_ gate: Gate) -> GateResult { judge([gate]).results[0] }

  private func judge(_ gate: Gate, by evaluation: Evaluation?) -> GateResult {
    var result = GateResult(gate: gate, threshold: gate.threshold)
    switch evaluation?[gate.metric] {
    case .value(let value), .zeroDivision(let value): result.value = value
    case .undefined(let reason): result.reason = .undefined(reason)
    case nil where Metric.named(gate.metric) == nil:
      let meant = MetricName.alias(gate.metric).flatMap(Metric.named)?.id
      result.reason = .unknownMetric(meant: meant)
    case nil: result.reason = .notComputed
    }
    if case .baseline(let offset) = gate.bound, result.reason == nil {
      result.baseline = baseline?.value(of: gate.metric, in: gate.slice)
      result.threshold = result.baseline.map { Self.decimalSum($0, offset) }
      if result.threshold == nil {
        result.reason = baseline != nil ? .noBaselineValue : isFirstRun ? .firstRun : .noBaseline
      }
    }
    guard result.reason == nil, let value = result.value, let threshold = result.threshold else {
      return result
    }
    if let level = gate.level {
      result.interval = interval(gate, level: level)
      guard result.interval != nil else {
        result.reason = .notComputed
        return result
      }
    }
    if !gate.comparison.holds(value, threshold) {
      result.reason = .thresholdNotMet
    } else if let end = result.decisive, !gate.comparison.holds(end, threshold) {
      result.reason = .notProven
    }
    return result
  }

  /// The interval of a gate's metric on the rows that count for it.
  private func interval(_ gate: Gate, level: Double) -> ConfidenceInterval? {
    var options = options
    options.confidence = Confidence(
      level: level, replicateCount: options.confidence?.replicateCount ?? 1_000,
      seed: options.confidence?.seed ?? 0, metrics: [gate.metric])
    let evaluation =
      gate.slice.isEmpty
      ? rows.flatMap { try? Evaluation(of: $0, options: options) }
      : slice(gate.slice, options)?.evaluation
    return evaluation?.entries.first { $0.metric.id == gate.metric }?.interval
  }

  /// The rows that hold what is asked for; rows that could be evaluated together can be in part.
  private func slice(_ conditions: [Gate.Condition], _ options: EvaluationOptions) -> Slice? {
    let columns = conditions.map(\.column)
    guard let rows, let slicing = slicings.first(where: { $0.columns == columns }) else {
      return nil
    }
    return try? Evaluation.slice(conditions.map(\.value), by: slicing, of: rows, options: options)
  }

  /// The sum of two numbers as decimals, rounded once: 0.1 + 0.2 is 0.3.
  static func decimalSum(_ first: Double, _ second: Double) -> Double {
    let (first, second) = (Decimal(first), Decimal(second))
    let exponent = min(first.exponent, second.exponent)
    let widest = max(first.exponent, second.exponent) - exponent
    // Seventeen digits and this many zeros fit 128 bits.
    guard widest <= 20 else { return first.value + second.value }
    func scaled(_ number: Decimal) -> Int128 {
      (exponent..<number.exponent).reduce(number.digits) { digits, _ in digits * 10 }
    }
    return Double("\(scaled(first) + scaled(second))e\(exponent)") ?? first.value + second.value
  }

  /// The shortest decimal that reads back as a number: `digits` · 10^`exponent`.
  private struct Decimal {
    let value: Double
    let digits: Int128
    let exponent: Int

    init(_ value: Double) {
      self.value = value
      let parts = value.description.lowercased().split(separator: "e")
      let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      let fraction = mantissa.count > 1 ? mantissa[1] : ""
      digits = Int128(mantissa[0] + fraction) ?? 0
      exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
    }
  }
}

extension Gate {
  /// Judges the gate by the metrics of all rows, where neither a slice, an interval nor a baseline is
  /// asked for.
  public func judge(_ evaluation: Evaluation?) -> GateResult { Evidence(evaluation).judge(self) }
}

extension [Gate] {
  /// The columns of each slice that these gates are on, and that others do not name already.
  public func sliceColumns(besides others: [[String]] = []) -> [[String]] {
    var columns: [[String]] = []
    for gate in self where !gate.slice.isEmpty {
      let own = gate.slice.map(\.column)
      if !(others + columns).contains(own) { columns.append(own) }
    }
    return columns
  }
}
