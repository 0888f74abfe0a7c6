internal import PredictiveModels

// Steps that make other features of all features of a row, or leave some out.

extension ScikitLearnReader {
  private static let selection = "sklearn.feature_selection"
  private static let univariate = [
    "sklearn.feature_selection._univariate_selection",
    "sklearn.feature_selection.univariate_selection",
  ]

  static let featureKinds: [Kind] =
    [
      Kind(
        "PolynomialFeatures", in: ["sklearn.preprocessing._polynomial"] + preprocessingData,
        .step(polynomialFeatures)),
      Kind("PCA", in: ["sklearn.decomposition._pca", "sklearn.decomposition.pca"], .step(pca)),
      Kind(
        "IncrementalPCA",
        in: ["sklearn.decomposition._incremental_pca", "sklearn.decomposition.incremental_pca"],
        .step(pca)),
      Kind(
        "TruncatedSVD",
        in: ["sklearn.decomposition._truncated_svd", "sklearn.decomposition.truncated_svd"],
        .step(truncatedSVD)),
    ]
    + [
      "SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe",
      "GenericUnivariateSelect",
    ].map { Kind($0, in: univariate, .step(univariateSelection)) }
    + [
      (
        "VarianceThreshold",
        ["\(selection)._variance_threshold", "\(selection).variance_threshold"]
      ),
      ("RFE", ["\(selection)._rfe", "\(selection).rfe"]),
      ("RFECV", ["\(selection)._rfe", "\(selection).rfe"]),
      ("SequentialFeatureSelector", ["\(selection)._sequential"]),
      ("SelectFromModel", ["\(selection)._from_model", "\(selection).from_model"]),
    ].map { Kind($0.0, in: $0.1, .step(featureSelection)) }

  private static func polynomialFeatures(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    guard let count = object.featureCount ?? object.optionalInteger("n_input_features_") else {
      throw .notFitted(object.className)
    }
    // Since 1.0 a pair of the lowest and the highest degree, too.
    let degrees = try object.numbers("degree").values.compactMap { Int(exactly: $0) }
    let lowest = degrees.count > 1 ? degrees[0] : 0
    guard let highest = degrees.last, lowest >= 0, highest >= lowest else {
      throw .badAttribute(object.className, "degree", expected: "a degree, or two of them")
    }
    let isInteractionOnly = try object.bool("interaction_only")
    let includesOne = try object.bool("include_bias")
    return try reader.making(object) { () throws(ModelError) in
      try PolynomialExpansion(
        name: object.kind, columnCount: count, degrees: lowest...highest,
        isInteractionOnly: isInteractionOnly, includesOne: includesOne)
    }
  }

  /// `components_`, a row each, and `mean_`; made of unit variance where `whiten` says so.
  private static func pca(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let means = object.has("mean_") ? try object.numbers("mean_").values : nil
    var scales: [Double]?
    if try object.bool("whiten") {
      let variances = try object.numbers("explained_variance_").values
      // A component without variance is not divided by 0.
      scales = variances.map {
        max($0.squareRoot(), object.isVersion(atLeast: 1, 3) ? .ulpOfOne : 0)
      }
    }
    return try reader.projection(object, means: means, scales: scales)
  }

  private static func truncatedSVD(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    try reader.projection(object, means: nil, scales: nil)
  }

  private func projection(
    _ object: ScikitLearnObject, means: [Double]?, scales: [Double]?
  ) throws(ModelFileError) -> any PreprocessingStep {
    let (shape, components) = try object.numbers("components_")
    guard shape.count == 2 else {
      throw .badAttribute(object.className, "components_", expected: "a matrix")
    }
    return try making(object) { () throws(ModelError) in
      try Projection(
        name: object.kind, components: components, componentCount: shape[0], means: means,
        scales: scales)
    }
  }

  // MARK: Selection

  private func selection(
    _ object: ScikitLearnObject, _ isKept: [Bool], acceptsMissingValues: Bool = false
  ) throws(ModelFileError) -> any PreprocessingStep {
    try making(object) { () throws(ModelError) in
      try ColumnSelection(
        name: object.kind, columns: isKept.indices.filter { isKept[$0] },
        columnCount: isKept.count, acceptsMissingValues: acceptsMissingValues)
    }
  }

