internal import DataTables
internal import PredictiveModels

// Estimators made of any others that are heard together.

extension ScikitLearnReader {
  private static func ensemble(_ module: String, _ old: String) -> [String] {
    ["sklearn.ensemble._\(module)", "sklearn.ensemble.\(old)"]
  }

  static let ensembleKinds: [Kind] = [
    Kind(
      "AdaBoostClassifier", in: ensemble("weight_boosting", "weight_boosting"),
      .predictor(adaBoostClassifier)),
    Kind(
      "AdaBoostRegressor", in: ensemble("weight_boosting", "weight_boosting"),
      .predictor(adaBoostRegressor)),
    Kind("BaggingClassifier", in: ensemble("bagging", "bagging"), .predictor(bagging)),
    Kind("BaggingRegressor", in: ensemble("bagging", "bagging"), .predictor(bagging)),
    Kind(
      "VotingClassifier", in: ensemble("voting", "voting_classifier") + ["sklearn.ensemble.voting"],
      .predictor(voting)),
    Kind("VotingRegressor", in: ensemble("voting", "voting"), .predictor(voting)),
    Kind("StackingClassifier", in: ensemble("stacking", "stacking"), .predictor(stacking)),
    Kind("StackingRegressor", in: ensemble("stacking", "stacking"), .predictor(stacking)),
    Kind("OneVsRestClassifier", in: ["sklearn.multiclass"], .predictor(oneVersusRest)),
    Kind("MultiOutputClassifier", in: ["sklearn.multioutput"], .predictor(multiOutput)),
    Kind("MultiOutputRegressor", in: ["sklearn.multioutput"], .predictor(multiOutput)),
  ]

  /// The fitted estimators of a list.
  private func predictors(
    _ object: ScikitLearnObject, _ name: String = "estimators_"
  ) throws(ModelFileError) -> [any Predictor] {
    try object.items(name).map { id throws(ModelFileError) in try predictor(id) }
  }

