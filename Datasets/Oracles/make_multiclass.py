"""Writes multiclass.json: scikit-learn's metrics of predictions of three to a hundred classes.

`classes` are sorted, integers by value and text by code point; `confusion` and `per_class` are over all of
them. Macro averages are over the union of true and predicted labels. `null` stands where a metric is
undefined: every roc_auc with one class in the truth, one-vs-rest with a class absent from it,
matthews_corrcoef and cohen_kappa where they are 0/0. scikit-learn has no weighted one-vs-one, so weighted
cases leave that out. top_k_accuracy is there for k of 2, 3 and 5 below the number of classes, and left out where in
some row the k-th highest probability is also the next one: which class comes first is then no more than a habit.
"""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy
from sklearn import metrics

from exact import tied_at
from oracle import plain, undefined_agreement, write

SEED = 20260505
generator = numpy.random.default_rng(SEED)

Classes = Sequence[int] | Sequence[str]

PLAIN = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay", "koi", "lark"]
# Code-point order differs from alphabetic order: capitals first, accents and other scripts last.
INTERNATIONAL = ["Zebra", "apple", "zoo", "Ärger", "éclair", "été", "ñandú", "Ωmega", "да", "日本", "한국", "😀"]


def ranking(
    labels: numpy.ndarray, probabilities: numpy.ndarray, classes: Classes, weights: numpy.ndarray | None
) -> dict[str, float | None]:
    weighted = {"sample_weight": weights}
    present = set(labels if weights is None else labels[weights > 0])
    values = {"log_loss": metrics.log_loss(labels, probabilities, labels=classes, **weighted)}
    schemes = ("ovr", "ovo") if weights is None else ("ovr",)
    for scheme in schemes:
        defined = len(present) == len(classes) if scheme == "ovr" else len(present) > 1
        for average, suffix in (("macro", ""), ("weighted", "_weighted")):
            values[f"roc_auc_{scheme}{suffix}"] = (
                metrics.roc_auc_score(
                    labels, probabilities, multi_class=scheme, average=average, labels=classes, **weighted
                )
                if defined
                else None
            )
    for k in (2, 3, 5):
        if k < len(classes) and not any(tied_at(k, row) for row in probabilities.tolist()):
            values[f"top_{k}_accuracy"] = metrics.top_k_accuracy_score(
                labels, probabilities, k=k, labels=classes, **weighted
            )
    return values


def expected(
    labels: numpy.ndarray, predictions: numpy.ndarray, weights: numpy.ndarray | None
) -> dict[str, float | None]:
    weighted = {"sample_weight": weights}
    values = {
        "accuracy": metrics.accuracy_score(labels, predictions, **weighted),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predictions, **weighted),
        "matthews_corrcoef": metrics.matthews_corrcoef(labels, predictions, **weighted),
        "cohen_kappa": metrics.cohen_kappa_score(labels, predictions, **weighted),
    }
    values |= undefined_agreement(labels, predictions, weights)
    scores = {
        "precision": metrics.precision_score,
        "recall": metrics.recall_score,
        "f1": metrics.f1_score,
        "jaccard": metrics.jaccard_score,
    }
    for name, score in scores.items():
        for average in ("macro", "micro", "weighted"):
            values[f"{name}_{average}"] = score(labels, predictions, average=average, zero_division=0, **weighted)
    return values


def per_class(
    labels: numpy.ndarray, predictions: numpy.ndarray, classes: Classes, weights: numpy.ndarray | None
) -> dict[str, dict[str, float]]:
    columns = metrics.precision_recall_fscore_support(
        labels, predictions, labels=classes, zero_division=0, sample_weight=weights
    )
    names = ("precision", "recall", "f1", "support")
    return {
        str(label): dict(zip(names, values))
        for label, *values in zip(classes, *(column.tolist() for column in columns))
    }


def case(
    name: str,
    classes: Classes,
    true: numpy.ndarray,
    *,
    predicted: numpy.ndarray | None = None,
    probabilities: numpy.ndarray | None = None,
    weights: numpy.ndarray | None = None,
) -> dict[str, Any]:
    """A case of indices into `classes`; with probabilities, the first of equal maxima is predicted."""
    names = numpy.asarray(classes)
    labels = names[true]
    predictions = names[predicted if probabilities is None else probabilities.argmax(axis=1)]
    weights = None if weights is None else numpy.asarray(weights, dtype=float)
    values = expected(labels, predictions, weights)
    if probabilities is not None:
        values |= ranking(labels, probabilities, classes, weights)
    confusion = metrics.confusion_matrix(labels, predictions, labels=classes, sample_weight=weights)
    return {
        "name": name,
        "classes": list(classes),
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "expected": plain(values),
        "confusion": confusion.tolist(),
        "per_class": per_class(labels, predictions, classes, weights),
    }


