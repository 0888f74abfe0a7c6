internal import DataTables
internal import InputReading
internal import PredictiveModels

/// Reads the models that CatBoost writes as JSON.
///
/// | member | what |
/// |---|---|
/// | `features_info` | `float_features`, each with its place among all features and what missing values count as |
/// | `oblivious_trees` | trees with one split a level: `splits`, of which the first decides the lowest bit of a leaf's place, and `leaf_values`, a row for each leaf |
/// | `trees` | other trees: splits with `left` and `right`, leaves with `value` |
/// | `scale_and_bias` | what sums are multiplied with, and what is added then, for each score |
/// | `model_info` | the objective, `params.loss_function`, and the classes, `class_params` |
///
/// Source: CatBoost's catboost/libs/model/model_export/json_model_helpers.cpp, and what versions 0.26 and
/// 1.2 write.
enum CatBoostModel {
  static let json = BoosterFile.Format(
    name: "CatBoost's JSON",
    fits: { bytes in
      let text = bytes.drop { " \t\r\n".utf8.contains($0) }
      guard text.first == UInt8(ascii: "{") else { return false }
      let head = String(decoding: text.prefix(256), as: UTF8.self)
      return head.contains("\"features_info\"")
    },
    read: { bytes, _, limits throws(ModelFormatError) in
      try file(FieldValue(json: bytes, limits), limits)
    })

  /// What the numbers of an objective are.
  private static let objectives: [String: (TransformedScores.Transform, BoosterFile.Meaning)] =
    Dictionary(
      uniqueKeysWithValues: [
        (["Logloss", "CrossEntropy"], (.logistic(), .secondOfTwo)),
        (["MultiClass"], (.softmax, .shares)), (["MultiClassOneVsAll"], (.logistic(), .shares)),
        (["Poisson", "Tweedie"], (.exponential, .numbers)),
        (
          [
            "RMSE", "MAE", "Quantile", "MAPE", "Huber", "Expectile", "Lq", "LogLinQuantile",
            "MultiRMSE", "MultiRMSEWithMissingValues", "MultiQuantile", "GroupQuantile", "YetiRank",
            "YetiRankPairwise", "PairLogit", "PairLogitPairwise", "QueryRMSE", "QuerySoftMax",
            "QueryCrossEntropy", "StochasticRank", "StochasticFilter", "LambdaMart",
          ], (.identity, .numbers)
        ),
      ].flatMap { names, meaning in names.map { ($0, meaning) } })

  private static func file(
    _ root: FieldValue, _ limits: Limits
  ) throws(ModelFormatError) -> BoosterFile {
    let whole = try FieldObject(root, path: "")
    let info = try whole.object("model_info")
    let loss = try info.object("params").object("loss_function")
    let name = try loss.string("type")
    guard let (transform, meaning) = objectives[name] else {
      throw .unsupported("CatBoost's objective '\(name)'")
    }
    guard info["binclass_probability_threshold"] == nil else {
      throw .unsupported("a probability threshold in a model of CatBoost")
    }
    let features = try CatBoostFeatures(whole.object("features_info"))
    let (scale, starts) = try scaleAndBias(whole)
    guard starts.count <= limits.columnCount else {
      throw whole.error("scale_and_bias", expected: "a number for each score")
    }
    let isOblivious = whole["oblivious_trees"] != nil
    let listName = isOblivious ? "oblivious_trees" : "trees"
    var trees: [TreeEnsemble.Tree] = []
    for (index, value) in try whole.array(listName).enumerated() {
      let object = try FieldObject(value, path: "\(listName)[\(index)]")
      trees.append(
        isOblivious
          ? try TreeEnsemble.Tree(obliviousCatBoost: object, features, width: starts.count)
          : try TreeEnsemble.Tree(catBoost: object, features, width: starts.count))
    }
    let labels = meaning == .numbers ? nil : try labels(info)
    do throws(ModelError) {
      var ensemble = try TreeEnsemble(
        featureCount: features.count, outputCount: starts.count, comparison: .lessOrEqual,
        roundsToSinglePrecision: true)
      for tree in trees { try ensemble.append(tree) }
      let scores = try TreeSums(
        trees: ensemble, groups: trees.map { _ in 0 }, weights: trees.map { _ in scale },
        starts: starts, isSinglePrecision: false)
      return BoosterFile(
        format: "catboost-json", framework: "CatBoost", version: version(info),
        featureNames: features.names, scores: scores, transform: transform, meaning: meaning,
        isSinglePrecision: false, labels: labels,
        booster: ModelDescription.Estimator(
          name: isOblivious ? "oblivious trees" : "trees", parameters: [("loss_function", name)]),
        rounds: nil, byteCount: ensemble.byteCount)
    } catch { throw .model(error) }
  }

  /// `[scale, [bias, …]]`, in old versions with one bias that is no list.
  private static func scaleAndBias(
    _ whole: FieldObject
  ) throws(ModelFormatError) -> (scale: Double, biases: [Double]) {
    switch whole["scale_and_bias"] {
    case .array(let parts):
      if parts.count == 2, case .number(let scale) = parts[0], case .numbers(let biases) = parts[1],
        !biases.isEmpty
      {
        return (scale, biases)
      }
    case .numbers(let numbers) where numbers.count == 2: return (numbers[0], [numbers[1]])
    default: break
    }
    throw whole.error("scale_and_bias", expected: "a factor and a number for each score")
  }

  /// The classes; `nil` where they are numbered.
  private static func labels(_ info: FieldObject) throws(ModelFormatError) -> [Label]? {
    guard let parameters = try info.optionalObject("class_params"),
      parameters["class_names"] != nil
    else { return nil }
    let labels = try parameters.array("class_names").map { value throws(ModelFormatError) in
      switch value {
      case .string(let text): return Label.text(text)
      case .bool(let truth): return .text(truth ? "True" : "False")
      case .number(let number):
        if let whole = Int64(exactly: number) { return .integer(whole) }
        throw .unsupported("a class label that is a fraction")
      default: throw parameters.error("class_names", expected: "a list of labels")
      }
    }
    return labels.isEmpty ? nil : labels
  }

  /// `Summary: CatBoost release 1.2.10. …`, in files of a release.
  private static func version(_ info: FieldObject) -> String? {
    let parts = info.optionalString("catboost_version_info")?.split(
      separator: "CatBoost release ", maxSplits: 1)
    guard let parts, parts.count == 2 else { return nil }
    let digits = parts[1].prefix { $0.isNumber || $0 == "." }
    return digits.hasSuffix(".") ? String(digits.dropLast()) : String(digits)
  }
}
