"""Makes one file of small estimators for each family, with inputs and what scikit-learn says of them.

Models/scikit-learn/<version>/<family>.joblib is a dictionary of estimators by name, compressed with zlib;
<family>.json has for each name scikit-learn's own outputs and its input, where it is not the common one; null is a
missing value.
Runs with every version from 0.20 on: what a version does not have is left out.

    python make_estimators.py [family ...]
"""

import copy
import json
import sys
import warnings
from pathlib import Path

import joblib
import numpy
import sklearn

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[1] / "Models/scikit-learn" / sklearn.__version__
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
SEED = 42
ROWS = 12

GENERATOR = numpy.random.RandomState(SEED)
FEATURES = GENERATOR.randn(120, 4).round(3)
TEST = GENERATOR.randn(ROWS, 4).round(3)
SUM = FEATURES[:, 0] * 2 - FEATURES[:, 1] + FEATURES[:, 2] * FEATURES[:, 3]
NUMBERS = (SUM + GENERATOR.randn(120) / 4).round(3)
TWO = (NUMBERS > 0.2).astype(int)
THREE = numpy.digitize(NUMBERS, [-1, 1])
TEXTS = numpy.array(["low", "middle", "high"])[THREE]
PAIR = numpy.column_stack([NUMBERS, FEATURES[:, 1] - FEATURES[:, 2]])
PAIR_OF_CLASSES = numpy.column_stack([TWO, THREE])


def holed(rows, share=0.2, seed=7):
    """The rows with some values missing."""
    return numpy.where(numpy.random.RandomState(seed).rand(*rows.shape) < share, numpy.nan, rows)


def thresholds(estimator):
    """The thresholds of every tree inside an estimator, with their features."""
    found = []
    open_ = [estimator]
    while open_:
        part = open_.pop()
        if hasattr(part, "tree_"):
            tree = part.tree_
            found += [(f, t) for f, t in zip(tree.feature, tree.threshold) if f >= 0]
        elif hasattr(part, "nodes"):
            name = "num_threshold" if "num_threshold" in part.nodes.dtype.names else "threshold"
            found += [(n["feature_idx"], n[name]) for n in part.nodes if not n["is_leaf"]]
        elif hasattr(part, "_predictors"):
            open_ += [tree for round_ in part._predictors for tree in round_]
        elif hasattr(part, "estimators_"):
            open_ += list(numpy.array(part.estimators_, dtype=object).ravel())
    return found


def at_thresholds(estimator, rows=TEST):
    """Rows with values that are thresholds, or as near to them as a double can be."""
    rows = numpy.array(rows, dtype=float)
    found = thresholds(estimator)
    for index in range(len(rows)):
        for feature, threshold in found[index::len(rows)]:
            if not numpy.isfinite(threshold):  # A split of missing values from all others.
                continue
            near = [threshold, numpy.nextafter(threshold, 1e9), numpy.nextafter(threshold, -1e9),
                    threshold + 1e-9]
            rows[index, feature] = near[index % 4]
    return rows


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, numpy.generic):
        return plain(value.item())
    return None if isinstance(value, float) and value != value else value


def said(value):
    """An output, to the digits that tests look at."""
    if isinstance(value, (list, tuple)):
        return [said(part) for part in value]
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return said(value.tolist())
    return plain(float("%.12g" % value) if isinstance(value, float) else value)


def case(estimator, rows):
    """An estimator's input and outputs."""
    columns = list(rows.columns) if hasattr(rows, "columns") else None
    record = {} if rows is TEST else {"input": plain(rows.values if columns else rows)}
    if columns:
        record["columns"] = columns
    if not hasattr(estimator, "predict") or "feature_selection" in type(estimator).__module__:
        output = estimator.transform(rows)
        record["transformed"] = said(output.toarray() if hasattr(output, "toarray") else numpy.asarray(output))
        return record
    record["prediction"] = said(estimator.predict(rows))
    for name, method in (("probability", "predict_proba"), ("decision", "decision_function")):
        try:
            said_ = getattr(estimator, method)(rows)
            if name == "probability" and is_of_labels(record["prediction"], said_):
                # The shares of labels that a row may have, as estimators of several targets tell them.
                said_ = [numpy.column_stack([1 - share, share]) for share in numpy.asarray(said_).T]
            record[name] = said(said_)
        except Exception:  # Some estimators say only when they are called that they cannot.
            pass
    return record


def is_of_labels(prediction, probability):
    """Whether each row has a share for each label that it may have, and not for each class."""
    return (isinstance(prediction[0], list) and isinstance(probability, numpy.ndarray)
            and probability.shape == numpy.shape(prediction))


class Family:
    """The estimators of one file."""

    def __init__(self):
        self.estimators = {}
        self.cases = {}

    def add(self, name, make, target, rows=TEST, training=FEATURES, **settings):
        """Fits an estimator; one that a version does not have, or not with these settings, is left out."""
        try:
            # Some estimators fit those that they are given in place.
            estimator = copy.deepcopy(make(**settings))
            estimator.fit(training, target)
        except (TypeError, ValueError, KeyError, ImportError, AttributeError) as error:
            print(f"{sklearn.__version__}: {name}: {str(error)[:100]}", file=sys.stderr)
            return
        self.keep(name, estimator, rows(estimator) if callable(rows) else rows)

    def keep(self, name, estimator, rows):
        self.cases[name] = case(estimator, rows)
        self.estimators[name] = estimator

    def write(self, name, root=ROOT, **versions):
        if not self.estimators:
            return
        root.mkdir(parents=True, exist_ok=True)
        joblib.dump(self.estimators, root / f"{name}.joblib", compress=("zlib", 9))
        document = {
            **versions,
            "scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "joblib": joblib.__version__,
            "input": plain(TEST), "cases": self.cases,
        }
        lines = json.dumps(document, allow_nan=False).replace('}, "', '},\n "')
        (root / f"{name}.json").write_text(lines + "\n")


def linear():
    from sklearn import discriminant_analysis, dummy, linear_model, naive_bayes, svm

    family = Family()
    log = "log" if VERSION < (1, 1) else "log_loss"
    for name, target in (("two", TWO), ("three", THREE), ("texts", TEXTS)):
        family.add(f"LogisticRegression {name}", linear_model.LogisticRegression, target)
        family.add(f"LogisticRegressionCV {name}", linear_model.LogisticRegressionCV, target, cv=3, Cs=3)
        family.add(f"RidgeClassifier {name}", linear_model.RidgeClassifier, target)
        family.add(f"RidgeClassifierCV {name}", linear_model.RidgeClassifierCV, target)
        family.add(f"Perceptron {name}", linear_model.Perceptron, target, random_state=SEED, tol=1e-3)
        family.add(f"LinearSVC {name}", svm.LinearSVC, target, random_state=SEED)
        family.add(f"LinearDiscriminantAnalysis {name}", discriminant_analysis.LinearDiscriminantAnalysis, target)
        family.add(f"GaussianNB {name}", naive_bayes.GaussianNB, target)
        for loss in ("hinge", log, "modified_huber"):
            family.add(f"SGDClassifier {loss} {name}", linear_model.SGDClassifier, target, loss=loss,
                       random_state=SEED, tol=1e-3, max_iter=50)
        for strategy in ("most_frequent", "prior"):
            family.add(f"DummyClassifier {strategy} {name}", dummy.DummyClassifier, target, strategy=strategy)
    family.add("LogisticRegression multinomial two", linear_model.LogisticRegression, TWO,
               multi_class="multinomial", solver="lbfgs")
    family.add("LogisticRegression ovr three", linear_model.LogisticRegression, THREE, multi_class="ovr",
               solver="lbfgs")
    family.add("LogisticRegression liblinear two", linear_model.LogisticRegression, TWO, solver="liblinear")
    family.add("LogisticRegression liblinear three", linear_model.LogisticRegression, THREE, solver="liblinear")
    family.add("LogisticRegression without intercept", linear_model.LogisticRegression, THREE, fit_intercept=False)
    family.add("DummyClassifier constant", dummy.DummyClassifier, TEXTS, strategy="constant", constant="high")
    family.add("DummyClassifier one class", dummy.DummyClassifier, TEXTS == "none", strategy="prior")
    for shrinkage in ("lsqr", "eigen"):
        family.add(f"LinearDiscriminantAnalysis {shrinkage}", discriminant_analysis.LinearDiscriminantAnalysis,
                   THREE, solver=shrinkage)

    for name, target in (("one", NUMBERS), ("pair", PAIR)):
        for make in ("LinearRegression", "Ridge", "RidgeCV", "Lasso", "ElasticNet"):
            family.add(f"{make} {name}", getattr(linear_model, make), target)
            family.add(f"{make} {name} without intercept", getattr(linear_model, make), target, fit_intercept=False)
        family.add(f"DummyRegressor {name}", dummy.DummyRegressor, target)
    for make in ("LassoCV", "ElasticNetCV", "HuberRegressor", "BayesianRidge", "LassoLars"):
        family.add(make, getattr(linear_model, make), NUMBERS)
    family.add("MultiTaskLasso", linear_model.MultiTaskLasso, PAIR)
    family.add("DummyRegressor median", dummy.DummyRegressor, NUMBERS, strategy="median")
    family.add("SGDRegressor", linear_model.SGDRegressor, NUMBERS, random_state=SEED, tol=1e-3, max_iter=50)
    family.add("LinearSVR", svm.LinearSVR, NUMBERS, random_state=SEED)
    if VERSION >= (0, 23):
        positive = NUMBERS - NUMBERS.min() + 0.5
        family.add("PoissonRegressor", linear_model.PoissonRegressor, positive)
        family.add("GammaRegressor", linear_model.GammaRegressor, positive)
        for power in (0, 1.5):
            family.add(f"TweedieRegressor {power}", linear_model.TweedieRegressor, positive, power=power)
        family.add("TweedieRegressor log", linear_model.TweedieRegressor, positive, power=0, link="log")
    return family


