internal import EvaluationMetrics

/// A computed value that a stated metric can mean.
struct ClaimMeaning {
  /// The metric, or the formula of several, as a person reads it.
  let name: String
  /// Its value, or why it has none.
  let value: MetricValue

  /// Everything that a name can mean among what was computed; empty where nothing was.
  ///
  /// A metric of that very name is what is meant. Otherwise formulas of computed metrics come first;
  /// and where there are many classes, a name without an average does not say which is meant.
  static func all(of id: String, in evaluation: Evaluation) -> [ClaimMeaning] {
    if let value = evaluation[id] { return [ClaimMeaning(name: id, value: value)] }
    let formulas = formulas.filter { $0.id == id }.compactMap { formula in
      formula.value(evaluation).map { ClaimMeaning(name: formula.name, value: $0) }
    }
    if !formulas.isEmpty { return formulas }
    return averages.compactMap { suffix in
      evaluation[id + suffix].map { ClaimMeaning(name: id + suffix, value: $0) }
    }
  }

  private static let averages = [
    "_macro", "_weighted", "_micro", "_ovr", "_ovr_weighted", "_ovo", "_ovo_weighted",
  ]

  /// A metric that libraries state and that follows from computed ones.
  private struct Formula: Sendable {
    let id: String
    let name: String
    let value: @Sendable (Evaluation) -> MetricValue?

    init(
      _ id: String, _ name: String, _ value: @escaping @Sendable (Evaluation) -> MetricValue?
    ) {
      self.id = id
      self.name = name
      self.value = value
    }
  }

  private static let formulas: [Formula] =
    [
      Formula("error_rate", "1 - accuracy") { $0["accuracy"]?.mapped { 1 - $0 } },
      Formula("root_mean_squared_log_error", "the root of mean_squared_log_error") {
        $0["mean_squared_log_error"]?.mapped { $0.squareRoot() }
      },
    ] + binaryAverages

  /// Averages over both classes of a binary problem, which XGBoost's container and scikit-learn's
  /// report state beside the positive class's measures.
  private static let binaryAverages: [Formula] = [
    ("precision", { @Sendable (report: Evaluation.ClassReport) in report.precision }),
    ("recall", { @Sendable report in report.recall }), ("f1", { @Sendable report in report.f1 }),
  ].flatMap { (name: String, measure: @escaping @Sendable (Evaluation.ClassReport) -> Double) in
    [
      Formula("\(name)_macro", "the mean of both classes' \(name)") { evaluation in
        average(evaluation, measure) { _ in 1 }
      },
      Formula("\(name)_weighted", "the mean of both classes' \(name) by their rows") { evaluation in
        average(evaluation, measure, weight: \.support)
      },
      Formula("\(name)_micro", "accuracy") { evaluation in
        evaluation.task == .binary ? evaluation["accuracy"] : nil
      },
    ]
  }

  private static func average(
    _ evaluation: Evaluation, _ measure: (Evaluation.ClassReport) -> Double,
    weight: (Evaluation.ClassReport) -> Double
  ) -> MetricValue? {
    guard evaluation.task == .binary, !evaluation.classReports.isEmpty else { return nil }
    let weights = evaluation.classReports.reduce(0) { $0 + weight($1) }
    let sum = evaluation.classReports.reduce(0) { $0 + measure($1) * weight($1) }
    return .value(sum / weights)
  }
}

extension MetricValue {
  fileprivate func mapped(_ transform: (Double) -> Double) -> MetricValue {
    switch self {
    case .value(let value): .value(transform(value))
    case .zeroDivision(let value): .zeroDivision(transform(value))
    case .undefined: self
    }
  }
}
