"""Makes small ONNX models of scikit-learn's, XGBoost's and LightGBM's, with inputs and what ONNX Runtime says of them.

Models/onnx/<version of ONNX Runtime>/<name>.onnx is a model as skl2onnx or onnxmltools writes it; outputs.json has for
each file the rows it is given, column by column as the model's inputs are, and the outputs: the labels, and the
numbers row by row; null is a missing value, and what is not a number. operators.json has the same of models of a
single operator with settings that converters rarely use, and the model itself in base64. Runs with every version of
these libraries since scikit-learn 1.3: what one cannot convert is left out and said.

    PYTHONHASHSEED=0 python make_onnx.py
"""

import base64
import itertools
import json
import sys
import warnings
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import (DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType)
from sklearn import (calibration, compose, decomposition, discriminant_analysis, ensemble, feature_selection, impute,
                     linear_model, multiclass, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree)

warnings.simplefilter("ignore")
onnxruntime.set_default_logger_severity(4)
ROOT = Path(__file__).resolve().parents[1] / "Models/onnx" / onnxruntime.__version__
GENERATOR = numpy.random.RandomState(42)
FEATURES = GENERATOR.randn(120, 4).round(2).astype(numpy.float32)
ROWS = GENERATOR.randn(10, 4).round(2).astype(numpy.float32)
SUM = FEATURES[:, 0] * 2 + FEATURES[:, 1] - FEATURES[:, 2] * FEATURES[:, 3]
TWO = (SUM > 0).astype(int)
THREE = numpy.digitize(SUM, [-1, 1])
TEXTS = numpy.array(["no", "yes"])[TWO]
POSITIVE = numpy.abs(SUM) + 0.1
OUTPUTS = {}
OPERATORS = {}


def plain(values):
    """Nested lists; what is not a number is null."""
    values = numpy.asarray(values)
    if values.dtype.kind != "f":
        return values.tolist()
    values = values.astype(float)
    return numpy.where(numpy.isfinite(values), values.astype(object), None).tolist()


def told(output):
    """An output as nested lists; a list of maps is a row of their values each."""
    if isinstance(output, list):
        return plain([list(row.values()) for row in output])
    return plain(output)


def thresholds(model):
    """The features and thresholds of all trees' splits."""
    found = []
    for node in model.graph.node:
        values = {item.name: helper.get_attribute_value(item) for item in node.attribute}
        for feature, threshold, mode in zip(values.get("nodes_featureids", []), values.get("nodes_values", []),
                                            values.get("nodes_modes", [])):
            if mode != b"LEAF":
                found.append((feature, threshold))
    return found


def save(name, model, inputs, seed_thresholds=True, is_operator=False):
    """Records a model, if ONNX Runtime takes it. Rows are moved to thresholds of the trees, and next to them."""
    # The converters' own name is a new one at each run.
    model.graph.name = name
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        if seed_thresholds and len(inputs) == 1:
            key, rows = next(iter(inputs.items()))
            rows = numpy.array(rows)
            found = thresholds(model)
            for index in range(len(rows)):
                for feature, threshold in found[index::len(rows)]:
                    near = [threshold, numpy.nextafter(rows.dtype.type(threshold), rows.dtype.type(1e9)),
                            numpy.nextafter(rows.dtype.type(threshold), rows.dtype.type(-1e9))]
                    rows[index, feature] = near[index % 3]
            inputs = {key: rows}
        outputs = session.run(None, inputs)
    except Exception as error:
        print(onnxruntime.__version__, name, str(error).splitlines()[0][:150], file=sys.stderr)
        return
    columns = {key: [plain(column) for column in (rows.T if rows.ndim == 2 else [rows])]
               for key, rows in inputs.items()}
    case = {"inputs": columns, "outputs": [told(output) for output in outputs]}
    if is_operator:
        OPERATORS[name] = dict(case, model=base64.b64encode(model.SerializeToString()).decode())
    else:
        OUTPUTS[f"{name}.onnx"] = case
        ROOT.mkdir(parents=True, exist_ok=True)
        (ROOT / f"{name}.onnx").write_bytes(model.SerializeToString())


