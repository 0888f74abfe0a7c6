internal import DataTables
internal import PredictiveModels

// Estimators around one other: searches, calibration, thresholds, transformed targets.

extension ScikitLearnReader {
  private static let selection = "sklearn.model_selection"

  static let wrapperKinds: [Kind] = [
    Kind("GridSearchCV", in: ["\(selection)._search"], .predictor(search)),
    Kind("RandomizedSearchCV", in: ["\(selection)._search"], .predictor(search)),
    Kind(
      "HalvingGridSearchCV", in: ["\(selection)._search_successive_halving"], .predictor(search)),
    Kind(
      "HalvingRandomSearchCV", in: ["\(selection)._search_successive_halving"],
      .predictor(search)),
    Kind("CalibratedClassifierCV", in: ["sklearn.calibration"], .predictor(calibrated)),
    Kind(
      "FixedThresholdClassifier", in: ["\(selection)._classification_threshold"],
      .predictor(threshold)),
    Kind(
      "TunedThresholdClassifierCV", in: ["\(selection)._classification_threshold"],
      .predictor(threshold)),
    Kind("TransformedTargetRegressor", in: ["sklearn.compose._target"], .predictor(target)),
    Kind("FrozenEstimator", in: ["sklearn.frozen._frozen"], .predictor(frozen)),
    Kind(
      "RANSACRegressor", in: ["sklearn.linear_model._ransac", "sklearn.linear_model.ransac"],
      .predictor(inner)),
  ]

  private static func search(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try reader.predictor(object.attribute("best_estimator_"))
  }

  private static func frozen(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try reader.predictor(object.attribute("estimator"))
  }

  /// `estimator_`, which was trained on the rows that fit.
  private static func inner(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try reader.predictor(object.attribute("estimator_"))
  }

  // MARK: Calibration

  /// `calibrated_classifiers_`: each a classifier and a calibrator for each class, or one for the
  /// second of two; since 1.8 there may be one for all classes.
  private static func calibrated(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    var members: [CalibratedClassifier.Member] = []
    for id in try object.items("calibrated_classifiers_") {
      let part = try ScikitLearnObject(reader.graph, id)
      // Names before 1.2, and before 0.24.
      let predictor = try reader.predictor(
        part.attribute(part.has("estimator") ? "estimator" : "base_estimator"))
      let calibrators = try part.items(part.has("calibrators") ? "calibrators" : "calibrators_")
      let calibration: CalibratedClassifier.Calibration
      if part.text("method") == "temperature", let first = calibrators.first {
        let factor = try ScikitLearnObject(reader.graph, first).number("beta_")
        guard factor.isFinite else {
          throw .badAttribute(object.className, "beta_", expected: "a finite number")
        }
        calibration = .temperature(factor: factor)
      } else {
        calibration = .curves(
          try calibrators.map { calibrator throws(ModelFileError) in try reader.curve(calibrator) })
      }
      // What is fitted to all classes at once is fitted to texts' places.
      let own = predictor.classes ?? []
      let places =
        own == classes.indices.map { .integer(Int64($0)) } && !classes.contains(where: \.isInteger)
        ? Array(classes.indices) : own.map { classes.firstIndex(of: $0) ?? -1 }
      members.append(
        CalibratedClassifier.Member(
          predictor: predictor,
          response: predictor.hasDecisions ? .decisions : .probabilities,
          calibration: calibration, places: places))
    }
    return try reader.making(object) { () throws(ModelError) in
      try CalibratedClassifier(name: object.kind, classes: classes, members: members)
    }
  }

  private func curve(_ id: NodeID) throws(ModelFileError) -> CalibratedClassifier.Curve {
    let object = try ScikitLearnObject(graph, id)
    switch object.kind {
    case "_SigmoidCalibration":
      return .sigmoid(slope: try object.number("a_"), shift: try object.number("b_"))
    case "IsotonicRegression":
      // Names before 0.24.
      let names =
        object.has("X_thresholds_")
        ? ("X_thresholds_", "y_thresholds_") : ("_necessary_X_", "_necessary_y_")
      return .isotonic(
        scores: try object.numbers(names.0).values, shares: try object.numbers(names.1).values)
    default: throw .unsupportedEstimator(object.className)
    }
  }

  // MARK: Thresholds and targets

  private static func threshold(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let isTuned = object.kind == "TunedThresholdClassifierCV"
    let inner = try reader.predictor(
      object.attribute(object.has("estimator_") ? "estimator_" : "estimator"))
    let response: Response
    switch object.text("response_method") ?? "auto" {
    case "auto": response = inner.hasProbabilities ? .probabilities : .decisions
    case let word:
      guard let named = Response(rawValue: word) else {
        throw .unsupportedSetting(object.className, "the method '\(word)'")
      }
      response = named
    }
    var threshold = response == .probabilities ? 0.5 : 0
    if isTuned {
      threshold = try object.number("best_threshold_")
    } else if object.text("threshold") != "auto" {
      threshold = try object.number("threshold")
    }
    var positive = 1
    let labels = inner.classes ?? []
    if object.has("pos_label") {
      guard let label = try object.constantLabel("pos_label"),
        let place = labels.firstIndex(of: label)
      else {
        throw .badAttribute(object.className, "pos_label", expected: "one of the classes")
      }
      positive = place
    } else if isTuned, let scorer = object.optional("_curve_scorer"),
      let word = try? ScikitLearnObject(reader.graph, scorer),
      let keywords = word.optional("_kwargs"),
      let id = reader.graph.value("pos_label", in: keywords), !reader.graph.isNone(id)
    {
      throw .unsupportedSetting(object.className, "a metric of a positive label of its own")
    }
    return try reader.making(object) { () throws(ModelError) in
      try ThresholdClassifier(
        name: object.kind, predictor: inner, response: response, threshold: threshold,
        positive: positive)
    }
  }

  private static func target(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let regressor = try reader.predictor(object.attribute("regressor_"))
    let inverse = try reader.inverse(object.attribute("transformer_"))
    return try reader.making(object) { () throws(ModelError) in
      try TransformedTarget(name: object.kind, predictor: regressor, inverse: inverse)
    }
  }
}

extension Label {
  fileprivate var isInteger: Bool { if case .integer = self { true } else { false } }
}
