"""Makes pickled boosters and estimators of XGBoost or LightGBM, with inputs and what the library says of them.

Models/xgboost/<version>/estimators.joblib, or Models/lightgbm/..., is a dictionary of estimators by name, compressed with
zlib; estimators.json has for each name the library's own outputs and its input, where it is not the common one, and for
early-stopped ones the predictions by all rounds; null is a missing value. Runs with every version of XGBoost from 0.90
on and of LightGBM from 2.3 on: what a version does not have is left out.

    python make_booster_estimators.py xgboost|lightgbm
"""

import importlib
import pickle
import sys
import warnings
from pathlib import Path

import numpy
from sklearn import calibration, ensemble, model_selection, multiclass, multioutput, pipeline, preprocessing

from make_estimators import FEATURES, NUMBERS, PAIR, SEED, TEST, TEXTS, THREE, TWO, Family, holed, plain, said

warnings.simplefilter("ignore")
NAME = sys.argv[1]
LIBRARY = importlib.import_module(NAME)
VERSION = tuple(int(part) for part in LIBRARY.__version__.split(".")[:2])
ROOT = Path(__file__).resolve().parents[1] / "Models" / NAME / LIBRARY.__version__
IS_XGBOOST = NAME == "xgboost"
PREFIX = "XGB" if IS_XGBOOST else "LGBM"
SMALL = {"n_estimators": 4, "max_depth": 3, "learning_rate": 0.4, "random_state": SEED, "n_jobs": 1}
if not IS_XGBOOST:
    SMALL.update(num_leaves=6, min_child_samples=5, verbosity=-1)
WITH_HOLES = holed(FEATURES, 0.1)
ROWS = holed(TEST)
WHOLE = FEATURES.round()
WHOLE_ROWS = TEST.round()


class Boosters(Family):
    """What is recorded is said by the estimator as it is loaded."""

    def keep(self, name, estimator, rows):
        super().keep(name, pickle.loads(pickle.dumps(estimator)), rows)

    def add(self, name, kind, target, training=WITH_HOLES, rows=ROWS, fit=None, **settings):
        """Fits an estimator; one that a version does not have, or not with these settings, is left out."""
        try:
            estimator = getattr(LIBRARY, PREFIX + kind)(**dict(SMALL, **settings))
            estimator.fit(training, target, **(fit or {}))
            self.keep(name, estimator, rows)
        except Exception as error:
            print(LIBRARY.__version__, name, repr(error)[:100], file=sys.stderr)
            return None
        return estimator

    def add_stopped(self, name, kind, target, rows=ROWS):
        """Fits one that stops early."""
        training = {"training": WITH_HOLES[:70]}
        validation = [(WITH_HOLES[70:], target[70:])]
        target = target[:70]
        settings = {"n_estimators": 30, "learning_rate": 0.8, **training}
        if IS_XGBOOST and VERSION >= (1, 6):
            estimator = self.add(name, kind, target, fit={"eval_set": validation, "verbose": False},
                                 early_stopping_rounds=3, **settings)
        elif IS_XGBOOST:
            estimator = self.add(name, kind, target, fit={"eval_set": validation, "verbose": False,
                                                          "early_stopping_rounds": 3}, **settings)
        elif VERSION >= (4, 0):
            estimator = self.add(name, kind, target, **settings, fit={
                "eval_set": validation, "callbacks": [LIBRARY.early_stopping(3, verbose=False)]})
        else:
            estimator = self.add(name, kind, target, **settings, fit={
                "eval_set": validation, "early_stopping_rounds": 3, "verbose": False})
        if estimator is not None:
            self.cases[name]["all"] = self.outputs(self.booster(estimator), rows, all_rounds=True)

    @staticmethod
    def booster(estimator):
        return pickle.loads(pickle.dumps(estimator.get_booster() if IS_XGBOOST else estimator.booster_))

    @staticmethod
    def outputs(booster, rows, all_rounds=False):
        """What the library's own predict returns."""
        if not IS_XGBOOST:
            return said(booster.predict(rows, **({"num_iteration": -1} if all_rounds else {})))
        return said(numpy.asarray(booster.predict(LIBRARY.DMatrix(rows)), dtype=float))

    def add_booster(self, name, estimator, classes=None, rows=ROWS):
        """Keeps the booster of an estimator."""
        if estimator is None:
            return
        booster = self.booster(estimator)
        outputs = numpy.array(self.outputs(booster, rows))
        record = {"input": plain(rows), "prediction": said(outputs)}
        if classes:
            shares = numpy.column_stack([1 - outputs, outputs]) if outputs.ndim == 1 else outputs
            record = {"input": plain(rows), "prediction": said(shares.argmax(axis=1)), "probability": said(shares)}
        self.cases[name] = record
        self.estimators[name] = booster

    def add_around(self, name, make, target, training=FEATURES, rows=TEST):
        """Fits an estimator of scikit-learn around one of the library."""
        try:
            estimator = make()
            estimator.fit(training, target)
            self.keep(name, estimator, rows)
        except Exception as error:
            print(LIBRARY.__version__, name, repr(error)[:100], file=sys.stderr)


def small(kind, **settings):
    return getattr(LIBRARY, PREFIX + kind)(**dict(SMALL, n_estimators=2, **settings))


