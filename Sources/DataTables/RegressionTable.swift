/// The rows of a prediction file of numbers: what was true, and what a model predicted.
public struct RegressionTable: Sendable {
  /// The true values, *n*; finite.
  public var targets: [Double]
  /// The predicted values, *n*; finite.
  public var predictions: [Double]
  /// The rows' weights, *n*; finite and not negative.
  public var weights: [Double]?

  /// The number of rows.
  public var rowCount: Int { targets.count }

  /// Creates a table.
  ///
  /// - Precondition: All columns have one length.
  public init(targets: [Double], predictions: [Double], weights: [Double]? = nil) {
    precondition(targets.count == predictions.count, "a prediction for each target")
    precondition(weights.map { $0.count == targets.count } ?? true, "a weight for each target")
    self.targets = targets
    self.predictions = predictions
    self.weights = weights
  }
}

/// The rows of a prediction file, whichever kind of problem they are of.
public enum PredictionRows: Sendable {
  /// Classes.
  case classes(PredictionTable)
  /// Numbers.
  case numbers(RegressionTable)

  /// The rows of a problem of classes; `nil` where they are numbers.
  public var classTable: PredictionTable? {
    if case .classes(let table) = self { table } else { nil }
  }

  /// The rows of a problem of numbers; `nil` where they are classes.
  public var numberTable: RegressionTable? {
    if case .numbers(let table) = self { table } else { nil }
  }

  /// The number of rows.
  public var rowCount: Int {
    switch self {
    case .classes(let table): table.rowCount
    case .numbers(let table): table.rowCount
    }
  }
}
