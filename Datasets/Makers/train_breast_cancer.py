"""Trains the breast-cancer sample job: standardised features and logistic regression.

Written as a training container runs it: channels are folders with a CSV, the model and metrics.json go to
the folders named, and standard output is the job's log.
"""

import argparse
import json
import os
from pathlib import Path

import joblib
import numpy
import pandas
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

LABEL = "label"


def read_channel(folder: Path, name: str) -> tuple[pandas.DataFrame, pandas.Series]:
    """The features and the labels of a channel."""
    rows = pandas.read_csv(folder / f"{name}.csv")
    if LABEL not in rows.columns:
        raise KeyError(f"{name}.csv has no column '{LABEL}' (found {len(rows.columns)} columns)")
    return rows.drop(columns=LABEL), rows[LABEL]


def parse_arguments() -> argparse.Namespace:
    environment = os.environ.get
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-iter", type=int, default=1000)
    parser.add_argument("--train", type=Path, default=environment("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", type=Path, default=environment("SM_CHANNEL_VALIDATION"))
    parser.add_argument("--model-dir", type=Path, default=environment("SM_MODEL_DIR"))
    parser.add_argument("--output-data-dir", type=Path, default=environment("SM_OUTPUT_DATA_DIR"))
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    print(f"[INFO] scikit-learn {sklearn.__version__}, numpy {numpy.__version__}")

    train_features, train_labels = read_channel(arguments.train, "train")
    features, labels = read_channel(arguments.validation, "validation")
    print(f"[INFO] Training rows: {len(train_labels)}")
    print(f"[INFO] Validation rows: {len(labels)}")
    print(f"[INFO] Features: {features.shape[1]}")

    model = Pipeline(
        [("scaler", StandardScaler()), ("classifier", LogisticRegression(max_iter=arguments.max_iter))]
    )
    model.fit(train_features, train_labels)
    print(f"[INFO] Converged after {model.named_steps['classifier'].n_iter_[0]} iterations")

    scores = model.predict_proba(features)[:, 1]
    predictions = model.predict(features)
    metrics = {
        "accuracy": float(accuracy_score(labels, predictions)),
        "precision": float(precision_score(labels, predictions)),
        "recall": float(recall_score(labels, predictions)),
        "f1": float(f1_score(labels, predictions)),
        "roc_auc": float(roc_auc_score(labels, scores)),
    }
    print(f"[INFO] Train accuracy: {model.score(train_features, train_labels):.3f}")
    print(f"[INFO] Validation accuracy: {metrics['accuracy']:.3f}")
    print(f"[INFO] Validation precision: {metrics['precision']:.3f}")
    print(f"[INFO] Validation recall: {metrics['recall']:.3f}")
    print(f"[INFO] Validation F1: {metrics['f1']:.3f}")
    print(f"[INFO] Validation ROC AUC: {metrics['roc_auc']:.3f}")

    (arguments.output_data_dir / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    pandas.DataFrame({"label": labels, "score": scores, "prediction": predictions}).to_csv(
        arguments.output_data_dir / "predictions.csv", index=False
    )
    joblib.dump(model, arguments.model_dir / "model.joblib")
    print("[INFO] Saved the model as model.joblib")


if __name__ == "__main__":
    main()
