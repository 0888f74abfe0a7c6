public import DataTables
internal import NumericKernels

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
    let blocks = Chunks.map(features.rowCount, size: 1_024) { rows in
      var sums: [Double] = []
      if let rowStarts {
        sums = Array(rowStarts[rows.lowerBound * starts.count..<rows.upperBound * starts.count])
      } else {
        sums.reserveCapacity(rows.count * starts.count)
        for _ in rows { sums += starts }
      }
      let factor = if case .sum(let factor) = aggregation { factor } else { 1.0 }
      var span = sums.mutableSpan
      let values = features.values.span
      // One tree's nodes are near one another: rows inside trees, not trees inside rows.
      for tree in 0..<trees.treeCount {
        let first = tree * trees.outputCount % starts.count
        for (place, row) in rows.enumerated() {
          trees.add(
            tree: tree, values: values, from: row * trees.featureCount, times: factor, to: &span,
            from: place * starts.count + first)
        }
      }
      if case .mean = aggregation, trees.treeCount > 1 {
        for index in span.indices { span[index] /= Double(trees.treeCount) }
      }
      return sums
    }
    return blocks.count == 1 ? blocks[0] : blocks.flatMap(\.self)
  }
}
