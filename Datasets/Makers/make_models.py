"""Makes small models that vary one thing each, with inputs and what scikit-learn predicts for them.

Models/scikit-learn/<version>/extra/<name>.{joblib,pkl} is the model, <name>.X.csv its input (no header, an
empty cell is a missing value) and <name>.pred.json its classes, predictions and probabilities.
"""

import csv
import json
import pickle
from pathlib import Path

import joblib
import numpy
import sklearn
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

EXTRA = Path(__file__).resolve().parents[1] / "Models/scikit-learn" / sklearn.__version__ / "extra"
SEED = 42
ROWS = 20


def write_expectation(name: str, model: ClassifierMixin, features: numpy.ndarray) -> None:
    with (EXTRA / f"{name}.X.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in features.tolist():
            writer.writerow("" if value != value else repr(value) for value in row)
    expectation = {
        "classes": model.classes_.tolist(),
        "prediction": model.predict(features).tolist(),
        "probability": model.predict_proba(features).tolist(),
    }
    (EXTRA / f"{name}.pred.json").write_text(json.dumps(expectation, indent=1, allow_nan=False) + "\n")


def write_joblib(name: str, model: ClassifierMixin, features: numpy.ndarray) -> None:
    joblib.dump(model, EXTRA / f"{name}.joblib")
    write_expectation(name, model, features)


def write_pickle(name: str, model: ClassifierMixin, features: numpy.ndarray, protocol: int) -> None:
    (EXTRA / f"{name}.pkl").write_bytes(pickle.dumps(model, protocol=protocol))
    write_expectation(name, model, features)


def scaled_regression(**scaling: bool) -> Pipeline:
    return Pipeline(
        [("scaler", StandardScaler(**scaling)), ("classifier", LogisticRegression(max_iter=5000))]
    )


def small_tree() -> DecisionTreeClassifier:
    return DecisionTreeClassifier(max_depth=4, random_state=SEED)


def main() -> None:
    EXTRA.mkdir(parents=True, exist_ok=True)
    generator = numpy.random.default_rng(SEED)

    cancer, malignancy = load_breast_cancer(return_X_y=True)
    cancer = cancer[:, :6]
    rows = generator.choice(len(cancer), ROWS, replace=False)
    write_joblib("scaler-lr-without-mean", scaled_regression(with_mean=False).fit(cancer, malignancy), cancer[rows])
    write_joblib("scaler-lr-without-std", scaled_regression(with_std=False).fit(cancer, malignancy), cancer[rows])
    write_joblib("tree-labels-minus-one", small_tree().fit(cancer, 2 * malignancy - 1), cancer[rows])
    write_joblib("tree-labels-bool", small_tree().fit(cancer, malignancy == 1), cancer[rows])

    wine, cultivar = load_wine(return_X_y=True)
    rows = generator.choice(len(wine), ROWS, replace=False)
    pipeline = scaled_regression().fit(wine, cultivar)
    write_joblib("scaler-lr-multinomial", pipeline, wine[rows])
    for protocol in (2, 3, 4, 5):
        write_pickle(f"scaler-lr-protocol-{protocol}", pipeline, wine[rows], protocol)

    # Three rows of coefficients, so that their order in memory matters. The solver leaves Fortran's.
    classifier = pipeline.named_steps["classifier"]
    for order, name in (("C", "scaler-lr-c-order"), ("F", "scaler-lr-fortran-order")):
        classifier.coef_ = numpy.array(classifier.coef_, order=order)
        write_joblib(name, pipeline, wine[rows])

    incomplete = numpy.where(generator.random(wine.shape) < 0.2, numpy.nan, wine)
    write_joblib("tree-missing-values", small_tree().fit(incomplete, cultivar), incomplete[rows])


if __name__ == "__main__":
    main()
