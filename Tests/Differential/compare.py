"""Runs `assay metrics` on random prediction files and compares every metric with scikit-learn's.

A value must be scikit-learn's within 1e-12 of itself, one that is 0 within 1e-15, and so must a difference of
numbers up to 1 (DIFFERENCES). Where scikit-learn's own rounding errors are larger than that, the value computed in
fractions (Datasets/Oracles/exact.py) decides, and the case is counted. What is undefined and what counts as a zero
division is compared too, and so are rows, labels, confusion matrix, reports by class and threshold.

Exits 1 on any difference, after printing the seed and the file and command of each case that has one.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
from scipy import stats
from sklearn import metrics

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Datasets" / "Oracles"))
import exact  # noqa: E402

RELATIVE = 1e-12
ABSOLUTE = 1e-15
# Their last digits are those of the numbers subtracted.
DIFFERENCES = {
    "gini", "ks_statistic", "expected_calibration_error", "matthews_corrcoef", "cohen_kappa", "r2",
    "explained_variance", "pearson_correlation", "spearman_correlation",
}
Generator = numpy.random.Generator


@dataclass
class Case:
    """A prediction file, how it is evaluated, and what is expected of it."""

    columns: dict[str, list[str]]
    arguments: list[str]
    separator: str = ","
    line_end: str = "\n"
    metrics: dict[str, float | None] = field(default_factory=dict)
    recompute: Callable[[], exact.Values] = dict
    # Metrics that may be in the report and are not compared.
    ignored: set[str] = field(default_factory=set)
    undefined: dict[str, set[str]] = field(default_factory=dict)
    zero_division: set[str] = field(default_factory=set)
    # Other members of the report.
    members: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The file. Fields with a separator, a quote or a line end are quoted."""

        def written(value: str) -> str:
            quoted = any(character in value for character in f'{self.separator}"\n\r')
            return '"' + value.replace('"', '""') + '"' if quoted else value

        rows = [self.columns.keys(), *zip(*self.columns.values(), strict=True)]
        return "".join(self.separator.join(map(written, row)) + self.line_end for row in rows)


# Random input


def row_count(generator: Generator) -> int:
    if generator.random() < 0.02:
        return 20_000
    return int(numpy.exp(generator.uniform(0, numpy.log(2000))))


def random_weights(generator: Generator, count: int) -> numpy.ndarray | None:
    kind = generator.integers(0, 7)
    if kind == 0:
        weights = 1.0 * generator.integers(1, 6, count)
    elif kind == 1:
        weights = generator.random(count) + 0.01
    elif kind == 3:
        weights = 0.1 * generator.integers(1, generator.integers(2, 5), count)
    elif kind == 2:
        weights = generator.integers(0, 3, count) * 0.5
        if not weights.any():
            weights[0] = 0.1
    else:
        return None
    return weights


def number(generator: Generator, value: float) -> str:
    """One of the ways in which a double is written so that it is read back."""
    text = repr(float(value))
    kind = generator.integers(0, 12)
    if kind == 0:
        return f"{value:.17g}"
    if kind == 1:
        return f"{value:.16E}"
    if kind == 2 and not text.startswith("-"):
        return "+" + text
    if kind == 3:
        return f" {text} "
    if kind == 4 and text.endswith(".0"):
        return text.removesuffix(".0")
    return text


def numbers(generator: Generator, values: numpy.ndarray) -> list[str]:
    return [number(generator, value) for value in values]


def spelled(generator: Generator, label: int | str) -> str:
    if isinstance(label, str):
        return label
    spellings = [f"{label}", f"{label}", f"{label}", f"{label}.0", f" {label}", f"{label}e0"]
    if label >= 0:
        spellings.append(f"+{label}")
    if label in (0, 1):
        spellings += [("false", "true")[label], ("False", "TRUE")[label]]
    return spellings[generator.integers(0, len(spellings))]


def laid_out(generator: Generator, columns: dict[str, list[str]], arguments: list[str]) -> Case:
    """The case with its columns in some order, and one of the separators and line ends."""
    count = len(next(iter(columns.values())))
    columns = columns | {"note": [f"row {row}" for row in range(count)]}
    names = list(columns)
    generator.shuffle(names)
    separator = (",", ",", ";", "\t")[generator.integers(0, 4)]
    line_end = ("\n", "\n", "\r\n")[generator.integers(0, 3)]
    return Case({name: columns[name] for name in names}, arguments, separator, line_end)


