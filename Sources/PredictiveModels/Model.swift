public import DataTables

/// A model that has been read and checked, ready to predict.
///
/// Predicting is thread-safe: a model never changes.
public struct Model: Sendable {
  /// The names of the features, in order; `nil` where the model was trained without names.
  public let featureNames: [String]?
  /// What happens to features before they are predicted from, in order.
  public let steps: [any PreprocessingStep]
  /// What predicts.
  public let predictor: any Predictor

  /// The number of features of a row.
  public var featureCount: Int { steps.first?.inputCount ?? predictor.featureCount }

  /// The classes of a classifier in the model's order; `nil` for a regressor.
  public var classes: [Label]? { predictor.classes }

  /// Creates a model.
  ///
  /// - Throws: ``ModelError`` if a step does not give the number of columns that the next one takes,
  ///   or the names are not as many as the features.
  public init(
    featureNames: [String]?, steps: [any PreprocessingStep], predictor: any Predictor
  ) throws(ModelError) {
    self.featureNames = featureNames
    self.steps = steps
    self.predictor = predictor
    var width = steps.first?.inputCount ?? predictor.featureCount
    if let featureNames, featureNames.count != width {
      throw .featureNameCount(names: featureNames.count, features: width)
    }
    for step in steps {
      guard step.inputCount == width else {
        throw .stepWidth(step: step.name, takes: step.inputCount, given: width)
      }
      width = step.outputCount
    }
    guard predictor.featureCount == width else {
      throw .stepWidth(step: predictor.name, takes: predictor.featureCount, given: width)
    }
  }

  /// The columns of an input that are this model's features, in its order.
  ///
  /// Columns are matched by name where the model has names and all of them are there, otherwise by
  /// position.
  ///
  /// - Throws: ``PredictionError`` if neither is possible, or a feature's column stands twice.
  public func featureColumns(in names: [String]) throws(PredictionError) -> [Int] {
    if let featureNames {
      let places = Dictionary(zip(names, names.indices.map { [$0] }), uniquingKeysWith: +)
      let columns = featureNames.compactMap { places[$0] }
      if columns.count == featureNames.count {
        if let twice = columns.first(where: { $0.count > 1 }) {
          throw .featureTwice(names[twice[0]])
        }
        return columns.map { $0[0] }
      }
    }
    guard names.count == featureCount else {
      throw .columnCount(found: names.count, expected: featureCount)
    }
    return Array(names.indices)
  }

  /// Predicts rows.
  ///
  /// - Parameter features: *n* rows of this model's features, in its order; NaN is a missing value.
  /// - Returns: a prediction a row.
  /// - Throws: ``PredictionError`` for values that the model's own library refuses.
  public func predict(_ features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    guard features.columnCount == featureCount else {
      throw .columnCount(found: features.columnCount, expected: featureCount)
    }
    try features.requireNoInfinity()
    var features = features
    for step in steps {
      step.apply(to: &features)
      try features.requireNoInfinity()
    }
    if !predictor.acceptsMissingValues, let index = features.values.firstIndex(where: \.isNaN) {
      throw .missingValue(
        row: index / features.columnCount + 1, column: features.columnName(of: index),
        predictor: predictor.name)
    }
    if predictor.roundsToSinglePrecision,
      let index = features.values.firstIndex(where: { !$0.isNaN && Float($0).isInfinite })
    {
      throw .tooLargeForSinglePrecision(
        row: index / features.columnCount + 1, column: features.columnName(of: index))
    }
    let output = predictor.predict(features)
    if let row = output.firstRowWithoutNumber { throw .resultNotANumber(row: row + 1) }
    return output
  }
}

extension FeatureMatrix {
  fileprivate func requireNoInfinity() throws(PredictionError) {
    guard let index = values.firstIndex(where: \.isInfinite) else { return }
    throw .infinity(row: index / columnCount + 1, column: columnName(of: index))
  }

  fileprivate func columnName(of index: Int) -> String {
    let column = index % columnCount
    return names?[column] ?? "\(column + 1)"
  }
}