def trees():
    from sklearn import ensemble, linear_model, tree

    family = Family()
    for name, target in (("two", TWO), ("texts", TEXTS), ("pair", PAIR_OF_CLASSES)):
        for make, settings in (("DecisionTreeClassifier", {}), ("ExtraTreeClassifier", {})):
            family.add(f"{make} {name}", getattr(tree, make), target, at_thresholds, max_depth=4, random_state=SEED,
                       **settings)
        for make in ("RandomForestClassifier", "ExtraTreesClassifier"):
            family.add(f"{make} {name}", getattr(ensemble, make), target, at_thresholds, n_estimators=4,
                       max_depth=3, random_state=SEED)
    family.add("DecisionTreeClassifier weighted", tree.DecisionTreeClassifier, TEXTS, at_thresholds, max_depth=3,
               class_weight="balanced", criterion="entropy", random_state=SEED)
    family.add("DecisionTreeClassifier random", tree.DecisionTreeClassifier, TWO, at_thresholds, max_depth=3,
               splitter="random", random_state=SEED)
    for name, target in (("one", NUMBERS), ("pair", PAIR)):
        for make in ("DecisionTreeRegressor", "ExtraTreeRegressor"):
            family.add(f"{make} {name}", getattr(tree, make), target, at_thresholds, max_depth=4, random_state=SEED)
        for make in ("RandomForestRegressor", "ExtraTreesRegressor"):
            family.add(f"{make} {name}", getattr(ensemble, make), target, at_thresholds, n_estimators=4,
                       max_depth=3, random_state=SEED)
    holes = holed(FEATURES)

    def with_holes(estimator):
        return holed(at_thresholds(estimator), seed=3)

    family.add("DecisionTreeClassifier missing", tree.DecisionTreeClassifier, TEXTS, with_holes, holes, max_depth=4,
               random_state=SEED)
    family.add("DecisionTreeRegressor missing", tree.DecisionTreeRegressor, NUMBERS, with_holes, holes, max_depth=4,
               random_state=SEED)
    family.add("ExtraTreeClassifier missing", tree.ExtraTreeClassifier, TWO, with_holes, holes, max_depth=4,
               random_state=SEED)
    family.add("RandomForestClassifier missing", ensemble.RandomForestClassifier, TEXTS, with_holes, holes,
               n_estimators=3, max_depth=3, random_state=SEED)
    family.add("RandomForestRegressor missing", ensemble.RandomForestRegressor, NUMBERS, with_holes, holes,
               n_estimators=3, max_depth=3, random_state=SEED)
    family.add("ExtraTreesRegressor missing", ensemble.ExtraTreesRegressor, NUMBERS, with_holes, holes,
               n_estimators=3, max_depth=3, random_state=SEED)

    boosted = {"n_estimators": 4, "max_depth": 2, "random_state": SEED}
    deviance = "deviance" if VERSION < (1, 1) else "log_loss"
    for name, target in (("two", TWO), ("texts", TEXTS)):
        family.add(f"GradientBoostingClassifier {name}", ensemble.GradientBoostingClassifier, target, at_thresholds,
                   loss=deviance, **boosted)
        family.add(f"GradientBoostingClassifier zero {name}", ensemble.GradientBoostingClassifier, target,
                   at_thresholds, init="zero", **boosted)
        if VERSION >= (0, 21):
            family.add(f"GradientBoostingClassifier init {name}", ensemble.GradientBoostingClassifier, target,
                       at_thresholds, init=linear_model.LogisticRegression(), **boosted)
    family.add("GradientBoostingClassifier exponential", ensemble.GradientBoostingClassifier, TWO, at_thresholds,
               loss="exponential", **boosted)
    for loss in ("huber", "quantile") + (("ls", "lad") if VERSION < (1, 0) else ("squared_error", "absolute_error")):
        family.add(f"GradientBoostingRegressor {loss}", ensemble.GradientBoostingRegressor, NUMBERS, at_thresholds,
                   loss=loss, **boosted)
    family.add("GradientBoostingRegressor zero", ensemble.GradientBoostingRegressor, NUMBERS, at_thresholds,
               init="zero", **boosted)
    if VERSION >= (0, 21):
        family.add("GradientBoostingRegressor init", ensemble.GradientBoostingRegressor, NUMBERS, at_thresholds,
                   init=linear_model.LinearRegression(), **boosted)
    isolation = {"n_estimators": 5, "random_state": SEED}
    family.add("IsolationForest", ensemble.IsolationForest, None, at_thresholds, **isolation)
    family.add("IsolationForest contamination", ensemble.IsolationForest, None, at_thresholds, contamination=0.2,
               max_samples=32, **isolation)
    family.add("IsolationForest of some features", ensemble.IsolationForest, None, max_features=2, **isolation)
    return family


