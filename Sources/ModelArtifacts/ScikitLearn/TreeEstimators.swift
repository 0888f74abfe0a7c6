internal import DataTables
internal import PredictiveModels

// Estimators made of trees that are `sklearn.tree._tree.Tree`: single ones, forests and gradient boosting.

extension ScikitLearnReader {
  private static let tree = ["sklearn.tree._classes", "sklearn.tree.tree"]
  private static let forest = ["sklearn.ensemble._forest", "sklearn.ensemble.forest"]
  private static let boosting = ["sklearn.ensemble._gb", "sklearn.ensemble.gradient_boosting"]

  static let treeKinds: [Kind] = [
    Kind("DecisionTreeClassifier", in: tree, .predictor(treeEstimator)),
    Kind("DecisionTreeRegressor", in: tree, .predictor(treeEstimator)),
    Kind("ExtraTreeClassifier", in: tree, .predictor(treeEstimator)),
    Kind("ExtraTreeRegressor", in: tree, .predictor(treeEstimator)),
    Kind("RandomForestClassifier", in: forest, .predictor(forestEstimator)),
    Kind("RandomForestRegressor", in: forest, .predictor(forestEstimator)),
    Kind("ExtraTreesClassifier", in: forest, .predictor(forestEstimator)),
    Kind("ExtraTreesRegressor", in: forest, .predictor(forestEstimator)),
    Kind("GradientBoostingClassifier", in: boosting, .predictor(gradientBoosting)),
    Kind("GradientBoostingRegressor", in: boosting, .predictor(gradientBoosting)),
    Kind(
      "IsolationForest", in: ["sklearn.ensemble._iforest", "sklearn.ensemble.iforest"],
      .predictor(isolationForest)),
  ]

  private static func treeEstimator(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try reader.averaged([object], of: object)
  }

  private static func forestEstimator(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try reader.averaged(try reader.trees(of: object), of: object)
  }

  private func trees(of object: ScikitLearnObject) throws(ModelFileError) -> [ScikitLearnObject] {
    try object.items("estimators_").map { id throws(ModelFileError) in
      try ScikitLearnObject(graph, id)
    }
  }

  /// Trees whose leaves are averaged; of a classifier the leaves' values are weighted counts before 1.4
  /// and shares since.
  private func averaged(
    _ trees: [ScikitLearnObject], of object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    guard let first = trees.first else {
      throw .badAttribute(object.className, "estimators_", expected: "a list of trees")
    }
    let isClassifier = object.kind.hasSuffix("Classifier")
    let labels = isClassifier ? try object.labelsOfTargets() : []
    let fitted = try trees.map { tree throws(ModelFileError) in try FittedTree(tree) }
    let targets =
      isClassifier ? labels.map(\.count) : [Int](repeating: 1, count: fitted[0].targetCount)
    let outputCount = targets.reduce(0, +)
    var ensemble = try making(object) { () throws(ModelError) in
      try TreeEnsemble(
        featureCount: fitted[0].featureCount, outputCount: outputCount, comparison: .lessOrEqual,
        roundsToSinglePrecision: true)
    }
    // Of a tree of two children a node, half of the nodes are leaves.
    ensemble.reserveRoom(
      nodeCount: fitted.reduce(0) { $0 + $1.nodeCount },
      leafValueCount: fitted.reduce(0) {
        $0 + min($1.valueCount, $1.valueCount / 2 + outputCount)
      })
    for tree in fitted {
      guard tree.featureCount == ensemble.featureCount else {
        throw .badAttribute(object.className, "estimators_", expected: "trees of the same features")
      }
      let grown = try tree.tree(outputs: targets, isNormalized: isClassifier)
      do throws(ModelError) { try ensemble.append(grown) } catch {
        throw .model(error, object: object.className)
      }
    }
    let form: OutputForm =
      if isClassifier {
        labels.count == 1
          ? .classes(labels[0], .shares) : .several(labels.map { .classes($0, .shares) })
      } else {
        .numbers(.identity)
      }
    return try making(object) { () throws(ModelError) in
      let scores = try TreeScores(
        name: object.kind, trees: ensemble, aggregation: .mean,
        starts: [Double](repeating: 0, count: outputCount),
        acceptsMissingValues: fitted[0].knowsMissingValues
          && acceptsMissingValues(first, inForest: first.className != object.className))
      return try ScoringModel(name: object.kind, scorer: scores, form: form)
    }
  }

