import DataTables
import PredictiveModels

/// A classifier by weighted sums.
func linearClassifier(
  name: String = "Linear", classes: [Label], coefficients: [Double], intercepts: [Double],
  link: OutputForm.ClassLink
) throws -> ScoringModel {
  try ScoringModel(
    name: name,
    scorer: WeightedSums(name: name, coefficients: coefficients, intercepts: intercepts),
    form: .classes(classes, link))
}

/// A node of a tree, as a person draws one.
struct Node: Sendable {
  var leaf: [Double]?
  var feature = 0
  var threshold = 0.0
  var left = -1
  var right = -1
  var missingGoesLeft = false
  var categories: TreeEnsemble.CategorySplit?

  init(leaf: [Double]) {
    self.leaf = leaf
  }

  init(
    feature: Int, threshold: Double, left: Int, right: Int, missingGoesLeft: Bool = false,
    categories: TreeEnsemble.CategorySplit? = nil
  ) {
    self.feature = feature
    self.threshold = threshold
    self.left = left
    self.right = right
    self.missingGoesLeft = missingGoesLeft
    self.categories = categories
  }
}

/// Trees of nodes as a person draws them.
func treeEnsemble(
  _ trees: [[Node]], features: Int, outputs: Int = 1,
  comparison: TreeEnsemble.Comparison = .lessOrEqual, rounds: Bool = false
) throws -> TreeEnsemble {
  var ensemble = try TreeEnsemble(
    featureCount: features, outputCount: outputs, comparison: comparison,
    roundsToSinglePrecision: rounds)
  for nodes in trees {
    try ensemble.append(
      TreeEnsemble.Tree(
        lefts: nodes.map { $0.leaf == nil ? $0.left : -1 }, rights: nodes.map(\.right),
        features: nodes.map(\.feature), thresholds: nodes.map(\.threshold),
        missingGoesLeft: nodes.map(\.missingGoesLeft),
        values: nodes.flatMap { $0.leaf ?? [Double](repeating: 0, count: outputs) },
        categories: nodes.map(\.categories)))
  }
  return ensemble
}

/// A classifier of trees whose leaves hold shares.
func treeClassifier(
  _ trees: [[Node]], classes: [Label], features: Int, acceptsMissingValues: Bool = false
) throws -> ScoringModel {
  try ScoringModel(
    name: "Trees",
    scorer: TreeScores(
      name: "Trees",
      trees: treeEnsemble(trees, features: features, outputs: classes.count, rounds: true),
      aggregation: .mean, starts: [Double](repeating: 0, count: classes.count),
      acceptsMissingValues: acceptsMissingValues),
    form: .classes(classes, .shares))
}
