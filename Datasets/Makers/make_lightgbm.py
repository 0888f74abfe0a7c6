"""Makes small LightGBM models of every objective and kind of split, with inputs and what LightGBM says of them.

Models/lightgbm/<version>/<name>.txt is a model as save_model writes it; outputs.json has for each file its input, the
margins (raw scores) and the predictions; null is a missing value. Runs with every version from 2.3 on: what a version
does not have is left out.

    python make_lightgbm.py
"""

import json
import sys
import warnings
from pathlib import Path

import lightgbm
import numpy

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[1] / "Models/lightgbm" / lightgbm.__version__
SEED = 42
ROWS = 12
GENERATOR = numpy.random.RandomState(SEED)
FEATURES = GENERATOR.randn(160, 4).round(3)
FEATURES[GENERATOR.rand(*FEATURES.shape) < 0.15] = 0
FILLED = FEATURES.copy()
FEATURES[GENERATOR.rand(*FEATURES.shape) < 0.1] = numpy.nan
TEST = GENERATOR.randn(ROWS, 4).round(3)
TEST[GENERATOR.rand(*TEST.shape) < 0.2] = numpy.nan
TEST[GENERATOR.rand(*TEST.shape) < 0.1] = 0
CATEGORIES = GENERATOR.randint(0, 40, 160)
SUM = FILLED[:, 0] * 2 - FILLED[:, 1] + FILLED[:, 2] * FILLED[:, 3]
NUMBERS = (SUM + GENERATOR.randn(160) / 4).round(3)
TWO = (NUMBERS > 0.2).astype(float)
THREE = numpy.digitize(NUMBERS, [-1, 1]).astype(float)
SHARES = 1 / (1 + numpy.exp(-NUMBERS))
POSITIVE = numpy.abs(NUMBERS) + 0.5
SMALL = {"num_leaves": 6, "learning_rate": 0.4, "min_data_in_leaf": 5, "verbosity": -1, "seed": SEED,
         "num_threads": 1, "deterministic": True, "max_bin": 63}
OUTPUTS = {}


def plain(values):
    """Nested lists; what is not a number is null."""
    values = numpy.asarray(values, dtype=float)
    return numpy.where(numpy.isnan(values), None, values.astype(object)).tolist()


def at_thresholds(text, rows):
    """Rows with values that are thresholds of numbers, or as near to them as a double can be."""
    rows = numpy.array(rows, dtype=float)
    found = []
    for tree in text.split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in tree.splitlines() if "=" in line)
        if int(lines["num_leaves"]) > 1:
            lists = [lines[key].split() for key in ["split_feature", "threshold", "decision_type"]]
            found += [(int(f), float(t)) for f, t, d in zip(*lists) if not int(d) & 1]
    for index in range(len(rows)):
        for feature, threshold in found[index::len(rows)]:
            near = [threshold, numpy.nextafter(threshold, 1e300), numpy.nextafter(threshold, -1e300), threshold]
            rows[index, feature] = near[index % 4]
    return rows


def save(name, parameters, label, features=FEATURES, rows=TEST, rounds=3, categories="auto", names="auto", group=None):
    """Trains and records a model, if this version can."""
    try:
        settings = dict(SMALL, **parameters)
        data = lightgbm.Dataset(features, label, params=settings, categorical_feature=categories, feature_name=names,
                                group=group)
        booster = lightgbm.train(settings, data, rounds)
    except Exception as error:
        print(lightgbm.__version__, name, str(error).splitlines()[0][:100], file=sys.stderr)
        return
    ROOT.mkdir(parents=True, exist_ok=True)
    booster.save_model(str(ROOT / f"{name}.txt"))
    rows = at_thresholds((ROOT / f"{name}.txt").read_text(), rows)
    # What is in the file is less exact than what was trained in some versions.
    booster = lightgbm.Booster(model_file=str(ROOT / f"{name}.txt"))
    OUTPUTS[f"{name}.txt"] = {"input": plain(rows), "margin": plain(booster.predict(rows, raw_score=True)),
                              "prediction": plain(booster.predict(rows))}


for name, label in [
        ("regression", NUMBERS), ("regression_l1", NUMBERS), ("huber", NUMBERS), ("fair", NUMBERS),
        ("quantile", NUMBERS), ("mape", NUMBERS), ("poisson", POSITIVE), ("gamma", POSITIVE), ("tweedie", POSITIVE),
        ("binary", TWO), ("cross_entropy", SHARES), ("cross_entropy_lambda", SHARES)]:
    save(name, {"objective": name}, label)
for name in ["lambdarank", "rank_xendcg"]:
    save(name, {"objective": name}, TWO, group=[16] * 10)
for name in ["multiclass", "multiclassova"]:
    save(name, {"objective": name, "num_class": 3}, THREE, rounds=2)
save("multiclassova-sigmoid", {"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, THREE, rounds=2)
save("binary-sigmoid", {"objective": "binary", "sigmoid": 2.0}, TWO)
save("regression-sqrt", {"objective": "regression", "reg_sqrt": True}, NUMBERS)
save("no-missing", {"objective": "binary"}, TWO, FILLED)
save("zero-as-missing", {"objective": "binary", "zero_as_missing": True}, TWO)
save("zero-as-missing-filled", {"objective": "regression", "zero_as_missing": True}, NUMBERS, FILLED)
save("use-no-missing", {"objective": "binary", "use_missing": False}, TWO)
forest = {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "feature_fraction": 0.8}
save("forest", dict(forest, objective="binary"), TWO)
save("forest-multiclass", dict(forest, objective="multiclass", num_class=3), THREE, rounds=2)
save("forest-regression", dict(forest, objective="regression"), NUMBERS)
save("dart", {"objective": "binary", "boosting": "dart", "drop_rate": 0.6, "skip_drop": 0}, TWO, rounds=5)
save("goss", {"objective": "binary", "boosting": "goss"}, TWO)
save("names", {"objective": "binary"}, TWO, names=["width", "height", "c", "d"], rounds=1)
save("constant", {"objective": "binary", "min_data_in_leaf": 1000}, TWO)
if tuple(int(part) for part in lightgbm.__version__.split(".")[:2]) >= (3, 2):
    linear = {"objective": "regression", "linear_tree": True, "linear_lambda": 0.1}
    save("linear", linear, NUMBERS)
    save("linear-binary", dict(linear, objective="binary"), TWO, FILLED)
mixed = numpy.column_stack([FEATURES[:, :3], CATEGORIES])
mixed[::11, 3] = numpy.nan
rows = numpy.column_stack([TEST[:, :3], [0, 1, 5, 39, -1, 1000, numpy.nan, -0.5, 23.7, 3e9, 31, 8]])
many = NUMBERS + (CATEGORIES % 3 == 0) * 4
save("categories", {"objective": "regression", "min_data_per_group": 5, "cat_smooth": 1}, many, mixed, rows,
     categories=[3])
save("categories-one-hot", {"objective": "regression", "max_cat_to_onehot": 100, "min_data_per_group": 2,
                            "min_data_in_leaf": 2, "cat_smooth": 1}, many, mixed, rows, categories=[3])
save("categories-filled", {"objective": "binary", "min_data_per_group": 5}, TWO,
     numpy.column_stack([FILLED[:, :3], CATEGORIES]), rows, categories=[3])

(ROOT / "outputs.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in OUTPUTS.items()) + "\n}\n")
