"""Writes binary.json: scikit-learn's metrics of two-class predictions, from one row to two thousand.

Labels are 0 and 1, predictions are score > 0.5 where there are scores. `null` stands where the metric is
undefined, although scikit-learn may answer with a number there: roc_auc with one class, average_precision
without positives, matthews_corrcoef and cohen_kappa where they are 0/0, log_loss and brier_score of scores
outside [0, 1]. Rows of weight 0 make no class present.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy
from numpy.typing import ArrayLike
from sklearn import metrics

from oracle import undefined_agreement, write

SEED = 20260504
generator = numpy.random.default_rng(SEED)


def expected(
    labels: numpy.ndarray,
    predictions: numpy.ndarray,
    scores: numpy.ndarray | None,
    weights: numpy.ndarray | None,
) -> dict[str, float | None]:
    weighted = {"sample_weight": weights}
    ratio = weighted | {"zero_division": 0}
    values = {
        "accuracy": metrics.accuracy_score(labels, predictions, **weighted),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predictions, **weighted),
        "precision": metrics.precision_score(labels, predictions, **ratio),
        "recall": metrics.recall_score(labels, predictions, **ratio),
        "specificity": metrics.recall_score(labels, predictions, pos_label=0, **ratio),
        "f1": metrics.f1_score(labels, predictions, **ratio),
        "jaccard": metrics.jaccard_score(labels, predictions, **ratio),
        "matthews_corrcoef": metrics.matthews_corrcoef(labels, predictions, **weighted),
        "cohen_kappa": metrics.cohen_kappa_score(labels, predictions, **weighted),
    }
    values |= undefined_agreement(labels, predictions, weights)
    if scores is None:
        return values
    present = set(labels if weights is None else labels[weights > 0])
    probabilities = scores.min() >= 0 and scores.max() <= 1
    return values | {
        "roc_auc": metrics.roc_auc_score(labels, scores, **weighted) if len(present) == 2 else None,
        "average_precision": metrics.average_precision_score(labels, scores, **weighted) if 1 in present else None,
        "log_loss": metrics.log_loss(labels, scores, labels=[0, 1], **weighted) if probabilities else None,
        "brier_score": metrics.brier_score_loss(labels, scores, pos_label=1, **weighted) if probabilities else None,
    }


def case(
    name: str,
    labels: ArrayLike,
    *,
    scores: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> dict[str, Any]:
    labels = numpy.asarray(labels, dtype=int)
    scores = None if scores is None else numpy.asarray(scores, dtype=float)
    weights = None if weights is None else numpy.asarray(weights, dtype=float)
    predictions = numpy.asarray(predictions if scores is None else scores > 0.5, dtype=int)
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": None if scores is None else scores.tolist(),
        "predictions": predictions.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "expected": {
            metric: None if value is None else float(value)
            for metric, value in expected(labels, predictions, scores, weights).items()
        },
    }


def random_labels(count: int, prevalence: float = 0.4) -> numpy.ndarray:
    return (generator.random(count) < prevalence).astype(int)


def random_scores(labels: numpy.ndarray, decimals: int | None = None) -> numpy.ndarray:
    """Scores that tell the classes apart only in part."""
    scores = 1 / (1 + numpy.exp(-generator.normal(1.5 * (2 * labels - 1), 2)))
    return scores if decimals is None else scores.round(decimals)


def random_weights(kind: str, count: int) -> numpy.ndarray:
    if kind == "integer":
        return generator.integers(1, 6, count)
    if kind == "fractional":
        return generator.random(count) + 0.01
    if kind == "some zero":
        return generator.integers(0, 3, count) * 0.5
    return 10.0 ** generator.integers(-8, 9, count)


def ranked_cases() -> Iterator[dict[str, Any]]:
    for count in (1, 2, 3, 7, 20, 64, 150):
        for decimals in (None, 3, 2, 1, 0):
            labels = random_labels(count)
            ties = "full precision" if decimals is None else f"decimals {decimals}"
            yield case(f"rows {count}, {ties}", labels, scores=random_scores(labels, decimals))
    for prevalence in (0.01, 0.05, 0.95, 0.99):
        labels = random_labels(200, prevalence)
        labels[:2] = 0, 1
        yield case(f"prevalence {prevalence}", labels, scores=random_scores(labels, 3))


def one_class_cases() -> Iterator[dict[str, Any]]:
    for label in (0, 1):
        for count in (1, 10):
            labels = numpy.full(count, label)
            yield case(f"only {label}, rows {count}", labels, scores=random_scores(labels))
            yield case(f"only {label}, rows {count}, all right", labels, scores=numpy.full(count, 0.1 + 0.8 * label))
        yield case(f"only {label}, all wrong", numpy.full(5, label), scores=numpy.full(5, 0.9 - 0.8 * label))


def order_cases() -> Iterator[dict[str, Any]]:
    labels = random_labels(40)
    spread = generator.random(40) * 0.4
    yield case("perfect", labels, scores=0.55 * labels + spread)
    yield case("inverted", labels, scores=0.55 * (1 - labels) + spread)
    yield case("perfect, two values", labels, scores=0.25 + 0.5 * labels)
    yield case("inverted, two values", labels, scores=0.75 - 0.5 * labels)
    yield case("perfect order, threshold wrong", labels, scores=0.2 * labels + 0.2 * spread)
    for value in (0.0, 0.3, 0.5, 0.7, 1.0):
        yield case(f"constant {value}", labels, scores=numpy.full(40, value))
    yield case("ascending by row", labels, scores=numpy.arange(40) / 40)
    yield case("descending by row", labels, scores=1 - numpy.arange(40) / 40)
    yield case("ties within each class only", [0, 0, 0, 1, 1, 1], scores=[0.1, 0.1, 0.2, 0.8, 0.8, 0.9])
    yield case("ties across the classes only", [0, 1, 0, 1, 0, 1], scores=[0.1, 0.1, 0.4, 0.4, 0.9, 0.9])


def extreme_score_cases() -> Iterator[dict[str, Any]]:
    yield case("0 and 1, right", [0, 1, 0, 1], scores=[0, 1, 0, 1])
    yield case("0 and 1, wrong", [0, 1, 0, 1], scores=[1, 0, 1, 0])
    yield case("0 and 1, mixed", [0, 1, 1, 0, 1, 0], scores=[0, 1, 0, 1, 0.5, 0.25])
    yield case("below the clip of log loss", [0, 1, 0, 1], scores=[1e-300, 1e-17, 1 - 2**-53, 1 - 2**-53])
    yield case("at the clip of log loss", [1, 1, 0, 0], scores=[2**-52, 2**-53, 1 - 2**-52, 1 - 2**-53])
    yield case("at the threshold", [0, 1, 0, 1], scores=[0.5, 0.5, 0.5, 0.5])
    half_up, half_down = numpy.nextafter(0.5, 1), numpy.nextafter(0.5, 0)
    yield case("beside the threshold", [0, 1, 0, 1, 1], scores=[0.5, half_up, half_down, half_down, 0.5])
    yield case("subnormal", [0, 1, 0, 1, 1, 0], scores=[5e-324, 1e-323, 0.0, 1.5e-323, 5e-324, 2e-310])
    neighbours = 0.3 + numpy.arange(-4, 5) * 2.0**-54
    yield case("one unit in the last place apart", [0, 1, 0, 0, 1, 1, 0, 1, 1], scores=neighbours)
    yield case("near 1, one unit apart", [1, 0, 1, 0, 1], scores=1 - numpy.arange(5) * 2.0**-53)
    yield case("negative zero ties with zero", [0, 1, 1, 0], scores=[-0.0, 0.0, 0.5, 0.25])
    yield case("margins", labels := random_labels(50), scores=generator.normal(2 * labels - 1, 3))
    yield case("margins, integers", labels, scores=generator.normal(2 * labels - 1, 3).round())
    yield case("just below 0", [0, 1, 0, 1], scores=[-5e-324, 0.6, 0.2, 0.9])
    yield case("just above 1", [0, 1, 0, 1], scores=[0.1, numpy.nextafter(1, 2), 0.2, 0.9])
    yield case("huge margins", [0, 1, 0, 1, 1], scores=[-1.5e308, 1.5e308, 1e300, 1e-300, -1e-300])


def weighted_cases() -> Iterator[dict[str, Any]]:
    for kind in ("integer", "fractional", "some zero", "16 orders of magnitude"):
        for count in (3, 12, 100):
            for decimals in (None, 1):
                labels = random_labels(count)
                labels[:2] = 0, 1
                weights = random_weights(kind, count)
                weights[:2] = 1
                ties = "full precision" if decimals is None else f"decimals {decimals}"
                name = f"weights {kind}, rows {count}, {ties}"
                yield case(name, labels, scores=random_scores(labels, decimals), weights=weights)
    scores = [0.1, 0.8, 0.6, 0.3, 0.9]
    yield case("positives of weight 0", [0, 1, 0, 1, 0], scores=scores, weights=[1, 0, 2, 0, 3])
    yield case("negatives of weight 0", [0, 1, 0, 1, 0], scores=scores, weights=[0, 1, 0, 2, 0])
    yield case("one row with weight", [0, 1, 0, 1, 0], scores=scores, weights=[0, 0, 0, 0.5, 0])
    yield case("weights all equal", [0, 1, 0, 1, 0], scores=scores, weights=[0.1] * 5)
    yield case("weighted margins", [0, 1, 0, 1, 0], scores=[-2, 3, 0.5, -0.5, 1], weights=[1, 2, 3, 4, 5])


def predicted_cases() -> Iterator[dict[str, Any]]:
    for count in (1, 2, 9, 50, 200):
        labels = random_labels(count)
        flipped = generator.random(count) < 0.2
        yield case(f"predictions, rows {count}", labels, predictions=labels ^ flipped)
        weights = random_weights("fractional", count)
        yield case(f"predictions, rows {count}, weighted", labels, predictions=labels ^ flipped, weights=weights)
    mixed = [0, 1, 1, 0, 1, 0, 0]
    yield case("predictions all 0", mixed, predictions=[0] * 7)
    yield case("predictions all 1", mixed, predictions=[1] * 7)
    yield case("predictions right", mixed, predictions=mixed)
    yield case("predictions inverted", mixed, predictions=[1 - label for label in mixed])
    for label in (0, 1):
        yield case(f"only {label}, predictions mixed", [label] * 7, predictions=mixed)
        yield case(f"only {label}, predictions the same", [label] * 7, predictions=[label] * 7)
        yield case(f"only {label}, predictions the other", [label] * 7, predictions=[1 - label] * 7)
    weights = [1, 0, 0, 2, 0, 1, 1]
    yield case("one class with weight, predictions mixed", mixed, predictions=[0, 1, 0, 1, 1, 0, 0], weights=weights)
    yield case("one class with weight, predictions the same", mixed, predictions=[0, 1, 0, 0, 1, 0, 0], weights=weights)
    yield case("one prediction with weight", mixed, predictions=mixed, weights=[0, 0, 0, 3, 0, 0, 0])


def large_cases() -> Iterator[dict[str, Any]]:
    labels = random_labels(2000)
    yield case("rows 2000, full precision", labels, scores=random_scores(labels))
    yield case("rows 2000, decimals 2", labels, scores=random_scores(labels, 2))
    weights = random_weights("integer", 2000)
    yield case("rows 2000, decimals 3, weighted", labels, scores=random_scores(labels, 3), weights=weights)
    labels = random_labels(1500, 0.02)
    yield case("rows 1500, decimals 3, prevalence 0.02", labels, scores=random_scores(labels, 3))


if __name__ == "__main__":
    # Undefined values are null here, whatever scikit-learn warns and answers.
    warnings.simplefilter("ignore")
    groups = (
        ranked_cases, one_class_cases, order_cases, extreme_score_cases, weighted_cases, predicted_cases, large_cases
    )
    write("binary.json", SEED, [found for group in groups for found in group()])
