public import DataTables

/// Sums of trees' leaf values, each tree with a weight and a score of its own: what a booster's file holds.
public struct TreeSums: Scorer, Hashable {
  private let trees: TreeEnsemble
  private let flat: FlatTrees
  /// What is added, one a score.
  private let starts: [Double]
  /// What sums are divided by.
  private let divisor: Double

  /// The number of features.
  public var featureCount: Int? { trees.featureCount }
  /// The number of scores of a row.
  public var scoreCount: Int { starts.count }
  /// Features may be missing.
  public var acceptsMissingValues: Bool { true }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { trees.roundsToSinglePrecision }
  /// The number of trees that are added up.
  public let treeCount: Int?

  /// Creates sums.
  ///
  /// - Parameters:
  ///   - trees: The trees; their values are as many as the scores, or one.
  ///   - groups: For each tree that is added up, the first ones, the score of its first value.
  ///   - weights: For each tree what its values are multiplied with.
  ///   - starts: What sums begin with, one a score.
  ///   - divisor: What sums are divided by, if not by 1.
  ///   - isSinglePrecision: Whether sums are rounded to single precision at each step.
  /// - Throws: ``ModelError`` if there are more or fewer of these than trees, a group is none of the
  ///   scores, or a number is not finite.
  public init(
    trees: TreeEnsemble, groups: [Int], weights: [Double], starts: [Double], divisor: Double = 1,
    isSinglePrecision: Bool
  ) throws(ModelError) {
    guard groups.count <= trees.treeCount, weights.count == groups.count else {
      throw .badShape(
        "there are \(trees.treeCount) trees, \(groups.count) groups of them and "
          + "\(weights.count) weights")
    }
    guard groups.allSatisfy({ $0 >= 0 && $0 <= starts.count - trees.outputCount }) else {
      throw .badShape("a tree belongs to none of the \(starts.count) scores")
    }
    guard weights.allSatisfy(\.isFinite), starts.allSatisfy(\.isFinite), divisor > 0 else {
      throw .badNumber("a weight of a tree, or what sums begin with, is not finite")
    }
    self.trees = trees
    treeCount = groups.count
    flat = FlatTrees(
      trees, weights: weights, scores: groups, scoreCount: starts.count,
      isSinglePrecision: isSinglePrecision)
    self.starts = starts
    self.divisor = divisor
  }

  /// The scores of each row, trees in their order.
  public func scores(of features: FeatureMatrix) -> [Double] {
    guard divisor != 1 else { return flat.scores(of: features, from: starts) }
    let divisor = divisor
    return flat.scores(of: features, from: starts) { $0 / divisor }
  }
}
