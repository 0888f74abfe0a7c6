internal import InputReading
internal import PredictiveModels

/// Reads the models that XGBoost writes as JSON and as UBJSON since 1.0, and in its binary format before
/// 3.1.
///
/// Source: XGBoost's documentation of its model's schema, and what versions 0.90 to 3.2 write.
enum XGBoostModel {
  static let formats = encodings.map { encoding in
    BoosterFile.Format(
      name: encoding.name, fits: encoding.fits,
      read: { bytes, trees, limits throws(ModelFormatError) in
        try XGBoostModel.file(
          encoding.value(bytes, limits), format: encoding.format, trees, limits)
      })
  }

  /// One of the ways in which a model's fields are written.
  struct Encoding: Sendable {
    let name: String
    /// The name in a description.
    let format: String
    let fits: @Sendable (_ bytes: [UInt8]) -> Bool
    let value: @Sendable (_ bytes: [UInt8], _ limits: Limits) throws(ModelFormatError) -> FieldValue
  }

  static let encodings = [
    Encoding(
      name: "XGBoost's JSON", format: "xgboost-json",
      fits: { bytes in
        let text = bytes.drop { " \t\r\n".utf8.contains($0) }
        return text.first == UInt8(ascii: "{")
          && Self.namesLearner(text.prefix(256), "\"learner\"")
      },
      value: { bytes, limits throws(ModelFormatError) in
        try FieldValue(json: bytes, limits)
      }),
    Encoding(
      name: "XGBoost's UBJSON", format: "xgboost-ubjson",
      fits: { bytes in
        bytes.count > 1 && bytes[0] == UInt8(ascii: "{") && "iUIlL".utf8.contains(bytes[1])
          && Self.namesLearner(bytes.prefix(256), "learner")
      },
      value: { bytes, limits throws(ModelFormatError) in
        try UBJSON.value(of: bytes, limits: limits)
      }),
    Encoding(
      name: "XGBoost's binary format", format: "xgboost-binary", fits: XGBoostBinary.fits,
      value: { bytes, limits throws(ModelFormatError) in
        try XGBoostBinary.value(of: bytes, limits: limits)
      }),
  ]

  private static func namesLearner(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
    let wanted = Array(name.utf8)
    return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
  }

