"""Makes small CatBoost models of many objectives, with inputs and what CatBoost says of them.

Models/catboost/<version>/<name>.json is a model as save_model writes it with format="json"; outputs.json has for each
file its input and the predictions: probabilities of a classifier, with its labels, or numbers; null is a missing value.
binary.cbm is in CatBoost's own format, which is told and not read.

    python make_catboost.py
"""

import json
import sys
from pathlib import Path

import catboost
import numpy

ROOT = Path(__file__).resolve().parents[1] / "Models/catboost" / catboost.__version__
SEED = 42
GENERATOR = numpy.random.RandomState(SEED)
FEATURES = GENERATOR.randn(120, 4).round(3)
NUMBERS = FEATURES[:, 0] * 2 - FEATURES[:, 1] + FEATURES[:, 2] * FEATURES[:, 3]
TWO = (NUMBERS > 0.2).astype(int)
THREE = numpy.digitize(NUMBERS, [-1, 1])
TEXTS = numpy.array(["low", "middle", "high"])[THREE]
WITH_HOLES = numpy.where(GENERATOR.rand(*FEATURES.shape) < 0.1, numpy.nan, FEATURES)
TEST = GENERATOR.randn(12, 4).round(3)
TEST[GENERATOR.rand(*TEST.shape) < 0.2] = numpy.nan
SMALL = {"iterations": 3, "depth": 3, "learning_rate": 0.5, "random_seed": SEED, "thread_count": 1, "verbose": False,
         "allow_writing_files": False, "border_count": 16}
OUTPUTS = {}


def plain(values):
    """Nested lists; what is not a number is null."""
    values = numpy.asarray(values, dtype=float)
    return numpy.where(numpy.isnan(values), None, values.astype(object)).tolist()


def at_borders(model, rows):
    """Rows with values that are borders, or as near to them as a double can be."""
    rows = numpy.array(rows)
    found = [(feature["flat_feature_index"], border) for feature in model["features_info"]["float_features"]
             for border in feature["borders"] or []]
    for index in range(len(rows)):
        for feature, border in found[index::len(rows)]:
            near = [border, numpy.nextafter(border, 1e9), numpy.nextafter(border, -1e9),
                    float(numpy.nextafter(numpy.float32(border), numpy.float32(1e9)))]
            rows[index, feature] = near[index % 4]
    return rows


def save(name, kind, target, training=WITH_HOLES, rows=TEST, threshold=None, **settings):
    """Trains and records a model, if this version can."""
    try:
        estimator = getattr(catboost, kind)(**dict(SMALL, **settings)).fit(training, target)
        if threshold is not None:
            estimator.set_probability_threshold(threshold)
        ROOT.mkdir(parents=True, exist_ok=True)
        path = ROOT / f"{name}.json"
        estimator.save_model(str(path), format="json")
    except Exception as error:
        print(catboost.__version__, name, str(error).splitlines()[0][:120], file=sys.stderr)
        return
    model = json.loads(path.read_text())
    # The settings of training take ten times the room of a small model.
    params = model["model_info"]["params"]
    params = json.loads(params) if isinstance(params, str) else params
    model["model_info"]["params"] = {name: params[name] for name in ["loss_function", "flat_params"]}
    version = model["model_info"]["catboost_version_info"]
    model["model_info"]["catboost_version_info"] = "\n".join(
        line for line in version.splitlines() if "Summary" in line)
    for key in ["output_options", "model_guid", "train_finish_time", "training"]:
        model["model_info"].pop(key, None)
    path.write_text(json.dumps(model) + "\n")
    estimator = getattr(catboost, kind)()
    estimator.load_model(str(path), format="json")
    if training is WITH_HOLES:
        rows = at_borders(model, rows)
    case = {"input": plain(rows), "margin": plain(estimator.predict(rows, prediction_type="RawFormulaVal"))}
    if kind == "CatBoostClassifier":
        case["prediction"] = plain(estimator.predict_proba(rows))
        case["labels"] = [value if isinstance(value, str) else int(value)
                          for value in numpy.asarray(estimator.predict(rows)).ravel().tolist()]
    else:
        case["prediction"] = plain(estimator.predict(rows))
    OUTPUTS[path.name] = case
    if name == "binary":
        estimator.save_model(str(ROOT / "binary.cbm"))


save("binary", "CatBoostClassifier", TWO)
save("binary-texts", "CatBoostClassifier", numpy.array(["no", "yes"])[TWO])
save("threshold", "CatBoostClassifier", TWO, threshold=0.3)
save("three", "CatBoostClassifier", THREE, loss_function="MultiClass")
save("three-texts", "CatBoostClassifier", TEXTS, loss_function="MultiClass")
save("one-vs-all", "CatBoostClassifier", THREE, loss_function="MultiClassOneVsAll")
save("cross-entropy", "CatBoostClassifier", numpy.clip(TWO, 0.1, 0.9), loss_function="CrossEntropy")
for loss in ["RMSE", "MAE", "Quantile:alpha=0.3", "MAPE", "Huber:delta=1", "LogLinQuantile"]:
    save("regressor-" + loss.split(":")[0].lower(), "CatBoostRegressor", NUMBERS, loss_function=loss)
for loss in ["Poisson", "Tweedie:variance_power=1.5"]:
    save("regressor-" + loss.split(":")[0].lower(), "CatBoostRegressor", numpy.abs(NUMBERS), loss_function=loss)
save("pair", "CatBoostRegressor", numpy.column_stack([NUMBERS, FEATURES[:, 1]]), loss_function="MultiRMSE")
for mode in ["Min", "Max"]:
    save("missing-" + mode.lower(), "CatBoostClassifier", TWO, nan_mode=mode)
save("missing-none", "CatBoostClassifier", TWO, training=FEATURES, rows=TEST)
for policy in ["Lossguide", "Depthwise"]:
    save(policy.lower(), "CatBoostClassifier", THREE, grow_policy=policy, min_data_in_leaf=5)
try:
    import pandas
    names = ["width", "height", "length", "weight"]
    save("names", "CatBoostRegressor", NUMBERS, training=pandas.DataFrame(FEATURES, columns=names),
         rows=pandas.DataFrame(TEST, columns=names))
except ImportError:
    pass

(ROOT / "outputs.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in OUTPUTS.items()) + "\n}\n")
