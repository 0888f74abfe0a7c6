internal import DataTables
internal import PredictiveModels

// Estimators that predict by weighted sums of features, and the few beside them that need no more than
// a number a class.

extension ScikitLearnReader {
  /// The modules of an estimator of `sklearn.linear_model` now and before 0.22.
  private static func linear(_ module: String) -> [String] {
    ["sklearn.linear_model._\(module)", "sklearn.linear_model.\(module)"]
  }

  private static let svm = ["sklearn.svm._classes", "sklearn.svm.classes"]
  private static let glm = ["sklearn.linear_model._glm.glm"]

  static let linearKinds: [Kind] =
    ["LogisticRegression", "LogisticRegressionCV"].map {
      Kind($0, in: linear("logistic"), .predictor(logisticRegression))
    }
    + [
      ("LinearRegression", linear("base")), ("Ridge", linear("ridge")),
      ("RidgeCV", linear("ridge")),
      ("Lasso", linear("coordinate_descent")), ("LassoCV", linear("coordinate_descent")),
      ("ElasticNet", linear("coordinate_descent")), ("ElasticNetCV", linear("coordinate_descent")),
      ("MultiTaskLasso", linear("coordinate_descent")),
      ("MultiTaskElasticNet", linear("coordinate_descent")),
      ("MultiTaskLassoCV", linear("coordinate_descent")),
      ("MultiTaskElasticNetCV", linear("coordinate_descent")), ("Lars", linear("least_angle")),
      ("LarsCV", linear("least_angle")), ("LassoLars", linear("least_angle")),
      ("LassoLarsCV", linear("least_angle")), ("LassoLarsIC", linear("least_angle")),
      ("OrthogonalMatchingPursuit", linear("omp")), ("OrthogonalMatchingPursuitCV", linear("omp")),
      ("BayesianRidge", linear("bayes")), ("ARDRegression", linear("bayes")),
      ("HuberRegressor", linear("huber")), ("TheilSenRegressor", linear("theil_sen")),
      ("QuantileRegressor", linear("quantile")),
      ("PassiveAggressiveRegressor", linear("passive_aggressive")),
      ("SGDRegressor", linear("stochastic_gradient")), ("LinearSVR", svm),
    ].map { Kind($0.0, in: $0.1, .predictor(linearRegressor)) }
    + ["PoissonRegressor", "GammaRegressor", "TweedieRegressor"].map {
      Kind($0, in: glm, .predictor(generalizedLinearRegressor))
    }
    + [
      ("RidgeClassifier", linear("ridge")), ("RidgeClassifierCV", linear("ridge")),
      ("Perceptron", linear("perceptron")), ("SGDClassifier", linear("stochastic_gradient")),
      ("PassiveAggressiveClassifier", linear("passive_aggressive")),
      ("LinearSVC", svm), ("LinearDiscriminantAnalysis", ["sklearn.discriminant_analysis"]),
    ].map { Kind($0.0, in: $0.1, .predictor(linearClassifier)) }
    + [
      Kind("GaussianNB", in: ["sklearn.naive_bayes"], .predictor(gaussianNB)),
      Kind("DummyClassifier", in: ["sklearn.dummy"], .predictor(dummyClassifier)),
      Kind("DummyRegressor", in: ["sklearn.dummy"], .predictor(dummyRegressor)),
    ]

  /// `coef_`, one row or a row a sum, and `intercept_`, where without one a 0 stands for all.
  private static func sums(_ object: ScikitLearnObject) throws(ModelFileError) -> WeightedSums {
    let (shape, coefficients) = try object.numbers("coef_")
    var (_, intercepts) = try object.numbers("intercept_")
    guard (1...2).contains(shape.count), shape.allSatisfy({ $0 > 0 }) else {
      throw .badAttribute(
        object.className, "coef_", expected: "a matrix of one row or a row a class")
    }
    let count = shape.count == 1 ? 1 : shape[0]
    if intercepts == [0] { intercepts = [Double](repeating: 0, count: count) }
    guard intercepts.count == count else {
      throw .badAttribute(
        object.className, "intercept_", expected: "a number for each row of coefficients")
    }
    do throws(ModelError) {
      return try WeightedSums(
        name: object.kind, coefficients: coefficients, intercepts: intercepts)
    } catch { throw .model(error, object: object.className) }
  }

  private static func model(
    _ object: ScikitLearnObject, _ scorer: any Scorer, _ form: OutputForm
  ) throws(ModelFileError) -> any Predictor {
    do throws(ModelError) {
      return try ScoringModel(name: object.kind, scorer: scorer, form: form)
    } catch { throw .model(error, object: object.className) }
  }

  private static func linearRegressor(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    try model(object, sums(object), .numbers(.identity))
  }

  /// The link is a logarithm for the distributions that know only numbers above 0.
  private static func generalizedLinearRegressor(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    var isIdentity = object.text("link") == "identity"
    if object.kind == "TweedieRegressor", object.text("link") == "auto" {
      isIdentity = try object.number("power") <= 0
    }
    return try model(object, sums(object), .numbers(isIdentity ? .identity : .exponential))
  }

