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
    (["xgboost.compat"], ["XGBoostLabelEncoder"]),
    (
      ["xgboost.callback"],
      ["EarlyStopping", "EvaluationMonitor", "LearningRateScheduler", "TrainingCheckPoint"]
    ),
    (
      ["sklearn.ensemble._hist_gradient_boosting.predictor"], ["TreePredictor"]
    ),
    (["sklearn.ensemble._hist_gradient_boosting.binning"], ["_BinMapper"]),
    (
      ["sklearn.ensemble._hist_gradient_boosting.loss"],
      [
        "LeastSquares", "LeastAbsoluteDeviation", "Poisson", "BinaryCrossEntropy",
        "CategoricalCrossEntropy",
      ]
    ),
    (["sklearn.utils", "sklearn.utils._bunch"], ["Bunch"]),
    (["sklearn.utils.validation"], ["check_array"]),
    (["sklearn.utils.deprecation"], ["DeprecationDict"]), (["builtins"], ["FutureWarning"]),
    (
      ["sklearn.utils._metadata_requests"],
      ["MetadataRequest", "MethodMetadataRequest", "MetadataRouter", "MethodMapping", "MethodPair"]
    ),
    (
      ["sklearn.calibration"],
      ["_CalibratedClassifier", "_SigmoidCalibration", "_TemperatureScaling"]
    ),
    (["sklearn.multiclass"], ["_ConstantPredictor"]),
    (["joblib.memory"], ["Memory"]), (["joblib._store_backends"], ["FileSystemStoreBackend"]),
    (["sklearn.isotonic"], ["IsotonicRegression"]),
    (
      ["sklearn.model_selection._split"],
      [
        "KFold", "StratifiedKFold", "RepeatedKFold", "RepeatedStratifiedKFold", "GroupKFold",
        "StratifiedGroupKFold", "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit",
        "TimeSeriesSplit", "PredefinedSplit", "LeaveOneOut", "LeavePOut", "LeaveOneGroupOut",
        "_CVIterableWrapper",
      ]
    ),
    (
      ["sklearn.model_selection._search_successive_halving"],
      ["_refit_callable", "_SubsampleMetaSplitter"]
    ),
    (
      ["sklearn.metrics._scorer", "sklearn.metrics.scorer"],
      [
        "_Scorer", "_PredictScorer", "_ProbaScorer", "_ThresholdScorer", "_MultimetricScorer",
        "_PassthroughScorer", "_CurveScorer", "_passthrough_scorer",
      ]
    ),
    (
      ["sklearn.metrics._classification", "sklearn.metrics.classification"],
      [
        "accuracy_score", "balanced_accuracy_score", "precision_score", "recall_score", "f1_score",
        "fbeta_score", "jaccard_score", "matthews_corrcoef", "cohen_kappa_score", "log_loss",
        "brier_score_loss", "hinge_loss", "zero_one_loss",
      ]
    ),
    (
      ["sklearn.metrics._ranking", "sklearn.metrics.ranking"],
      ["roc_auc_score", "average_precision_score", "top_k_accuracy_score"]
    ),
    (
      ["sklearn.metrics._regression", "sklearn.metrics.regression"],
      [
        "r2_score", "explained_variance_score", "max_error", "mean_absolute_error",
        "mean_squared_error", "mean_squared_log_error", "median_absolute_error",
        "mean_absolute_percentage_error", "root_mean_squared_error", "mean_poisson_deviance",
        "mean_gamma_deviance", "root_mean_squared_log_error",
      ]
    ),
    (["sklearn.impute._base", "sklearn.impute"], ["MissingIndicator"]),
    (
      [
        "sklearn.feature_selection._univariate_selection",
        "sklearn.feature_selection.univariate_selection",
      ], ["chi2", "f_classif", "f_regression", "f_oneway", "r_regression"]
    ),
    (
      ["sklearn.feature_selection._mutual_info", "sklearn.feature_selection.mutual_info_"],
      ["mutual_info_classif", "mutual_info_regression"]
    ),
    (
      ["sklearn.compose._column_transformer"], ["make_column_selector", "_RemainderColsList"]
    ),
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