  /// `scores_` or `pvalues_`, a number a column, and how many of them are good enough.
  private static func univariateSelection(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let modes = [
      "SelectKBest": "k_best", "SelectPercentile": "percentile", "SelectFpr": "fpr",
      "SelectFdr": "fdr", "SelectFwe": "fwe",
    ]
    let mode = modes[object.kind] ?? object.text("mode") ?? ""
    let names = ["k_best": "k", "percentile": "percentile"]
    let parameter = modes[object.kind] == nil ? "param" : names[mode] ?? "alpha"
    let isKept: [Bool]
    switch mode {
    case "k_best", "percentile":
      // A score that is none is the worst.
      let scores = try object.numbers("scores_").values.map {
        $0.isNaN ? -Double.greatestFiniteMagnitude : $0
      }
      if object.text(parameter) == "all" {
        isKept = [Bool](repeating: true, count: scores.count)
      } else if mode == "k_best" {
        isKept = best(scores, count: Int(exactly: try object.number(parameter)) ?? 0)
      } else {
        isKept = best(scores, percentile: try object.number(parameter))
      }
    default:
      let probabilities = try object.numbers("pvalues_").values
      let alpha = try object.number(parameter)
      switch mode {
      case "fpr": isKept = probabilities.map { $0 < alpha }
      case "fwe": isKept = probabilities.map { $0 < alpha / Double(probabilities.count) }
      case "fdr":
        let share = alpha / Double(probabilities.count)
        let passing = probabilities.sorted().enumerated().filter {
          $0.element <= share * Double($0.offset + 1)
        }
        let limit = passing.last?.element ?? -1
        isKept = probabilities.map { $0 <= limit }
      default: throw .unsupportedSetting(object.className, "the mode '\(mode)'")
      }
    }
    return try reader.selection(object, isKept)
  }

  /// The last of a stable ascending order.
  private static func best(_ scores: [Double], count: Int) -> [Bool] {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var isKept = [Bool](repeating: false, count: scores.count)
    for index in order.suffix(max(count, 0)) { isKept[index] = true }
    return isKept
  }

  /// Those above a percentile, and of those at it the first ones that there is room for.
  private static func best(_ scores: [Double], percentile: Double) -> [Bool] {
    guard percentile > 0, percentile < 100, let last = scores.indices.last else {
      return scores.map { _ in percentile >= 100 }
    }
    let sorted = scores.sorted()
    let place = (100 - percentile) / 100 * Double(last)
    let below = min(Int(place), last)
    let above = min(below + 1, last)
    let threshold =
      sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    var isKept = scores.map { $0 > threshold }
    var room = Int(Double(scores.count) * percentile / 100) - isKept.count { $0 }
    for index in scores.indices where scores[index] == threshold && room > 0 {
      isKept[index] = true
      room -= 1
    }
    return isKept
  }

  private static func featureSelection(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    switch object.kind {
    case "VarianceThreshold":
      let threshold = try object.number("threshold")
      return try reader.selection(
        object, try object.numbers("variances_").values.map { $0 > threshold },
        acceptsMissingValues: true)
    case "SelectFromModel": return try reader.selectionByModel(object)
    default:
      return try reader.selection(object, try object.numbers("support_").values.map { $0 != 0 })
    }
  }

  /// The columns whose weights in `estimator_` are no less than a threshold.
  private func selectionByModel(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let prefit = object.optional("prefit").flatMap { graph.bool($0) } ?? false
    let id = try object.attribute(prefit && !object.has("estimator_") ? "estimator" : "estimator_")
    let estimator = try ScikitLearnObject(graph, id)
    guard let getter = object.has("importance_getter") ? object.text("importance_getter") : "auto"
    else { throw .unsupportedSetting(object.className, "weights that a function tells") }
    let weights = try weights(
      of: estimator, getter, order: object.optionalNumber("norm_order") ?? 1)
    guard !weights.isEmpty else {
      throw .badAttribute(object.className, "estimator_", expected: "an estimator with weights")
    }
    var threshold = object.optionalNumber("threshold") ?? .nan
    if threshold.isNaN {
      let word = object.text("threshold") ?? (Self.isSparse(estimator) ? "1e-5" : "mean")
      threshold = try Self.threshold(word, weights, object)
    }
    var isKept = weights.map { $0 >= threshold }
    if object.has("max_features") {
      guard
        let most = object.optionalInteger("max_features_") ?? object.optionalInteger("max_features")
      else { throw .unsupportedSetting(object.className, "max_features that is a function") }
      // The first of equal weights.
      let first = weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }.prefix(
        max(most, 0))
      let candidates = Set(first)
      for index in isKept.indices where !candidates.contains(index) { isKept[index] = false }
    }
    return try selection(object, isKept)
  }

  /// `mean`, `median`, one of them multiplied (`1.25*mean`), or a number.
  private static func threshold(
    _ text: String, _ weights: [Double], _ object: ScikitLearnObject
  ) throws(ModelFileError) -> Double {
    let parts = text.split(separator: "*").map { String($0).filter { $0 != " " } }
    let sorted = weights.sorted()
    let middle = sorted.count / 2
    let references = [
      "mean": weights.reduce(0, +) / Double(weights.count),
      "median": sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
    ]
    if let value = references[text] ?? Double(text) { return value }
    guard parts.count == 2, let factor = Double(parts[0]), let reference = references[parts[1]]
    else { throw .badAttribute(object.className, "threshold", expected: "a threshold") }
    return factor * reference
  }
}
