/// The rows of a prediction file: what was true, and what a model said of it.
///
/// All columns have one length, *n*. Labels and predictions are codes of ``classes``, which are in
/// canonical order.
public struct PredictionTable: Sendable {
  /// The class labels; a code is an index into them.
  public var classes: [Label]
  /// The true classes, *n* codes.
  public var labels: [Int32]
  /// The predicted classes, *n* codes.
  public var predictions: [Int32]?
  /// The scores of the positive class, *n*; finite.
  public var scores: [Double]?
  /// The probabilities of each class, row-major *n* x *c*; finite.
  public var probabilities: [Double]?
  /// The rows' weights, *n*; finite and not negative.
  public var weights: [Double]?

  /// The number of rows.
  public var rowCount: Int { labels.count }

  /// Creates a table.
  ///
  /// - Precondition: All columns have one length, and codes are indices of `classes`.
  public init(
    classes: [Label], labels: [Int32], predictions: [Int32]? = nil, scores: [Double]? = nil,
    probabilities: [Double]? = nil, weights: [Double]? = nil
  ) {
    precondition(predictions.map { $0.count == labels.count } ?? true, "predictions: a row each")
    precondition(scores.map { $0.count == labels.count } ?? true, "scores: a row each")
    precondition(weights.map { $0.count == labels.count } ?? true, "weights: a row each")
    precondition(
      probabilities.map { $0.count == labels.count * classes.count } ?? true,
      "probabilities: a row each, a column a class")
    self.classes = classes
    self.labels = labels
    self.predictions = predictions
    self.scores = scores
    self.probabilities = probabilities
    self.weights = weights
  }
}