def weight_column(
    generator: Generator, weights: numpy.ndarray | None, columns: dict[str, list[str]], arguments: list[str]
) -> None:
    if weights is not None:
        columns["importance"] = numbers(generator, weights)
        arguments += ["--weight-column", "importance"]


# Two classes


def binary_case(generator: Generator) -> Case:
    count = row_count(generator)
    truth = (generator.random(count) < generator.choice([0.02, 0.4, 0.5, 0.9])).astype(int)
    if generator.random() < 0.05:
        truth[:] = truth[0]
    weights = random_weights(generator, count)

    vocabularies = ((0, 1), (0, 1), (-1, 1), (1, 2), ("no", "yes"), ("bénin", "malin, grade 2"), ("Zebra", "ant"))
    names = vocabularies[generator.integers(0, len(vocabularies))]
    arguments: list[str] = []
    if names not in ((0, 1), (-1, 1)):
        # Both classes have to have rows that count, or there is nothing to name.
        truth = numpy.append(truth, [0, 1])
        weights = None if weights is None else numpy.append(weights, [1, 2])
        count += 2
        if generator.random() < 0.3:
            names = names[::-1]
        arguments += ["--positive-label", str(names[1])]
    columns = {"label": [spelled(generator, names[label]) for label in truth]}
    weight_column(generator, weights, columns, arguments)

    kind = ("scores", "predictions", "both", "both, cut")[generator.choice(4, p=[0.55, 0.15, 0.15, 0.15])]
    scores = predictions = None
    threshold, inclusive = 0.5, False
    if kind != "predictions":
        scores = binary_scores(generator, truth)
        columns[str(generator.choice(["score", "y_prob", "Probability"]))] = numbers(generator, scores)
        if kind == "both, cut" or kind == "scores" and generator.random() < 0.4:
            threshold = float(generator.choice([*scores[:3], 0.25, 0.5, round(float(generator.normal(0.5, 0.3)), 3)]))
            arguments += ["--threshold", repr(threshold)]
            inclusive = bool(generator.random() < 0.5)
            arguments += ["--threshold-inclusive"] * inclusive
        predictions = (scores >= threshold if inclusive else scores > threshold).astype(int)
    seen = truth
    if kind in ("predictions", "both", "both, cut"):
        given = numpy.where(generator.random(count) < 0.2, 1 - truth, truth)
        if generator.random() < 0.1:
            given[:] = given[0]
        columns["y_pred"] = [spelled(generator, names[label]) for label in given]
        if kind != "both, cut":
            predictions = given
        seen = numpy.minimum(truth, given)
    case = laid_out(generator, columns, arguments)
    if names == (-1, 1) and seen[slice(None) if weights is None else weights > 0].all():
        # Nothing in the file tells that -1 is the other label, and not 0.
        names = (0, 1)
    expect_binary(case, count, names, truth, predictions, scores, weights)
    cut = kind in ("scores", "both, cut")
    case.members |= {"threshold": threshold, "threshold_inclusive": inclusive} if cut else {"threshold": None}
    return case


def binary_scores(generator: Generator, truth: numpy.ndarray) -> numpy.ndarray:
    margins = generator.normal(1.5 * (2 * truth - 1), 2)
    scores = 1 / (1 + numpy.exp(-margins))
    kind = generator.integers(0, 10)
    if kind <= 3:
        return scores.round(int(kind))
    if kind == 4:
        return margins
    if kind == 5:
        return numpy.full(len(truth), scores[0])
    if kind == 6:
        return scores ** generator.choice([1, 3, 40])
    if kind == 7:
        return numpy.where(generator.random(len(truth)) < 0.3, scores.round(), scores)
    return scores


