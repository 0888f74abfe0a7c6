internal import DataTables
internal import PredictiveModels

// Boosters in pickles: the libraries' own, and their estimators in scikit-learn's style.

extension ScikitLearnReader {
  static let boosterKinds: [Kind] =
    [
      Kind("Booster", in: ["xgboost.core"], .predictor(booster)),
      Kind("Booster", in: ["lightgbm.basic"], .predictor(booster)),
    ]
    + ["XGBClassifier", "XGBRFClassifier"].map {
      Kind($0, in: ["xgboost.sklearn"], .predictor(classifier))
    }
    + ["XGBRegressor", "XGBRFRegressor", "XGBRanker"].map {
      Kind($0, in: ["xgboost.sklearn"], .predictor(regressor))
    }
    + [Kind("LGBMClassifier", in: ["lightgbm.sklearn"], .predictor(classifier))]
    + ["LGBMRegressor", "LGBMRanker"].map {
      Kind($0, in: ["lightgbm.sklearn"], .predictor(regressor))
    }

  private static func booster(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let file = try reader.boosterFile(object, in: nil)
    return try reader.making(object) { () throws(ModelError) in try file.predictor() }
  }

  private static func regressor(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let file = try reader.boosterFile(of: object)
    return try reader.marking(
      try reader.making(object) { () throws(ModelError) in
        try ScoringModel(name: object.kind, scorer: file.outputs, form: .numbers(.identity))
      }, of: object, file)
  }

  private static func classifier(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let file = try reader.boosterFile(of: object)
    let labels = try classes(of: object)
    return try reader.marking(
      try reader.making(object) { () throws(ModelError) in
        // LightGBM's have decisions since 4.7, which keeps this attribute.
        try file.classifier(
          of: labels, name: object.kind, tellsDecisions: object.has("_fitted_with_feature_names"))
      }, of: object, file)
  }

  /// The classes; XGBoost has numbered ones since 1.6, and since 2.0 keeps how many they are.
  private static func classes(of object: ScikitLearnObject) throws(ModelFileError) -> [Label] {
    for name in ["classes_", "_classes"] where object.has(name) { return try object.labels(name) }
    guard let count = object.optionalInteger("n_classes_"), (1...1 << 16).contains(count) else {
      throw .badAttribute(object.className, "n_classes_", expected: "the number of classes")
    }
    return (0..<count).map { .integer(Int64($0)) }
  }

  /// The booster of an estimator in scikit-learn's style.
  private func boosterFile(of object: ScikitLearnObject) throws(ModelFileError) -> BoosterFile {
    guard object.has("_Booster") else { throw .notFitted(object.className) }
    for name in ["objective", "_fobj"] {
      if let function = object.optional(name), graph.text(function) == nil, !graph.isNone(function)
      {
        throw .unsupportedSetting(object.className, "an objective of the user's own")
      }
    }
    let booster = try ScikitLearnObject(graph, object.attribute("_Booster"))
    return try boosterFile(booster, in: object)
  }

  /// Reads a booster's file out of its pickle.
  ///
  /// - Parameters:
  ///   - booster: The booster.
  ///   - estimator: What it stands in, if in anything.
  /// - Returns: the file, of which is remembered that the estimator predicts by it.
  /// - Throws: ``ModelFileError/booster(_:object:)``.
  private func boosterFile(
    _ booster: ScikitLearnObject, in estimator: ScikitLearnObject?
  ) throws(ModelFileError) -> BoosterFile {
    let file: BoosterFile
    do throws(ModelFormatError) {
      if let text = booster.text("handle") ?? booster.text("_handle") {
        file = try LightGBMModel.file(
          of: Array(text.utf8), best: booster.optionalInteger("best_iteration"),
          choice: options.trees, limits: options.limits)
      } else if let bytes = booster.bytes("handle") {
        file = try xgboostFile(Array(bytes), booster, in: estimator)
      } else {
        throw .badField("handle", expected: "a booster's file")
      }
    } catch { throw .booster(error, object: booster.className) }
    keep(file, of: estimator ?? booster)
    return file
  }

  private func xgboostFile(
    _ bytes: [UInt8], _ booster: ScikitLearnObject, in estimator: ScikitLearnObject?
  ) throws(ModelFormatError) -> BoosterFile {
    guard let encoding = XGBoostModel.encodings.first(where: { $0.fits(bytes) }) else {
      throw .badField("handle", expected: "a booster's file")
    }
    var root = try encoding.value(bytes, options.limits)
    // The settings of training stand beside the model.
    if case .object(let members) = root, let model = members["Model"] { root = model }
    // What versions before 1.6 keep in the pickle alone.
    let objects = [booster] + (estimator.map { [$0] } ?? [])
    for name in ["best_iteration", "best_ntree_limit"] {
      if let value = objects.lazy.compactMap({ $0.optionalInteger(name) }).first, value >= 0 {
        root.fill(["learner", "attributes", name], with: .string("\(value)"))
      }
    }
    for trees in [["gbtree", "model"], ["model"]] {
      guard let width = estimator?.optionalInteger("num_parallel_tree"), width > 0 else { break }
      root.fill(
        ["learner", "gradient_booster"] + trees + ["gbtree_model_param", "num_parallel_tree"],
        with: .string("\(width)"))
    }
    if let names = booster.optional("feature_names").flatMap({ booster.graph.elements($0) }) {
      let texts = names.compactMap { booster.graph.text($0) }
      // Features without names are numbered.
      if texts.count == names.count, texts != texts.indices.map({ "f\($0)" }) {
        root.fill(["learner", "feature_names"], with: .array(texts.map { .string($0) }))
      }
    }
    // A classifier says the probabilities that this objective's margins give.
    if estimator?.kind.hasSuffix("Classifier") == true {
      root.replace("multi:softmax", at: ["learner", "objective", "name"], with: "multi:softprob")
    }
    var choice = options.trees
    if choice == .library, estimator != nil { choice = .best }
    return try XGBoostModel.file(root, format: encoding.format, choice, options.limits)
  }

  /// Puts a step before an estimator of XGBoost that takes a number as a missing value.
  private func marking(
    _ predictor: ScoringModel, of object: ScikitLearnObject, _ file: BoosterFile
  ) throws(ModelFileError) -> any Predictor {
    guard file.framework == "XGBoost", let mark = object.optionalNumber("missing"),
      !mark.isNaN
    else { return predictor }
    // Before 1.0, which tells no version, rows with such a number may not lack any besides.
    let marker = MissingMarker(
      name: object.kind, mark: Float(mark), acceptsMissingValues: file.version != nil)
    return try making(object) { () throws(ModelError) in
      try Pipeline(steps: [marker], predictor: predictor)
    }
  }
}
