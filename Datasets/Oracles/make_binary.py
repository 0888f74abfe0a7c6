"""Writes binary.json: scikit-learn's metrics of two-class predictions, from one row to 100,000.

Labels are 0 and 1, predictions are score > 0.5 where there are scores. `null` stands where the metric is
undefined, although scikit-learn may answer with a number there: roc_auc, gini and ks_statistic with one class,
average_precision without positives, matthews_corrcoef and cohen_kappa where they are 0/0, log_loss, brier_score and
expected_calibration_error of scores outside [0, 1]. Rows of weight 0 make no class present.

gini is 2 * roc_auc - 1, and ks_statistic the greatest |tpr - fpr| of roc_curve: how far the positives' scores lie
above the negatives', 0 where they nowhere do. Both are differences of numbers up to 1, so that a value near 0 has an
error of 1e-16, not of its last digit. scikit-learn has no expected_calibration_error; exact.py defines it.

The cases of 10,000 rows and more are under `recipes`: their rows are not stored but made anew from a seed. How is
in `recipe_note` and, at length, in recipe.py:

    the generator is SplitMix64, unit = (next() >> 11) * 2^-53, and each row draws in this order
    1. label = 1 if unit < 0.4, else 0
    2. score = floor(unit * levels) / levels, where label is 1 then + 0.25 and at most 1
    3. where weighted: weight = floor(unit * 4)
"""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy
from numpy.typing import ArrayLike
from sklearn import metrics

import recipe
from exact import calibration_error, counted
from oracle import plain, undefined_agreement, write

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
        "negative_predictive_value": metrics.precision_score(labels, predictions, pos_label=0, **ratio),
        "f1": metrics.f1_score(labels, predictions, **ratio),
        "f0_5": metrics.fbeta_score(labels, predictions, beta=0.5, **ratio),
        "f2": metrics.fbeta_score(labels, predictions, beta=2, **ratio),
        "jaccard": metrics.jaccard_score(labels, predictions, **ratio),
        "matthews_corrcoef": metrics.matthews_corrcoef(labels, predictions, **weighted),
        "cohen_kappa": metrics.cohen_kappa_score(labels, predictions, **weighted),
    }
    values |= undefined_agreement(labels, predictions, weights)
    if scores is None:
        return values
    present = set(labels if weights is None else labels[weights > 0])
    probabilities = scores.min() >= 0 and scores.max() <= 1
    values |= {"roc_auc": None, "gini": None, "ks_statistic": None}
    if len(present) == 2:
        roc_auc = metrics.roc_auc_score(labels, scores, **weighted)
        alarms, hits, _ = metrics.roc_curve(labels, scores, drop_intermediate=False, **weighted)
        values |= {"roc_auc": roc_auc, "gini": 2 * roc_auc - 1, "ks_statistic": abs(hits - alarms).max()}
    return values | {
        "average_precision": metrics.average_precision_score(labels, scores, **weighted) if 1 in present else None,
        "log_loss": metrics.log_loss(labels, scores, labels=[0, 1], **weighted) if probabilities else None,
        "brier_score": metrics.brier_score_loss(labels, scores, pos_label=1, **weighted) if probabilities else None,
        "expected_calibration_error": calibration(labels, scores, weights) if probabilities else None,
    }


def calibration(labels: numpy.ndarray, scores: numpy.ndarray, weights: numpy.ndarray | None) -> float:
    """The expected calibration error, rounded once."""
    amounts, (true, chances) = counted(
        None if weights is None else weights.tolist(), (labels == 1).tolist(), scores.tolist()
    )
    return float(calibration_error(true, chances, amounts))


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
        "expected": plain(expected(labels, predictions, scores, weights)),
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


def grid_cases() -> Iterator[dict[str, Any]]:
    for count in (4, 5, 10, 33, 80, 130, 250, 400):
        for prevalence in (0.1, 0.5, 0.9):
            for decimals in (None, 2, 1):
                # Full precision takes room.
                if decimals is None and count > 130:
                    continue
                labels = random_labels(count, prevalence)
                labels[:2] = 0, 1
                ties = "full precision" if decimals is None else f"decimals {decimals}"
                yield case(f"grid: rows {count}, {prevalence}, {ties}", labels, scores=random_scores(labels, decimals))


def weighted_grid_cases() -> Iterator[dict[str, Any]]:
    for kind in ("integer", "fractional", "some zero", "16 orders of magnitude"):
        for count in (2, 5, 30, 90, 200):
            for decimals in (None, 3, 1):
                if decimals is None and count > 90:
                    continue
                # scikit-learn's matthews_corrcoef loses digits in a few rows of such weights.
                if kind == "16 orders of magnitude" and (count == 5 or decimals is None):
                    continue
                labels = random_labels(count)
                labels[:2] = 0, 1
                weights = random_weights(kind, count)
                weights[:2] = 1
                ties = "full precision" if decimals is None else f"decimals {decimals}"
                name = f"grid: weights {kind}, rows {count}, {ties}"
                yield case(name, labels, scores=random_scores(labels, decimals), weights=weights)