def random_truth(rows: int, count: int) -> numpy.ndarray:
    """Indices of `count` classes, every one of them among the rows."""
    return generator.permutation(numpy.concatenate([numpy.arange(count), generator.integers(0, count, rows - count)]))


def random_probabilities(true: numpy.ndarray, count: int) -> numpy.ndarray:
    margins = generator.normal(2.0 * numpy.eye(count)[true], 1.5)
    exponentials = numpy.exp(margins)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def tied_probabilities(true: numpy.ndarray, count: int) -> numpy.ndarray:
    """Eighths, so that ties and exact zeros and ones abound and each row adds up to 1 exactly."""
    chances = 0.5 * numpy.eye(count)[true] + 0.5 / count
    return numpy.array([generator.multinomial(8, row) for row in chances]) / 8


def confused(true: numpy.ndarray, count: int) -> numpy.ndarray:
    guesses = generator.integers(0, count, len(true))
    return numpy.where(generator.random(len(true)) < 0.3, guesses, true)


def size_cases() -> Iterator[dict[str, Any]]:
    vocabularies = {"from 0": range(12), "text": PLAIN, "international": INTERNATIONAL}
    for index, count in enumerate(range(3, 13)):
        for rows in (count + 2, 60):
            kind = list(vocabularies)[(index + rows) % 3]
            classes = sorted(list(vocabularies[kind])[:count])
            true = random_truth(rows, count)
            name = f"{count} classes {kind}, rows {rows}"
            yield case(name, classes, true, probabilities=random_probabilities(true, count))
            yield case(f"{name}, eighths", classes, true, probabilities=tied_probabilities(true, count))


def weighted_cases() -> Iterator[dict[str, Any]]:
    for count, classes in ((3, [-1, 0, 1]), (4, [1, 2, 10, 20]), (5, PLAIN[:5]), (6, INTERNATIONAL[:6])):
        true = random_truth(40, count)
        kinds = {
            "integer": generator.integers(1, 5, 40),
            "fractional": generator.random(40) + 0.01,
            "some zero": generator.integers(0, 3, 40) * 0.5,
        }
        for kind, weights in kinds.items():
            weights[[numpy.flatnonzero(true == label)[0] for label in range(count)]] = 1
            name = f"{count} classes, weights {kind}"
            yield case(name, classes, true, probabilities=random_probabilities(true, count), weights=weights)
            yield case(f"{name}, predictions", classes, true, predicted=confused(true, count), weights=weights)
    true = random_truth(20, 3)
    probabilities = random_probabilities(true, 3)
    yield case("a class of weight 0", ["a", "b", "c"], true, probabilities=probabilities, weights=1.0 * (true != 1))
    yield case("one class with weight", ["a", "b", "c"], true, probabilities=probabilities, weights=1.0 * (true == 1))


def absent_class_cases() -> Iterator[dict[str, Any]]:
    classes = [0, 1, 2, 3]
    true = random_truth(30, 4)
    lower = true.clip(max=2)
    chances = random_probabilities(true, 4)
    yield case("a class absent from the truth", classes, lower, probabilities=chances)
    yield case("a class absent from the predictions", classes, true, predicted=confused(lower, 3))
    yield case("a class only predicted", classes, lower, predicted=true)
    yield case("no class both true and predicted", classes, true % 2, predicted=2 + true % 2)
    halves = chances.copy()
    halves[:, 3] = 0
    halves /= halves.sum(axis=1, keepdims=True)
    yield case("a class absent from both", classes, lower, probabilities=halves)
    yield case("two classes in the truth", classes, true % 2, probabilities=chances)
    yield case("one class in the truth", classes, 0 * true + 2, probabilities=chances)
    yield case("one class in the truth, all right", classes, 0 * true + 2, predicted=0 * true + 2)
    yield case("one class in the predictions", classes, true, predicted=0 * true + 1)


