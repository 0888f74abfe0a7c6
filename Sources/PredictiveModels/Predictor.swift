public import DataTables
internal import NumericKernels

/// What a model predicts.
public enum Target: Sendable, Hashable {
  /// A number.
  case number
  /// One of these classes, which are in the model's order.
  case classes([Label])
}

/// Something that predicts from features.
public protocol Predictor: Sendable {
  /// The algorithm's name as its library calls it.
  var name: String { get }
  /// The number of columns that it takes; `nil` where it takes any.
  var featureCount: Int? { get }
  /// What it predicts; at least one target.
  var targets: [Target] { get }
  /// Whether it is a classifier of one target that says probabilities.
  var hasProbabilities: Bool { get }
  /// Whether it is a classifier of one target that says what it decides by.
  var hasDecisions: Bool { get }
  /// Whether features may be missing (NaN), or are looked at by predictors inside it.
  var acceptsMissingValues: Bool { get }
  /// Whether features are rounded to single precision first.
  var roundsToSinglePrecision: Bool { get }
  /// The number of trees, where the model is made of trees.
  var treeCount: Int? { get }
  /// The columns whose values are indices into `FeatureMatrix/texts`.
  var textColumns: Set<Int> { get }
  /// The texts that a step inside may put into columns of texts.
  var texts: [String] { get }
  /// The columns that are not looked at, whatever is in them.
  var ignoredColumns: Set<Int> { get }
  /// Says what it predicts for rows that fit the properties above.
  ///
  /// - Throws: ``PredictionError`` for values that its library refuses all the same.
  func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput
}

extension Predictor {
  /// Values are in double precision.
  public var roundsToSinglePrecision: Bool { false }
  /// There are no trees.
  public var treeCount: Int? { nil }
  /// All columns are numbers.
  public var textColumns: Set<Int> { [] }
  /// There are no texts.
  public var texts: [String] { [] }
  /// All columns are looked at.
  public var ignoredColumns: Set<Int> { [] }

  /// The classes of a classifier of one target, in the model's order; `nil` for others.
  public var classes: [Label]? {
    if targets.count == 1, case .classes(let labels) = targets[0] { labels } else { nil }
  }

  /// Predicts rows.
  ///
  /// - Throws: ``PredictionError`` for values that the predictor's library refuses.
  public func predict(_ features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    if let featureCount, features.columnCount != featureCount {
      throw .columnCount(found: features.columnCount, expected: featureCount)
    }
    if !acceptsMissingValues { try features.requireNoneMissing(for: name) }
    if roundsToSinglePrecision,
      !features.values.isBounded(by: Double(Float.greatestFiniteMagnitude)),
      let index = features.values.firstIndex(where: {
        abs($0) > Double(Float.greatestFiniteMagnitude) && Float($0).isInfinite
      })
    {
      throw .tooLargeForSinglePrecision(
        row: index / features.columnCount + 1, column: features.columnName(of: index))
    }
    return try output(for: features)
  }
}

/// A predictor made of others, which are given the same columns and look at missing values themselves.
public protocol CompositePredictor: Predictor {
  /// The predictors that it is made of; at least one.
  var parts: [any Predictor] { get }
}

extension CompositePredictor {
  /// The number of columns that the parts take.
  public var featureCount: Int? { parts.lazy.compactMap(\.featureCount).first }
  /// The parts look at missing values themselves.
  public var acceptsMissingValues: Bool { true }
  /// The number of all parts' trees, where all are made of trees.
  public var treeCount: Int? {
    let counts = parts.compactMap(\.treeCount)
    return counts.count == parts.count ? counts.reduce(0, +) : nil
  }
  /// The parts' columns of text.
  public var textColumns: Set<Int> { parts.reduce([]) { $0.union($1.textColumns) } }
  /// The parts' texts.
  public var texts: [String] { parts.flatMap(\.texts) }
  /// The columns that no part looks at.
  public var ignoredColumns: Set<Int> {
    parts.dropFirst().reduce(parts.first?.ignoredColumns ?? []) {
      $0.intersection($1.ignoredColumns)
    }
  }
}

/// Something that turns features into other features.
public protocol PreprocessingStep: Sendable {
  /// The step's name as its library calls it.
  var name: String { get }
  /// The number of columns that it takes; `nil` where it takes any.
  var inputCount: Int? { get }
  /// The number of columns that it gives; `nil` where it gives as many as it takes.
  var outputCount: Int? { get }
  /// Whether values may be missing (NaN), or are looked at by steps inside it.
  var acceptsMissingValues: Bool { get }
  /// The texts that it may put into columns of texts.
  var texts: [String] { get }
  /// The columns that are not looked at, whatever is in them.
  var ignoredColumns: Set<Int> { get }
  /// The columns whose values are indices into `FeatureMatrix/texts`, where those outputs are such
  /// columns.
  func textInputs(for outputs: Set<Int>) -> Set<Int>
  /// Replaces features that fit the properties above, row by row.
  ///
  /// - Throws: ``PredictionError`` for values that its library refuses all the same.
  func apply(to features: inout FeatureMatrix) throws(PredictionError)
}

extension PreprocessingStep {
  /// It has no texts of its own.
  public var texts: [String] { [] }
  /// All columns are looked at.
  public var ignoredColumns: Set<Int> { [] }
  /// The columns whose values are indices into `FeatureMatrix/texts`.
  public var textColumns: Set<Int> { textInputs(for: []) }

  /// All columns are numbers, unless they go through and are texts behind it.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    outputCount == nil || outputCount == inputCount ? outputs : []
  }

  /// Replaces features, row by row.
  ///
  /// - Throws: ``PredictionError`` for values that the step's library refuses, before or after it.
  public func transform(_ features: inout FeatureMatrix) throws(PredictionError) {
    if let inputCount, features.columnCount != inputCount {
      throw .columnCount(found: features.columnCount, expected: inputCount)
    }
    if !acceptsMissingValues { try features.requireNoneMissing(for: name) }
    try apply(to: &features)
    try features.requireNoInfinity()
  }
}

extension FeatureMatrix {
  func requireNoInfinity() throws(PredictionError) {
    guard !values.isBounded, let index = values.firstIndex(where: \.isInfinite) else { return }
    throw .infinity(row: index / columnCount + 1, column: columnName(of: index))
  }

  fileprivate func requireNoneMissing(for predictor: String) throws(PredictionError) {
    guard !values.isBounded, let index = values.firstIndex(where: \.isNaN) else { return }
    throw .missingValue(
      row: index / columnCount + 1, column: columnName(of: index), predictor: predictor)
  }

  func columnName(of index: Int) -> String {
    let column = index % columnCount
    return names?[column] ?? "\(column + 1)"
  }
}

extension [Double] {
  /// Whether all are finite, and certainly so; where it is false they may be all the same.
  var isBounded: Bool { isBounded(by: .greatestFiniteMagnitude) }

  /// Whether no magnitude is above a bound, and certainly so.
  ///
  /// The sum of magnitudes, which is quickly had, is no less than any of them, and not finite where one
  /// is not.
  func isBounded(by bound: Double) -> Bool {
    BLAS.absoluteSum(span) <= bound
  }
}