def steps():
    from sklearn import decomposition, feature_selection, impute, linear_model, preprocessing

    family = Family()
    within = numpy.clip(TEST, FEATURES.min(axis=0), FEATURES.max(axis=0))
    holes, test_holes = holed(FEATURES), holed(TEST, seed=3)
    wide = numpy.vstack([TEST * 3, FEATURES[:4], FEATURES.min(axis=0), FEATURES.max(axis=0)])
    for make, settings in (
        ("StandardScaler", {}), ("StandardScaler", {"with_mean": False}), ("StandardScaler", {"with_std": False}),
        ("MinMaxScaler", {}), ("MinMaxScaler", {"feature_range": (-1, 2)}), ("MinMaxScaler", {"clip": True}),
        ("MaxAbsScaler", {}), ("RobustScaler", {}), ("RobustScaler", {"with_centering": False}),
        ("RobustScaler", {"with_scaling": False, "quantile_range": (10, 90)}), ("Binarizer", {"threshold": 0.25}),
        ("Normalizer", {}), ("Normalizer", {"norm": "l1"}),
        ("QuantileTransformer", {"n_quantiles": 20}), ("PowerTransformer", {}),
        ("QuantileTransformer", {"n_quantiles": 20, "output_distribution": "normal"}),
        ("PowerTransformer", {"standardize": False}),
    ) + ((("Normalizer", {"norm": "max"}),) if VERSION >= (1, 0) else ()):
        name = " ".join([make] + [f"{key}={value}" for key, value in settings.items()])
        takes_holes = make not in ("Normalizer", "Binarizer")
        family.add(name, getattr(preprocessing, make), None, wide, **settings)
        if takes_holes:
            family.add(name + " missing", getattr(preprocessing, make), None, test_holes, holes, **settings)
    repeated = FEATURES.round(0)
    family.add("QuantileTransformer repeated", preprocessing.QuantileTransformer, None, TEST.round(0), repeated,
               n_quantiles=30)
    family.add("PowerTransformer box-cox", preprocessing.PowerTransformer, None, abs(TEST) + 0.1,
               abs(FEATURES) + 0.1, method="box-cox")
    family.add("FunctionTransformer identity", preprocessing.FunctionTransformer, None, validate=False)
    family.add("FunctionTransformer log1p", preprocessing.FunctionTransformer, None, abs(TEST), abs(FEATURES),
               func=numpy.log1p, inverse_func=numpy.expm1, validate=False)

    for strategy in ("mean", "median", "most_frequent"):
        family.add(f"SimpleImputer {strategy}", impute.SimpleImputer, None, test_holes, holes, strategy=strategy)
    family.add("SimpleImputer constant", impute.SimpleImputer, None, test_holes, holes, strategy="constant",
               fill_value=-7)
    family.add("SimpleImputer indicator", impute.SimpleImputer, None, test_holes, holes, add_indicator=True)
    empty = numpy.column_stack([holes[:, :2], numpy.full(len(holes), numpy.nan), holes[:, 3]])
    family.add("SimpleImputer empty", impute.SimpleImputer, None, test_holes, empty)
    family.add("SimpleImputer empty kept", impute.SimpleImputer, None, test_holes, empty, keep_empty_features=True)
    marked = numpy.nan_to_num(holes, nan=-1) if VERSION >= (0, 22) else numpy.where(holes != holes, -1, holes)
    family.add("SimpleImputer mark", impute.SimpleImputer, None,
               numpy.where(test_holes != test_holes, -1, test_holes), marked, missing_values=-1)
    words = numpy.array([["a", "x"], ["b", "y"], ["a", None], [None, "y"]] * 5, dtype=object)
    word_rows = numpy.array([["a", None], ["c", "x"], [None, "y"], ["b", "z"]], dtype=object)
    family.add("SimpleImputer words", impute.SimpleImputer, None, word_rows, words, missing_values=None,
               strategy="most_frequent")

    kinds = numpy.array([[1, "red"], [2, "green"], [3, "blue"], [1, "red"]] * 6, dtype=object)
    kind_rows = numpy.array([[3, "green"], [1, "red"], [2, "blue"]], dtype=object)
    strange_rows = numpy.array([[4, "green"], [1, "violet"], [2, "blue"]], dtype=object)
    numbers, number_rows = FEATURES.round(0).clip(-1, 1), TEST.round(0).clip(-1, 1)
    texts, text_rows = kinds[:, 1:], kind_rows[:, 1:]
    for name, data, rows, strangers in (
        ("kinds", kinds, kind_rows, strange_rows), ("numbers", numbers, number_rows, TEST.round(0)),
        ("texts", texts, text_rows, strange_rows[:, 1:]),
    ):
        family.add(f"OneHotEncoder {name}", preprocessing.OneHotEncoder, None, rows, data, categories="auto")
        family.add(f"OneHotEncoder ignore {name}", preprocessing.OneHotEncoder, None, strangers, data,
                   handle_unknown="ignore", categories="auto")
        family.add(f"OneHotEncoder drop first {name}", preprocessing.OneHotEncoder, None, rows, data, drop="first")
        family.add(f"OneHotEncoder drop binary {name}", preprocessing.OneHotEncoder, None, rows, data,
                   drop="if_binary")
        family.add(f"OrdinalEncoder {name}", preprocessing.OrdinalEncoder, None, rows, data)
        family.add(f"OrdinalEncoder unknown {name}", preprocessing.OrdinalEncoder, None, strangers, data,
                   handle_unknown="use_encoded_value", unknown_value=-1)
        family.add(f"OneHotEncoder rare {name}", preprocessing.OneHotEncoder, None, strangers, data,
                   handle_unknown="infrequent_if_exist", min_frequency=9)
        family.add(f"OneHotEncoder rare drop {name}", preprocessing.OneHotEncoder, None, strangers, data,
                   handle_unknown="infrequent_if_exist", min_frequency=9, drop="first")
        family.add(f"OrdinalEncoder rare {name}", preprocessing.OrdinalEncoder, None, strangers, data,
                   handle_unknown="use_encoded_value", unknown_value=-1, max_categories=2)
    if VERSION >= (0, 24):
        some = numpy.where(holes.round(0) > 0, 1, numpy.where(holes == holes, 0, numpy.nan))
        few = numpy.where(test_holes.round(0) > 0, 1, numpy.where(test_holes == test_holes, 0, numpy.nan))
        family.add("OneHotEncoder missing", preprocessing.OneHotEncoder, None, few, some)
        if VERSION >= (1, 0):
            family.add("OrdinalEncoder missing", preprocessing.OrdinalEncoder, None, few, some)
            family.add("OrdinalEncoder missing code", preprocessing.OrdinalEncoder, None, few, some,
                       encoded_missing_value=-3)

    family.add("PolynomialFeatures", preprocessing.PolynomialFeatures, None)
    family.add("PolynomialFeatures 3", preprocessing.PolynomialFeatures, None, degree=3, include_bias=False)
    family.add("PolynomialFeatures interactions", preprocessing.PolynomialFeatures, None, degree=3,
               interaction_only=True)
    family.add("PolynomialFeatures range", preprocessing.PolynomialFeatures, None, degree=(2, 3))
    for encode in ("onehot", "onehot-dense", "ordinal"):
        discretizer = preprocessing.KBinsDiscretizer(n_bins=4, encode=encode).fit(FEATURES)
        edges = numpy.column_stack([list(edge)[:4] for edge in discretizer.bin_edges_])
        family.keep(f"KBinsDiscretizer {encode}", discretizer, numpy.vstack([TEST, edges, numpy.nextafter(edges, -9)]))
    family.add("KBinsDiscretizer uniform", preprocessing.KBinsDiscretizer, None, n_bins=[2, 3, 4, 5], encode="ordinal",
               strategy="uniform")
    family.add("PCA", decomposition.PCA, None, n_components=3, random_state=SEED)
    family.add("PCA whiten", decomposition.PCA, None, whiten=True, random_state=SEED)
    family.add("TruncatedSVD", decomposition.TruncatedSVD, None, n_components=2, random_state=SEED)

    for k in (2, "all"):
        family.add(f"SelectKBest {k}", feature_selection.SelectKBest, TWO, k=k)
    family.add("SelectKBest regression", feature_selection.SelectKBest, NUMBERS, k=1,
               score_func=feature_selection.f_regression)
    for percentile in (30, 50):
        family.add(f"SelectPercentile {percentile}", feature_selection.SelectPercentile, TWO, percentile=percentile)
    for make in ("SelectFpr", "SelectFdr", "SelectFwe"):
        family.add(make, getattr(feature_selection, make), TWO)
    family.add("GenericUnivariateSelect", feature_selection.GenericUnivariateSelect, TWO, mode="k_best", param=3)
    family.add("VarianceThreshold", feature_selection.VarianceThreshold, None, threshold=0.95)
    for threshold in (None, "median", "0.5*mean", 0.3):
        family.add(f"SelectFromModel {threshold}", feature_selection.SelectFromModel, TWO,
                   estimator=linear_model.LogisticRegression(solver="liblinear"), threshold=threshold)
    family.add("SelectFromModel Lasso", feature_selection.SelectFromModel, NUMBERS,
               estimator=linear_model.Lasso(alpha=0.1))
    family.add("RFE", feature_selection.RFE, TWO, estimator=linear_model.LogisticRegression(solver="liblinear"),
               n_features_to_select=2)
    family.add("RFECV", feature_selection.RFECV, TWO, estimator=linear_model.LogisticRegression(solver="liblinear"),
               cv=3)
    if hasattr(feature_selection, "SequentialFeatureSelector"):
        family.add("SequentialFeatureSelector", feature_selection.SequentialFeatureSelector, TWO,
                   estimator=linear_model.LogisticRegression(), n_features_to_select=2, cv=3)
    return family


def columns():
    import pandas
    from sklearn import compose, impute, linear_model, pipeline, preprocessing, tree

    family = Family()
    random = numpy.random.RandomState(5)
    table = pandas.DataFrame(FEATURES, columns=["length", "width", "height", "weight"])
    table["colour"] = random.choice(["red", "green", "blue"], len(table))
    table["size"] = random.choice(["small", "large"], len(table))
    table["count"] = random.randint(0, 3, len(table))
    table["note"] = ["note %d" % index for index in range(len(table))]
    holes = table.copy()
    holes[["length", "width"]] = holed(table[["length", "width"]].values)
    holes.loc[random.rand(len(table)) < 0.2, "colour"] = numpy.nan
    rows = holes.tail(ROWS).reset_index(drop=True)
    full_rows = table.tail(ROWS).reset_index(drop=True)

    numeric = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    words = pipeline.make_pipeline(
        impute.SimpleImputer(strategy="most_frequent"), preprocessing.OneHotEncoder(handle_unknown="ignore"))
    both = [("numeric", numeric, ["length", "width"]), ("words", words, ["colour", "size"])]

    def fit(name, transformer, training, given, target=TWO, estimator=None):
        estimator = estimator or linear_model.LogisticRegression(solver="liblinear")
        model = pipeline.Pipeline([("columns", transformer), ("model", estimator)])
        try:
            model.fit(training, target)
        except (TypeError, ValueError) as error:
            print(f"{sklearn.__version__}: {name}: {str(error)[:100]}", file=sys.stderr)
            return
        family.keep(name, model, given)

    fit("by name", compose.ColumnTransformer(both), holes, rows)
    fit("constant word", compose.ColumnTransformer([
        ("words", pipeline.make_pipeline(impute.SimpleImputer(strategy="constant", fill_value="none"),
                                         preprocessing.OneHotEncoder()), ["colour"]),
        ("number", "passthrough", ["height"])]), holes, rows)
    fit("regressor", compose.ColumnTransformer(both), holes, rows, NUMBERS, linear_model.LinearRegression())
    fit("weights", compose.ColumnTransformer(both, transformer_weights={"numeric": 2.5}), holes, rows)
    ordinal = ("ordinal", preprocessing.OrdinalEncoder(), ["colour", "size"])
    fit("remainder dropped", compose.ColumnTransformer([ordinal]), table, full_rows)
    numbers = table.drop(columns=["note"])
    number_rows = full_rows.drop(columns=["note"])
    if VERSION >= (0, 23):
        fit("remainder passed", compose.ColumnTransformer([ordinal], remainder="passthrough"), numbers, number_rows,
            estimator=tree.DecisionTreeClassifier(max_depth=3, random_state=SEED))
        fit("remainder scaled", compose.ColumnTransformer([ordinal], remainder=preprocessing.StandardScaler()),
            numbers, number_rows)
        fit("by type", compose.ColumnTransformer([
            ("words", preprocessing.OneHotEncoder(), compose.make_column_selector(dtype_include=object)),
            ("numbers", preprocessing.MinMaxScaler(), compose.make_column_selector(dtype_include="number"))]),
            numbers, number_rows)
    fit("by slice", compose.ColumnTransformer([
        ("numbers", preprocessing.StandardScaler(), slice("length", "height")), ordinal]), table, full_rows)
    fit("some dropped", compose.ColumnTransformer([
        ("gone", "drop", ["width"]), ("numbers", preprocessing.MinMaxScaler(), ["weight", "count"])]), table, full_rows)
    fit("by number", compose.ColumnTransformer([
        ("first", preprocessing.StandardScaler(), [0, 2]), ("last", preprocessing.MinMaxScaler(), [-1])]),
        FEATURES, TEST)
    fit("by mask", compose.ColumnTransformer([
        ("first", preprocessing.StandardScaler(), [True, False, True, False]),
        ("slice", "passthrough", slice(1, 2))]), FEATURES, TEST)
    fit("union", pipeline.FeatureUnion([
        ("scaled", preprocessing.StandardScaler()), ("squares", preprocessing.PolynomialFeatures())],
        transformer_weights={"squares": 0.5}), FEATURES, TEST)
    filled = compose.ColumnTransformer([
        ("words", impute.SimpleImputer(strategy="most_frequent"), ["colour", "size"]),
        ("numbers", impute.SimpleImputer(), ["length", "width"])])
    encoded = compose.ColumnTransformer([
        ("words", preprocessing.OneHotEncoder(), [0, 1]), ("numbers", "passthrough", [2, 3])])
    fit("one behind another", pipeline.make_pipeline(filled, encoded), holes, rows)
    return family