  /// Reads a model's value.
  ///
  /// - Parameters:
  ///   - root: The value.
  ///   - format: How it was written.
  ///   - choice: Which trees predict; those that the library's own predict uses are all.
  ///   - limits: How many scores a row may have.
  /// - Returns: the model.
  /// - Throws: ``ModelFormatError``.
  static func file(
    _ root: FieldValue, format: String, _ choice: TreeChoice, _ limits: Limits
  ) throws(ModelFormatError) -> BoosterFile {
    let whole = try FieldObject(root, path: "")
    let learner = try whole.object("learner")
    let parameters = try learner.object("learner_model_param")
    let objectiveFields = try learner.object("objective")
    let objectiveName = try objectiveFields.string("name")
    guard let objective = XGBoostObjective(named: objectiveName) else {
      throw .unsupported("XGBoost's objective '\(objectiveName)'")
    }
    let featureCount = try parameters.optionalCount("num_feature") ?? 0
    let scoreCount = try self.scoreCount(parameters, objectiveFields)
    guard featureCount > 0, scoreCount <= limits.columnCount else {
      throw parameters.error("num_feature", expected: "the number of features of a model")
    }
    let isScore = parameters["base_margin"] != nil
    let version = whole["version"] == nil ? nil : try whole.integers("version")
    let link = objective.link(of: version ?? [])
    var starts = try parameters.numberList(isScore ? "base_margin" : "base_score").map {
      isScore ? Float($0) : link.score(of: Float($0))
    }
    if starts.count == 1 { starts = [Float](repeating: starts[0], count: scoreCount) }
    guard starts.count == scoreCount, starts.allSatisfy(\.isFinite) else {
      throw parameters.error(
        "base_score", expected: "a prediction for each of \(scoreCount) scores")
    }

    let booster = try learner.object("gradient_booster")
    let boosterName = try booster.string("name")
    var settings = [("objective", objectiveName)]
    for (name, value) in parameters.strings { settings.append((name, value)) }
    for name in objectiveFields.objectNames {
      for (name, value) in try objectiveFields.object(name).strings {
        settings.append((name, value))
      }
    }
    let scorer: any Scorer
    var rounds: BoosterFile.Rounds?
    var servedTreeCount: Int?
    var byteCount = 0
    switch boosterName {
    case "gbtree", "dart":
      let trees = try XGBoostTrees(
        booster, featureCount: featureCount, scoreCount: scoreCount,
        attributes: learner.optionalObject("attributes"), usesBest: choice == .best)
      scorer = try trees.scorer(starts: starts)
      rounds = trees.rounds
      byteCount = trees.byteCount
      // The container asks boosters for a limit that they have before 2.0.
      let keepsLimit =
        try learner.optionalObject("attributes")?["best_ntree_limit"] != nil
        && (version?.first ?? 0) < 2
      servedTreeCount = keepsLimit ? trees.bestCount : trees.count
      settings += trees.settings
    case "gblinear":
      let weights = try booster.object("model").numbers("weights").map { Float($0) }
      let inner = weights.count - scoreCount
      guard inner >= 0, inner % scoreCount == 0, inner / scoreCount == featureCount else {
        throw booster.error(
          "model.weights", expected: "\(featureCount) weights and a bias for each score")
      }
      byteCount = 4 * weights.count
      // The library adds the first score's start to all of them.
      let first = starts[0]
      scorer = try making { () throws(ModelError) in
        try SkippingSums(
          coefficients: Array(weights[..<inner]), starts: weights[inner...].map { $0 + first })
      }
    default: throw .unsupported("XGBoost's booster '\(boosterName)'")
    }
    return BoosterFile(
      format: format, framework: "XGBoost",
      version: version?.map(String.init).joined(separator: "."),
      featureNames: try featureNames(learner),
      scores: scorer, transform: objective.transform, meaning: objective.meaning,
      isSinglePrecision: true,
      booster: ModelDescription.Estimator(
        name: boosterName, parameters: settings.map { ($0.0, $0.1) }),
      rounds: rounds, byteCount: byteCount, servedTreeCount: servedTreeCount)
  }

  /// Runs what makes a part of a model.
  static func making<Part>(
    _ make: () throws(ModelError) -> Part
  ) throws(ModelFormatError) -> Part {
    do throws(ModelError) { return try make() } catch { throw .model(error) }
  }

  /// A score for each class, target or quantile.
  private static func scoreCount(
    _ parameters: FieldObject, _ objective: FieldObject
  ) throws(ModelFormatError) -> Int {
    var count = max(
      1, try parameters.optionalCount("num_class") ?? 0,
      try parameters.optionalCount("num_target") ?? 0)
    for (group, list) in [
      ("quantile_loss_param", "quantile_alpha"), ("expectile_loss_param", "expectile_alpha"),
    ] {
      if let levels = try objective.optionalObject(group), levels[list] != nil {
        count = max(count, try levels.numberList(list).count)
      }
    }
    return count
  }

  private static func featureNames(_ learner: FieldObject) throws(ModelFormatError) -> [String]? {
    guard learner["feature_names"] != nil else { return nil }
    var names: [String] = []
    for value in try learner.array("feature_names") {
      guard case .string(let name) = value else {
        throw learner.error("feature_names", expected: "a list of texts")
      }
      names.append(name)
    }
    return names.isEmpty ? nil : names
  }
}

/// The trees of a booster's file: `gbtree`, or `dart` with a weight for each.
private struct XGBoostTrees {
  let settings: [(String, String)]
  let rounds: BoosterFile.Rounds?
  private var ensemble: TreeEnsemble
  private let groups: [Int]
  private let weights: [Double]
  /// The trees up to the best round.
  let bestCount: Int
  /// The trees that predict, the first ones.
  private let usedCount: Int
  /// The trees of all rounds.
  var count: Int { groups.count }

