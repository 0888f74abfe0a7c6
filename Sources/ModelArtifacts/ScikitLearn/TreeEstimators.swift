internal import DataTables
internal import PredictiveModels

extension ScikitLearnReader {
  /// DecisionTreeClassifier: the leaves' values are weighted counts before 1.4 and shares since.
  func decisionTreeClassifier(_ object: ScikitLearnObject) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    let tree = try self.tree(object, outputCount: classes.count)
    do throws(ModelError) {
      let trees = try TreeEnsemble(
        trees: [tree.nodes.map(\.normalized)], featureCount: tree.featureCount,
        outputCount: classes.count, comparison: .lessOrEqual, roundsToSinglePrecision: true)
      return try TreeClassifier(
        name: "DecisionTreeClassifier", classes: classes, trees: trees,
        acceptsMissingValues: tree.knowsMissingValues && acceptsMissingValues(object))
    } catch { throw .model(error, object: object.className) }
  }

  /// Since 1.3 a tree takes missing values where its splits were searched exhaustively, and since 1.6
  /// where they were drawn.
  private func acceptsMissingValues(_ object: ScikitLearnObject) -> Bool {
    let isConstrained = object.optional("monotonic_cst").map { !graph.isNone($0) } ?? false
    let criteria: Set<String> = ["gini", "log_loss", "entropy"]
    let splitter = object.text("splitter")
    let takesThem = splitter == "best" || (splitter == "random" && object.isVersion(atLeast: 1, 6))
    return takesThem && !isConstrained && criteria.contains(object.text("criterion") ?? "")
  }

  /// A tree of the file.
  private struct Tree {
    let nodes: [TreeEnsemble.Node]
    let featureCount: Int
    /// Whether nodes say where missing values go, as they do since 1.3.
    let knowsMissingValues: Bool
  }

  /// `tree_`: a Tree called with (features, classes, outputs), whose state has `nodes`, a structured
  /// array that grew with versions, and `values`, *nodes* x *outputs* x *classes*.
  private func tree(
    _ object: ScikitLearnObject, outputCount: Int
  ) throws(ModelFileError) -> Tree {
    func bad(_ expected: String) -> ModelFileError {
      .badAttribute(object.className, "tree_", expected: expected)
    }
    guard case .object(let tree) = graph[try object.attribute("tree_")],
      tree.constructor == "sklearn.tree._tree.Tree", let state = tree.state,
      let arguments = graph.elements(tree.arguments), arguments.count == 3,
      let featureCount = graph.integer(arguments[0]), featureCount > 0
    else { throw bad("a tree") }
    guard graph.integer(arguments[2]) == 1 else {
      throw .unsupportedSetting(object.className, "several outputs")
    }
    guard let nodesID = graph.value("nodes", in: state), let nodes = graph.array(nodesID),
      let valuesID = graph.value("values", in: state), let values = graph.array(valuesID),
      let leaves = values.doubles, let left = nodes.doubles(ofField: "left_child"),
      let right = nodes.doubles(ofField: "right_child"),
      let feature = nodes.doubles(ofField: "feature"),
      let threshold = nodes.doubles(ofField: "threshold")
    else { throw bad("a tree of nodes and values") }
    guard leaves.count == nodes.count * outputCount else {
      throw bad("a tree with a value for each of \(outputCount) classes")
    }
    let missingGoesLeft = nodes.doubles(ofField: "missing_go_to_left")
    let made = (0..<nodes.count).map { index in
      // A leaf has no children: -1.
      guard left[index] >= 0 else {
        return TreeEnsemble.Node(
          leaf: Array(leaves[index * outputCount..<(index + 1) * outputCount]))
      }
      return TreeEnsemble.Node(
        feature: Int(clamping: feature[index]), threshold: threshold[index],
        left: Int(clamping: left[index]), right: Int(clamping: right[index]),
        missingGoesLeft: missingGoesLeft.map { $0[index] != 0 } ?? false)
    }
    return Tree(
      nodes: made, featureCount: featureCount, knowsMissingValues: missingGoesLeft != nil)
  }
}

extension TreeEnsemble.Node {
  /// The same node; a leaf's values add up to 1.
  fileprivate var normalized: TreeEnsemble.Node {
    guard let leaf else { return self }
    let total = leaf.reduce(0, +)
    return total > 0 ? TreeEnsemble.Node(leaf: leaf.map { $0 / total }) : self
  }
}

extension Int {
  /// The nearest whole number that an index can be; -1 for what is none.
  fileprivate init(clamping value: Double) {
    self = Int(exactly: value) ?? -1
  }
}