def boosting():
    family = Family()
    if VERSION < (0, 21):
        return family
    if VERSION < (1, 0):
        from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    import pandas
    from sklearn import ensemble

    settings = {"max_iter": 4, "max_leaf_nodes": 6, "min_samples_leaf": 8, "random_state": SEED}
    holes = holed(FEATURES)

    def with_holes(estimator):
        return holed(at_thresholds(estimator), seed=3)

    classifier, regressor = ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor
    for name, target in (("two", TWO), ("three", THREE), ("texts", TEXTS)):
        family.add(f"HistGradientBoostingClassifier {name}", classifier, target, at_thresholds, **settings)
        family.add(f"HistGradientBoostingClassifier missing {name}", classifier, target, with_holes, holes, **settings)
    positive = NUMBERS - NUMBERS.min() + 0.5
    for loss in ("squared_error", "absolute_error", "least_squares", "poisson", "gamma"):
        family.add(f"HistGradientBoostingRegressor {loss}", regressor, positive, at_thresholds, loss=loss, **settings)
    family.add("HistGradientBoostingRegressor quantile", regressor, positive, at_thresholds, loss="quantile",
               quantile=0.8, **settings)
    family.add("HistGradientBoostingRegressor missing", regressor, NUMBERS, with_holes, holes, **settings)
    if VERSION >= (0, 24):
        # A column of categories: those unknown, negative and missing, and one beyond all bits.
        random = numpy.random.RandomState(3)
        codes = random.randint(0, 12, len(FEATURES)).astype(float)
        codes[random.rand(len(codes)) < 0.1] = numpy.nan
        training = numpy.column_stack([FEATURES[:, :2], codes, FEATURES[:, 3]])
        rows = numpy.column_stack([TEST[:, :2], [0, 1, 2, 3, 5, 8, 11, 12, 40, -1, numpy.nan, 7], TEST[:, 3]])
        target = ((numpy.nan_to_num(codes) % 3 == 0) ^ (FEATURES[:, 0] > 0.5)).astype(int)
        chosen = {"categorical_features": [2], **settings}
        family.add("HistGradientBoostingClassifier categories", classifier, target, rows, training, **chosen)
        family.add("HistGradientBoostingRegressor categories", regressor, target + NUMBERS, rows, training, **chosen)
    if VERSION >= (1, 4):
        table = pandas.DataFrame({
            "length": FEATURES[:, 0], "colour": random.choice(["red", "green", "blue", "grey"], len(FEATURES)),
            "width": FEATURES[:, 1]})
        table.loc[random.rand(len(table)) < 0.1, "colour"] = None
        table["colour"] = table["colour"].astype("category")
        target = (table["colour"].isin(["red", "grey"]) ^ (table["length"] > 0)).astype(int)
        sample = table.head(ROWS).copy()
        model = classifier(categorical_features=["colour"], **settings).fit(table, target)
        family.keep("HistGradientBoostingClassifier table", model, sample.astype({"colour": object}))
    return family


def wrappers():
    from sklearn import (calibration, compose, ensemble, linear_model, model_selection, multiclass, multioutput,
                         naive_bayes, pipeline, preprocessing, svm, tree)

    family = Family()
    logistic = linear_model.LogisticRegression(solver="liblinear")
    many = linear_model.LogisticRegression() if VERSION >= (0, 22) else linear_model.LogisticRegression(
        solver="lbfgs", multi_class="multinomial")
    shallow = tree.DecisionTreeClassifier(max_depth=2, random_state=SEED)
    stump = tree.DecisionTreeRegressor(max_depth=2, random_state=SEED)
    bayes, margins = naive_bayes.GaussianNB(), svm.LinearSVC(random_state=SEED)
    line, ridge = linear_model.LinearRegression(), linear_model.RidgeClassifier()
    named = "base_estimator" if VERSION < (1, 2) else "estimator"
    few = {"n_estimators": 5, "random_state": SEED}

    for name, target in (("two", TWO), ("texts", TEXTS)):
        family.add(f"AdaBoostClassifier {name}", ensemble.AdaBoostClassifier, target, **few)
        for algorithm in ("SAMME", "SAMME.R"):
            family.add(f"AdaBoostClassifier {algorithm} {name}", ensemble.AdaBoostClassifier, target,
                       algorithm=algorithm, **{named: shallow}, **few)
        for kind, estimator in (("trees", shallow), ("margins", margins), ("bayes", bayes)):
            family.add(f"BaggingClassifier {kind} {name}", ensemble.BaggingClassifier, target, **{named: estimator},
                       **few)
        family.add(f"BaggingClassifier features {name}", ensemble.BaggingClassifier, target, max_features=2,
                   max_samples=0.5, **{named: shallow}, **few)
        members = [("many", many), ("tree", shallow), ("bayes", bayes)]
        family.add(f"VotingClassifier soft {name}", ensemble.VotingClassifier, target, estimators=members,
                   voting="soft", weights=[1, 2, 0.5])
        family.add(f"VotingClassifier hard {name}", ensemble.VotingClassifier, target,
                   estimators=members + [("margins", margins)], voting="hard")
        family.add(f"VotingClassifier weighted {name}", ensemble.VotingClassifier, target, estimators=members,
                   voting="hard", weights=[1, 2.5, 1])
        if hasattr(ensemble, "StackingClassifier"):
            family.add(f"StackingClassifier {name}", ensemble.StackingClassifier, target,
                       estimators=members + [("margins", margins)], final_estimator=many, cv=3)
            family.add(f"StackingClassifier passthrough {name}", ensemble.StackingClassifier, target,
                       estimators=[("ridge", ridge), ("tree", shallow)], final_estimator=shallow, cv=3,
                       passthrough=True)
            family.add(f"StackingClassifier predict {name}", ensemble.StackingClassifier, target,
                       estimators=members, final_estimator=many, cv=3, stack_method="predict")
        for kind, estimator in (("logistic", logistic), ("tree", shallow), ("margins", margins)):
            family.add(f"OneVsRestClassifier {kind} {name}", multiclass.OneVsRestClassifier, target,
                       estimator=estimator)
        for method in ("sigmoid", "isotonic"):
            for kind, estimator in (("margins", margins), ("bayes", bayes)):
                family.add(f"CalibratedClassifierCV {method} {kind} {name}", calibration.CalibratedClassifierCV,
                           target, cv=3, method=method, **{named: estimator})
        family.add(f"CalibratedClassifierCV one {name}", calibration.CalibratedClassifierCV, target, cv=3,
                   ensemble=False, **{named: margins})
        searched = pipeline.make_pipeline(preprocessing.StandardScaler(), many)
        family.add(f"GridSearchCV {name}", model_selection.GridSearchCV, target, estimator=searched,
                   param_grid={"logisticregression__C": [0.1, 1.0]}, cv=3)
        family.add(f"GridSearchCV scored {name}", model_selection.GridSearchCV, target, estimator=shallow,
                   param_grid={"max_depth": [1, 3]}, cv=model_selection.StratifiedKFold(3), scoring="accuracy")
        family.add(f"RandomizedSearchCV {name}", model_selection.RandomizedSearchCV, target, estimator=many,
                   param_distributions={"C": [0.1, 1.0, 10.0]}, n_iter=2, cv=3, random_state=SEED)
    if hasattr(model_selection, "FixedThresholdClassifier"):
        fixed = model_selection.FixedThresholdClassifier
        family.add("FixedThresholdClassifier", fixed, TWO, estimator=logistic, threshold=0.3)
        family.add("FixedThresholdClassifier margins", fixed, TWO, estimator=margins)
        family.add("FixedThresholdClassifier first", fixed, TWO, estimator=logistic, threshold=0.7, pos_label=0)
        family.add("FixedThresholdClassifier decisions", fixed, TWO, estimator=logistic, threshold=0.5,
                   response_method="decision_function")
        family.add("FixedThresholdClassifier at", fixed, TWO, estimator=shallow, threshold=0.25)
        family.add("TunedThresholdClassifierCV", model_selection.TunedThresholdClassifierCV, TWO, estimator=logistic,
                   cv=3)

    family.add("AdaBoostRegressor", ensemble.AdaBoostRegressor, NUMBERS, **few)
    family.add("BaggingRegressor", ensemble.BaggingRegressor, NUMBERS, **few)
    family.add("BaggingRegressor features", ensemble.BaggingRegressor, NUMBERS, max_features=0.5, **{named: line},
               **few)
    if hasattr(ensemble, "VotingRegressor"):
        family.add("VotingRegressor", ensemble.VotingRegressor, NUMBERS, estimators=[("line", line), ("tree", stump)])
        family.add("VotingRegressor weighted", ensemble.VotingRegressor, NUMBERS,
                   estimators=[("line", line), ("tree", stump)], weights=[3, 1])
    if hasattr(ensemble, "StackingRegressor"):
        family.add("StackingRegressor", ensemble.StackingRegressor, NUMBERS, cv=3,
                   estimators=[("line", line), ("tree", stump)])
        family.add("StackingRegressor passthrough", ensemble.StackingRegressor, NUMBERS, cv=3, passthrough=True,
                   estimators=[("line", line), ("tree", stump)], final_estimator=stump)
    family.add("MultiOutputRegressor", multioutput.MultiOutputRegressor, PAIR, estimator=line)
    family.add("MultiOutputClassifier", multioutput.MultiOutputClassifier, PAIR_OF_CLASSES, estimator=shallow)
    family.add("MultiOutputClassifier margins", multioutput.MultiOutputClassifier, PAIR_OF_CLASSES, estimator=margins)
    positive = NUMBERS - NUMBERS.min()
    target = compose.TransformedTargetRegressor
    family.add("TransformedTargetRegressor log", target, positive, regressor=line, func=numpy.log1p,
               inverse_func=numpy.expm1)
    for scaler in ("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler"):
        family.add(f"TransformedTargetRegressor {scaler}", target, NUMBERS, regressor=line,
                   transformer=getattr(preprocessing, scaler)())
    family.add("TransformedTargetRegressor pair", target, PAIR, regressor=line,
               transformer=preprocessing.StandardScaler())
    family.add("GridSearchCV regressor", model_selection.GridSearchCV, NUMBERS, estimator=linear_model.Ridge(),
               param_grid={"alpha": [0.1, 1.0]}, cv=3, scoring="neg_mean_squared_error")
    return family