def calibration_cases() -> Iterator[dict[str, Any]]:
    edges = numpy.arange(11) / 10
    around = {"": edges, "just below ": numpy.nextafter(edges[1:], 0), "just above ": numpy.nextafter(edges[:-1], 1)}
    for where, scores in around.items():
        scores = numpy.repeat(scores, 3)
        yield case(f"{where}edges of ten bins", random_labels(len(scores)), scores=scores)
        weights = random_weights("fractional", len(scores))
        yield case(f"{where}edges of ten bins, weighted", random_labels(len(scores)), scores=scores, weights=weights)
    for decimals in (2, 1):
        scores = generator.random(300).round(decimals)
        yield case(f"calibrated, decimals {decimals}", generator.random(300) < scores, scores=scores)
        weights = random_weights("integer", 300)
        labels = generator.random(300) < scores
        yield case(f"calibrated, decimals {decimals}, weighted", labels, scores=scores, weights=weights)
    labels = random_labels(60)
    for low, high in ((0.0, 0.1), (0.4, 0.6), (0.9, 1.0)):
        yield case(f"scores from {low} to {high}", labels, scores=(low + (high - low) * generator.random(60)).round(4))
    yield case("certain: too sure", labels, scores=numpy.where(generator.random(60) < 0.8, labels, 1 - labels))
    yield case("too careful", labels, scores=0.4 + 0.2 * labels)
    yield case("one bin empty between", [0, 1, 1, 0], scores=[0.05, 0.95, 0.05, 0.95])


def imbalance_cases() -> Iterator[dict[str, Any]]:
    for count in (500, 1500):
        for prevalence in (0.002, 0.02, 0.98, 0.998):
            labels = random_labels(count, prevalence)
            labels[:2] = 0, 1
            yield case(f"rows {count}, prevalence {prevalence}", labels, scores=random_scores(labels, 2))
    labels = numpy.zeros(1000, dtype=int)
    labels[613] = 1
    yield case("one positive of 1000", labels, scores=random_scores(labels, 2))
    yield case("one negative of 1000", 1 - labels, scores=random_scores(1 - labels, 2))


def small_cases() -> Iterator[dict[str, Any]]:
    """Every pattern of labels of two and three rows, against distinct and tied scores."""
    for count in (2, 3):
        for pattern in range(2**count):
            labels = [pattern >> row & 1 for row in range(count)]
            word = "".join(map(str, labels))
            yield case(f"labels {word}, ascending", labels, scores=[0.2, 0.6, 0.7][:count])
            yield case(f"labels {word}, tied", labels, scores=[0.7, 0.7, 0.3][:count])


def count_cases() -> Iterator[dict[str, Any]]:
    """Counts of the confusion matrix from rare to common, so that no ratio of it stays unseen."""
    for right_positive, wrong_positive, wrong_negative, right_negative in (
        (0, 0, 3, 9), (0, 4, 0, 8), (0, 4, 3, 0), (5, 0, 0, 0), (5, 0, 2, 0), (5, 3, 0, 0), (0, 0, 0, 6),
        (0, 0, 6, 0), (0, 6, 0, 0), (1, 1, 1, 1), (1, 200, 1, 3), (200, 1, 3, 1), (3, 1, 200, 1), (1, 3, 1, 200),
        (17, 5, 7, 31), (90, 10, 20, 380),
    ):
        counts = (right_positive, wrong_positive, wrong_negative, right_negative)
        labels = numpy.repeat([1, 0, 1, 0], counts)
        predictions = numpy.repeat([1, 1, 0, 0], counts)
        name = " ".join(map(str, counts))
        yield case(f"counts {name}", labels, predictions=predictions)
        weights = random_weights("fractional", len(labels))
        yield case(f"counts {name}, weighted", labels, predictions=predictions, weights=weights)


def recipes() -> Iterator[dict[str, Any]]:
    for rows, levels, weighted in (
        (10_000, 2, False), (10_000, 1000, True), (20_000, 2**53, False), (50_000, 10, False), (65_536, 4096, True),
        (65_537, 100, False), (100_000, 1000, False), (100_000, 1000, True), (100_000, 2**53, False),
        (100_000, 2**53, True),
    ):
        seed = SEED + rows + levels % 97
        chosen = {"kind": "lattice", "rows": rows, "seed": seed, "levels": levels, "weighted": weighted}
        labels, scores, weights = recipe.lattice(chosen)
        name = f"lattice: rows {rows}, levels {levels}{', weighted' if weighted else ''}"
        predictions = (scores > 0.5).astype(int)
        yield {"name": name, "recipe": chosen, "expected": plain(expected(labels, predictions, scores, weights))}


if __name__ == "__main__":
    # Undefined values are null here, whatever scikit-learn warns and answers.
    warnings.simplefilter("ignore")
    groups = (
        ranked_cases, one_class_cases, order_cases, extreme_score_cases, weighted_cases, predicted_cases, large_cases,
        grid_cases, weighted_grid_cases, calibration_cases, imbalance_cases, small_cases, count_cases,
    )
    cases = [found for group in groups for found in group()]
    write("binary.json", SEED, cases, list(recipes()), recipe.LATTICE_NOTE)