  /// What the trees take in memory.
  var byteCount: Int { ensemble.byteCount }

  init(
    _ booster: FieldObject, featureCount: Int, scoreCount: Int, attributes: FieldObject?,
    usesBest: Bool
  ) throws(ModelFormatError) {
    let isDart = booster["weight_drop"] != nil
    let model = try (isDart ? booster.object("gbtree") : booster).object("model")
    let parameters = try model.object("gbtree_model_param")
    let values = try model.array("trees")
    groups = try model.integers("tree_info")
    weights =
      isDart
      ? try booster.numbers("weight_drop").map { Double(Float($0)) }
      : [Double](repeating: 1, count: values.count)
    guard try parameters.optionalCount("num_trees") ?? values.count == values.count,
      groups.count == values.count, weights.count == values.count
    else { throw model.error("trees", expected: "as many trees as the file says") }

    var room = 1 << 26
    var trees: [XGBoostTree] = []
    for (index, value) in values.enumerated() {
      let object = try FieldObject(value, path: "\(model.path).trees[\(index)]")
      trees.append(try XGBoostTree(object, index: index, wordCount: &room))
    }
    let outputCount = trees.first?.outputCount ?? 1
    do throws(ModelError) {
      ensemble = try TreeEnsemble(
        featureCount: featureCount, outputCount: outputCount, comparison: .less,
        roundsToSinglePrecision: true)
      for (index, tree) in trees.enumerated() {
        guard tree.outputCount == outputCount, [1, scoreCount].contains(outputCount) else {
          throw .badTree(tree: index, node: 0, reason: "leaves have \(tree.outputCount) values")
        }
        guard groups[index] >= 0, groups[index] <= scoreCount - outputCount else {
          throw .badTree(
            tree: index, node: 0,
            reason: "score \(groups[index]) does not exist among \(scoreCount)")
        }
        try ensemble.append(tree.tree)
      }
    } catch { throw .model(error) }

    // Rounds of several trees for each score; before 1.6 attributes tell how many, if any do.
    let best = try attributes?.optionalCount("best_iteration")
    var parallel = try parameters.optionalCount("num_parallel_tree")
    if parallel == nil, let best, let limit = try attributes?.optionalCount("best_ntree_limit") {
      parallel = best < limit ? limit / (best + 1) : nil
    }
    var ends: [Int]
    if model["iteration_indptr"] != nil {
      ends = try model.integers("iteration_indptr")
      guard ends.first == 0, ends.last == values.count,
        zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw model.error("iteration_indptr", expected: "where each round's trees begin") }
    } else {
      let width = max(1, min(parallel ?? 1, values.count)) * (outputCount > 1 ? 1 : scoreCount)
      ends = Array(stride(from: 0, through: values.count, by: width))
    }
    let roundCount = ends.count - 1
    if let best, best < roundCount - 1 {
      rounds = BoosterFile.Rounds(
        all: roundCount, best: best + 1, usesBest: usesBest,
        isGuess: parallel == nil && model["iteration_indptr"] == nil)
      bestCount = ends[best + 1]
    } else {
      rounds = nil
      bestCount = values.count
    }
    usedCount = usesBest ? bestCount : values.count
    settings =
      (parallel.map { [("num_parallel_tree", "\($0)")] } ?? [])
      + (best.map { [("best_iteration", "\($0)")] } ?? [])
  }

  /// The sums of the trees that predict.
  func scorer(starts: [Float]) throws(ModelFormatError) -> TreeSums {
    try XGBoostModel.making { () throws(ModelError) in
      try TreeSums(
        trees: ensemble, groups: Array(groups[..<usedCount]),
        weights: Array(weights[..<usedCount]), starts: starts.map(Double.init),
        isSinglePrecision: true)
    }
  }
}
