"""Makes one file of small estimators for each family, with inputs and what scikit-learn says of them.

Models/scikit-learn/<version>/<family>.joblib is a dictionary of estimators by name, compressed with zlib;
<family>.json has for each name scikit-learn's own outputs and its input, where it is not the common one; null is a
missing value.
Runs with every version from 0.20 on: what a version does not have is left out.

    python make_estimators.py [family ...]
"""

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
            record[name] = said(getattr(estimator, method)(rows))
        except Exception:  # Some estimators say only when they are called that they cannot.
            pass
    return record


class Family:
    """The estimators of one file."""

    def __init__(self):
        self.estimators = {}
        self.cases = {}

    def add(self, name, make, target, rows=TEST, training=FEATURES, **settings):
        """Fits an estimator; one that a version does not have, or not with these settings, is left out."""
        try:
            estimator = make(**settings)
            estimator.fit(training, target)
        except (TypeError, ValueError, ImportError, AttributeError) as error:
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


FAMILIES = {
    "linear": linear, "trees": trees, "boosting": boosting, "steps": steps, "columns": columns, "wrappers": wrappers,
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
