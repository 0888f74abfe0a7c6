public import DataTables

/// Trees' leaf values, added up or averaged: what forests and boosted trees score by.
public struct TreeScores: Scorer, Hashable {
  /// How trees are put together.
  public enum Aggregation: Sendable, Hashable {
    /// The mean over all trees.
    case mean
    /// The sum, each value multiplied with a factor.
    case sum(factor: Double)
  }

  private let trees: TreeEnsemble
  private let flat: FlatTrees
  private let aggregation: Aggregation
  /// What sums begin with, one a score.
  private let starts: [Double]
  /// Whether features may be missing.
  public let acceptsMissingValues: Bool

  /// The number of features.
  public var featureCount: Int? { trees.featureCount }
  /// The number of scores of a row.
  public var scoreCount: Int { starts.count }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { trees.roundsToSinglePrecision }
  /// The number of trees.
  public var treeCount: Int? { trees.treeCount }

  /// Creates scores.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name, for errors.
  ///   - trees: Leaves with a value a score; or with one value, and trees that stand for one score
  ///     after another, again and again.
  ///   - aggregation: How trees are put together.
  ///   - starts: What sums begin with, one a score.
  ///   - acceptsMissingValues: Whether features may be missing.
  /// - Throws: ``ModelError/badShape(_:)`` if leaves and scores do not fit, or there are no trees.
  public init(
    name: String, trees: TreeEnsemble, aggregation: Aggregation, starts: [Double],
    acceptsMissingValues: Bool
  ) throws(ModelError) {
    guard !starts.isEmpty, trees.outputCount == starts.count || trees.outputCount == 1,
      trees.treeCount * trees.outputCount % starts.count == 0
    else {
      throw .badShape(
        "\(name) has \(trees.treeCount) trees of \(trees.outputCount) values for "
          + "\(starts.count) scores")
    }
    guard trees.treeCount > 0 || aggregation != .mean else {
      throw .badShape("\(name) has no trees")
    }
    guard starts.allSatisfy(\.isFinite) else {
      throw .badNumber("\(name) begins with a number that is not finite")
    }
    self.trees = trees
    let factor = if case .sum(let factor) = aggregation { factor } else { 1.0 }
    flat = FlatTrees(
      trees, weights: [Double](repeating: factor, count: trees.treeCount),
      scores: (0..<trees.treeCount).map { $0 * trees.outputCount % starts.count },
      scoreCount: starts.count, isSinglePrecision: false)
    self.aggregation = aggregation
    self.starts = starts
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// The scores of each row, trees in their order.
  public func scores(of features: FeatureMatrix) -> [Double] {
    scores(of: features, from: nil)
  }

  /// The scores of each row, trees in their order, from numbers that the rows begin with.
  ///
  /// - Parameters:
  ///   - features: *n* rows.
  ///   - rowStarts: Row-major, *n* x *m*; `nil` where all rows begin alike.
  /// - Returns: scores, row-major, *n* x *m*.
  func scores(of features: FeatureMatrix, from rowStarts: [Double]?) -> [Double] {
    guard case .mean = aggregation, trees.treeCount > 1 else {
      return flat.scores(of: features, from: rowStarts ?? starts)
    }
    let count = Double(trees.treeCount)
    return flat.scores(of: features, from: rowStarts ?? starts) { $0 / count }
  }
}
