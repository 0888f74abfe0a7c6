"""Makes small XGBoost models of every objective and booster, with inputs and what XGBoost says of them.

Models/xgboost/<version>/<name>.json, .ubj or .model (the binary format before 3.1) is a model as save_model writes it;
outputs.json has for each file its input, the margins and the predictions, and for an early-stopped one those of the
rounds up to the best; null is a missing value. Runs with every version from 0.90 on: what a version does not have is
left out, and of some there are only binary files.

    python make_xgboost.py
"""

import json
import sys
import warnings
from pathlib import Path

import numpy
import xgboost

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[1] / "Models/xgboost" / xgboost.__version__
VERSION = tuple(int(part) for part in xgboost.__version__.split(".")[:2])
SEED = 42
ROWS = 12
GENERATOR = numpy.random.RandomState(SEED)
FEATURES = GENERATOR.randn(160, 4).round(3)
FEATURES[GENERATOR.rand(*FEATURES.shape) < 0.1] = numpy.nan
TEST = GENERATOR.randn(ROWS, 4).round(3)
TEST[GENERATOR.rand(*TEST.shape) < 0.15] = numpy.nan
CATEGORIES = GENERATOR.randint(0, 40, 160)
FILLED = numpy.nan_to_num(FEATURES)
SUM = FILLED[:, 0] * 2 - FILLED[:, 1] + FILLED[:, 2] * FILLED[:, 3]
NUMBERS = (SUM + GENERATOR.randn(160) / 4).round(3)
TWO = (NUMBERS > 0.2).astype(float)
THREE = numpy.digitize(NUMBERS, [-1, 1]).astype(float)
SMALL = {"max_depth": 3, "eta": 0.4, "verbosity": 0, "seed": SEED, "nthread": 1}
OUTPUTS = {}
# Versions of which there are only binary files; 1.0 to 1.2 read their own JSON alone.
ONLY_BINARY = VERSION in [(0, 90), (1, 0), (1, 2), (3, 0)]
BINARY = ["binary-logistic", "binary-hinge", "multi-softprob", "reg-squarederror", "count-poisson", "survival-aft",
          "reg-quantileerror", "base-score-count-poisson", "base-score-binary-logistic", "names", "forest", "dart",
          "dart-multi", "linear-multi", "pruned", "stopped"]


def plain(values):
    """Nested lists; what is not a number is null."""
    values = numpy.asarray(values, dtype=float)
    return numpy.where(numpy.isnan(values), None, values.astype(object)).tolist()


def at_thresholds(model, rows):
    """Rows with values that are thresholds, or as near to them as a double can be."""
    rows = numpy.array(rows, dtype=float)
    booster = model["learner"]["gradient_booster"]
    trees = booster.get("gbtree", booster)["model"].get("trees", [])
    found = [(tree["split_indices"][node], tree["split_conditions"][node])
             for tree in trees for node, left in enumerate(tree["left_children"])
             if left >= 0 and not (tree.get("split_type") or [0] * (node + 1))[node]]
    for index in range(len(rows)):
        for feature, threshold in found[index::len(rows)]:
            threshold = float(numpy.float32(threshold))
            near = [threshold, numpy.nextafter(threshold, 1e9), numpy.nextafter(threshold, -1e9),
                    float(numpy.nextafter(numpy.float32(threshold), numpy.float32(1e9)))]
            rows[index, feature] = near[index % 4]
    return rows