def convert(name, estimator, target, features=FEATURES, rows=ROWS, kind=FloatTensorType, opset=15, learning=3,
            options=None):
    """Fits an estimator of scikit-learn's and records it as skl2onnx writes it."""
    try:
        estimator.fit(features, target)
        model = convert_sklearn(estimator, initial_types=[("X", kind([None, features.shape[1]]))],
                                target_opset={"": opset, "ai.onnx.ml": learning},
                                options={id(estimator): options} if options else None)
    except Exception as error:
        print(onnxruntime.__version__, name, type(error).__name__, str(error).splitlines()[0][:150], file=sys.stderr)
        return
    save(name, model, {"X": rows.astype({FloatTensorType: "f4", DoubleTensorType: "f8", Int64TensorType: "i8"}[kind])})


def classifier(name, make, **options):
    convert(name + "-binary", make(), TWO, **options)
    convert(name + "-multiclass", make(), THREE, **options)
    convert(name + "-texts", make(), TEXTS, **options)


# Estimators.
forest = {"n_estimators": 4, "max_depth": 3, "random_state": 0}
small = {"max_depth": 3, "random_state": 0}
for name, make in {
        "logistic": linear_model.LogisticRegression, "sgd-log": lambda: linear_model.SGDClassifier(loss="log_loss", random_state=0),
        "sgd-hinge": lambda: linear_model.SGDClassifier(random_state=0), "linear-svc": lambda: svm.LinearSVC(random_state=0),
        "ridge": linear_model.RidgeClassifier, "tree": lambda: tree.DecisionTreeClassifier(**small),
        "forest": lambda: ensemble.RandomForestClassifier(**forest),
        "extra-trees": lambda: ensemble.ExtraTreesClassifier(**forest),
        "boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=3, random_state=0),
        "histogram-boosting": lambda: ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=0),
        "ada-boost": lambda: ensemble.AdaBoostClassifier(n_estimators=3, random_state=0),
        "bagging": lambda: ensemble.BaggingClassifier(tree.DecisionTreeClassifier(max_depth=2), n_estimators=3, random_state=0),
        "voting": lambda: ensemble.VotingClassifier(
            [("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(**small))], voting="soft",
            flatten_transform=False),
        "hard-voting": lambda: ensemble.VotingClassifier(
            [("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(**small))],
            flatten_transform=False),
        "stacking": lambda: ensemble.StackingClassifier(
            [("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(**small))]),
        "gaussian": naive_bayes.GaussianNB, "bernoulli": naive_bayes.BernoulliNB,
        "lda": discriminant_analysis.LinearDiscriminantAnalysis,
        "qda": discriminant_analysis.QuadraticDiscriminantAnalysis,
        "perceptron": lambda: neural_network.MLPClassifier((5,), max_iter=50, random_state=0),
        "svc": lambda: svm.SVC(kernel="linear"), "svc-probability": lambda: svm.SVC(kernel="linear", probability=True, random_state=0),
        "svc-rbf": svm.SVC,
        "calibrated": lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(random_state=0), cv=2),
        "calibrated-isotonic": lambda: calibration.CalibratedClassifierCV(
            tree.DecisionTreeClassifier(**small), cv=2, method="isotonic"),
        "one-vs-rest": lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression())}.items():
    classifier(name, make)
for name, make in {
        "linear": linear_model.LinearRegression, "sgd": lambda: linear_model.SGDRegressor(random_state=0),
        "poisson": linear_model.PoissonRegressor, "gamma": linear_model.GammaRegressor,
        "tree": lambda: tree.DecisionTreeRegressor(**small), "forest": lambda: ensemble.RandomForestRegressor(**forest),
        "boosting": lambda: ensemble.GradientBoostingRegressor(n_estimators=3, random_state=0),
        "histogram-boosting": lambda: ensemble.HistGradientBoostingRegressor(max_iter=3, random_state=0),
        "ada-boost": lambda: ensemble.AdaBoostRegressor(n_estimators=3, random_state=0),
        "bagging": lambda: ensemble.BaggingRegressor(tree.DecisionTreeRegressor(max_depth=2), n_estimators=3, random_state=0),
        "voting": lambda: ensemble.VotingRegressor(
            [("a", linear_model.LinearRegression()), ("b", tree.DecisionTreeRegressor(**small))]),
        "stacking": lambda: ensemble.StackingRegressor(
            [("a", linear_model.LinearRegression()), ("b", tree.DecisionTreeRegressor(**small))]),
        "svr": lambda: svm.SVR(kernel="linear"), "svr-rbf": svm.SVR,
        "perceptron": lambda: neural_network.MLPRegressor(hidden_layer_sizes=(5,), max_iter=50, random_state=0)}.items():
    convert(name + "-regressor", make(), POSITIVE)
# With operators that Assay leaves to ONNX Runtime.
classifier("neighbors", lambda: neighbors.KNeighborsClassifier(3))
convert("neighbors-regressor", neighbors.KNeighborsRegressor(3), POSITIVE)
convert("forest-targets", ensemble.RandomForestRegressor(**forest), numpy.c_[SUM, -SUM])
convert("linear-targets", linear_model.LinearRegression(), numpy.c_[SUM, -SUM])
convert("isolation-forest", ensemble.IsolationForest(n_estimators=3, random_state=0), None)

# Versions of the operators, kinds of numbers, and outputs as tensors.
for opset, learning in [(9, 1), (11, 1), (12, 2), (13, 2), (17, 3), (18, 3), (21, 3), (21, 5)]:
    convert(f"opset-{opset}-{learning}", pipeline.make_pipeline(
        preprocessing.StandardScaler(), ensemble.GradientBoostingClassifier(n_estimators=2, random_state=0)), THREE,
        opset=opset, learning=learning)
    convert(f"opset-{opset}-{learning}-perceptron", neural_network.MLPClassifier((3,), max_iter=20, random_state=0),
            THREE, opset=opset, learning=learning)
for name, make in {"logistic": linear_model.LogisticRegression, "forest": lambda: ensemble.RandomForestClassifier(**forest),
                   "boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=3, random_state=0)}.items():
    convert(f"{name}-double", make(), THREE, rows=ROWS.astype(float) + 1e-9, kind=DoubleTensorType,
            options={"zipmap": False})
    convert(f"{name}-tensor", make(), TWO, options={"zipmap": False})
    convert(f"{name}-raw", make(), TWO, options={"zipmap": False, "raw_scores": True})
    convert(f"{name}-columns", make(), TWO, options={"zipmap": "columns"})
integers = GENERATOR.randint(-3, 4, (120, 4))
convert("forest-integers", ensemble.RandomForestClassifier(**forest), TWO, integers, integers[:10], Int64TensorType)
convert("forest-regressor-double", ensemble.RandomForestRegressor(**forest), SUM, rows=ROWS.astype(float) + 1e-9,
        kind=DoubleTensorType)

# Steps before a classifier.
for name, step in {
        "standard": preprocessing.StandardScaler(), "min-max": preprocessing.MinMaxScaler(),
        "min-max-clip": preprocessing.MinMaxScaler(clip=True), "robust": preprocessing.RobustScaler(),
        "max-abs": preprocessing.MaxAbsScaler(), "norm-l1": preprocessing.Normalizer("l1"),
        "norm-l2": preprocessing.Normalizer("l2"), "norm-max": preprocessing.Normalizer("max"),
        "binarizer": preprocessing.Binarizer(threshold=0.25), "polynomial": preprocessing.PolynomialFeatures(2),
        "bins": preprocessing.KBinsDiscretizer(3, encode="ordinal"), "bins-one-hot": preprocessing.KBinsDiscretizer(3),
        "pca": decomposition.PCA(2), "svd": decomposition.TruncatedSVD(2, random_state=0),
        "best": feature_selection.SelectKBest(k=2), "variance": feature_selection.VarianceThreshold(0.9),
        "power": preprocessing.PowerTransformer(), "quantile": preprocessing.QuantileTransformer(n_quantiles=10)}.items():
    convert(f"step-{name}", pipeline.make_pipeline(step, linear_model.LogisticRegression()), TWO)
convert("step-multinomial", pipeline.make_pipeline(preprocessing.MinMaxScaler(clip=True), naive_bayes.MultinomialNB()), THREE)
convert("step-complement", pipeline.make_pipeline(preprocessing.MinMaxScaler(clip=True), naive_bayes.ComplementNB()), THREE)
holes = FEATURES.copy()
holes[GENERATOR.rand(*holes.shape) < 0.1] = numpy.nan
holey = ROWS.copy()
holey[GENERATOR.rand(*holey.shape) < 0.3] = numpy.nan
convert("step-imputer", pipeline.make_pipeline(impute.SimpleImputer(), linear_model.LogisticRegression()), TWO, holes, holey)
convert("missing-histogram", ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=0), TWO, holes, holey)
convert("missing-tree", tree.DecisionTreeClassifier(**small), TWO, holes, holey)


def frame(name, model, types, columns, rows, target, **options):
    """A data frame's columns, each an input of its own."""
    try:
        import pandas
        data = pandas.DataFrame(columns)
        model.fit(data, target)
        made = convert_sklearn(model, initial_types=types, target_opset={"": 15, "ai.onnx.ml": 3}, options=options)
    except Exception as error:
        print(onnxruntime.__version__, name, type(error).__name__, str(error).splitlines()[0][:150], file=sys.stderr)
        return
    kinds = {FloatTensorType: "f4", Int64TensorType: "i8", StringTensorType: "O"}
    save(name, made, {key: numpy.array(rows[key], dtype=kinds[type(kind)]).reshape(-1, 1) for key, kind in types})


cities = numpy.array(["Oslo", "Paris", "Z\u00fcrich"], dtype=object)[GENERATOR.randint(0, 3, 120)]
sizes = GENERATOR.randint(1, 4, 120)
columns = {"age": FEATURES[:, 0], "city": cities, "size": sizes, "height": FEATURES[:, 1]}
types = [("age", FloatTensorType([None, 1])), ("city", StringTensorType([None, 1])), ("size", Int64TensorType([None, 1])),
         ("height", FloatTensorType([None, 1]))]
rows = {"age": [0.5, -1, 0, 2, 0.1, -0.3], "city": ["Oslo", "Paris", "Z\u00fcrich", "Rome", "no", "oslo"],
        "size": [1, 2, 3, 9, -1, 0], "height": [0.1, 0.2, -0.3, 0.4, -2, 1]}
known = dict(rows, city=["Oslo", "Paris", "Z\u00fcrich", "Oslo", "Paris", "Oslo"], size=[1, 2, 3, 1, 2, 3])
for name, unknown, given in [("ignore", "ignore", rows), ("error", "error", known)]:
    steps = compose.ColumnTransformer([
        ("numbers", preprocessing.StandardScaler(), ["age", "height"]),
        ("categories", preprocessing.OneHotEncoder(handle_unknown=unknown), ["city", "size"])])
    frame(f"frame-{name}", pipeline.make_pipeline(steps, linear_model.LogisticRegression()), types, columns, given, TEXTS)
steps = compose.ColumnTransformer([("categories", preprocessing.OrdinalEncoder(), ["city", "size"])], remainder="passthrough")
frame("frame-ordinal", pipeline.make_pipeline(steps, tree.DecisionTreeClassifier(**small)), types, columns, known, TWO)

# Boosters, as onnxmltools writes them.
try:
    import xgboost
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType as Floats
    settings = {"n_estimators": 3, "max_depth": 3, "random_state": 0}
    for name, model, target in [
            ("binary", xgboost.XGBClassifier(**settings), TWO), ("multiclass", xgboost.XGBClassifier(**settings), THREE),
            ("missing", xgboost.XGBClassifier(**settings), TWO),
            ("regressor", xgboost.XGBRegressor(**settings), SUM),
            ("poisson", xgboost.XGBRegressor(objective="count:poisson", **settings), numpy.floor(POSITIVE)),
            ("logistic", xgboost.XGBRegressor(objective="reg:logistic", **settings), TWO),
            ("random-forest", xgboost.XGBRFClassifier(**settings), TWO)]:
        try:
            model.fit(holes if name == "missing" else FEATURES, target)
            save(f"xgboost-{name}", convert_xgboost(model, initial_types=[("X", Floats([None, 4]))], target_opset=15),
                 {"X": holey if name == "missing" else ROWS})
        except Exception as error:
            print("xgboost", name, str(error).splitlines()[0][:150], file=sys.stderr)
except ImportError as error:
    print(error, file=sys.stderr)
try:
    import lightgbm
    from onnxmltools import convert_lightgbm
    settings = {"n_estimators": 3, "max_depth": 3, "min_child_samples": 5, "random_state": 0, "verbose": -1, "n_jobs": 1}
    categories = FEATURES.copy()
    categories[:, 3] = GENERATOR.randint(0, 6, 120)
    given = ROWS.copy()
    given[:, 3] = [0, 1, 2, 3, 4, 5, 6, -1, 2.5, 5]
    for name, model, target, data, rows, more in [
            ("binary", lightgbm.LGBMClassifier(**settings), TWO, FEATURES, ROWS, {}),
            ("multiclass", lightgbm.LGBMClassifier(**settings), THREE, FEATURES, ROWS, {}),
            ("missing", lightgbm.LGBMClassifier(**settings), TWO, holes, holey, {}),
            ("categories", lightgbm.LGBMClassifier(**settings), categories[:, 3].astype(int) % 2, categories, given,
             {"categorical_feature": [3]}),
            ("regressor", lightgbm.LGBMRegressor(**settings), SUM, FEATURES, ROWS, {}),
            ("poisson", lightgbm.LGBMRegressor(objective="poisson", **settings), POSITIVE, FEATURES, ROWS, {}),
            ("forest", lightgbm.LGBMRegressor(boosting_type="rf", bagging_freq=1, bagging_fraction=0.7, **settings), SUM,
             FEATURES, ROWS, {}),
            ("ova", lightgbm.LGBMClassifier(objective="multiclassova", **settings), THREE, FEATURES, ROWS, {})]:
        try:
            model.fit(data, target, **more)
            save(f"lightgbm-{name}", convert_lightgbm(model, initial_types=[("X", Floats([None, 4]))], target_opset=15,
                                                      zipmap=name != "missing"), {"X": rows},
                 seed_thresholds=name != "categories")
        except Exception as error:
            print("lightgbm", name, str(error).splitlines()[0][:150], file=sys.stderr)
except ImportError as error:
    print(error, file=sys.stderr)

# Single operators with settings that converters rarely use.
EDGES = numpy.array([[1.0], [-1.0], [0.0], [0.5], [numpy.nan], [numpy.nextafter(numpy.float32(0), numpy.float32(-1))]], "f4")
STUMP = {"nodes_treeids": [0, 0, 0], "nodes_nodeids": [0, 1, 2], "nodes_featureids": [0, 0, 0],
         "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"], "nodes_values": [0.0, 0.0, 0.0], "nodes_truenodeids": [1, 0, 0],
         "nodes_falsenodeids": [2, 0, 0], "nodes_missing_value_tracks_true": [0, 0, 0]}


def operator(name, op_type, attributes, outputs, rows=EDGES, version=3, initializers=(), domain="ai.onnx.ml"):
    """A graph of one operator; of two outputs the first is the label."""
    names = ["label", "scores"][-outputs:]
    node = helper.make_node(op_type, ["X"] + [item.name for item in initializers], names, domain=domain, **attributes)
    kinds = {"label": onnx.TensorProto.INT64, "scores": onnx.TensorProto.FLOAT}
    graph = helper.make_graph(
        [node], "graph", [helper.make_tensor_value_info("X", onnx.TensorProto.FLOAT, [None, rows.shape[1]])],
        [helper.make_tensor_value_info(output, kinds[output], None) for output in names], list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", version)])
    model.ir_version = 8
    save(name, model, {"X": rows}, seed_thresholds=False, is_operator=True)


def weights(ids, values, labels):
    count = len(ids) // 2
    return dict(STUMP, class_treeids=[0] * len(ids), class_nodeids=[1] * count + [2] * count, class_ids=ids,
                class_weights=values, classlabels_int64s=labels)


TRANSFORMS = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"]
for (name, ids, values), bases, transform in itertools.product(
        [("first", [0, 0], [-0.4, 0.8]), ("first-positive", [0, 0], [0.4, 0.8]), ("second", [1, 1], [-0.4, 0.8]),
         ("second-positive", [1, 1], [0.4, 0.8]), ("both", [0, 1, 0, 1], [0.3, 0.7, 0.6, 0.4]),
         ("both-signs", [0, 1, 0, 1], [-0.3, 0.7, 0.6, -0.4])], [[], [0.25], [0.25, 0.1]], TRANSFORMS):
    operator(f"pair-{name}-{len(bases)}-{transform.lower()}", "TreeEnsembleClassifier",
             dict(weights(ids, values, [0, 1]), post_transform=transform, **({"base_values": bases} if bases else {})), 2)
for bases, transform in itertools.product([[], [0.02, 0.1, 0.3]], TRANSFORMS + ["PROBIT"]):
    operator(f"three-{len(bases)}-{transform.lower()}", "TreeEnsembleClassifier",
             dict(weights([0, 1, 2] * 2, [0.1, 0.2, 0 if transform != "PROBIT" else 0.05, 0.9, 0.4, 0.3], [3, 5, 4]), post_transform=transform,
                  **({"base_values": bases} if bases else {})), 2)
operator("three-partial", "TreeEnsembleClassifier", weights([1, 2], [-0.1, -0.2], [0, 1, 2]), 2)
for mode, missing in itertools.product(["LEQ", "LT", "GTE", "GT", "EQ", "NEQ"], [0, 1]):
    operator(f"mode-{mode.lower()}-{missing}", "TreeEnsembleRegressor",
             dict(STUMP, nodes_modes=["BRANCH_" + mode, "LEAF", "LEAF"], nodes_missing_value_tracks_true=[missing, 0, 0],
                  target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 0], target_weights=[-0.4, 0.8], n_targets=1), 1)
TWO_TREES = {"nodes_treeids": [0, 0, 0, 1], "nodes_nodeids": [0, 1, 2, 0], "nodes_featureids": [0] * 4,
             "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF", "LEAF"], "nodes_values": [0.0] * 4,
             "nodes_truenodeids": [1, 0, 0, 0], "nodes_falsenodeids": [2, 0, 0, 0]}
for aggregate, count, bases, transform in itertools.product(
        ["SUM", "AVERAGE", "MIN", "MAX"], [1, 2], [False, True], ["NONE", "LOGISTIC"]):
    operator(f"regressor-{aggregate.lower()}-{count}-{int(bases)}-{transform.lower()}", "TreeEnsembleRegressor",
             dict(TWO_TREES, n_targets=count, aggregate_function=aggregate, post_transform=transform,
                  target_treeids=[0] * count * 2 + [1] * count, target_nodeids=[1] * count + [2] * count + [0] * count,
                  target_ids=list(range(count)) * 3, target_weights=[-0.4, 0.2][:count] + [0.8, 0.3][:count] + [0.1, 0.6][:count],
                  **({"base_values": [10.0] * count} if bases else {})), 1)
for rows_of, transform in itertools.product([1, 2, 3], TRANSFORMS):
    operator(f"linear-{rows_of}-{transform.lower()}", "LinearClassifier",
             {"coefficients": [-2.0, 2.0, 1.0][:rows_of], "intercepts": [-0.1, 0.1, 0.3][:rows_of],
              "classlabels_ints": list(range(max(rows_of, 2))), "post_transform": transform}, 2, EDGES[:4])
for norm in ["MAX", "L1", "L2"]:
    operator(f"normalizer-{norm.lower()}", "Normalizer", {"norm": norm}, 1,
             numpy.array([[1, -2, 0.5], [-1, -3, -2], [0, 0, 0]], "f4"))


SUPPORT = {"kernel_type": "LINEAR", "kernel_params": [0.5, 0.25, 2.0], "vectors_per_class": [1, 1], "rho": [0.1],
           "support_vectors": [-1.0, 1.0], "coefficients": [1.0, -1.0], "classlabels_ints": [4, 7]}
for kernel in ["LINEAR", "POLY", "RBF", "SIGMOID"]:
    operator(f"support-{kernel.lower()}", "SVMClassifier", dict(SUPPORT, kernel_type=kernel), 2, EDGES[:4])
for transform in TRANSFORMS:
    operator(f"support-transform-{transform.lower()}", "SVMClassifier", dict(SUPPORT, post_transform=transform), 2, EDGES[:4])
operator("support-probability", "SVMClassifier", dict(SUPPORT, prob_a=[-1.5], prob_b=[0.2]), 2, EDGES[:4])
SUPPORT.update(vectors_per_class=[1, 1, 1], support_vectors=[-1.0, 0.0, 1.0], coefficients=[1.0, -0.5, -0.7, 0.2, 0.9, -1.0],
               rho=[0.1, 0.2, -0.1], classlabels_ints=[4, 7, 9])
operator("support-three", "SVMClassifier", SUPPORT, 2, EDGES[:4])
operator("support-three-probability", "SVMClassifier", dict(SUPPORT, prob_a=[-1.0, -1.2, -0.8], prob_b=[0.1, 0.2, 0.3]), 2,
         EDGES[:4])


def tensor(values, kind="f4"):
    return numpy_helper.from_array(numpy.array(values, kind))


FIVE = {"nodes_featureids": [0, 0], "nodes_truenodeids": [1, 0], "nodes_trueleafs": [0, 1], "nodes_falsenodeids": [2, 1],
        "nodes_falseleafs": [1, 1], "nodes_splits": tensor([0.4, 0.0]), "tree_roots": [0], "n_targets": 2,
        "leaf_targetids": [0, 1, 0], "leaf_weights": tensor([0.5, -1.5, 2.5])}
for number in range(6):
    operator(f"ensemble-mode-{number}", "TreeEnsemble", dict(FIVE, nodes_modes=tensor([number, 0], "u1")), 1, version=5)
operator("ensemble-member", "TreeEnsemble", dict(
    FIVE, nodes_modes=tensor([6, 0], "u1"), membership_values=tensor([1.0, 0.5, 3.0, numpy.nan])), 1, version=5)
operator("ensemble-root", "TreeEnsemble", dict(
    FIVE, nodes_modes=tensor([0], "u1"), nodes_splits=tensor([0.0]), nodes_featureids=[0], nodes_truenodeids=[1],
    nodes_trueleafs=[1], nodes_falsenodeids=[1], nodes_falseleafs=[1], nodes_missing_value_tracks_true=[1]), 1, version=5)

for file, cases in [("outputs.json", OUTPUTS), ("operators.json", OPERATORS)]:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    (ROOT / file).write_text("{\n" + lines + "\n}\n")
