public import DataTables

// Predictors that change what another one says.

/// A classifier of two classes that predicts one of them where its score reaches a threshold.
public struct ThresholdClassifier: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  private let predictor: any Predictor
  private let response: Response
  private let threshold: Double
  /// The class that the score speaks for.
  private let positive: Int

  /// The classifier.
  public var parts: [any Predictor] { [predictor] }
  /// The classes.
  public var targets: [Target] { predictor.targets }
  /// Whether the classifier says probabilities.
  public var hasProbabilities: Bool { predictor.hasProbabilities }
  /// Whether the classifier says what it decides by.
  public var hasDecisions: Bool { predictor.hasDecisions }

  /// Creates a classifier.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name.
  ///   - predictor: A classifier of two classes.
  ///   - response: What is compared.
  ///   - threshold: The least score that the positive class is predicted at.
  ///   - positive: The class that is predicted there, 0 or 1.
  /// - Throws: ``ModelError/badShape(_:)`` if the classifier has other classes or does not say that.
  public init(
    name: String, predictor: any Predictor, response: Response, threshold: Double, positive: Int
  ) throws(ModelError) {
    guard predictor.classes?.count == 2, response != .predictions, response.isSaid(by: predictor),
      !threshold.isNaN, positive == 0 || positive == 1
    else { throw .badShape("\(name) has a threshold for what is not said of two classes") }
    self.name = name
    self.predictor = predictor
    self.response = response
    self.threshold = threshold
    self.positive = positive
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let output = try predictor.predict(features)
    var scores = response.values(of: output)
    if positive == 0 {
      scores =
        response == .probabilities
        ? column(0, of: output.probabilities ?? [], width: 2) : scores.map { -$0 }
    }
    return ModelOutput(
      classes: output.classes,
      codes: scores.map { Int32($0 >= threshold ? positive : 1 - positive) },
      probabilities: output.probabilities, decisions: output.decisions)
  }
}

/// A predictor for each of several targets.
public struct TargetwisePredictors: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  /// The members.
  public let parts: [any Predictor]

  /// All members' targets.
  public var targets: [Target] { parts.flatMap(\.targets) }
  /// Of one target alone, whether its member says probabilities.
  public var hasProbabilities: Bool { parts.count == 1 && parts[0].hasProbabilities }
  /// Of one target alone, whether its member says what it decides by.
  public var hasDecisions: Bool { parts.count == 1 && parts[0].hasDecisions }

  /// Creates a predictor.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if there are no members, or they take other columns.
  public init(name: String, members: [any Predictor]) throws(ModelError) {
    guard !members.isEmpty, Set(members.compactMap(\.featureCount)).count <= 1 else {
      throw .badShape("\(name) has members of different features, or none")
    }
    self.name = name
    parts = members
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    var outputs: [ModelOutput] = []
    for member in parts { outputs.append(try member.predict(features)) }
    return ModelOutput(targets: outputs)
  }
}

/// A regressor of changed numbers, which are changed back.
public struct TransformedTarget: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  private let predictor: any Predictor
  private let inverse: any PreprocessingStep

  /// The regressor.
  public var parts: [any Predictor] { [predictor] }
  /// The regressor's targets.
  public var targets: [Target] { predictor.targets }
  /// It is no classifier.
  public var hasProbabilities: Bool { false }
  /// It is no classifier.
  public var hasDecisions: Bool { false }

  /// Creates a regressor.
  ///
  /// - Throws: ``ModelError`` if the inner one predicts classes, or other numbers of targets than the
  ///   change takes and gives.
  public init(
    name: String, predictor: any Predictor, inverse: any PreprocessingStep
  ) throws(ModelError) {
    let count = predictor.targets.count
    guard predictor.targets.allSatisfy({ $0 == .number }) else {
      throw .badShape("\(name) has a regressor that predicts no numbers")
    }
    guard inverse.inputCount ?? count == count, inverse.outputCount ?? count == count else {
      throw .stepWidth(step: inverse.name, takes: inverse.inputCount ?? count, given: count)
    }
    self.name = name
    self.predictor = predictor
    self.inverse = inverse
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let targets = try predictor.predict(features).targets.map { $0.numbers ?? [] }
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * targets.count)
    for row in 0..<features.rowCount { for target in targets { values.append(target[row]) } }
    var matrix = FeatureMatrix(values: values, columnCount: targets.count)
    try inverse.transform(&matrix)
    let changed = matrix
    return ModelOutput(
      targets: targets.indices.map {
        ModelOutput(numbers: column($0, of: changed.values, width: targets.count))
      })
  }
}