def expect_binary(
    case: Case,
    count: int,
    names: Sequence[int | str],
    truth: numpy.ndarray,
    predictions: numpy.ndarray,
    scores: numpy.ndarray | None,
    weights: numpy.ndarray | None,
) -> None:
    counts = slice(None) if weights is None else weights > 0
    truth, predictions = truth[counts], predictions[counts]
    scores = None if scores is None else scores[counts]
    weights = None if weights is None else weights[counts]
    weighted = {"sample_weight": weights}
    ratio = weighted | {"zero_division": 0}
    true, predicted = set(truth.tolist()), set(predictions.tolist())
    case.metrics = {
        "accuracy": metrics.accuracy_score(truth, predictions, **weighted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predictions, **weighted),
        "precision": metrics.precision_score(truth, predictions, **ratio),
        "recall": metrics.recall_score(truth, predictions, **ratio),
        "specificity": metrics.recall_score(truth, predictions, pos_label=0, **ratio),
        "negative_predictive_value": metrics.precision_score(truth, predictions, pos_label=0, **ratio),
        "f1": metrics.f1_score(truth, predictions, **ratio),
        "f0_5": metrics.fbeta_score(truth, predictions, beta=0.5, **ratio),
        "f2": metrics.fbeta_score(truth, predictions, beta=2, **ratio),
        "jaccard": metrics.jaccard_score(truth, predictions, **ratio),
        "matthews_corrcoef": metrics.matthews_corrcoef(truth, predictions, **weighted),
        "cohen_kappa": metrics.cohen_kappa_score(truth, predictions, **weighted),
    }
    expect_agreement(case, true, predicted)
    lacking = {
        "precision": 1 not in predicted,
        "recall": 1 not in true,
        "specificity": 0 not in true,
        "negative_predictive_value": 0 not in predicted,
    } | dict.fromkeys(("f1", "f0_5", "f2", "jaccard"), 1 not in true | predicted)
    case.zero_division = {name for name, lacks in lacking.items() if lacks}
    if scores is not None:
        expect_scores(case, truth, scores, weights)
    case.recompute = lambda: exact.binary(
        truth.tolist(), predictions.tolist(), None if scores is None else scores.tolist(),
        None if weights is None else weights.tolist(),
    )
    codes = sorted((0, 1), key=lambda code: names[code])
    expect_classes(case, count, [names[code] for code in codes], codes, truth, predictions, weights)
    case.members |= {"task": "binary", "positive_label": names[1]}


def expect_scores(case: Case, truth: numpy.ndarray, scores: numpy.ndarray, weights: numpy.ndarray | None) -> None:
    weighted = {"sample_weight": weights}
    ranking = ("roc_auc", "gini", "ks_statistic")
    case.metrics |= dict.fromkeys((*ranking, "average_precision"))
    if len(set(truth.tolist())) == 2:
        area = metrics.roc_auc_score(truth, scores, **weighted)
        alarms, hits, _ = metrics.roc_curve(truth, scores, drop_intermediate=False, **weighted)
        case.metrics |= {"roc_auc": area, "gini": 2 * area - 1, "ks_statistic": abs(hits - alarms).max()}
    else:
        case.undefined |= dict.fromkeys(ranking, {"single_class"})
    if truth.any():
        case.metrics["average_precision"] = metrics.average_precision_score(truth, scores, **weighted)
    else:
        case.undefined["average_precision"] = {"no_positives"}
    losses = ("log_loss", "brier_score", "expected_calibration_error")
    if scores.min() < 0 or scores.max() > 1:
        case.metrics |= dict.fromkeys(losses)
        case.undefined |= dict.fromkeys(losses, {"not_probabilities"})
        return
    amounts, (true, chances) = exact.counted(
        None if weights is None else weights.tolist(), (truth == 1).tolist(), scores.tolist()
    )
    case.metrics |= {
        "log_loss": metrics.log_loss(truth, scores, labels=[0, 1], **weighted),
        "brier_score": metrics.brier_score_loss(truth, scores, pos_label=1, **weighted),
        "expected_calibration_error": float(exact.calibration_error(true, chances, amounts)),
    }


def expect_agreement(case: Case, true: set[int], predicted: set[int]) -> None:
    for name, undefined in {
        "matthews_corrcoef": len(true) == 1 or len(predicted) == 1,
        "cohen_kappa": len(true | predicted) == 1,
    }.items():
        if undefined:
            case.metrics[name] = None
            case.undefined[name] = {"single_class"}


def expect_classes(
    case: Case,
    count: int,
    labels: Sequence[int | str],
    codes: Sequence[int],
    truth: numpy.ndarray,
    predictions: numpy.ndarray,
    weights: numpy.ndarray | None,
) -> None:
    """The members about classes, whose codes are in the order of the labels."""
    weighted = {"labels": codes, "sample_weight": weights}
    columns = metrics.precision_recall_fscore_support(truth, predictions, zero_division=0, **weighted)
    measures = ("precision", "recall", "f1", "support")
    case.members |= {
        "schema": "assay.metrics/1",
        "rows": count,
        "labels": list(labels),
        "confusion_matrix": {
            "labels": list(labels), "counts": metrics.confusion_matrix(truth, predictions, **weighted).tolist()
        },
        "per_class": {
            str(label): dict(zip(measures, values, strict=True))
            for label, *values in zip(labels, *(column.tolist() for column in columns), strict=True)
        },
    }


