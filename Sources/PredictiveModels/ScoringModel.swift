public import DataTables

/// Something that gives each row *m* numbers, from which a prediction is made.
public protocol Scorer: Sendable {
  /// The number of columns that it takes; `nil` where it takes any.
  var featureCount: Int? { get }
  /// The number of scores of a row, *m*.
  var scoreCount: Int { get }
  /// Whether features may be missing (NaN).
  var acceptsMissingValues: Bool { get }
  /// Whether features are rounded to single precision first.
  var roundsToSinglePrecision: Bool { get }
  /// The number of trees, where there are trees.
  var treeCount: Int? { get }
  /// The scores of rows that fit the properties above, row-major *n* x *m*.
  ///
  /// - Throws: ``PredictionError`` for values that a predictor inside refuses.
  func scores(of features: FeatureMatrix) throws(PredictionError) -> [Double]
}

/// A scorer that takes rows where they lie.
protocol InPlaceScorer: Scorer {
  /// The scores of some rows, all of finite numbers, without a copy of them, row-major.
  func scores(of features: FeatureMatrix, rows: Range<Int>) -> [Double]
}

extension Scorer {
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }
  /// Scores are in double precision.
  public var roundsToSinglePrecision: Bool { false }
  /// There are no trees.
  public var treeCount: Int? { nil }
}

/// A model that predicts from scores: what they are computed by, and what they mean.
public struct ScoringModel: Predictor {
  /// The algorithm's name.
  public let name: String
  private let scorer: any Scorer
  private let form: OutputForm

  /// What it predicts.
  public var targets: [Target] { form.targets(scoreCount: scorer.scoreCount) }
  /// Whether it says probabilities.
  public var hasProbabilities: Bool { form.hasProbabilities }
  /// Whether it says what it decides by.
  public var hasDecisions: Bool { form.hasDecisions }
  /// The number of columns that it takes.
  public var featureCount: Int? { scorer.featureCount }
  /// Whether features may be missing.
  public var acceptsMissingValues: Bool { scorer.acceptsMissingValues }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { scorer.roundsToSinglePrecision }
  /// The number of trees.
  public var treeCount: Int? { scorer.treeCount }

  /// Creates a model.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if there are more or fewer scores than the form takes, or
  ///   its classes are none.
  public init(name: String, scorer: any Scorer, form: OutputForm) throws(ModelError) {
    try form.check(scoreCount: scorer.scoreCount, name: name)
    self.name = name
    self.scorer = scorer
    self.form = form
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    form.output(of: try scorer.scores(of: features), scoreCount: scorer.scoreCount)
  }

  /// What predicts some rows, all of finite numbers, without a copy of them; `nil` where nothing does.
  var inPlace: ((_ features: FeatureMatrix, _ rows: Range<Int>) -> ModelOutput)? {
    guard let scorer = scorer as? any InPlaceScorer else { return nil }
    return { features, rows in
      form.output(of: scorer.scores(of: features, rows: rows), scoreCount: scorer.scoreCount)
    }
  }
}
