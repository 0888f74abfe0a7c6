"""Trains the iris-tree sample job: a small decision tree on text labels.

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
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from sklearn.tree import DecisionTreeClassifier

LABEL = "label"


def read_channel(folder: Path, name: str) -> tuple[pandas.DataFrame, pandas.Series]:
    """The features and the labels of a channel."""
    rows = pandas.read_csv(folder / f"{name}.csv")
    return rows.drop(columns=LABEL), rows[LABEL]


def parse_arguments() -> argparse.Namespace:
    environment = os.environ.get
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-depth", type=int, default=3)
    parser.add_argument("--random-state", type=int, default=0)
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

    model = DecisionTreeClassifier(max_depth=arguments.max_depth, random_state=arguments.random_state)
    model.fit(train_features, train_labels)
    print(f"[INFO] Tree: {model.tree_.node_count} nodes, {model.get_n_leaves()} leaves")

    predictions = model.predict(features)
    metrics = {
        "accuracy": float(accuracy_score(labels, predictions)),
        "precision_macro": float(precision_score(labels, predictions, average="macro")),
        "recall_macro": float(recall_score(labels, predictions, average="macro")),
        "f1_macro": float(f1_score(labels, predictions, average="macro")),
    }
    print(f"[INFO] Train accuracy: {model.score(train_features, train_labels):.3f}")
    print(f"[INFO] Validation accuracy: {metrics['accuracy']:.3f}")
    print(f"[INFO] Validation macro precision: {metrics['precision_macro']:.3f}")
    print(f"[INFO] Validation macro recall: {metrics['recall_macro']:.3f}")
    print(f"[INFO] Validation macro F1: {metrics['f1_macro']:.3f}")

    (arguments.output_data_dir / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    pandas.DataFrame({"label": labels, "prediction": predictions}).to_csv(
        arguments.output_data_dir / "predictions.csv", index=False
    )
    joblib.dump(model, arguments.model_dir / "model.joblib")
    print("[INFO] Saved the model as model.joblib")


if __name__ == "__main__":
    main()
