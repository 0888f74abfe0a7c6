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


def case(estimator, rows):
    """An estimator's input and outputs."""
    columns = list(rows.columns) if hasattr(rows, "columns") else None
    record = {} if rows is TEST else {"input": plain(rows.values if columns else rows)}
    if columns:
        record["columns"] = columns
    if not hasattr(estimator, "predict"):
        output = estimator.transform(rows)
        record["transformed"] = plain(output.toarray() if hasattr(output, "toarray") else numpy.asarray(output))
        return record
    record["prediction"] = plain(estimator.predict(rows))
    for name, method in (("probability", "predict_proba"), ("decision", "decision_function")):
        try:
            record[name] = plain(getattr(estimator, method)(rows))
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

    def write(self, name):
        ROOT.mkdir(parents=True, exist_ok=True)
        joblib.dump(self.estimators, ROOT / f"{name}.joblib", compress=("zlib", 9))
        document = {
            "scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "joblib": joblib.__version__,
            "input": plain(TEST), "cases": self.cases,
        }
        lines = json.dumps(document, allow_nan=False).replace('}, "', '},\n "')
        (ROOT / f"{name}.json").write_text(lines + "\n")


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


FAMILIES = {"linear": linear, "trees": trees}

def write_unsupported():
    """A model of an estimator that is no weighted sum and no tree."""
    from sklearn.neighbors import KNeighborsClassifier

    joblib.dump(KNeighborsClassifier(algorithm="brute").fit(FEATURES[:8], TWO[:8]), ROOT / "neighbors.joblib")


if __name__ == "__main__":
    if VERSION == (1, 9):
        write_unsupported()
    for name in sys.argv[1:] or FAMILIES:
        FAMILIES[name]().write(name)