def settings():
    """Settings and estimators beside the usual ones."""
    from sklearn import (calibration, compose, decomposition, dummy, ensemble, feature_selection, impute, linear_model,
                         metrics, model_selection, multiclass, multioutput, naive_bayes, pipeline, preprocessing, svm,
                         tree)

    family = Family()
    named = "base_estimator" if VERSION < (1, 2) else "estimator"
    few = {"n_estimators": 4, "random_state": SEED}
    line, stump = linear_model.LinearRegression(), tree.DecisionTreeRegressor(max_depth=2, random_state=SEED)
    shallow = tree.DecisionTreeClassifier(max_depth=2, random_state=SEED)
    logistic = linear_model.LogisticRegression(solver="liblinear" if VERSION < (1, 0) else "lbfgs")
    bayes = naive_bayes.GaussianNB()
    positive = NUMBERS - NUMBERS.min() + 0.5

    # Class labels of every kind.
    for name, target in (("bool", TWO.astype(bool)), ("float", TWO.astype(float)), ("signs", 2 * TWO - 1),
                         ("small", THREE.astype("int8")), ("unsigned", THREE.astype("uint16")),
                         ("objects", TEXTS.astype(object))):
        for make in (linear_model.LogisticRegression, tree.DecisionTreeClassifier, ensemble.VotingClassifier,
                     ensemble.GradientBoostingClassifier, svm.LinearSVC, linear_model.RidgeClassifier):
            own = {"estimators": [("a", logistic), ("b", shallow)]} if make is ensemble.VotingClassifier else {
                "max_depth": 2} if make is tree.DecisionTreeClassifier else {
                "n_estimators": 2} if make is ensemble.GradientBoostingClassifier else {}
            family.add(f"{make.__name__} {name}", make, target, **own)
    single = FEATURES.astype("float32")
    family.add("LogisticRegression single precision", linear_model.LogisticRegression, THREE, training=single)
    family.add("Ridge single precision", linear_model.Ridge, NUMBERS, training=single)
    family.add("StandardScaler single precision", preprocessing.StandardScaler, None, training=single)
    family.add("LinearRegression column of targets", linear_model.LinearRegression, NUMBERS.reshape(-1, 1))
    family.add("RandomForestRegressor column of targets", ensemble.RandomForestRegressor, NUMBERS.reshape(-1, 1),
               max_depth=2, **few)

    # Linear models.
    for penalty, solver in (("l1", "liblinear"), ("l1", "saga"), ("none", "lbfgs"), (None, "lbfgs")):
        for name, target in (("two", TWO), ("three", THREE)):
            family.add(f"LogisticRegression {penalty} {solver} {name}", linear_model.LogisticRegression, target,
                       penalty=penalty, solver=solver, random_state=SEED)
    family.add("LogisticRegression elasticnet", linear_model.LogisticRegression, THREE, penalty="elasticnet",
               solver="saga", l1_ratio=0.5, class_weight="balanced", random_state=SEED)
    family.add("LogisticRegression newton-cholesky", linear_model.LogisticRegression, THREE, solver="newton-cholesky")
    family.add("LogisticRegressionCV scored", linear_model.LogisticRegressionCV, TEXTS, cv=3, Cs=2, scoring="f1_macro",
               refit=False)
    family.add("LogisticRegressionCV multinomial", linear_model.LogisticRegressionCV, THREE, cv=3, Cs=2,
               multi_class="multinomial")
    family.add("LogisticRegressionCV elasticnet", linear_model.LogisticRegressionCV, THREE, cv=3, Cs=2,
               penalty="elasticnet", solver="saga", l1_ratios=[0.1, 0.9], random_state=SEED)
    family.add("LinearRegression positive", linear_model.LinearRegression, NUMBERS, positive=True)
    family.add("Ridge positive", linear_model.Ridge, NUMBERS, positive=True)
    family.add("Ridge normalize", linear_model.Ridge, NUMBERS, normalize=True)
    family.add("LinearRegression normalize", linear_model.LinearRegression, NUMBERS, normalize=True)
    family.add("RidgeCV folds", linear_model.RidgeCV, NUMBERS, alphas=[0.1, 1.0], cv=3)
    family.add("RidgeClassifierCV folds", linear_model.RidgeClassifierCV, TEXTS, alphas=[0.1, 1.0], cv=3)
    family.add("RidgeClassifier balanced", linear_model.RidgeClassifier, TEXTS, class_weight="balanced")
    for make, own in (("Lars", {}), ("LarsCV", {"cv": 3}), ("LassoLarsCV", {"cv": 3}), ("LassoLarsIC", {}),
                      ("OrthogonalMatchingPursuit", {"n_nonzero_coefs": 2}), ("OrthogonalMatchingPursuitCV", {"cv": 3}),
                      ("ARDRegression", {}), ("TheilSenRegressor", {"random_state": SEED, "max_subpopulation": 100}),
                      ("PassiveAggressiveRegressor", {"random_state": SEED, "tol": 1e-3}),
                      ("QuantileRegressor", {"solver": "highs"}), ("RANSACRegressor", {"random_state": SEED}),
                      ("LassoCV", {"cv": 3, "positive": True}), ("ElasticNetCV", {"cv": 3, "l1_ratio": [0.2, 0.9]}),
                      ("SGDRegressor", {"loss": "huber", "average": True, "random_state": SEED, "tol": 1e-3}),
                      ("SGDRegressor early", {"early_stopping": True, "random_state": SEED, "tol": 1e-3})):
        if hasattr(linear_model, make.split()[0]):
            family.add(make, getattr(linear_model, make.split()[0]), NUMBERS, **own)
    for make in ("MultiTaskElasticNet", "MultiTaskElasticNetCV", "MultiTaskLassoCV"):
        family.add(make, getattr(linear_model, make), PAIR)
    for loss in ("squared_hinge", "perceptron", "huber"):
        family.add(f"SGDClassifier {loss}", linear_model.SGDClassifier, THREE, loss=loss, random_state=SEED, tol=1e-3)
    log = "log" if VERSION < (1, 1) else "log_loss"
    family.add("SGDClassifier average", linear_model.SGDClassifier, THREE, loss=log, average=True, random_state=SEED,
               tol=1e-3)
    family.add("SGDClassifier early", linear_model.SGDClassifier, TWO, loss=log, early_stopping=True,
               random_state=SEED, tol=1e-3)
    for name, target in (("two", TWO), ("texts", TEXTS)):
        family.add(f"PassiveAggressiveClassifier {name}", linear_model.PassiveAggressiveClassifier, target,
                   random_state=SEED, tol=1e-3)
    family.add("LinearSVC crammer", svm.LinearSVC, THREE, multi_class="crammer_singer", random_state=SEED)
    family.add("LinearSVC l1", svm.LinearSVC, TEXTS, penalty="l1", dual=False, random_state=SEED)
    family.add("LinearSVC without intercept", svm.LinearSVC, TWO, fit_intercept=False, random_state=SEED)
    family.add("GaussianNB priors", naive_bayes.GaussianNB, TEXTS, priors=[0.2, 0.3, 0.5], var_smoothing=1e-2)
    family.add("DummyClassifier prior pair", dummy.DummyClassifier, PAIR_OF_CLASSES, strategy="prior")
    family.add("DummyClassifier constant pair", dummy.DummyClassifier, PAIR_OF_CLASSES, strategy="constant",
               constant=[1, 2])
    family.add("DummyRegressor quantile", dummy.DummyRegressor, NUMBERS, strategy="quantile", quantile=0.3)
    family.add("DummyRegressor constant pair", dummy.DummyRegressor, PAIR, strategy="constant", constant=[1, 2])

    # Trees.
    for name, own in (("pruned", {"ccp_alpha": 0.02}), ("best first", {"max_leaf_nodes": 6}),
                      ("entropy", {"criterion": "entropy", "max_features": "sqrt"}),
                      ("monotonic", {"monotonic_cst": [1, 0, -1, 0]})):
        family.add(f"DecisionTreeClassifier {name}", tree.DecisionTreeClassifier, TWO, at_thresholds,
                   random_state=SEED, max_depth=4, **own)
        family.add(f"RandomForestClassifier {name}", ensemble.RandomForestClassifier, TWO, at_thresholds, max_depth=3,
                   **few, **own)
    family.add("DecisionTreeClassifier one class", tree.DecisionTreeClassifier, numpy.zeros(120, dtype=int))
    family.add("RandomForestClassifier one class", ensemble.RandomForestClassifier, numpy.zeros(120, dtype=int), **few)
    for criterion in ("mae", "friedman_mse", "absolute_error", "poisson"):
        family.add(f"DecisionTreeRegressor {criterion}", tree.DecisionTreeRegressor, positive, at_thresholds,
                   criterion=criterion, max_depth=3, random_state=SEED)
    family.add("RandomForestClassifier oob", ensemble.RandomForestClassifier, TEXTS, at_thresholds, max_depth=3,
               oob_score=True, class_weight="balanced_subsample", n_estimators=12, random_state=SEED)
    family.add("RandomForestRegressor whole", ensemble.RandomForestRegressor, NUMBERS, at_thresholds, max_depth=3,
               bootstrap=False, max_features=0.5, warm_start=True, **few)
    family.add("ExtraTreesClassifier bootstrap", ensemble.ExtraTreesClassifier, TEXTS, at_thresholds, max_depth=3,
               bootstrap=True, **few)
    for name, own in (("subsample", {"subsample": 0.5, "max_features": 2}), ("leaves", {"max_leaf_nodes": 3}),
                      ("stopped", {"n_iter_no_change": 2, "validation_fraction": 0.2, "n_estimators": 20}),
                      ("dummy", {"init": dummy.DummyClassifier(strategy="prior")})):
        own = {**few, "max_depth": 2, **own}
        if VERSION >= (0, 21) or "init" not in own:
            family.add(f"GradientBoostingClassifier {name} two", ensemble.GradientBoostingClassifier, TWO,
                       at_thresholds, **own)
            family.add(f"GradientBoostingClassifier {name} texts", ensemble.GradientBoostingClassifier, TEXTS,
                       at_thresholds, **own)
    family.add("GradientBoostingRegressor quantile", ensemble.GradientBoostingRegressor, NUMBERS, at_thresholds,
               loss="quantile", alpha=0.2, **few)
    if VERSION >= (0, 23):
        if VERSION < (1, 0):
            from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
        classifier, regressor = ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor
        hist = {"max_iter": 4, "min_samples_leaf": 5, "random_state": SEED}
        for name, own in (("stopped", {"early_stopping": True, "max_iter": 30}), ("monotonic", {
                              "monotonic_cst": [1, 0, -1, 0]}), ("bins", {"max_bins": 8, "max_leaf_nodes": 4}),
                          ("interactions", {"interaction_cst": "pairwise"}), ("balanced", {"class_weight": "balanced"}),
                          ("warm", {"warm_start": True}), ("scored", {"early_stopping": True, "scoring": "accuracy"}),
                          ("features", {"max_features": 0.5})):
            own = {**hist, **own}
            if name != "monotonic":
                family.add(f"HistGradientBoostingClassifier {name}", classifier, TEXTS, at_thresholds, **own)
            family.add(f"HistGradientBoostingClassifier {name} two", classifier, TWO, at_thresholds, **own)
        for loss, own in (("quantile", {"quantile": 0.3}), ("gamma", {}), ("poisson", {}), ("absolute_error", {}),
                          ("least_absolute_deviation", {})):
            family.add(f"HistGradientBoostingRegressor {loss}", regressor, positive, at_thresholds, loss=loss,
                       **hist, **own)
    family.add("IsolationForest bootstrap", ensemble.IsolationForest, None, at_thresholds, bootstrap=True,
               max_samples=0.5, contamination=0.1, **few)

    # Ensembles and wrappers.
    for loss in ("linear", "square", "exponential"):
        family.add(f"AdaBoostRegressor {loss}", ensemble.AdaBoostRegressor, NUMBERS, loss=loss, learning_rate=0.5,
                   **{named: stump}, **few)
    family.add("AdaBoostClassifier logistic", ensemble.AdaBoostClassifier, TEXTS, **{named: logistic}, **few)
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), logistic)
    family.add("BaggingClassifier pipelines", ensemble.BaggingClassifier, TEXTS, bootstrap_features=True,
               max_features=0.75, **{named: scaled}, **few)
    family.add("BaggingClassifier oob", ensemble.BaggingClassifier, TEXTS, oob_score=True, n_estimators=20,
               random_state=SEED, **{named: shallow})
    family.add("BaggingRegressor pair", ensemble.BaggingRegressor, PAIR, **{named: stump}, **few)
    family.add("BaggingRegressor trees", ensemble.BaggingRegressor, NUMBERS, bootstrap=False, max_samples=0.5,
               warm_start=True, **{named: stump}, **few)
    members = [("logistic", logistic), ("tree", shallow), ("bayes", bayes)]
    dropped = "drop" if VERSION >= (0, 22) else None
    family.add("VotingClassifier dropped", ensemble.VotingClassifier, TEXTS, voting="soft", weights=[1, 2, 3],
               estimators=members[:2] + [("bayes", dropped)])
    family.add("VotingClassifier flat", ensemble.VotingClassifier, TEXTS, voting="soft", flatten_transform=False,
               estimators=[("nested", ensemble.VotingClassifier(estimators=members, voting="soft")), members[0]])
    if hasattr(ensemble, "StackingClassifier"):
        family.add("StackingClassifier default", ensemble.StackingClassifier, TEXTS, estimators=members)
        family.add("StackingClassifier dropped", ensemble.StackingClassifier, TWO,
                   estimators=members + [("none", dropped)], cv=model_selection.StratifiedKFold(3))
        family.add("StackingClassifier prefit", ensemble.StackingClassifier, TWO, cv="prefit",
                   estimators=[("a", linear_model.LogisticRegression(solver="liblinear").fit(FEATURES, TWO))])
        family.add("StackingRegressor default", ensemble.StackingRegressor, NUMBERS,
                   estimators=[("line", line), ("tree", stump)])
        family.add("StackingRegressor boosted", ensemble.StackingRegressor, NUMBERS, passthrough=True,
                   estimators=[("line", line), ("forest", ensemble.RandomForestRegressor(max_depth=2, **few))],
                   final_estimator=ensemble.GradientBoostingRegressor(max_depth=2, **few))
    several = numpy.column_stack([TWO, THREE == 1, FEATURES[:, 1] > FEATURES[:, 2]]).astype(int)
    for name, estimator in (("logistic", logistic), ("tree", shallow), ("margins", svm.LinearSVC(random_state=SEED))):
        family.add(f"OneVsRestClassifier labels {name}", multiclass.OneVsRestClassifier, several, estimator=estimator)
        family.add(f"OneVsRestClassifier single {name}", multiclass.OneVsRestClassifier, THREE, estimator=estimator)
    family.add("OneVsRestClassifier constant", multiclass.OneVsRestClassifier,
               numpy.column_stack([several, numpy.ones(120, dtype=int), numpy.zeros(120, dtype=int)]),
               estimator=logistic)
    family.add("RidgeClassifier labels", linear_model.RidgeClassifier, several)
    family.add("RandomForestClassifier labels", ensemble.RandomForestClassifier, several, max_depth=3, **few)
    family.add("MultiOutputClassifier labels", multioutput.MultiOutputClassifier, several, estimator=logistic)
    family.add("MultiOutputClassifier forests", multioutput.MultiOutputClassifier, PAIR_OF_CLASSES,
               estimator=ensemble.RandomForestClassifier(max_depth=2, **few))
    family.add("MultiOutputClassifier texts", multioutput.MultiOutputClassifier,
               numpy.column_stack([TEXTS, TEXTS[::-1]]), estimator=logistic)
    family.add("MultiOutputRegressor boosted", multioutput.MultiOutputRegressor, PAIR,
               estimator=ensemble.GradientBoostingRegressor(max_depth=2, **few))
    for method in ("sigmoid", "isotonic", "temperature"):
        for name, target in (("two", TWO), ("texts", TEXTS)):
            for kind, estimator in (("logistic", logistic), ("margins", svm.LinearSVC(random_state=SEED)),
                                    ("bayes", bayes), ("forest", ensemble.RandomForestClassifier(max_depth=2, **few))):
                for whole in (True, False):
                    if kind in ("logistic", "forest") and method == "isotonic":
                        continue
                    own = {"ensemble": whole} if VERSION >= (0, 24) else {}
                    if not own and not whole:
                        continue
                    family.add(f"CalibratedClassifierCV {method} {kind} {whole} {name}",
                               calibration.CalibratedClassifierCV, target, cv=3, method=method,
                               **{named: estimator}, **own)
    fitted = linear_model.LogisticRegression(solver="liblinear").fit(FEATURES, TWO)
    family.add("CalibratedClassifierCV prefit", calibration.CalibratedClassifierCV, TWO, cv="prefit",
               **{named: fitted})
    if VERSION >= (1, 6):
        from sklearn.frozen import FrozenEstimator

        family.add("CalibratedClassifierCV frozen", calibration.CalibratedClassifierCV, TWO,
                   estimator=FrozenEstimator(fitted))

    # Searches.
    search = model_selection.GridSearchCV
    for name, own in (
        ("scorers", {"scoring": {"a": "accuracy", "f": metrics.make_scorer(metrics.f1_score, average="macro")},
                     "refit": "f"}),
        ("scorer", {"scoring": metrics.make_scorer(metrics.fbeta_score, beta=2, average="macro")}),
        ("folds", {"cv": model_selection.RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=SEED)}),
        ("shuffled", {"cv": model_selection.ShuffleSplit(n_splits=2, random_state=numpy.random.RandomState(3))}),
        ("scores of training", {"return_train_score": True}),
        ("list", {"param_grid": [{"max_depth": [1, 2]}, {"max_depth": [3], "criterion": ["gini", "entropy"]}]}),
    ):
        family.add(f"GridSearchCV {name}", search, TEXTS,
                   **{"estimator": shallow, "param_grid": {"max_depth": [1, 2, None]}, "cv": 3, **own})
    from scipy import stats

    for name, drawn in (("uniform", stats.uniform(0.1, 2)), ("randint", stats.randint(1, 5)),
                        ("expon", stats.expon(scale=2))) + (
                            (("loguniform", stats.loguniform(0.1, 2)),) if hasattr(stats, "loguniform") else ()):
        estimator, key = (shallow, "max_depth") if name == "randint" else (logistic, "C")
        family.add(f"RandomizedSearchCV {name}", model_selection.RandomizedSearchCV, TEXTS, estimator=estimator,
                   param_distributions={key: drawn}, n_iter=2, cv=3, random_state=SEED)
    family.add("GridSearchCV of a search", search, TEXTS, cv=3, param_grid={"verbose": [0]},
               estimator=search(shallow, {"max_depth": [1, 2]}, cv=3))
    if VERSION >= (0, 24):
        from sklearn.experimental import enable_halving_search_cv  # noqa: F401

        family.add("HalvingGridSearchCV", model_selection.HalvingGridSearchCV, TEXTS, estimator=shallow, cv=3,
                   param_grid={"max_depth": [1, 2, 3]}, random_state=SEED)
        family.add("HalvingRandomSearchCV", model_selection.HalvingRandomSearchCV, TEXTS, estimator=shallow, cv=3,
                   param_distributions={"max_depth": [1, 2, 3]}, random_state=SEED)
    family.add("Pipeline remembered", pipeline.Pipeline, TEXTS, verbose=True, steps=[
        ("scale", preprocessing.StandardScaler()), ("nothing", "passthrough" if VERSION >= (0, 21) else None),
        ("search", search(logistic, {"C": [0.1, 1.0]}, cv=3))])
    family.add("Pipeline in memory", pipeline.Pipeline, TEXTS, memory=joblib.Memory(None, verbose=0), steps=[
        ("scale", preprocessing.StandardScaler()), ("model", logistic)])

    # Targets that are changed.
    target = compose.TransformedTargetRegressor
    for name, transformer in (
        ("quantiles", preprocessing.QuantileTransformer(n_quantiles=20)),
        ("normal quantiles", preprocessing.QuantileTransformer(n_quantiles=20, output_distribution="normal")),
        ("yeo-johnson", preprocessing.PowerTransformer()),
        ("box-cox", preprocessing.PowerTransformer(method="box-cox")),
        ("raw power", preprocessing.PowerTransformer(standardize=False)),
        ("logarithm", preprocessing.FunctionTransformer(numpy.log1p, numpy.expm1, validate=False)),
        ("chain", pipeline.make_pipeline(preprocessing.FunctionTransformer(numpy.log, numpy.exp, validate=False),
                                         preprocessing.StandardScaler())),
        ("range", preprocessing.MinMaxScaler(feature_range=(-1, 1), **({"clip": True} if VERSION >= (0, 24) else {}))),
    ):
        family.add(f"TransformedTargetRegressor {name}", target, positive, regressor=line, transformer=transformer)
        family.add(f"TransformedTargetRegressor {name} tree", target, positive, regressor=stump,
                   transformer=transformer)
    family.add("TransformedTargetRegressor nothing", target, positive, regressor=line)
    family.add("TransformedTargetRegressor default", target, positive)
    family.add("TransformedTargetRegressor square", target, positive, regressor=line, func=numpy.sqrt,
               inverse_func=numpy.square)
    family.add("TransformedTargetRegressor pairs of powers", target, PAIR - PAIR.min() + 1, regressor=line,
               transformer=preprocessing.PowerTransformer())

    # Steps.
    wide = TEST * 3
    holes, test_holes = holed(FEATURES), holed(TEST, seed=3)
    family.add("MaxAbsScaler clip", preprocessing.MaxAbsScaler, None, wide, clip=True)
    family.add("MaxAbsScaler clip missing", preprocessing.MaxAbsScaler, None, holed(wide, seed=3), holes, clip=True)
    tiny = numpy.vstack([TEST, 1e-17 * TEST, -abs(TEST)])
    for norm in ("l1", "l2", "max"):
        family.add(f"Normalizer tiny {norm}", preprocessing.Normalizer, None, tiny, norm=norm)
    for inverse in (preprocessing.RobustScaler(unit_variance=True),) if VERSION >= (0, 24) else ():
        family.add("RobustScaler unit variance", preprocessing.RobustScaler, None, unit_variance=True)
    flat = FEATURES.copy()
    flat[:, 1] = 3
    for make in ("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "QuantileTransformer",
                 "PowerTransformer"):
        family.add(f"{make} constant column", getattr(preprocessing, make), None, training=flat)
    family.add("QuantileTransformer small", preprocessing.QuantileTransformer, None, subsample=50, n_quantiles=1000,
               random_state=SEED)
    for name, fill in (("constant", "none"), ("usual", None)):
        words = numpy.array([["a", "?"], ["b", "y"], ["a", "?"], ["?", "y"]] * 5, dtype=object)
        family.add(f"SimpleImputer words mark {name}", impute.SimpleImputer, None, words[:4], words,
                   missing_values="?", **({"strategy": "constant", "fill_value": fill} if fill else
                                          {"strategy": "most_frequent"}))
    for name, own in (("dense", {"sparse": False}), ("dense output", {"sparse_output": False}),
                      ("single", {"dtype": numpy.float32}), ("legacy", {}), ("legacy counts", {"n_values": 5}),
                      ("legacy ignored", {"handle_unknown": "ignore"}),
                      ("given", {"categories": [[0, 1, 2, 3]] * 4}),
                      ("given ignored", {"categories": [[0, 1]] * 4, "handle_unknown": "ignore"}),
                      ("drop some", {"drop": [0, 1, 0, 2], "categories": "auto"}),
                      ("infrequent count", {"max_categories": 2, "handle_unknown": "infrequent_if_exist"}),
                      ("warn", {"max_categories": 2, "handle_unknown": "warn"}),
                      ("drop and ignore", {"drop": "first", "handle_unknown": "ignore"})):
        counts = (abs(FEATURES) * 1.5).astype(int).clip(0, 3)
        counts[0], counts[1] = 0, 3
        family.add(f"OneHotEncoder {name}", preprocessing.OneHotEncoder, None,
                   (abs(TEST) * (3 if "ignore" in name or name == "warn" else 1.5)).astype(int).clip(
                       0, 9 if "ignore" in name or name == "warn" else 3), counts, **own)
    kinds = numpy.array([["b", "x"], ["a", "y"], ["c", "x"], ["a", "y"]] * 5, dtype=object)
    family.add("OrdinalEncoder given", preprocessing.OrdinalEncoder, None, kinds[:4], kinds,
               categories=[["c", "b", "a"], ["y", "x"]], dtype=numpy.int64)
    family.add("OrdinalEncoder unknown missing", preprocessing.OrdinalEncoder, None,
               numpy.array([["d", "x"], ["a", "z"]], dtype=object), kinds, handle_unknown="use_encoded_value",
               unknown_value=numpy.nan)
    for make in ("LabelEncoder", "LabelBinarizer"):
        for name, target_ in (("texts", TEXTS), ("numbers", THREE * 10), ("two", TWO)):
            encoder = getattr(preprocessing, make)().fit(target_)
            family.estimators[f"{make} {name}"] = encoder
            family.cases[f"{make} {name}"] = {
                "input": [[value] for value in plain(target_[:ROWS])],
                "transformed": said(encoder.transform(target_[:ROWS]))}
    for name, own in (("kmeans", {"strategy": "kmeans"}), ("single", {"dtype": numpy.float32}),
                      ("wide", {"strategy": "uniform", "encode": "ordinal", "n_bins": 3})):
        family.add(f"KBinsDiscretizer {name}", preprocessing.KBinsDiscretizer, None, wide, **own)
    family.add("PolynomialFeatures order", preprocessing.PolynomialFeatures, None, order="F")
    for name, own in (("share", {"n_components": 0.9}),) + (
            (("mle", {"n_components": "mle"}),) if VERSION >= (0, 23) else ()) + (
                      ("randomized", {"n_components": 2, "svd_solver": "randomized", "random_state": SEED}),
                      ("arpack", {"n_components": 2, "svd_solver": "arpack", "random_state": SEED}),
                      ("covariance", {"svd_solver": "covariance_eigh"})):
        family.add(f"PCA {name}", decomposition.PCA, None, **own)
    family.add("IncrementalPCA", decomposition.IncrementalPCA, None, n_components=2)
    family.add("IncrementalPCA whiten", decomposition.IncrementalPCA, None, n_components=2, whiten=True)
    family.add("TruncatedSVD arpack", decomposition.TruncatedSVD, None, n_components=2, algorithm="arpack",
               random_state=SEED)
    trees_ = (
        ("tree", tree.DecisionTreeClassifier(random_state=SEED)), ("forest", ensemble.RandomForestClassifier(**few)),
        ("drawn", ensemble.ExtraTreesClassifier(max_depth=3, **few)),
        ("boosting", ensemble.GradientBoostingClassifier(max_depth=2, **few)),
        ("stumps", ensemble.AdaBoostClassifier(**few)), ("leaf", ensemble.RandomForestClassifier(max_depth=1, **few)),
        ("regressor", ensemble.RandomForestRegressor(max_depth=3, **few)),
        ("mae", ensemble.GradientBoostingRegressor(max_depth=2, **few)),
    )
    for name, estimator in trees_:
        for threshold in (None, "median", "1.5*mean"):
            family.add(f"SelectFromModel {name} {threshold}", feature_selection.SelectFromModel, TWO,
                       estimator=estimator, threshold=threshold)
        family.add(f"SelectFromModel {name} three", feature_selection.SelectFromModel, THREE, estimator=estimator)
        family.add(f"SelectFromModel {name} most", feature_selection.SelectFromModel, THREE, estimator=estimator,
                   max_features=2, threshold=-numpy.inf)
    family.add("SelectFromModel rows of weights", feature_selection.SelectFromModel, THREE, estimator=logistic)
    for order in (2, numpy.inf):
        family.add(f"SelectFromModel norm {order}", feature_selection.SelectFromModel, THREE, estimator=logistic,
                   norm_order=order)
    family.add("SelectFromModel getter", feature_selection.SelectFromModel, TWO, estimator=scaled,
               importance_getter="named_steps.logisticregression.coef_")
    family.add("SelectFromModel named", feature_selection.SelectFromModel, TWO, estimator=logistic,
               importance_getter="coef_")
    family.add("SelectFromModel l1", feature_selection.SelectFromModel, TWO,
               estimator=svm.LinearSVC(penalty="l1", dual=False, C=0.02, random_state=SEED))
    family.add("SelectFromModel elastic", feature_selection.SelectFromModel, NUMBERS,
               estimator=linear_model.LassoCV(cv=3))
    prefit = feature_selection.SelectFromModel(ensemble.RandomForestClassifier(**few).fit(FEATURES, TWO), prefit=True)
    try:
        prefit.transform(TEST)
        family.keep("SelectFromModel prefit", prefit, TEST)
    except Exception as error:
        print(f"{sklearn.__version__}: prefit: {error}", file=sys.stderr)
    for name, score in (("chi2", feature_selection.chi2), ("mutual", feature_selection.mutual_info_classif)):
        family.add(f"SelectKBest {name}", feature_selection.SelectKBest, TWO, abs(TEST), abs(FEATURES),
                   score_func=score, k=2)
    import functools

    family.add("SelectKBest seeded", feature_selection.SelectKBest, TWO, k=2, score_func=functools.partial(
        feature_selection.mutual_info_classif, random_state=SEED))
    family.add("RFE trees", feature_selection.RFE, TWO, estimator=ensemble.RandomForestClassifier(**few), step=0.3,
               n_features_to_select=2)
    family.add("RFECV scored", feature_selection.RFECV, TWO, estimator=shallow, cv=model_selection.KFold(3),
               scoring="roc_auc")
    # These predict, too: what they chose is asked here as a step of a pipeline.
    for name, step in (("RFE", feature_selection.RFE(logistic, n_features_to_select=2)),
                       ("forest", feature_selection.SelectFromModel(ensemble.RandomForestClassifier(**few))),
                       ("union", pipeline.make_union(preprocessing.StandardScaler(), decomposition.PCA(2))),
                       ("columns", compose.ColumnTransformer([("a", preprocessing.StandardScaler(), [0, -1]),
                                                              ("b", preprocessing.MinMaxScaler(), slice(1, 3))],
                                                             sparse_threshold=0, n_jobs=1)),
                       ("rest", compose.ColumnTransformer([("a", "drop", [0])],
                                                          remainder=preprocessing.StandardScaler()))):
        family.add(f"Pipeline {name}", pipeline.Pipeline, TEXTS, steps=[("step", step), ("model", logistic)])
    if VERSION >= (1, 2):
        import pandas

        frame = pandas.DataFrame(FEATURES, columns=["length", "width", "height", "weight"])
        given = frame.head(ROWS)
        table = pipeline.make_pipeline(
            compose.make_column_transformer((preprocessing.StandardScaler(), ["length", "weight"]),
                                            remainder="passthrough", verbose_feature_names_out=False),
            ensemble.HistGradientBoostingClassifier(max_iter=3)).set_output(transform="pandas")
        family.keep("Pipeline of tables", table.fit(frame, TEXTS), given)
    return family