# Many classes

TEXTS = ["Zebra", "ant", "bee, wild", 'cat "Tom"', "dog", "eel", "fox", "Ärger", "éclair", "да", "日本", "😀"]


def multiclass_case(generator: Generator) -> Case:
    classes = int(generator.choice([2, 3, 3, 4, 5, 6, 8, 12, 40], p=[0.05, 0.2, 0.1, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1]))
    count = max(row_count(generator), 1)
    vocabularies: list[Sequence[int | str]] = [
        range(classes), sorted(generator.choice(numpy.arange(-50, 150), classes, replace=False).tolist())
    ]
    if 2 < classes <= len(TEXTS):
        vocabularies.append(sorted(TEXTS[:classes]))
    names = vocabularies[generator.integers(0, len(vocabularies))]
    balance = generator.dirichlet(numpy.full(classes, generator.choice([0.3, 3])))
    truth = generator.choice(classes, count, p=balance)
    predictions = numpy.where(generator.random(count) < 0.4, generator.integers(0, classes, count), truth)
    weights = random_weights(generator, count)
    probabilities = None
    kind = ("predictions", "probabilities", "both")[generator.integers(0, 3)]
    arguments = ["--task", "multiclass"]
    if kind != "predictions":
        # Each probability column is the one of a label in the file, unless labels are numbered from 0.
        if not isinstance(names, range) or generator.random() < 0.7:
            truth = numpy.concatenate([truth, numpy.arange(classes)])
            predictions = numpy.concatenate([predictions, numpy.arange(classes)[::-1]])
            weights = None if weights is None else numpy.concatenate([weights, generator.integers(0, 3, classes)])
            count += classes
        probabilities = class_probabilities(generator, truth, classes)
        if kind == "probabilities":
            predictions = probabilities.argmax(axis=1)
    elif len(set(truth.tolist()) | set(predictions.tolist())) > 2 and generator.random() < 0.5:
        arguments = []
        if weights is not None:
            weights = weights + 0.5
    columns = {"y_true": [spelled(generator, names[label]) for label in truth]}
    if kind != "probabilities":
        columns["predicted"] = [spelled(generator, names[label]) for label in predictions]
    if probabilities is not None:
        for index in range(classes):
            columns[f"p{index}"] = numbers(generator, probabilities[:, index])
        arguments += ["--probability-columns", ",".join(f"p{index}" for index in range(classes))]
    weight_column(generator, weights, columns, arguments)
    case = laid_out(generator, columns, arguments)
    expect_multiclass(case, count, names, truth, predictions, probabilities, weights)
    return case


def class_probabilities(generator: Generator, truth: numpy.ndarray, classes: int) -> numpy.ndarray:
    if generator.random() < 0.3:
        chances = 0.5 * numpy.eye(classes)[truth] + 0.5 / classes
        return numpy.array([generator.multinomial(8, row) for row in chances]) / 8
    margins = numpy.exp(generator.normal(2.0 * numpy.eye(classes)[truth], 1.5))
    return margins / margins.sum(axis=1, keepdims=True)