/// Something that turns features into other features.
public protocol PreprocessingStep: Sendable {
  /// The step's name as its library calls it.
  var name: String { get }
  /// The number of columns that it takes.
  var inputCount: Int { get }
  /// The number of columns that it gives.
  var outputCount: Int { get }
  /// Replaces features, row by row; missing values stay missing unless the step fills them.
  func apply(to features: inout FeatureMatrix)
}

/// Something that predicts from features.
public protocol Predictor: Sendable {
  /// The algorithm's name as its library calls it.
  var name: String { get }
  /// The number of columns that it takes.
  var featureCount: Int { get }
  /// The classes of a classifier, in the model's order; `nil` for a regressor.
  var classes: [Label]? { get }
  /// Whether features may be missing (NaN).
  var acceptsMissingValues: Bool { get }
  /// Whether features are rounded to single precision first.
  var roundsToSinglePrecision: Bool { get }
  /// The number of trees, where the model is made of trees.
  var treeCount: Int? { get }
  /// Predicts rows that fit the properties above.
  func predict(_ features: FeatureMatrix) -> ModelOutput
}

/// What a model says of *n* rows.
public struct ModelOutput: Sendable, Hashable {
  /// A prediction a row.
  public enum Predictions: Sendable, Hashable {
    /// A classifier's: *n* indices into its classes.
    case classes([Int32])
    /// A regressor's: *n* numbers.
    case numbers([Double])
  }

  /// The predictions.
  public let predictions: Predictions
  /// The classes of a classifier, in the model's order.
  public let classes: [Label]
  /// The probability of each class, row-major *n* x *c*; `nil` for a regressor.
  public let probabilities: [Double]?

  /// The number of rows, *n*.
  public var rowCount: Int {
    switch predictions {
    case .classes(let codes): codes.count
    case .numbers(let numbers): numbers.count
    }
  }

  fileprivate var firstRowWithoutNumber: Int? {
    if let index = probabilities?.firstIndex(where: \.isNaN) { return index / classes.count }
    guard case .numbers(let numbers) = predictions else { return nil }
    return numbers.firstIndex(where: \.isNaN)
  }

  /// Creates a classifier's output.
  public init(classes: [Label], codes: [Int32], probabilities: [Double]) {
    precondition(probabilities.count == codes.count * classes.count, "a probability a class")
    self.classes = classes
    predictions = .classes(codes)
    self.probabilities = probabilities
  }

  /// Creates a regressor's output.
  public init(numbers: [Double]) {
    classes = []
    predictions = .numbers(numbers)
    probabilities = nil
  }
}

/// What makes the parts of a model no model.
public enum ModelError: Error, Hashable, Sendable {
  /// A step takes another number of columns than the one before it gives.
  case stepWidth(step: String, takes: Int, given: Int)
  /// There are more or fewer names than features.
  case featureNameCount(names: Int, features: Int)
  /// A number of the model is not finite, or a scale is 0.
  case badNumber(String)
  /// Two parts of the model that belong together differ in length.
  case badShape(String)
  /// A tree's node points outside the tree or back into it; nodes count from 0.
  case badTree(tree: Int, node: Int, reason: String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .stepWidth(let step, let takes, let given):
      "\(step) takes \(takes) columns and is given \(given)"
    case .featureNameCount(let names, let features):
      "there are \(names) feature names for \(features) features"
    case .badNumber(let reason), .badShape(let reason): reason
    case .badTree(let tree, let node, let reason): "tree \(tree), node \(node): \(reason)"
    }
  }
}

/// What keeps rows from being predicted; rows count from 1.
public enum PredictionError: Error, Hashable, Sendable {
  /// There are more or fewer columns than features.
  case columnCount(found: Int, expected: Int)
  /// Two columns have the name of one feature.
  case featureTwice(String)
  /// A value is infinite, or is once it has been scaled.
  case infinity(row: Int, column: String)
  /// A value is missing where the model's library takes none.
  case missingValue(row: Int, column: String, predictor: String)
  /// A value is larger than single precision holds, which the model's library refuses.
  case tooLargeForSinglePrecision(row: Int, column: String)
  /// Values so large that sums overflow leave nothing to predict from.
  case resultNotANumber(row: Int)
}