def save(name, parameters, data, rows=TEST, rounds=3, suffix="json", feature_types=None, **options):
    """Trains and records a model, if this version can."""
    if ONLY_BINARY and name not in BINARY:
        return
    try:
        booster = xgboost.train(dict(SMALL, **parameters), data, rounds, **options)
        ROOT.mkdir(parents=True, exist_ok=True)
        booster.save_model(str(ROOT / "model.json"))
    except Exception as error:
        print(xgboost.__version__, name, str(error).splitlines()[0][:100], file=sys.stderr)
        return
    content = (ROOT / "model.json").read_bytes()
    (ROOT / "model.json").unlink()
    if content.startswith(b"{"):
        rows = at_thresholds(json.loads(content), rows)
    if VERSION < (1, 6):
        suffix = "json"
    suffixes = [] if ONLY_BINARY else [suffix]
    if name in BINARY and VERSION < (3, 1):
        suffixes.append("model")
    for suffix in suffixes:
        path = ROOT / f"{name}.{suffix}"
        # Since 2.1 that suffix alone asks for the binary format.
        asked = path.with_suffix(".deprecated") if suffix == "model" and VERSION >= (2, 1) else path
        booster.save_model(str(asked))
        asked.rename(path)
        record(path, booster, rows, parameters, feature_types, options)


def record(path, booster, rows, parameters, feature_types, options):
    """Notes what a booster says of rows."""
    more = {"feature_types": feature_types, "enable_categorical": True} if feature_types else {}
    if booster.feature_names and not more:
        more = {"feature_names": booster.feature_names}
    matrix = xgboost.DMatrix(rows, **more)
    # Before 1.0, all trees of DART have to be asked for, or some are dropped at random.
    all_trees = {"ntree_limit": 1000} if VERSION < (1, 0) and parameters.get("booster") == "dart" else {}
    case = {"input": plain(rows), "margin": plain(booster.predict(matrix, output_margin=True, **all_trees)),
            "prediction": plain(booster.predict(matrix, **all_trees))}
    if options.get("early_stopping_rounds"):
        best = int(booster.attr("best_iteration")) + 1
        # An early-stopped booster of some versions predicts by its best rounds unless it is loaded anew.
        loaded = xgboost.Booster(model_file=str(path))
        if path.suffix == ".model":  # A binary file keeps no names.
            matrix = xgboost.DMatrix(rows)
        case["margin"] = plain(loaded.predict(matrix, output_margin=True))
        case["prediction"] = plain(loaded.predict(matrix))
        case["best"] = plain(
            loaded.predict(matrix, iteration_range=(0, best)) if VERSION >= (1, 4)
            else loaded.predict(matrix, ntree_limit=best * parameters.get("num_parallel_tree", 1)))
    OUTPUTS[path.name] = case


def data(label, features=FEATURES, **options):
    return xgboost.DMatrix(features, label=label, **options)


positive = data(numpy.abs(NUMBERS) + 0.5)
for name, label in [
        ("binary:logistic", data(TWO)), ("binary:logitraw", data(TWO)), ("binary:hinge", data(TWO)),
        ("reg:logistic", data(TWO)), ("reg:squarederror", data(NUMBERS)), ("reg:squaredlogerror", positive),
        ("reg:pseudohubererror", data(NUMBERS)), ("reg:absoluteerror", data(NUMBERS)),
        ("count:poisson", data(numpy.floor(numpy.abs(NUMBERS)))), ("reg:gamma", positive), ("reg:tweedie", positive),
        ("survival:cox", data(numpy.where(TWO, 1, -1) * (numpy.abs(NUMBERS) + 0.5)))]:
    save(name.replace(":", "-"), {"objective": name}, label)
for objective in ["multi:softprob", "multi:softmax"]:
    save(objective.replace(":", "-"), {"objective": objective, "num_class": 3}, data(THREE), suffix="ubj")
for objective in ["rank:pairwise", "rank:ndcg", "rank:map"]:
    ranked = data(TWO)
    ranked.set_group([16] * 10)
    save(objective.replace(":", "-"), {"objective": objective}, ranked, suffix="ubj")
survival = data(NUMBERS)
if VERSION >= (1, 2):
    survival.set_float_info("label_lower_bound", numpy.abs(NUMBERS) + 0.5)
    survival.set_float_info("label_upper_bound", numpy.where(TWO, numpy.inf, numpy.abs(NUMBERS) + 0.5))
    save("survival-aft", {"objective": "survival:aft"}, survival, suffix="ubj")