made = Boosters()
binary = made.add("binary", "Classifier", TWO)
three = made.add("three", "Classifier", THREE)
made.add("texts", "Classifier", TEXTS)
made.add("signs", "Classifier", numpy.where(TWO, 1, -1))
regressor = made.add("regressor", "Regressor", NUMBERS)
groups = {"group": [12] * 10}
made.add("ranker", "Ranker", TWO, fit=groups)
made.add_stopped("stopped", "Classifier", TWO)
made.add_stopped("stopped-three", "Classifier", THREE)
made.add_stopped("stopped-regressor", "Regressor", NUMBERS)
if not (IS_XGBOOST and VERSION < (1, 0)):  # DART drops trees at random there when it predicts.
    made.add("dart", "Classifier", TWO, **{"booster" if IS_XGBOOST else "boosting_type": "dart"})
if IS_XGBOOST:
    for objective in ["binary:hinge", "binary:logitraw", "reg:logistic"]:
        made.add("objective-" + objective.replace(":", "-"), "Classifier", TWO, objective=objective)
    made.add("softmax", "Classifier", THREE, objective="multi:softmax")
    for objective in ["binary:logistic", "count:poisson"]:
        made.add("regressor-" + objective.replace(":", "-"), "Regressor", TWO, objective=objective)
    made.add("linear", "Classifier", TWO, training=FEATURES, booster="gblinear")
    made.add("forest", "RFClassifier", THREE)
    made.add("forest-regressor", "RFRegressor", NUMBERS)
    made.add("round-forests", "Classifier", TWO, num_parallel_tree=2, subsample=0.6)
    made.add("missing-zero", "Regressor", NUMBERS, training=WHOLE, rows=WHOLE_ROWS, missing=0)
    made.add("missing-number", "Classifier", TWO, training=WHOLE, rows=WHOLE_ROWS, missing=-1.0)
    if VERSION >= (1, 0):
        made.add("missing-zero-and-none", "Regressor", NUMBERS, training=WHOLE, rows=holed(WHOLE_ROWS), missing=0)
    made.add("pair", "Regressor", PAIR)
    if made.add("labels", "Classifier", (PAIR > 0).astype(int)):
        shares = numpy.array(made.cases["labels"]["probability"])
        made.cases["labels"]["probability"] = [
            numpy.column_stack([1 - own, own]).tolist() for own in shares.T]
else:
    for objective in ["cross_entropy", "multiclassova"]:
        made.add("objective-" + objective, "Classifier", THREE if "multi" in objective else TWO, objective=objective)
    for objective in ["poisson", "quantile"]:
        made.add("regressor-" + objective, "Regressor", numpy.abs(NUMBERS), objective=objective)
    made.add("forest", "Classifier", TWO, boosting_type="rf", subsample=0.6, subsample_freq=1)
    made.add("weighted", "Classifier", THREE, class_weight="balanced")
made.add_booster("booster", binary, classes=2)
made.add_booster("booster-three", three, classes=3)
made.add_booster("booster-regressor", regressor)
if not IS_XGBOOST:
    made.add_booster("booster-stopped", made.estimators.get("stopped"), classes=2)
    # What it keeps for more training has the rounds behind the best one too.
    data = LIBRARY.Dataset(WITH_HOLES[:70], TWO[:70])
    early = ({"callbacks": [LIBRARY.early_stopping(3, verbose=False)]} if VERSION >= (4, 0)
             else {"early_stopping_rounds": 3, "verbose_eval": False})
    kept = LIBRARY.train({"objective": "binary", "num_leaves": 6, "min_data_in_leaf": 5, "learning_rate": 0.8,
                          "verbosity": -1, "num_threads": 1}, data, 30, keep_training_booster=True,
                         valid_sets=[LIBRARY.Dataset(WITH_HOLES[70:], TWO[70:], reference=data)], **early)
    kept = pickle.loads(pickle.dumps(kept))
    best = numpy.array(made.outputs(kept, ROWS))
    made.cases["booster-kept"] = {
        "input": plain(ROWS), "prediction": said((best > 0.5).astype(int)),
        "probability": said(numpy.column_stack([1 - best, best])), "all": made.outputs(kept, ROWS, all_rounds=True)}
    made.estimators["booster-kept"] = kept
try:
    import pandas
except ImportError:
    pandas = None
if pandas is not None:
    names = ["width", "height", "length", "weight"]
    made.add("names", "Classifier", TWO, training=pandas.DataFrame(FEATURES, columns=names),
             rows=pandas.DataFrame(TEST, columns=names))

scaler = preprocessing.StandardScaler
made.add_around("pipeline", lambda: pipeline.make_pipeline(scaler(), small("Classifier")), THREE)
made.add_around("search", lambda: model_selection.GridSearchCV(
    pipeline.Pipeline([("scaler", scaler()), ("model", small("Classifier"))]), {"model__max_depth": [1, 2]}, cv=2), TWO)
made.add_around("calibrated", lambda: calibration.CalibratedClassifierCV(small("Classifier"), cv=2), TWO)
made.add_around("voting", lambda: ensemble.VotingClassifier(
    [("one", small("Classifier")), ("two", small("Classifier", subsample=0.5))], voting="soft"), TWO)
made.add_around("bagging", lambda: ensemble.BaggingClassifier(
    small("Classifier"), n_estimators=2, max_features=0.8, random_state=SEED), THREE)
made.add_around("one-vs-rest", lambda: multiclass.OneVsRestClassifier(small("Classifier")), THREE)
made.add_around("each-target", lambda: multioutput.MultiOutputRegressor(small("Regressor")), PAIR)
if hasattr(ensemble, "StackingClassifier"):
    made.add_around("stacking", lambda: ensemble.StackingClassifier(
        [("one", small("Classifier")), ("forest", ensemble.RandomForestClassifier(2, max_depth=2, random_state=SEED))],
        final_estimator=small("Classifier"), cv=2), TWO)
made.write("estimators", ROOT, **{NAME: LIBRARY.__version__})
