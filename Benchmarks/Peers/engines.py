"""Times predictions in memory: Assay and the libraries that trained the models, in turn, as a table of ratios.

Models and features are made once and kept. Every round runs Assay's program once, which takes the best of three
turns, and each peer's best of three; ratios are of medians over the rounds.
"""

import argparse
import os
import statistics
import subprocess
import time
from pathlib import Path

import numpy

FOLDER = Path(__file__).resolve().parent
PROGRAM = FOLDER.parent / ".build/release/EngineTimes"
FEATURES = 28
THREADS = len(os.sched_getaffinity(0))


def data(rows, seed):
    """Features of single precision and a label that a few of them tell, with noise."""
    generator = numpy.random.default_rng(seed)
    features = generator.normal(size=(rows, FEATURES)).astype(numpy.float32)
    signal = features[:, :8] @ generator.normal(size=8) + features[:, 8] * features[:, 9]
    return features, (signal + generator.normal(size=rows) > 0).astype(numpy.int64)


def xgboost_model(path):
    import xgboost

    model = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "seed": 1},
        xgboost.DMatrix(*data(200_000, 1)),
        200,
    )
    model.save_model(path)


def lightgbm_model(path):
    import lightgbm

    features, labels = data(200_000, 1)
    parameters = {"objective": "binary", "num_leaves": 63, "seed": 1, "verbose": -1}
    lightgbm.train(parameters, lightgbm.Dataset(features, labels), 200).save_model(path)


def scikit_learn_model(estimator):
    def make(path):
        import joblib

        joblib.dump(estimator().fit(*data(200_000, 1)), path)

    return make


def forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(100, max_depth=12, random_state=1, n_jobs=THREADS)


def histograms():
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=200, early_stopping=False, random_state=1)


def logistic():
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()


def joblib_peer(path):
    import joblib

    model = joblib.load(path)
    return model.predict_proba


def xgboost_peer(path):
    import xgboost

    model = xgboost.Booster(model_file=path)
    model.set_param({"nthread": THREADS})
    return model.inplace_predict


def lightgbm_peer(path):
    import lightgbm

    model = lightgbm.Booster(model_file=path)
    return lambda features: model.predict(features, num_threads=THREADS)


def lleaves_peer(path):
    import lleaves

    model = lleaves.Model(model_file=path)
    model.compile(cache=path + ".compiled")
    return lambda features: model.predict(features, n_jobs=THREADS)


def onnxruntime_peer(path):
    import joblib
    import onnxruntime
    import skl2onnx

    converted = path + ".onnx"
    if not Path(converted).exists():
        model = joblib.load(path)
        types = [("X", skl2onnx.common.data_types.FloatTensorType([None, FEATURES]))]
        onnx = skl2onnx.to_onnx(model, initial_types=types, options={id(model): {"zipmap": False}})
        Path(converted).write_bytes(onnx.SerializeToString())
    session = onnxruntime.InferenceSession(converted, providers=["CPUExecutionProvider"])
    return lambda features: session.run(None, {"X": features})


def treelite_peer(path):
    import tl2cgen
    import treelite

    library = path + ".so"
    if not Path(library).exists():
        read = treelite.frontend.load_lightgbm_model if path.endswith(".txt") else treelite.frontend.load_xgboost_model
        tl2cgen.export_lib(read(path), toolchain="gcc", libpath=library, params={"parallel_comp": THREADS})
    predictor = tl2cgen.Predictor(library, nthread=THREADS)
    return lambda features: predictor.predict(tl2cgen.DMatrix(features))


CASES = {
    "XGBoost, 200 trees of depth 6": (
        "xgboost.json",
        xgboost_model,
        {"XGBoost inplace_predict": xgboost_peer, "treelite": treelite_peer},
    ),
    "LightGBM, 200 trees of 63 leaves": (
        "lightgbm.txt",
        lightgbm_model,
        {"LightGBM": lightgbm_peer, "lleaves": lleaves_peer, "treelite": treelite_peer},
    ),
    "RandomForestClassifier, 100 trees of depth 12": (
        "forest.joblib",
        scikit_learn_model(forest),
        {"scikit-learn": joblib_peer, "ONNX Runtime": onnxruntime_peer},
    ),
    "HistGradientBoostingClassifier, 200 iterations": (
        "histograms.joblib",
        scikit_learn_model(histograms),
        {"scikit-learn": joblib_peer},
    ),
    "LogisticRegression": ("logistic.joblib", scikit_learn_model(logistic), {"scikit-learn": joblib_peer}),
}


def seconds(predict, features):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        predict(features)
        best = min(best, time.perf_counter() - start)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", help="those with this in their name")
    arguments = parser.parse_args()
    folder = FOLDER / f".venv-engines/data-{arguments.rows}"
    folder.mkdir(parents=True, exist_ok=True)
    features, _ = data(arguments.rows, 2)
    rows_path = folder / "features.npy"
    if not rows_path.exists():
        numpy.save(rows_path, features)
    print(f"{arguments.rows:,} rows of {FEATURES} features, {THREADS} cores, median of {arguments.rounds} rounds\n")
    print("| model | engine | seconds | Assay is faster by |\n|---|---|---:|---:|")
    for name, (file, make, peers) in CASES.items():
        if arguments.case and arguments.case.lower() not in name.lower():
            continue
        path = str(folder / file)
        if not Path(path).exists():
            make(path)
        ready = {peer: build(path) for peer, build in peers.items()}
        own, single, others = [], [], {peer: [] for peer in ready}
        for _ in range(arguments.rounds):
            command = [PROGRAM, path, rows_path]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            own.append(float(output[0]))
            single.append(float(output[1]))
            for peer, predict in ready.items():
                others[peer].append(seconds(predict, features))
        median = statistics.median(own)
        one = statistics.median(single)
        print(f"| {name} | Assay | {median:.3f} | one row: {1e6 * one:.1f} µs |")
        for peer, times in others.items():
            time_taken = statistics.median(times)
            print(f"| | {peer} | {time_taken:.3f} | {time_taken / median:.1f}x |", flush=True)


main()