def shape_cases() -> Iterator[dict[str, Any]]:
    true = random_truth(30, 3)
    yield case("perfect", PLAIN[:3], true, predicted=true)
    yield case("all wrong", PLAIN[:3], true, predicted=(true + 1) % 3)
    yield case("certain and right", PLAIN[:3], true, probabilities=numpy.eye(3)[true])
    yield case("certain and wrong", PLAIN[:3], true, probabilities=numpy.eye(3)[(true + 1) % 3])
    yield case("all probabilities equal", PLAIN[:4], random_truth(30, 4), probabilities=numpy.full((30, 4), 0.25))
    yield case("10 sorts after 9", [8, 9, 10, 100], true, predicted=confused(true, 4))
    yield case("text digits", ["10", "100", "8", "9"], true, predicted=confused(true, 4))
    yield case("negative labels", [-10, -2, 0, 7], true, predicted=confused(true, 4))
    rare = numpy.where(generator.random(150) < 0.95, 0, generator.integers(0, 5, 150))
    rare[:5] = range(5)
    yield case("imbalance", PLAIN[:5], rare, probabilities=random_probabilities(rare, 5))
    many = random_truth(400, 3)
    yield case("rows 400", [0, 1, 2], many, probabilities=random_probabilities(many, 3))


def top_cases() -> Iterator[dict[str, Any]]:
    for count, rows in ((4, 1), (6, 1), (4, 25), (6, 30), (7, 35), (9, 40), (12, 40), (20, 60)):
        true = random_truth(max(rows, count), count)[:rows]
        classes = [f"c{index:02}" for index in range(count)]
        probabilities = random_probabilities(true, count)
        yield case(f"top: {count} classes, rows {rows}", classes, true, probabilities=probabilities)
        weights = 1.0 * generator.integers(1, 6, rows)
        name = f"top: {count} classes, rows {rows}, weights"
        yield case(f"{name} integer", classes, true, probabilities=probabilities, weights=weights)
        weights = generator.random(rows) + 0.01
        yield case(f"{name} fractional", classes, true, probabilities=probabilities, weights=weights)
    true = random_truth(30, 6)
    probabilities = random_probabilities(true, 6)
    weights = 1.0 * (true % 3 != 1)
    yield case("top: classes of weight 0", range(6), true, probabilities=probabilities, weights=weights)
    turned = numpy.sort(probabilities, axis=1)
    yield case("top: always the same order", range(6), true, probabilities=turned)
    # Of 16 parts the classes have 0, 1, 2, 3, 4 and 6: no ties, and every row adds up to 1.
    parts = numpy.array([generator.permutation([0, 1, 2, 3, 4, 6]) for _ in range(40)]) / 16
    yield case("top: sixteenths without ties", range(6), random_truth(40, 6), probabilities=parts)
    # The second place is tied with the third, the fifth with the sixth; the third is tied with none below.
    parts = numpy.array([generator.permutation([6, 3, 3, 2, 1, 1, 0]) for _ in range(40)]) / 16
    yield case("top: ties at the second and fifth place", range(7), random_truth(40, 7), probabilities=parts)


def many_class_cases() -> Iterator[dict[str, Any]]:
    for count, rows in ((20, 150), (40, 300), (100, 500)):
        true = random_truth(rows, count)
        yield case(f"{count} classes, predictions", range(count), true, predicted=confused(true, count))
        weights = generator.random(rows) + 0.01
        name = f"{count} classes, predictions, weighted"
        yield case(name, range(count), true, predicted=confused(true, count), weights=weights)


def agreement_cases() -> Iterator[dict[str, Any]]:
    for rows in (1, 2, 3, 5):
        true = generator.integers(0, 3, rows)
        yield case(f"predictions, rows {rows}", PLAIN[:3], true, predicted=generator.integers(0, 3, rows))
        yield case(f"probabilities, rows {rows}", PLAIN[:3], true, probabilities=random_probabilities(true, 3))
    for share in (0.2, 0.9, 0.99):
        true = numpy.where(generator.random(300) < share, 1, random_truth(300, 4))
        yield case(f"share {share} of one class", PLAIN[:4], true, predicted=confused(true, 4))
        weights = 10.0 ** generator.integers(-6, 7, 300)
        name = f"share {share} of one class, weights of 12 orders of magnitude"
        yield case(name, PLAIN[:4], true, predicted=confused(true, 4), weights=weights)


if __name__ == "__main__":
    # Undefined values are null here, whatever scikit-learn warns and answers.
    warnings.simplefilter("ignore")
    groups = (
        size_cases, weighted_cases, absent_class_cases, shape_cases, top_cases, many_class_cases, agreement_cases
    )
    write("multiclass.json", SEED, [found for group in groups for found in group()])