def expect_multiclass(
    case: Case,
    count: int,
    names: Sequence[int | str],
    truth: numpy.ndarray,
    predictions: numpy.ndarray,
    probabilities: numpy.ndarray | None,
    weights: numpy.ndarray | None,
) -> None:
    counts = slice(None) if weights is None else weights > 0
    truth, predictions = truth[counts], predictions[counts]
    probabilities = None if probabilities is None else probabilities[counts]
    weights = None if weights is None else weights[counts]
    weighted = {"sample_weight": weights}
    true, predicted = set(truth.tolist()), set(predictions.tolist())
    case.metrics = {
        "accuracy": metrics.accuracy_score(truth, predictions, **weighted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predictions, **weighted),
        "matthews_corrcoef": metrics.matthews_corrcoef(truth, predictions, **weighted),
        "cohen_kappa": metrics.cohen_kappa_score(truth, predictions, **weighted),
    }
    expect_agreement(case, true, predicted)
    scores = {
        "precision": metrics.precision_score,
        "recall": metrics.recall_score,
        "f1": metrics.f1_score,
        "jaccard": metrics.jaccard_score,
    }
    # A class of the union is always predicted or true, so that F1 and Jaccard divide by no 0.
    lacking = {"precision": bool(true - predicted), "recall": bool(predicted - true)}
    for name, score in scores.items():
        for average in ("macro", "micro", "weighted"):
            case.metrics[f"{name}_{average}"] = score(
                truth, predictions, average=average, zero_division=0, labels=sorted(true | predicted), **weighted
            )
            if average != "micro" and lacking.get(name):
                case.zero_division.add(f"{name}_{average}")
    codes = list(range(len(names)))
    if probabilities is None:
        codes = sorted(true | predicted)
    else:
        expect_probabilities(case, truth, probabilities, weights)
    case.recompute = lambda: exact.multiclass(
        codes, truth.tolist(), predictions.tolist(), None if probabilities is None else probabilities.tolist(),
        None if weights is None else weights.tolist(),
    )
    expect_classes(case, count, [names[code] for code in codes], codes, truth, predictions, weights)
    case.members |= {"task": "multiclass", "positive_label": None, "threshold": None}


def expect_probabilities(
    case: Case, truth: numpy.ndarray, probabilities: numpy.ndarray, weights: numpy.ndarray | None
) -> None:
    classes = probabilities.shape[1]
    present = len(set(truth.tolist()))
    weighted = {"sample_weight": weights}
    own = {"labels": list(range(classes))}
    two = classes == 2
    case.metrics["log_loss"] = metrics.log_loss(truth, probabilities, **own, **weighted)
    for scheme in ("ovr", "ovo") if weights is None else ("ovr",):
        for average, suffix in (("macro", ""), ("weighted", "_weighted")):
            name = f"roc_auc_{scheme}{suffix}"
            if present < (classes if scheme == "ovr" else 2):
                case.metrics[name] = None
                case.undefined[name] = {"single_class"} if present < 2 else {"absent_class", "single_class"}
            elif two:
                # scikit-learn takes two columns for a binary problem; either class against the other is the same.
                case.metrics[name] = metrics.roc_auc_score(truth, probabilities[:, 1], **weighted)
                case.ignored.add(name)
            else:
                case.metrics[name] = metrics.roc_auc_score(
                    truth, probabilities, multi_class=scheme, average=average, **own, **weighted
                )
    for k in (2, 3, 5):
        name = f"top_{k}_accuracy"
        if k >= classes:
            continue
        if any(exact.tied_at(k, row) for row in probabilities.tolist()):
            case.ignored.add(name)
        else:
            case.metrics[name] = metrics.top_k_accuracy_score(truth, probabilities, k=k, **own, **weighted)


# Numbers


def regression_case(generator: Generator) -> Case:
    count = row_count(generator)
    kind = ("plain", "integers", "positive", "offset", "scaled", "constant", "perfect")[
        generator.choice(7, p=[0.25, 0.15, 0.2, 0.1, 0.2, 0.05, 0.05])
    ]
    targets = generator.normal(0, 5, count)
    if kind == "integers":
        targets = targets.round()
    elif kind == "positive":
        targets = generator.gamma(2, 3, count)
    elif kind == "offset":
        targets += generator.choice([1e3, 1e6, -1e8])
    elif kind == "scaled":
        targets *= 10.0 ** generator.integers(-140, 140)
    elif kind == "constant":
        targets[:] = generator.choice([0, 2, -0.1])
    spread = max(float(numpy.std(targets)), abs(float(targets[0])) * 1e-3)
    predictions = targets + generator.normal(0, 0.5, count) * spread
    if kind == "integers":
        predictions = predictions.round()
    elif kind == "perfect":
        predictions = targets.copy()
    if generator.random() < 0.05:
        predictions[:] = predictions[0]
    weights = random_weights(generator, count)
    columns = {"target": numbers(generator, targets), "prediction": numbers(generator, predictions)}
    arguments = ["--task", "regression"]
    weight_column(generator, weights, columns, arguments)
    case = laid_out(generator, columns, arguments)
    expect_regression(case, count, targets, predictions, weights)
    return case


