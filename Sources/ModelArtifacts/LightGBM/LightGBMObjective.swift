internal import DataTables
internal import InputReading
internal import PredictiveModels

/// What a LightGBM model's scores mean by its objective: `binary sigmoid:1`.
///
/// Source: LightGBM 4.7, src/objective: ConvertOutput and ToString of each.
struct LightGBMObjective: Sendable {
  private let transform: TransformedScores.Transform
  /// The classes; `nil` where numbers are predicted.
  private let classCount: Int?

  /// Reads an objective; `nil`, which a function of the user's own leaves, predicts scores.
  ///
  /// - Throws: ``ModelFormatError`` if it is none that is known here, or of other scores.
  init(_ text: String?, scoreCount: Int) throws(ModelFormatError) {
    let words = (text ?? "").split(separator: " ").map(String.init)
    var settings: [String: String] = [:]
    for word in words.dropFirst() {
      let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
      settings[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    func factor() throws(ModelFormatError) -> Double {
      guard let text = settings["sigmoid"] else { return 1 }
      guard let factor = Double(decimal: text), factor > 0 else {
        throw .badField("objective", expected: "an objective with a positive sigmoid")
      }
      return factor
    }
    switch words.first {
    case nil, "none", "null", "custom", "na": (transform, classCount) = (.identity, nil)
    case "regression" where settings["sqrt"] != nil: (transform, classCount) = (.signedSquare, nil)
    case "regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank",
      "rank_xendcg":
      (transform, classCount) = (.identity, nil)
    case "poisson", "gamma", "tweedie": (transform, classCount) = (.exponential, nil)
    case "cross_entropy", "xentropy": (transform, classCount) = (.logistic(), nil)
    case "cross_entropy_lambda", "xentlambda": (transform, classCount) = (.softplus, nil)
    case "binary": (transform, classCount) = (.logisticPair(factor: try factor()), 2)
    case "multiclass": (transform, classCount) = (.softmax, scoreCount)
    case "multiclassova": (transform, classCount) = (.logistic(factor: try factor()), scoreCount)
    case let name?: throw .unsupported("LightGBM's objective '\(name)'")
    }
    let isMulticlass = words.first?.hasPrefix("multiclass") ?? false
    let named = settings["num_class"].map { Int($0) } ?? scoreCount
    guard isMulticlass ? named == scoreCount : words.isEmpty || scoreCount == 1 else {
      throw .badField("objective", expected: "an objective of \(scoreCount) trees a round")
    }
  }

  /// The model that predicts by scores.
  func model(name: String, scorer: any Scorer) throws(ModelError) -> ScoringModel {
    let labels = classCount.map { (0..<$0).map { Label.integer(Int64($0)) } }
    return try ScoringModel(
      name: name, scorer: TransformedScores(scorer, transform, isSinglePrecision: false),
      form: labels.map { .classes($0, .shares) } ?? .numbers(.identity))
  }
}