for objective in ["reg:quantileerror", "reg:expectileerror"]:
    levels = objective[4:objective.index("error")] + "_alpha"
    save(objective.replace(":", "-"), {"objective": objective, levels: [0.1, 0.9]}, data(NUMBERS), suffix="ubj")

for objective in ["binary:logistic", "binary:logitraw", "count:poisson", "reg:squarederror"]:
    save("base-score-" + objective.replace(":", "-"), {"objective": objective, "base_score": 0.3}, data(TWO), rounds=2)
save("names", {"objective": "binary:logistic"}, data(TWO, feature_names=["width", "height", "a b", "ü"]), rounds=1)
save("forest", {"objective": "multi:softprob", "num_class": 3, "num_parallel_tree": 3, "subsample": 0.6, "eta": 1},
     data(THREE), rounds=2, suffix="ubj")
save("dart", {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.6}, data(TWO), rounds=6)
save("dart-multi", {"objective": "multi:softprob", "num_class": 3, "booster": "dart", "rate_drop": 0.6}, data(THREE),
     rounds=3, suffix="ubj")
# A linear booster learns nothing from rows with missing values in some versions, and predicts them in all.
save("linear", {"objective": "binary:logistic", "booster": "gblinear"}, data(TWO, FILLED))
save("linear-multi", {"objective": "multi:softprob", "num_class": 3, "booster": "gblinear"}, data(THREE, FILLED),
     suffix="ubj")
save("pruned", {"objective": "reg:squarederror", "tree_method": "exact", "gamma": 40, "max_depth": 5}, data(NUMBERS))
for name, suffix in [("stopped", "json"), ("stopped-binary", "ubj")]:
    # Files of 1.3 do not tell how many trees a round has.
    save(name, {"objective": "binary:logistic", "eta": 1, "num_parallel_tree": 2 if VERSION > (1, 3) else 1,
                "subsample": 0.5, "max_depth": 2}, data(TWO[:80], FEATURES[:80]), rounds=30, suffix=suffix,
         evals=[(data(TWO[80:], FEATURES[80:]), "validation")], early_stopping_rounds=2, verbose_eval=False)
pair = numpy.column_stack([NUMBERS, FILLED[:, 1] - FILLED[:, 2]])
for strategy in ["one_output_per_tree", "multi_output_tree"]:
    options = {"tree_method": "hist", "multi_strategy": strategy}
    if VERSION < (1, 6) or VERSION < (2, 0) and strategy == "multi_output_tree":
        continue
    if VERSION < (2, 0):
        del options["multi_strategy"]
    for suffix in ["json", "ubj"]:
        save(f"pair-{strategy}-{suffix}", options, data(pair), rounds=2, suffix=suffix)
    save(f"labels-{strategy}", dict(options, objective="binary:logistic"), data((pair > 0).astype(float)), rounds=2)
if VERSION >= (1, 6):
    mixed = numpy.column_stack([FEATURES[:, :3], CATEGORIES])
    mixed[::11, 3] = numpy.nan
    rows = numpy.column_stack([TEST[:, :3], [0, 1, 5, 39, 40, 1000, numpy.nan, 17, 23, 2, 31, 8]])
    types = ["q", "q", "q", "c"]
    label = NUMBERS + (CATEGORIES % 3 == 0) * 4
    matrix = data(label, mixed, feature_types=types, enable_categorical=True)
    for name, limit in [("one-hot", 100), ("partition", 1)]:
        save(f"categories-{name}", {"tree_method": "hist", "max_cat_to_onehot": limit, "max_depth": 4}, matrix, rows,
             suffix="json" if limit == 1 else "ubj", feature_types=types)

(ROOT / "outputs.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in OUTPUTS.items()) + "\n}\n")
