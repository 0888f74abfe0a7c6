internal import InputReading
internal import PredictiveModels

/// What a LightGBM model's scores mean by its objective: `binary sigmoid:1`.
///
/// Source: LightGBM 4.7, src/objective: ConvertOutput and ToString of each.
struct LightGBMObjective: Sendable {
  /// What the library makes of scores.
  let transform: TransformedScores.Transform
  /// What comes of it.
  let meaning: BoosterFile.Meaning

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
    case nil, "none", "null", "custom", "na": (transform, meaning) = (.identity, .numbers)
    case "regression" where settings["sqrt"] != nil:
      (transform, meaning) = (.signedSquare, .numbers)
    case "regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank",
      "rank_xendcg":
      (transform, meaning) = (.identity, .numbers)
    case "poisson", "gamma", "tweedie": (transform, meaning) = (.exponential, .numbers)
    case "cross_entropy", "xentropy": (transform, meaning) = (.logistic(), .numbers)
    case "cross_entropy_lambda", "xentlambda": (transform, meaning) = (.softplus, .numbers)
    case "binary": (transform, meaning) = (.logistic(factor: try factor()), .secondOfTwo)
    case "multiclass": (transform, meaning) = (.softmax, .shares)
    case "multiclassova": (transform, meaning) = (.logistic(factor: try factor()), .shares)
    case let name?: throw .unsupported("LightGBM's objective '\(name)'")
    }
    let isMulticlass = words.first?.hasPrefix("multiclass") ?? false
    let named = settings["num_class"].map { Int($0) } ?? scoreCount
    guard isMulticlass ? named == scoreCount : words.isEmpty || scoreCount == 1 else {
      throw .badField("objective", expected: "an objective of \(scoreCount) trees a round")
    }
  }
}