  /// Whether a tree takes missing values.
  ///
  /// Since 1.3 one does whose splits were searched exhaustively by some criteria, since 1.6 whatever
  /// they were, and a drawn one too. Forests follow since 1.4.
  private func acceptsMissingValues(_ tree: ScikitLearnObject, inForest: Bool) -> Bool {
    guard tree.isVersion(atLeast: 1, inForest ? 4 : 3) else { return false }
    let isDrawnTree = tree.kind.hasPrefix("ExtraTree")
    let splitter = tree.text("splitter")
    guard !tree.isVersion(atLeast: 1, 6) else {
      return isDrawnTree ? splitter == "random" : true
    }
    let criteria: Set<String> =
      tree.kind.hasSuffix("Classifier")
      ? ["gini", "log_loss", "entropy"] : ["squared_error", "friedman_mse", "poisson"]
    return !isDrawnTree && splitter == "best" && !tree.has("monotonic_cst")
      && criteria.contains(tree.text("criterion") ?? "")
  }

  // MARK: Gradient boosting

  /// Rounds of a tree for each score, whose leaves are multiplied with the learning rate and added to
  /// what `init_` says.
  private static func gradientBoosting(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let graph = reader.graph
    guard let array = graph.array(try object.attribute("estimators_")), array.shape.count == 2,
      case .objects(let ids) = array.storage, let first = ids.first
    else {
      throw .badAttribute(object.className, "estimators_", expected: "a matrix of trees")
    }
    let scoreCount = array.shape[1]
    let featureCount = try FittedTree(ScikitLearnObject(graph, first)).featureCount
    var ensemble = try reader.making(object) { () throws(ModelError) in
      try TreeEnsemble(
        featureCount: featureCount, outputCount: 1, comparison: .lessOrEqual,
        roundsToSinglePrecision: true)
    }
    for id in ids {
      let tree = try FittedTree(ScikitLearnObject(graph, id)).tree(
        outputs: [1], isNormalized: false)
      do throws(ModelError) { try ensemble.append(tree) } catch {
        throw .model(error, object: object.className)
      }
    }
    let isExponential = object.text("loss") == "exponential"
    // Before 1.4 the class was that of the greatest probability, so that at 0 it was the first.
    let isNew = object.isVersion(atLeast: 1, 4)
    var form = OutputForm.numbers(.identity)
    var link = BoostedScores.InitialLink.number
    if object.kind == "GradientBoostingClassifier" {
      let classes = try object.labels()
      // Since 1.6 the smallest share is a double's.
      let smallest = object.isVersion(atLeast: 1, 6) ? Double.ulpOfOne : Double(Float.ulpOfOne)
      if classes.count == 2 {
        form = .classes(
          classes,
          .logistic(factor: isExponential ? 2 : 1, zeroIsSecond: isNew || isExponential))
        link = .logOdds(factor: isExponential ? 0.5 : 1, smallest: smallest)
      } else {
        form = .classes(classes, .softmax())
        link = .logarithms(isCentred: isNew, smallest: smallest)
      }
    }
    let initial = try reader.initial(object, scoreCount: scoreCount, link: link)
    let rate = try object.number("learning_rate")
    return try reader.making(object) { () throws(ModelError) in
      let trees = try TreeScores(
        name: object.kind, trees: ensemble, aggregation: .sum(factor: rate),
        starts: [Double](repeating: 0, count: scoreCount), acceptsMissingValues: false)
      return try ScoringModel(
        name: object.kind, scorer: BoostedScores(initial: initial, trees: trees), form: form)
    }
  }

  /// `init_`: an estimator, or nothing; before 0.21 one of those that gradient boosting had for itself.
  private func initial(
    _ object: ScikitLearnObject, scoreCount: Int, link: BoostedScores.InitialLink
  ) throws(ModelFileError) -> BoostedScores.Initial {
    let id = try object.attribute("init_")
    if graph.text(id) == "zero" {
      return .constant([Double](repeating: 0, count: scoreCount))
    }
    let own = try ScikitLearnObject(graph, id)
    let values: [Double]
    switch own.kind {
    case "LogOddsEstimator", "ScaledLogOddsEstimator": values = [try own.number("prior")]
    case "PriorProbabilityEstimator": values = try own.numbers("priors").values
    case "MeanEstimator": values = [try own.number("mean")]
    case "QuantileEstimator": values = [try own.number("quantile")]
    case "ZeroEstimator": values = [Double](repeating: 0, count: scoreCount)
    default:
      guard object.isVersion(atLeast: 0, 21) else {
        throw .unsupportedSetting(object.className, "an estimator as 'init'")
      }
      return .predictor(try predictor(id), link)
    }
    guard values.count == scoreCount, values.allSatisfy(\.isFinite) else {
      throw .badAttribute(object.className, "init_", expected: "a number for each score")
    }
    return .constant(values)
  }

