internal import DataTables
internal import PredictiveModels

// Gradient boosting on histograms, whose trees are structured arrays of their own.

extension ScikitLearnReader {
  private static let histogramBoosting = [
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting"
  ]

  static let histogramKinds: [Kind] = [
    "HistGradientBoostingClassifier", "HistGradientBoostingRegressor",
  ].map { Kind($0, in: histogramBoosting, .predictor(histogramBoosting)) }

  /// `_predictors`: rounds of a tree for each score, added to `_baseline_prediction`.
  ///
  /// Since 1.4 a `_preprocessor` may encode categories first, and put their columns in front.
  private static func histogramBoosting(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let graph = reader.graph
    let rounds = try object.items("_predictors")
    guard let first = rounds.first.flatMap({ graph.items($0) }), !first.isEmpty,
      let featureCount = object.featureCount ?? object.optionalInteger("n_features_")
        ?? object.optionalInteger("_n_features")
    else { throw .badAttribute(object.className, "_predictors", expected: "lists of trees") }
    let starts = try object.numbers("_baseline_prediction").values
    let known = try reader.knownCategories(object)
    var ensemble = try reader.making(object) { () throws(ModelError) in
      try TreeEnsemble(
        featureCount: featureCount, outputCount: 1, comparison: .lessOrEqual,
        roundsToSinglePrecision: false)
    }
    for round in rounds {
      guard let trees = graph.items(round), trees.count == first.count else {
        throw .badAttribute(object.className, "_predictors", expected: "lists of trees")
      }
      for tree in trees {
        let grown = try reader.histogramTree(tree, known: known, of: object)
        do throws(ModelError) { try ensemble.append(grown) } catch {
          throw .model(error, object: object.className)
        }
      }
    }
    let form: OutputForm
    if object.kind == "HistGradientBoostingClassifier" {
      let classes = try object.labels()
      form = .classes(classes, classes.count == 2 ? .logistic() : .softmax())
    } else {
      let hasLogarithm = ["poisson", "gamma"].contains(object.text("loss"))
      form = .numbers(hasLogarithm ? .exponential : .identity)
    }
    let model = try reader.making(object) { () throws(ModelError) in
      let scores = try TreeScores(
        name: object.kind, trees: ensemble, aggregation: .sum(factor: 1), starts: starts,
        acceptsMissingValues: true)
      return try ScoringModel(name: object.kind, scorer: scores, form: form)
    }
    guard object.has("_preprocessor") else { return model }
    let preprocessor = try reader.step(try object.attribute("_preprocessor"))
    return try reader.making(object) { () throws(ModelError) in
      try Pipeline(steps: [preprocessor], predictor: model)
    }
  }

  /// The categories of each feature that has any, as bits.
  private func knownCategories(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> [Int: [UInt32]] {
    guard object.has("_bin_mapper") else { return [:] }
    let mapper = try ScikitLearnObject(graph, object.attribute("_bin_mapper"))
    guard mapper.has("is_categorical_"),
      let flags = graph.array(try mapper.attribute("is_categorical_"))?.integers,
      flags.contains(where: { $0 != 0 })
    else { return [:] }
    let thresholds = try mapper.items("bin_thresholds_")
    var known: [Int: [UInt32]] = [:]
    for (feature, flag) in flags.enumerated() where flag != 0 {
      guard thresholds.indices.contains(feature),
        let categories = graph.array(thresholds[feature])?.doubles
      else { throw .badAttribute(mapper.className, "bin_thresholds_", expected: "categories") }
      var words = [UInt32](repeating: 0, count: 8)
      for category in categories where category >= 0 && category < 256 {
        words[Int(category) / 32] |= 1 << UInt32(Int(category) % 32)
      }
      known[feature] = words
    }
    return known
  }

  /// A TreePredictor's `nodes`, by the names of their fields, which grew with versions, and
  /// `raw_left_cat_bitsets`, eight words for each split by category.
  private func histogramTree(
    _ id: NodeID, known: [Int: [UInt32]], of object: ScikitLearnObject
  ) throws(ModelFileError) -> TreeEnsemble.Tree {
    func bad() -> ModelFileError {
      .badAttribute(object.className, "_predictors", expected: "trees of nodes")
    }
    let tree = try ScikitLearnObject(graph, id)
    guard let nodes = graph.array(try tree.attribute("nodes")),
      let values = nodes.doubles(ofField: "value"), let isLeaf = nodes.integers(ofField: "is_leaf"),
      var lefts = nodes.integers(ofField: "left"), let rights = nodes.integers(ofField: "right"),
      let features = nodes.integers(ofField: "feature_idx"),
      // Its name before 0.24.
      var thresholds = nodes.doubles(ofField: "num_threshold")
        ?? nodes.doubles(ofField: "threshold")
    else { throw bad() }
    for node in lefts.indices where isLeaf[node] != 0 { lefts[node] = -1 }
    var categories: [TreeEnsemble.CategorySplit?] = []
    if let isCategorical = nodes.integers(ofField: "is_categorical"),
      isCategorical.contains(where: { $0 != 0 })
    {
      guard let places = nodes.integers(ofField: "bitset_idx"),
        let words = graph.array(try tree.attribute("raw_left_cat_bitsets"))?.integers
      else { throw bad() }
      for node in lefts.indices {
        guard isCategorical[node] != 0, lefts[node] >= 0 else {
          categories.append(nil)
          continue
        }
        let start = places[node].multipliedReportingOverflow(by: 8).partialValue
        guard start >= 0, start <= words.count - 8 else { throw bad() }
        categories.append(
          TreeEnsemble.CategorySplit(
            left: words[start..<start + 8].map { UInt32(truncatingIfNeeded: $0) },
            known: known[features[node]]))
        thresholds[node] = 0
      }
    }
    return TreeEnsemble.Tree(
      lefts: lefts, rights: rights, features: features, thresholds: thresholds,
      missingGoesLeft: nodes.integers(ofField: "missing_go_to_left")?.map { $0 != 0 } ?? [],
      values: values, categories: categories)
  }
}
