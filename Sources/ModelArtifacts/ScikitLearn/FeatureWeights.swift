internal import PredictiveModels

// How much an estimator makes of each feature, by which features are selected.

extension ScikitLearnReader {
  /// The weight of each feature, 0 or above.
  ///
  /// `getter` is `auto`, or the name of the attribute behind those that lead to it; a weight is the norm
  /// of that order where a feature has several coefficients.
  func weights(
    of estimator: ScikitLearnObject, _ getter: String, order: Double
  ) throws(ModelFileError) -> [Double] {
    var path = getter.split(separator: ".").map(String.init)
    guard let last = path.popLast() else {
      throw .unsupportedSetting(estimator.className, "weights of no name")
    }
    var owner = estimator
    var steps: [(name: String, value: NodeID)]?
    for name in path {
      if let own = steps {
        guard let step = own.first(where: { $0.name == name }) else {
          throw .missingAttribute(owner.className, name)
        }
        owner = try ScikitLearnObject(graph, step.value)
        steps = nil
      } else if name == "named_steps" {
        steps = try owner.pairs("steps")
      } else {
        owner = try ScikitLearnObject(graph, owner.attribute(name))
      }
    }
    switch last {
    case "auto" where owner.has("coef_"), "coef_": return try coefficientNorms(of: owner, order)
    case "auto", "feature_importances_": return try importances(of: owner)
    default: throw .unsupportedSetting(owner.className, "'\(last)' as weights")
    }
  }

  /// Whether an estimator leaves features out by itself, so that all others are selected.
  static func isSparse(_ estimator: ScikitLearnObject) -> Bool {
    let kind = estimator.kind
    if estimator.text("penalty") == "l1" || kind.contains("Lasso") { return true }
    let names = [
      "ElasticNet": "l1_ratio", "ElasticNetCV": "l1_ratio_", "LogisticRegression": "l1_ratio",
    ]
    // A penalty of the absolute values alone, by its share since 1.8.
    guard let name = names[kind], let share = estimator.optionalNumber(name),
      kind != "LogisticRegression" || estimator.isVersion(atLeast: 1, 8)
    else { return false }
    return abs(share - 1) <= 1e-8 + 1e-5
  }

  /// The norm of each feature's coefficients.
  private func coefficientNorms(
    of estimator: ScikitLearnObject, _ order: Double
  ) throws(ModelFileError) -> [Double] {
    let (shape, coefficients) = try estimator.numbers("coef_")
    guard let width = shape.last, width > 0, !coefficients.isEmpty else {
      throw .badAttribute(estimator.className, "coef_", expected: "a matrix")
    }
    return try (0..<width).map { column throws(ModelFileError) in
      let own = stride(from: column, to: coefficients.count, by: width).map {
        abs(coefficients[$0])
      }
      switch order {
      case _ where shape.count == 1: return own[0]
      case 1: return own.reduce(0, +)
      case 2: return own.reduce(0) { $0 + $1 * $1 }.squareRoot()
      case .infinity: return own.max() ?? 0
      case -.infinity: return own.min() ?? 0
      default: throw .unsupportedSetting(estimator.className, "norm_order=\(order)")
      }
    }
  }

  /// How much a tree's splits by each feature lessen impurity, in shares that add up to 1; of several
  /// trees the mean.
  private func importances(of object: ScikitLearnObject) throws(ModelFileError) -> [Double] {
    try nested(object) { () throws(ModelFileError) in
      switch object.kind {
      case "DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier",
        "ExtraTreeRegressor":
        return try FittedTree(object).importances(isNormalized: true)
      case "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier",
        "ExtraTreesRegressor":
        return try meanImportances(of: object, isNormalized: true)
      case "GradientBoostingClassifier", "GradientBoostingRegressor":
        return try meanImportances(of: object, isNormalized: false)
      case "AdaBoostClassifier", "AdaBoostRegressor":
        let members = try object.items("estimators_")
        let weights = try object.numbers("estimator_weights_").values
        var sums: [Double] = []
        for (id, weight) in zip(members, weights) {
          let own = try importances(of: ScikitLearnObject(graph, id))
          if sums.isEmpty { sums = own.map { _ in 0 } }
          for index in sums.indices where index < own.count { sums[index] += weight * own[index] }
        }
        let total = weights.reduce(0, +)
        return sums.map { $0 / total }
      default: throw .unsupportedSetting(object.className, "feature_importances_")
      }
    }
  }

  private func meanImportances(
    of object: ScikitLearnObject, isNormalized: Bool
  ) throws(ModelFileError) -> [Double] {
    var sums: [Double] = []
    var count = 0
    // Before 0.22 trees of a single node counted too.
    let countsAll = isNormalized && !object.isVersion(atLeast: 0, 22)
    for id in try object.items("estimators_") {
      let tree = try FittedTree(ScikitLearnObject(graph, id))
      let own = try tree.importances(isNormalized: isNormalized)
      if sums.isEmpty { sums = own.map { _ in 0 } }
      guard own.count == sums.count else {
        throw .badAttribute(object.className, "estimators_", expected: "trees of the same features")
      }
      for index in sums.indices { sums[index] += own[index] }
      if countsAll || tree.nodeCount > 1 { count += 1 }
    }
    guard count > 0 else { return sums }
    let means = sums.map { $0 / Double(count) }
    let total = countsAll ? 1 : means.reduce(0, +)
    return means.map { $0 / total }
  }
}
