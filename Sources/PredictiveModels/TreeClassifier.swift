public import DataTables

/// A classifier whose trees' leaves hold the share of each class; several trees are averaged.
public struct TreeClassifier: Predictor, Hashable {
  /// The algorithm's name.
  public let name: String
  /// Whether features may be missing.
  public let acceptsMissingValues: Bool
  private let labels: [Label]
  private let trees: TreeEnsemble

  /// The number of features.
  public var featureCount: Int { trees.featureCount }
  /// The classes in the model's order.
  public var classes: [Label]? { labels }
  /// Features are rounded to single precision, as scikit-learn does.
  public var roundsToSinglePrecision: Bool { true }
  /// The number of trees.
  public var treeCount: Int? { trees.treeCount }

  /// Creates a classifier.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` unless leaves have a value for each class.
  public init(
    name: String, classes: [Label], trees: TreeEnsemble, acceptsMissingValues: Bool
  ) throws(ModelError) {
    guard !classes.isEmpty, Set(classes).count == classes.count, trees.outputCount == classes.count,
      trees.treeCount > 0
    else {
      throw .badShape("\(name) has \(trees.outputCount) values a leaf for \(classes.count) classes")
    }
    self.name = name
    labels = classes
    self.trees = trees
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// Predicts rows: the class of the greatest mean share, the first of equal ones.
  public func predict(_ features: FeatureMatrix) -> ModelOutput {
    let count = labels.count
    var codes: [Int32] = []
    var probabilities: [Double] = []
    for row in 0..<features.rowCount {
      let values = features[row: row]
      var shares = [Double](repeating: 0, count: count)
      for tree in 0..<trees.treeCount {
        let leaf = trees.leaf(of: values, tree: tree)
        for index in 0..<count { shares[index] += leaf[leaf.startIndex + index] }
      }
      if trees.treeCount > 1 {
        for index in 0..<count { shares[index] /= Double(trees.treeCount) }
      }
      var best = 0
      for index in 1..<max(count, 1) where shares[index] > shares[best] { best = index }
      codes.append(Int32(best))
      probabilities += shares
    }
    return ModelOutput(classes: labels, codes: codes, probabilities: probabilities)
  }
}