  // MARK: Isolation forest

  /// Trees whose leaves tell how deep a row falls, to which a leaf adds the depth that its rows would
  /// have reached in a random tree.
  ///
  /// Source: F. Liu, K. Ting, Z. Zhou 2008, doi:10.1109/ICDM.2008.17.
  private static func isolationForest(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let graph = reader.graph
    let columns = try object.items("estimators_features_")
    let trees = try reader.trees(of: object)
    let sampleCount = try object.number("max_samples_")
    let offset = try object.number("offset_")
    // Before 0.22 scores could be told from a threshold of their own.
    let threshold = object.text("behaviour") == "old" ? try object.number("_threshold_") : 0
    guard let first = trees.first, columns.count == trees.count, sampleCount >= 1 else {
      throw .badAttribute(object.className, "estimators_", expected: "a list of trees")
    }
    let rule: IsolationScores.DepthRule = object.isVersion(atLeast: 0, 21) ? .exact : .early
    var featureCount = object.featureCount ?? object.optionalInteger("n_features_") ?? 0
    var grown: [TreeEnsemble.Tree] = []
    for (tree, column) in zip(trees, columns) {
      let fitted = try FittedTree(tree)
      guard let own = graph.array(column)?.integers, own.count == fitted.featureCount,
        own.allSatisfy({ (0..<1 << 24).contains($0) })
      else {
        throw .badAttribute(
          object.className, "estimators_features_", expected: "a list of columns for each tree")
      }
      featureCount = max(featureCount, (own.max() ?? -1) + 1)
      grown.append(try fitted.isolationTree(columns: own, rule))
    }
    return try reader.making(object) { () throws(ModelError) in
      var ensemble = try TreeEnsemble(
        featureCount: featureCount, outputCount: 1, comparison: .lessOrEqual,
        roundsToSinglePrecision: true)
      for tree in grown { try ensemble.append(tree) }
      // Since 1.6 the trees, which are drawn, take missing values.
      let depths = try TreeScores(
        name: object.kind, trees: ensemble, aggregation: .mean, starts: [0],
        acceptsMissingValues: first.isVersion(atLeast: 1, 6))
      return try ScoringModel(
        name: object.kind,
        scorer: IsolationScores(
          depths: depths, expectedDepth: rule.averageDepth(sampleCount), offset: offset),
        form: .classes(
          [.integer(-1), .integer(1)], .margins(above: threshold, thresholdIsSecond: true)))
    }
  }
}

/// `tree_`: a Tree called with (features, classes, outputs), whose state has `nodes`, a structured
/// array that grew with versions, and `values`, *nodes* x *outputs* x *classes*.
struct FittedTree {
  let featureCount: Int
  /// The number of targets.
  let targetCount: Int
  /// Whether nodes say where missing values go, as they do since 1.3.
  var knowsMissingValues: Bool { nodes.type.fields.contains { $0.name == "missing_go_to_left" } }
  private let nodes: NumPyArray
  private let values: NumPyArray
  private let className: String

  init(_ object: ScikitLearnObject) throws(ModelFileError) {
    let graph = object.graph
    className = object.className
    func bad(_ expected: String) -> ModelFileError {
      .badAttribute(object.className, "tree_", expected: expected)
    }
    guard case .object(let tree) = graph[try object.attribute("tree_")],
      tree.constructor == "sklearn.tree._tree.Tree", let state = tree.state,
      let arguments = graph.elements(tree.arguments), arguments.count == 3,
      let featureCount = graph.integer(arguments[0]), featureCount > 0,
      let targetCount = graph.integer(arguments[2]), targetCount > 0
    else { throw bad("a tree") }
    guard let nodesID = graph.value("nodes", in: state), let nodes = graph.array(nodesID),
      let valuesID = graph.value("values", in: state), let values = graph.array(valuesID)
    else { throw bad("a tree of nodes and values") }
    guard targetCount <= max(values.count, 1), featureCount <= Int(Int32.max) else {
      throw bad("a tree with a value for each target")
    }
    self.featureCount = featureCount
    self.targetCount = targetCount
    self.nodes = nodes
    self.values = values
  }

  /// The number of nodes.
  var nodeCount: Int { nodes.count }
  /// The number of all nodes' values.
  var valueCount: Int { values.count }

  /// Each node's child on the left, which leaves have none of: below 0.
  private func lefts() throws(ModelFileError) -> [Int] {
    guard let lefts = nodes.integers(ofField: "left_child") else {
      throw bad("a tree of nodes and values")
    }
    return lefts
  }