  /// How rows of coefficients become probabilities changed with versions: one-vs-rest was the default
  /// before 0.22 and is what liblinear does, and Newton's method by Cholesky before 1.6; elsewhere it is
  /// softmax.
  private static func logisticRegression(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    let sums = try sums(object)
    let mode = object.text("multi_class")
    let link: OutputForm.ClassLink
    if sums.scoreCount == 1 {
      // A softmax over -s and s.
      link = .logistic(factor: mode == "multinomial" ? 2 : 1)
    } else if mode == "ovr" || mode == "warn"
      || (mode != "multinomial" && object.text("solver") == "liblinear")
      || (mode != "multinomial" && object.text("solver") == "newton-cholesky"
        && !object.isVersion(atLeast: 1, 6))
    {
      link = .oneVersusRest
    } else {
      link = .softmax()
    }
    return try model(object, sums, .classes(classes, link))
  }

  /// Those of other losses than the logistic one have margins alone.
  private static func linearClassifier(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    var classes: [Label]
    var link = OutputForm.ClassLink.margins()
    switch object.kind {
    case "RidgeClassifier", "RidgeClassifierCV":
      let binarizer = try ScikitLearnObject(
        reader.graph, try object.attribute("_label_binarizer"))
      classes = try binarizer.labels()
      if binarizer.text("y_type_")?.hasPrefix("multilabel") == true {
        // Each label that a row may have is a target of its own.
        let label = OutputForm.classes([.integer(0), .integer(1)], .margins())
        return try model(object, sums(object), .several(classes.map { _ in label }))
      }
    case "SGDClassifier":
      classes = try object.labels()
      switch object.text("loss") {
      case "log", "log_loss": link = classes.count == 2 ? .logistic() : .oneVersusRest
      case "modified_huber": link = .modifiedHuber
      default: break
      }
    case "LinearDiscriminantAnalysis":
      classes = try object.labels()
      // Shares of several classes were one-vs-rest before 0.22.
      link =
        classes.count == 2
        ? .logistic() : object.isVersion(atLeast: 0, 22) ? .softmax() : .oneVersusRest
    default: classes = try object.labels()
    }
    return try model(object, sums(object), .classes(classes, link))
  }

  /// `var_` was named `sigma_` before 1.0.
  private static func gaussianNB(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    let means = try object.numbers("theta_").values
    let variances = try object.numbers(object.has("var_") ? "var_" : "sigma_").values
    let priors = try object.numbers("class_prior_").values
    do throws(ModelError) {
      let likelihoods = try GaussianLikelihoods(
        name: object.kind, means: means, variances: variances, priors: priors)
      return try ScoringModel(
        name: object.kind, scorer: likelihoods,
        form: .classes(classes, .softmax(tellsScores: false)))
    } catch { throw .model(error, object: object.className) }
  }

  /// `class_prior_`, of several targets a list of them; all but `prior` say one class alone.
  ///
  /// What is drawn by lot is not predicted: it depends on the rows before it.
  private static func dummyClassifier(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let graph = reader.graph
    let targets = try object.labelsOfTargets()
    var priors: [[Double]] = []
    if targets.count > 1 {
      priors = try object.items("class_prior_").compactMap { graph.array($0)?.doubles ?? [] }
    } else {
      priors = [try object.numbers("class_prior_").values]
    }
    guard zip(targets, priors).allSatisfy({ $0.count == $1.count }), targets.count == priors.count
    else { throw .badAttribute(object.className, "class_prior_", expected: "a share a class") }
    let strategy = object.text("strategy") ?? ""
    switch strategy {
    case "prior": break
    case "most_frequent":
      priors = priors.map { shares in
        let best = shares.indices.max {
          shares[$0] < shares[$1] || (shares[$0] == shares[$1] && $0 > $1)
        }
        return shares.indices.map { $0 == best ? 1 : 0 }
      }
    case "constant":
      let constants = try object.constantLabels("constant")
      guard constants.count == targets.count else {
        throw .badAttribute(object.className, "constant", expected: "a class label a target")
      }
      priors = zip(targets, constants).map { labels, constant in
        labels.map { $0 == constant ? 1 : 0 }
      }
    case "stratified", "uniform":
      throw .unsupportedSetting(
        object.className,
        "strategy='\(strategy)', which draws lots for each row in the order of rows,")
    default: throw .unsupportedSetting(object.className, "the strategy '\(strategy)'")
    }
    let forms = targets.map { OutputForm.classes($0, .shares) }
    return try model(
      object, ConstantScores(values: priors.flatMap(\.self), featureCount: object.featureCount),
      forms.count == 1 ? forms[0] : .several(forms))
  }

  private static func dummyRegressor(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any Predictor {
    let values = try object.numbers("constant_").values
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else {
      throw .badAttribute(object.className, "constant_", expected: "finite numbers")
    }
    return try model(
      object, ConstantScores(values: values, featureCount: object.featureCount),
      .numbers(.identity))
  }
}