def expect_regression(
    case: Case, count: int, targets: numpy.ndarray, predictions: numpy.ndarray, weights: numpy.ndarray | None
) -> None:
    counts = slice(None) if weights is None else weights > 0
    pair = (targets[counts], predictions[counts])
    weights = None if weights is None else weights[counts]
    weighted = {"sample_weight": weights}
    varies, both_vary = numpy.ptp(pair[0]) > 0, min(map(numpy.ptp, pair)) > 0
    few = {"too_few_rows", "zero_variance"} if len(pair[0]) < 2 else {"zero_variance"}
    case.metrics = {
        "mean_absolute_error": metrics.mean_absolute_error(*pair, **weighted),
        "mean_squared_error": metrics.mean_squared_error(*pair, **weighted),
        "root_mean_squared_error": metrics.root_mean_squared_error(*pair, **weighted),
        "mean_absolute_percentage_error": metrics.mean_absolute_percentage_error(*pair, **weighted),
        "median_absolute_error": metrics.median_absolute_error(*pair, **weighted),
        "max_error": metrics.max_error(*pair),
        "mean_pinball_loss": metrics.mean_pinball_loss(*pair, alpha=0.5, **weighted),
        "mean_squared_log_error": None,
        "r2": None,
        "explained_variance": None,
    }
    if min(map(numpy.min, pair)) > -1:
        error = metrics.mean_squared_log_error(*pair, **weighted)
        case.metrics["mean_squared_log_error"] = error
        if error < (0.02 * max(numpy.abs(numpy.log1p(column)).max() for column in pair)) ** 2:
            # Differences of logarithms that nearly cancel have fewer digits than are compared.
            case.ignored.add("mean_squared_log_error")
    else:
        case.undefined["mean_squared_log_error"] = {"negative_values"}
    if varies:
        case.metrics["r2"] = metrics.r2_score(*pair, **weighted)
        case.metrics["explained_variance"] = metrics.explained_variance_score(*pair, **weighted)
    else:
        case.undefined |= {"r2": few - {"zero_variance"} or few, "explained_variance": few}
    if weights is None:
        correlations = {"pearson_correlation": stats.pearsonr, "spearman_correlation": stats.spearmanr}
        for name, correlation in correlations.items():
            case.metrics[name] = correlation(*pair).statistic if both_vary else None
            if not both_vary:
                case.undefined[name] = few
    if weights is not None and halved_by_rounding(abs(pair[0] - pair[1]), weights):
        case.ignored.add("median_absolute_error")
    case.recompute = lambda: exact.regression(
        pair[0].tolist(), pair[1].tolist(), None if weights is None else weights.tolist()
    )
    case.members |= {"schema": "assay.metrics/1", "rows": count, "task": "regression", "positive_label": None}


def halved_by_rounding(distances: numpy.ndarray, weights: numpy.ndarray) -> bool:
    """Whether rounding errors tell on which side of half the weight a row lies."""
    shares = numpy.cumsum(weights[numpy.argsort(distances)]) / weights.sum()
    return bool((weights * 2 % 1).any() and abs(shares - 0.5).min() < 1e-9)


# Comparing


def close(name: str, value: float, wanted: float) -> bool:
    distance = abs(value - wanted)
    floor = ABSOLUTE if name in DIFFERENCES or value == 0 or wanted == 0 else 0
    return distance <= max(RELATIVE * abs(wanted), floor)


@dataclass
class Tally:
    cases: int = 0
    failed: int = 0
    values: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    not_compared: set[str] = field(default_factory=set)


def differences(case: Case, report: dict[str, Any], tally: Tally) -> list[str]:
    found = metric_differences(case, report["metrics"], tally)
    for name, wanted in case.members.items():
        found += member_differences(name, report.get(name), wanted)
    undefined = report["undefined"]
    for name in sorted((undefined.keys() | case.undefined.keys()) - case.ignored):
        if undefined.get(name) not in case.undefined.get(name, {None}):
            found.append(f"undefined: {name} is {undefined.get(name)}, not {case.undefined.get(name)}")
    compared = set(case.metrics) - case.ignored
    if set(report["zero_division"]) & compared != case.zero_division & set(report["metrics"]):
        found.append(f"zero_division is {report['zero_division']}, not {sorted(case.zero_division)}")
    return found


