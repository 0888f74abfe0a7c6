extension ScikitLearnReader {
  /// Objects that stand beside a model in its file and that no prediction needs.
  ///
  /// Nothing of them is looked at but what an estimator's reader asks for. They are named one by one:
  /// a module has the modules that it imports as attributes.
  static let companions: Set<String> = Set(
    companionTable.flatMap { modules, names in
      modules.flatMap { module in names.map { "\(module).\($0)" } }
    })

  private static let companionTable: [(modules: [String], names: [String])] = [
    (["sklearn.tree._tree"], ["Tree"]),
    (
      ["sklearn.preprocessing._label", "sklearn.preprocessing.label"],
      ["LabelBinarizer", "LabelEncoder"]
    ),
    (
      ["sklearn.ensemble._gb_losses", "sklearn.ensemble.gradient_boosting"],
      [
        "BinomialDeviance", "MultinomialDeviance", "ExponentialLoss", "LeastSquaresError",
        "LeastAbsoluteError", "HuberLossFunction", "QuantileLossFunction",
      ]
    ),
    // What gradient boosting began with before 0.21; its reader looks at them.
    (
      ["sklearn.ensemble.gradient_boosting"],
      [
        "LogOddsEstimator", "ScaledLogOddsEstimator", "PriorProbabilityEstimator", "MeanEstimator",
        "QuantileEstimator", "ZeroEstimator",
      ]
    ),
    (
      ["sklearn.linear_model._sgd_fast", "sklearn.linear_model.sgd_fast"],
      [
        "Hinge", "SquaredHinge", "Log", "ModifiedHuber", "SquaredLoss", "Huber",
        "EpsilonInsensitive", "SquaredEpsilonInsensitive",
      ]
    ),
    (
      ["sklearn.linear_model._glm.link", "sklearn._loss.link"],
      ["IdentityLink", "LogLink", "LogitLink", "HalfLogitLink", "MultinomialLogit", "Interval"]
    ),
    (
      ["sklearn._loss.glm_distribution"],
      [
        "DistributionBoundary", "TweedieDistribution", "NormalDistribution", "PoissonDistribution",
        "GammaDistribution", "InverseGaussianDistribution",
      ]
    ),
    (
      ["sklearn._loss.loss"],
      [
        "HalfSquaredError", "AbsoluteError", "PinballLoss", "HuberLoss", "HalfPoissonLoss",
        "HalfGammaLoss", "HalfTweedieLoss", "HalfTweedieLossIdentity", "HalfBinomialLoss",
        "HalfMultinomialLoss", "ExponentialLoss",
      ]
    ),
    (
      ["sklearn._loss._loss"],
      [
        "CyHalfSquaredError", "CyAbsoluteError", "CyPinballLoss", "CyHuberLoss",
        "CyHalfPoissonLoss", "CyHalfGammaLoss", "CyHalfTweedieLoss", "CyHalfTweedieLossIdentity",
        "CyHalfBinomialLoss", "CyHalfMultinomialLoss", "CyExponentialLoss",
      ].flatMap { [$0, "__pyx_unpickle_\($0)"] }
    ),
  ]
}