  /// How much splits by each feature lessen impurity: of all training rows, or in shares of the whole.
  func importances(isNormalized: Bool) throws(ModelFileError) -> [Double] {
    let lefts = try lefts()
    guard let rights = nodes.integers(ofField: "right_child"),
      let features = nodes.integers(ofField: "feature"),
      let impurities = nodes.doubles(ofField: "impurity"),
      let weights = nodes.doubles(ofField: "weighted_n_node_samples"),
      let total = weights.first, featureCount <= 1 << 24
    else { throw bad("a tree of nodes") }
    var importances = [Double](repeating: 0, count: featureCount)
    for (node, left) in lefts.enumerated() where left >= 0 {
      let right = rights[node]
      guard lefts.indices.contains(left), lefts.indices.contains(right),
        importances.indices.contains(features[node])
      else { throw bad("a tree of nodes") }
      importances[features[node]] +=
        weights[node] * impurities[node] - weights[left] * impurities[left]
        - weights[right] * impurities[right]
    }
    for index in importances.indices { importances[index] /= total }
    guard isNormalized else { return importances }
    let sum = importances.reduce(0, +)
    return sum > 0 ? importances.map { $0 / sum } : importances
  }

  private func bad(_ expected: String) -> ModelFileError {
    .badAttribute(className, "tree_", expected: expected)
  }

  /// The tree.
  ///
  /// - Parameters:
  ///   - outputs: The number of values of each target: its classes, or 1.
  ///   - isNormalized: Whether a target's values are to add up to 1.
  /// - Returns: a tree, not yet checked.
  /// - Throws: ``ModelFileError`` if there are other numbers of values.
  func tree(outputs: [Int], isNormalized: Bool) throws(ModelFileError) -> TreeEnsemble.Tree {
    let lefts = try lefts()
    guard let values = values.doubles else { throw bad("a tree of nodes and values") }
    let width = outputs.max() ?? 1
    let outputCount = outputs.reduce(0, +)
    let (perNode, overflows) = targetCount.multipliedReportingOverflow(by: width)
    guard outputs.count == targetCount, !overflows, perNode > 0,
      values.count % perNode == 0, values.count / perNode == lefts.count
    else {
      throw bad("a tree with a value for each of \(outputCount) classes")
    }
    var leaves = values
    if outputs.count > 1, width > 1 || isNormalized {
      // Targets of fewer classes than others are filled up with zeros.
      leaves = lefts.indices.flatMap { node in
        outputs.enumerated().flatMap { target, count in
          let start = (node * targetCount + target) * width
          return values[start..<start + count]
        }
      }
    }
    if isNormalized {
      var start = 0
      for _ in lefts.indices {
        for count in outputs {
          var total = 0.0
          for index in start..<start + count { total += leaves[index] }
          if total > 0 { for index in start..<start + count { leaves[index] /= total } }
          start += count
        }
      }
    }
    return try tree(lefts: lefts, values: leaves)
  }

  /// The tree with leaves' depths, over more columns than its own.
  func isolationTree(
    columns: [Int], _ rule: IsolationScores.DepthRule
  ) throws(ModelFileError) -> TreeEnsemble.Tree {
    guard let counts = nodes.integers(ofField: "n_node_samples") else { throw bad("a tree") }
    let lefts = try lefts()
    var tree = try tree(lefts: lefts, values: [Double](repeating: 0, count: lefts.count))
    for node in lefts.indices where lefts[node] >= 0 {
      guard columns.indices.contains(tree.features[node]) else { throw bad("a tree") }
      tree.features[node] = columns[tree.features[node]]
      // Children stand behind their parents; one that does not is found when the tree is checked.
      for child in [lefts[node], tree.rights[node]]
      where lefts.indices.contains(child) && child > node {
        tree.values[child] = tree.values[node] + 1
      }
    }
    for node in lefts.indices where lefts[node] < 0 {
      tree.values[node] += rule.averageDepth(Double(counts[node]))
    }
    return tree
  }

  private func tree(
    lefts: [Int], values: [Double]
  ) throws(ModelFileError) -> TreeEnsemble.Tree {
    guard let rights = nodes.integers(ofField: "right_child"),
      let features = nodes.integers(ofField: "feature"),
      let thresholds = nodes.doubles(ofField: "threshold")
    else { throw bad("a tree of nodes and values") }
    return TreeEnsemble.Tree(
      lefts: lefts, rights: rights, features: features, thresholds: thresholds,
      missingGoesLeft: nodes.integers(ofField: "missing_go_to_left")?.map { $0 != 0 } ?? [],
      values: values)
  }
}