def metric_differences(case: Case, values: dict[str, float | None], tally: Tally) -> list[str]:
    found: list[str] = []
    right: exact.Values | None = None
    tally.not_compared |= values.keys() - case.metrics.keys() - case.ignored
    for name, wanted in case.metrics.items():
        if name in case.ignored:
            continue
        if name not in values:
            found.append(f"{name} is missing")
            continue
        value = values[name]
        tally.values += 1
        if value is None or wanted is None:
            if value is not wanted:
                found.append(f"{name} is {value}, not {wanted}")
        elif not close(name, value, float(wanted)):
            right = case.recompute() if right is None else right
            truth = right.get(name)
            if truth is not None and close(name, value, truth) and not close(name, float(wanted), truth):
                tally.decided[name] += 1
            else:
                found.append(f"{name} is {value!r}, scikit-learn's {float(wanted)!r}, exactly {truth!r}")
    return found


def member_differences(name: str, value: Any, wanted: Any) -> list[str]:
    """Numbers within the tolerance, everything else the same."""
    if isinstance(wanted, dict) and isinstance(value, dict) and list(value) == list(wanted):
        return [line for key in wanted for line in member_differences(f"{name}.{key}", value[key], wanted[key])]
    if isinstance(wanted, list) and isinstance(value, list) and len(value) == len(wanted):
        pairs = enumerate(zip(value, wanted, strict=True))
        return [line for index, pair in pairs for line in member_differences(f"{name}[{index}]", *pair)]
    if isinstance(wanted, int | float) and isinstance(value, int | float):
        return [] if close(name, value, wanted) else [f"{name} is {value!r}, not {wanted!r}"]
    return [] if value == wanted else [f"{name} is {value!r}, not {wanted!r}"]


KINDS = {"binary": binary_case, "multiclass": multiclass_case, "regression": regression_case}


def takes_numbers(assay: str) -> bool:
    """Whether the program knows regression."""
    command = [assay, "metrics", "-", "--task", "regression", "--format", "json"]
    run = subprocess.run(command, input="target,prediction\n1,2\n2,3\n", capture_output=True, text=True)
    return run.returncode == 0 and "mean_absolute_error" in run.stdout


def run_case(index: int, task: str, seed: int, assay: str, kept: Path, tally: Tally) -> None:
    case = KINDS[task](numpy.random.default_rng([seed, index]))
    name = f"seed-{seed}-case-{index}-{task}.csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(case.text(), encoding="utf-8", newline="")
        command = [assay, "metrics", str(path), *case.arguments, "--format", "json"]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode == 0:
            found = differences(case, json.loads(run.stdout), tally)
        else:
            found = [f"status {run.returncode}: {run.stderr.strip()}"]
        tally.cases += 1
        if found:
            tally.failed += 1
            kept.mkdir(parents=True, exist_ok=True)
            path = (kept / name).absolute()
            path.write_text(case.text(), encoding="utf-8", newline="")
            command[2] = str(path)
            print(f"case {index} of seed {seed}: {' '.join(map(quoted, command))}")
            for line in found:
                print(f"  {line}")


def quoted(word: str) -> str:
    return word if all(character.isalnum() or character in "-_./,=" for character in word) else f"'{word}'"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares assay metrics with scikit-learn on random files.")
    parser.add_argument("--assay", required=True, help="the program")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="what the cases follow from")
    parser.add_argument("--cases", type=int, default=300, help="how many cases")
    parser.add_argument("--task", choices=KINDS, help="only cases of one kind")
    parser.add_argument("--only", type=int, metavar="CASE", help="only the case of that number")
    parser.add_argument(
        "--keep", type=Path, default=REPOSITORY / ".build-differential" / "failing", help="where failing files go"
    )
    options = parser.parse_args()
    # Undefined values are compared as such, whatever scikit-learn warns and answers.
    warnings.simplefilter("ignore")
    known = [kind for kind in KINDS if kind != "regression" or takes_numbers(options.assay)]
    tally = Tally()
    print(f"seed {options.seed}, {options.cases} cases: {', '.join(known)}")
    for index in range(options.cases) if options.only is None else [options.only]:
        # A case is the same whichever kinds are run.
        task = list(KINDS)[index % len(KINDS)]
        if task in known and options.task in (None, task):
            run_case(index, task, options.seed, options.assay, options.keep, tally)
    print(f"{tally.cases} cases run, {tally.values} values compared, {tally.failed} cases differ")
    for name, count in sorted(tally.decided.items()):
        print(f"  {name}: exact where scikit-learn is not within {RELATIVE}, {count} times")
    if tally.not_compared:
        print(f"  not compared, unknown here: {', '.join(sorted(tally.not_compared))}")
    if tally.cases == 0:
        print("error: no case was run", file=sys.stderr)
    return 1 if tally.failed or tally.cases == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
