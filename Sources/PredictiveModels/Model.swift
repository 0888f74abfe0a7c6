public import DataTables
internal import NumericKernels

/// A model that has been read and checked, ready to predict.
///
/// Predicting is thread-safe: a model never changes.
public struct Model: Sendable {
  /// The names of the features, in order; `nil` where the model was trained without names.
  public let featureNames: [String]?
  private let pipeline: Pipeline

  /// What happens to features before they are predicted from, in order.
  public var steps: [any PreprocessingStep] { pipeline.steps }
  /// What predicts.
  public var predictor: any Predictor { pipeline.predictor }
  /// The number of features of a row; `nil` where the model takes any.
  public var featureCount: Int? { pipeline.featureCount ?? featureNames?.count }
  /// What is predicted.
  public var targets: [Target] { pipeline.targets }
  /// The classes of a classifier of one target in the model's order; `nil` for others.
  public var classes: [Label]? { pipeline.classes }
  /// The features that are texts, or may be anything, by their indices: `FeatureMatrix/texts`.
  public var textColumns: Set<Int> { pipeline.textColumns.union(pipeline.ignoredColumns) }

  /// Creates a model.
  ///
  /// - Throws: ``ModelError`` if a step does not give the number of columns that the next one takes,
  ///   or the names are not as many as the features.
  public init(
    featureNames: [String]?, steps: [any PreprocessingStep] = [], predictor: any Predictor
  ) throws(ModelError) {
    self.featureNames = featureNames
    pipeline = try Pipeline(steps: steps, predictor: predictor)
    if let featureNames, let count = pipeline.featureCount, featureNames.count != count {
      throw .featureNameCount(names: featureNames.count, features: count)
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
    if let featureCount, names.count != featureCount {
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
    if let featureCount, features.columnCount != featureCount {
      throw .columnCount(found: features.columnCount, expected: featureCount)
    }
    var features = features
    for text in pipeline.texts where !features.texts.contains(text) { features.texts.append(text) }
    let size = rowsOfBlock(columnCount: features.columnCount)
    guard features.rowCount > size else { return try predictBlock(features) }
    // Blocks that fit the caches go through all steps on both cores; a row's result does not depend on
    // the rows beside it.
    let whole = features
    let blocks = Chunks.map(whole.rowCount, size: size) { rows in
      Result { () throws(PredictionError) in
        do throws(PredictionError) {
          return try predictBlock(rows, of: whole)
        } catch {
          throw error.shifted(by: rows.lowerBound)
        }
      }
    }
    var outputs: [ModelOutput] = []
    outputs.reserveCapacity(blocks.count)
    for block in blocks { outputs.append(try block.get()) }
    return ModelOutput(joining: outputs)
  }

  private func rowsOfBlock(columnCount: Int) -> Int {
    // A tree that is in a cache should serve many rows.
    if predictor.treeCount != nil { return 4_096 }
    return min(max((1 << 15) / max(columnCount, 1), 256), 4_096) / 64 * 64
  }

  private func predictBlock(
    _ rows: Range<Int>, of features: FeatureMatrix
  ) throws(PredictionError) -> ModelOutput {
    if steps.isEmpty, let predict = (predictor as? ScoringModel)?.inPlace {
      let width = features.columnCount
      let values = features.values.span
      let isBounded =
        BLAS.absoluteSum(values.extracting(rows.lowerBound * width..<rows.upperBound * width))
        <= .greatestFiniteMagnitude
      // What is not certain is looked at row by row.
      if isBounded {
        let output = predict(features, rows)
        if output.firstRowWithoutNumber == nil { return output }
      }
    }
    return try predictBlock(features[rows: rows])
  }

  private func predictBlock(_ features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    try features.requireNoInfinity()
    let output = try pipeline.predict(features)
    if let row = output.firstRowWithoutNumber { throw .resultNotANumber(row: row + 1) }
    return output
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
  /// A value has no image under a step's function, as 0 has no logarithm.
  case outsideDomain(row: Int, column: String, step: String)
  /// A value has a fraction where the model takes whole numbers.
  case notAWholeNumber(row: Int, column: String)
  /// A node of a model that is a graph has no result, for one row or for all.
  case noResult(row: Int?, node: String, reason: String)
  /// A value is none that the model was trained on, and the model's library takes no others.
  case unknownCategory(row: Int, column: String, value: String, step: String)
}

extension PredictionError {
  /// The error with its row counted from that many rows before.
  public func shifted(by rows: Int) -> PredictionError {
    switch self {
    case .columnCount, .featureTwice: self
    case .infinity(let row, let column): .infinity(row: row + rows, column: column)
    case .missingValue(let row, let column, let predictor):
      .missingValue(row: row + rows, column: column, predictor: predictor)
    case .tooLargeForSinglePrecision(let row, let column):
      .tooLargeForSinglePrecision(row: row + rows, column: column)
    case .resultNotANumber(let row): .resultNotANumber(row: row + rows)
    case .notAWholeNumber(let row, let column): .notAWholeNumber(row: row + rows, column: column)
    case .noResult(let row, let node, let reason):
      .noResult(row: row.map { $0 + rows }, node: node, reason: reason)
    case .outsideDomain(let row, let column, let step):
      .outsideDomain(row: row + rows, column: column, step: step)
    case .unknownCategory(let row, let column, let value, let step):
      .unknownCategory(row: row + rows, column: column, value: value, step: step)
    }
  }
}