  /// Which of all classes each of a member's is, where it was trained on the classes' places.
  private static func places(
    of member: any Predictor, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> [Int] {
    try (member.classes ?? []).map { label throws(ModelFileError) in
      guard case .integer(let place) = label, let place = Int(exactly: place) else {
        throw .badAttribute(object.className, "estimators_", expected: "classifiers of places")
      }
      return place
    }
  }

  // MARK: Boosting

  private static func adaBoostClassifier(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    let members = try reader.predictors(object)
    let weights = Array(try object.numbers("estimator_weights_").values.prefix(members.count))
    let addsLogarithms = object.text("algorithm") == "SAMME.R"
    // Since 1.3 a vote counts against the other classes too.
    let rule: BoostedClassifiers.Rule =
      addsLogarithms ? .logarithms : .votes(countsOthers: object.isVersion(atLeast: 1, 3))
    let link: BoostedClassifiers.Link =
      addsLogarithms || object.isVersion(atLeast: 0, 21) ? .decisions : .meanProbabilities
    return try reader.making(object) { () throws(ModelError) in
      try BoostedClassifiers(
        name: object.kind, classes: classes, members: members, weights: weights, rule: rule,
        link: link)
    }
  }

  private static func adaBoostRegressor(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let members = try reader.predictors(object)
    let weights = Array(try object.numbers("estimator_weights_").values.prefix(members.count))
    return try reader.making(object) { () throws(ModelError) in
      try WeightedMedian(name: object.kind, members: members, weights: weights)
    }
  }

  // MARK: Averages

  /// Members that were trained on some rows and columns, and on the classes' places.
  private static func bagging(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let isClassifier = object.kind == "BaggingClassifier"
    let classes = isClassifier ? try object.labels() : nil
    let predictors = try reader.predictors(object)
    let features = try object.items("estimators_features_")
    guard features.count == predictors.count,
      let count = object.featureCount ?? object.optionalInteger("n_features_")
    else {
      throw .badAttribute(
        object.className, "estimators_features_", expected: "columns for each estimator")
    }
    var members: [AveragedPredictors.Member] = []
    for (predictor, id) in zip(predictors, features) {
      let columns = try reader.columnNumbers(id, of: object)
      members.append(
        AveragedPredictors.Member(
          predictor: predictor, columns: columns,
          places: isClassifier ? try places(of: predictor, object) : []))
    }
    // Members without probabilities vote, and the votes' shares are told.
    let rule: AveragedPredictors.Rule =
      !isClassifier
      ? .numbers
      : predictors.allSatisfy(\.hasProbabilities) ? .probabilities : .votes(tellsShares: true)
    return try reader.making(object) { () throws(ModelError) in
      try AveragedPredictors(
        name: object.kind, members: members, classes: classes, rule: rule, tellsDecisions: true,
        featureCount: count)
    }
  }

  private func columnNumbers(
    _ id: NodeID, of object: ScikitLearnObject
  ) throws(ModelFileError) -> [Int] {
    guard let columns = graph.array(id)?.integers else {
      throw .badAttribute(
        object.className, "estimators_features_", expected: "columns for each estimator")
    }
    return columns
  }

  /// `estimators_`, of which `estimators` says which were left out, and `weights` for all of these.
  private static func voting(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let isClassifier = object.kind == "VotingClassifier"
    let graph = reader.graph
    let classes = isClassifier ? try object.labels() : nil
    let predictors = try reader.predictors(object)
    var weights = [Double](repeating: 1, count: predictors.count)
    if object.has("weights") {
      let isKept = try object.pairs("estimators").map {
        graph.text($0.value) != "drop" && !graph.isNone($0.value)
      }
      weights = zip(try object.numbers("weights").values, isKept).filter(\.1).map(\.0)
    }
    guard weights.count == predictors.count else {
      throw .badAttribute(object.className, "weights", expected: "a weight for each estimator")
    }
    var members: [AveragedPredictors.Member] = []
    for (predictor, weight) in zip(predictors, weights) {
      members.append(
        AveragedPredictors.Member(
          predictor: predictor, weight: weight,
          places: isClassifier ? try places(of: predictor, object) : []))
    }
    let rule: AveragedPredictors.Rule =
      !isClassifier
      ? .numbers : object.text("voting") == "soft" ? .probabilities : .votes(tellsShares: false)
    return try reader.making(object) { () throws(ModelError) in
      try AveragedPredictors(
        name: object.kind, members: members, classes: classes, rule: rule,
        featureCount: object.featureCount)
    }
  }

  /// `estimators_`, and `final_estimator_` on what `stack_method_` says of each.
  private static func stacking(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let classes = object.kind == "StackingClassifier" ? try object.labels() : nil
    let predictors = try reader.predictors(object)
    let methods = try object.items("stack_method_").map { reader.graph.textOrScalar($0) }
    let final = try reader.predictor(object.attribute("final_estimator_"))
    guard methods.count == predictors.count else {
      throw .badAttribute(object.className, "stack_method_", expected: "a word for each estimator")
    }
    var members: [(predictor: any Predictor, response: Response)] = []
    for (predictor, method) in zip(predictors, methods) {
      guard let response = method.flatMap(Response.init(rawValue:)) else {
        throw .unsupportedSetting(object.className, "the method '\(method ?? "")'")
      }
      members.append((predictor, response))
    }
    let passesFeatures = try object.bool("passthrough")
    return try reader.making(object) { () throws(ModelError) in
      try StackedPredictors(
        name: object.kind, members: members, final: final, classes: classes,
        passesFeatures: passesFeatures)
    }
  }

  // MARK: One estimator for each class or target

  private static func oneVersusRest(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let binarizer = try ScikitLearnObject(reader.graph, object.attribute("label_binarizer_"))
    if binarizer.text("y_type_")?.hasPrefix("multilabel") == true {
      return try reader.oneForEachLabel(object)
    }
    let classes = try binarizer.labels()
    let members = try reader.predictors(object)
    return try reader.making(object) { () throws(ModelError) in
      try OneVersusRest(name: object.kind, classes: classes, members: members)
    }
  }

  /// A classifier for each label that a row may have, each a target of its own of 0 and 1.
  ///
  /// A label that all rows or none had in training has a constant instead.
  private func oneForEachLabel(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let ids = try object.items("estimators_")
    var members: [any Predictor] = []
    var threshold: Double?
    for id in ids {
      let part = try ScikitLearnObject(graph, id)
      let member = part.kind == "_ConstantPredictor" ? try constant(part) : try predictor(id)
      // All are compared with what suits the first.
      let limit = threshold ?? (member.hasDecisions ? 0 : 0.5)
      threshold = limit
      members.append(
        try making(object) { () throws(ModelError) in
          try ThresholdClassifier(
            name: object.kind, predictor: member,
            response: member.hasDecisions ? .decisions : .probabilities,
            threshold: limit == 0 ? .leastNonzeroMagnitude : limit.nextUp, positive: 1)
        })
    }
    return try making(object) { () throws(ModelError) in
      try TargetwisePredictors(name: object.kind, members: members)
    }
  }

  private func constant(_ object: ScikitLearnObject) throws(ModelFileError) -> any Predictor {
    guard let share = try object.numbers("y_").values.first, share == 0 || share == 1 else {
      throw .badAttribute(object.className, "y_", expected: "0 or 1")
    }
    return try making(object) { () throws(ModelError) in
      try ScoringModel(
        name: object.kind,
        scorer: ConstantScores(values: [1 - share, share], featureCount: object.featureCount),
        form: .classes([.integer(0), .integer(1)], .shares))
    }
  }

  private static func multiOutput(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let members = try reader.predictors(object)
    return try reader.making(object) { () throws(ModelError) in
      try TargetwisePredictors(name: object.kind, members: members)
    }
  }
}