FAMILIES = {
    "linear": linear, "trees": trees, "boosting": boosting, "steps": steps, "columns": columns, "wrappers": wrappers,
    "settings": settings,
}


def write_unsupported():
    """A model of an estimator that is no weighted sum and no tree."""
    from sklearn.neighbors import KNeighborsClassifier

    joblib.dump(KNeighborsClassifier(algorithm="brute").fit(FEATURES[:8], TWO[:8]), ROOT / "neighbors.joblib")


def write_examples():
    """Whole artifacts, as people save them."""
    import pandas
    from sklearn import compose, impute, linear_model, pipeline, preprocessing, svm

    folder = ROOT / "examples"
    folder.mkdir(exist_ok=True)
    random = numpy.random.RandomState(11)
    table = pandas.DataFrame(FEATURES[:, :2], columns=["length", "width"])
    table["colour"] = random.choice(["red", "green", "blue"], len(table))
    table["note"] = ["note %d" % index for index in range(len(table))]
    table.loc[random.rand(len(table)) < 0.2, "colour"] = numpy.nan
    table.loc[random.rand(len(table)) < 0.2, "width"] = numpy.nan
    words = pipeline.make_pipeline(impute.SimpleImputer(strategy="most_frequent"), preprocessing.OneHotEncoder())
    numbers = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    columns_ = compose.ColumnTransformer([("numbers", numbers, ["length", "width"]), ("words", words, ["colour"])])
    model = pipeline.Pipeline([("columns", columns_), ("model", linear_model.LogisticRegression())])
    model.fit(table, TEXTS)
    joblib.dump(model, folder / "table.joblib")
    sample = table.head(5).copy()
    output = pandas.DataFrame(model.predict_proba(sample), columns=["probability_" + name for name in model.classes_])
    output.insert(0, "prediction", model.predict(sample))
    pandas.concat([sample, output], axis=1).to_csv(folder / "table.csv", index=False, lineterminator="\n")

    scaler = preprocessing.StandardScaler().fit(FEATURES)
    inside = {"scaler": scaler, "model": linear_model.LogisticRegression().fit(scaler.transform(FEATURES), TWO),
              "features": ["length", "width", "height", "weight"], "threshold": 0.5}
    joblib.dump(inside, folder / "inside.joblib")
    joblib.dump((linear_model.Ridge().fit(FEATURES, PAIR), "trained on pairs"), folder / "pair.joblib")
    joblib.dump({"first": linear_model.Ridge().fit(FEATURES, NUMBERS),
                 "second": linear_model.Lasso().fit(FEATURES, NUMBERS)}, folder / "several.joblib")
    measured = pandas.DataFrame(FEATURES, columns=["length", "width", "height", "weight"])
    joblib.dump(linear_model.Ridge().fit(measured, NUMBERS), folder / "ridge.joblib")
    measured.assign(target=NUMBERS).tail(20).to_csv(folder / "ridge.csv", index=False, lineterminator="\n")
    joblib.dump(svm.LinearSVC(random_state=SEED).fit(FEATURES, TEXTS), folder / "margins.joblib",
                compress=("lzma", 3))


if __name__ == "__main__":
    if VERSION == (1, 9):
        write_unsupported()
        write_examples()
    for name in sys.argv[1:] or FAMILIES:
        FAMILIES[name]().write(name)
