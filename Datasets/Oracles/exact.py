"""The metrics from their definitions, in whole numbers and fractions: a second opinion on every expected value.

Only the standard library is used. Inputs are the doubles of a case as they are; sums and products are exact;
roots, logarithms and what is added up of quotients have 50 digits; the result is rounded once. Doubles are computed
with only where the definition does so: scores are compared, clipped at 2^-52 and taken from 1, and put into one of
ten bins. Rows of weight 0 are dropped first. `None` is an undefined metric.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

getcontext().prec = 50

Exact = Fraction | Decimal
Values = dict[str, float | None]
EPSILON = 2.0**-52


def decimal(value: Exact) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)


def root(value: Exact) -> Decimal:
    return decimal(value).sqrt()


def ratio(numerator: Fraction, denominator: Fraction) -> Fraction:
    """The quotient, 0/0 being 0."""
    return numerator / denominator if denominator else Fraction(0)


@cache
def logarithm(value: float) -> Decimal:
    return Decimal(value).ln()


@cache
def logarithm_of_one_plus(value: float) -> Decimal:
    return decimal(1 + Fraction(value)).ln()


def rounded(values: dict[str, Exact | None]) -> Values:
    return {name: None if value is None else float(value) for name, value in values.items()}


def counted(weights: Sequence[float] | None, *columns: Sequence[Any] | None) -> tuple[list[Fraction], list[Any]]:
    """The weights as fractions, and the columns, of the rows whose weight is not 0."""
    rows = range(len(next(column for column in columns if column is not None)))
    kept = [row for row in rows if weights is None or weights[row] > 0]
    amounts = [Fraction(1 if weights is None else weights[row]) for row in kept]
    return amounts, [None if column is None else [column[row] for row in kept] for column in columns]


def total(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))


# What was predicted


class Confusion:
    """Sums of weights by true and predicted class."""

    def __init__(self, labels: Sequence[Any], predictions: Sequence[Any], amounts: Sequence[Fraction]):
        self.cells: dict[tuple[Any, Any], Fraction] = defaultdict(Fraction)
        for label, prediction, amount in zip(labels, predictions, amounts, strict=True):
            self.cells[label, prediction] += amount
        self.true: dict[Any, Fraction] = defaultdict(Fraction)
        self.predicted: dict[Any, Fraction] = defaultdict(Fraction)
        for (label, prediction), amount in self.cells.items():
            self.true[label] += amount
            self.predicted[prediction] += amount
        self.classes = self.true.keys() | self.predicted.keys()
        self.total = total(amounts)
        self.right = total(self.cells.get((label, label), Fraction(0)) for label in self.classes)

    def hits(self, label: Any) -> Fraction:
        return self.cells.get((label, label), Fraction(0))

    def precision(self, label: Any) -> Fraction:
        return ratio(self.hits(label), self.predicted.get(label, Fraction(0)))

    def recall(self, label: Any) -> Fraction:
        return ratio(self.hits(label), self.true.get(label, Fraction(0)))

    def f(self, label: Any, beta: Fraction = Fraction(1)) -> Fraction:
        misses = self.true.get(label, Fraction(0))
        alarms = self.predicted.get(label, Fraction(0))
        return ratio((1 + beta**2) * self.hits(label), beta**2 * misses + alarms)

    def jaccard(self, label: Any) -> Fraction:
        either = self.true.get(label, Fraction(0)) + self.predicted.get(label, Fraction(0)) - self.hits(label)
        return ratio(self.hits(label), either)

    def agreement(self) -> dict[str, Exact | None]:
        chance = total(self.true.get(label, 0) * self.predicted.get(label, 0) for label in self.classes)
        true_spread = self.total**2 - total(amount**2 for amount in self.true.values())
        predicted_spread = self.total**2 - total(amount**2 for amount in self.predicted.values())
        common = self.right * self.total - chance
        spread = true_spread * predicted_spread
        by_chance = self.total**2 - chance
        return {
            "accuracy": self.right / self.total,
            "balanced_accuracy": total(self.recall(label) for label in self.true) / len(self.true),
            "matthews_corrcoef": decimal(common) / root(spread) if spread else None,
            "cohen_kappa": common / by_chance if by_chance else None,
        }

    def averages(self) -> dict[str, Exact | None]:
        measures: dict[str, Callable[[Any], Fraction]] = {
            "precision": self.precision, "recall": self.recall, "f1": self.f, "jaccard": self.jaccard
        }
        values: dict[str, Exact | None] = {}
        for name, measure in measures.items():
            of_class = {label: measure(label) for label in self.classes}
            values[f"{name}_macro"] = total(of_class.values()) / len(self.classes)
            values[f"{name}_micro"] = self.right / (2 * self.total - self.right if name == "jaccard" else self.total)
            shares = (self.true.get(label, 0) * value for label, value in of_class.items())
            values[f"{name}_weighted"] = total(shares) / self.total
        return values


# Scores


def ties(is_positive: Sequence[bool], scores: Sequence[float], amounts: Sequence[Fraction]) -> list[list[Fraction]]:
    """Weights of positives and negatives by score, highest first."""
    found: dict[float, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for positive, score, amount in zip(is_positive, scores, amounts, strict=True):
        found[score + 0.0][0 if positive else 1] += amount
    return [found[score] for score in sorted(found, reverse=True)]


def area(is_positive: Sequence[bool], scores: Sequence[float], amounts: Sequence[Fraction]) -> Fraction | None:
    wins = above = negatives = Fraction(0)
    for positive, negative in ties(is_positive, scores, amounts):
        wins += negative * (above + positive / 2)
        above += positive
        negatives += negative
    return wins / (above * negatives) if above and negatives else None


def binary(
    labels: Sequence[int],
    predictions: Sequence[int],
    scores: Sequence[float] | None,
    weights: Sequence[float] | None,
) -> Values:
    amounts, (labels, predictions, scores) = counted(weights, labels, predictions, scores)
    confusion = Confusion(labels, predictions, amounts)
    values: dict[str, Exact | None] = confusion.agreement() | {
        "precision": confusion.precision(1),
        "recall": confusion.recall(1),
        "specificity": confusion.recall(0),
        "negative_predictive_value": confusion.precision(0),
        "f1": confusion.f(1),
        "f0_5": confusion.f(1, Fraction(1, 2)),
        "f2": confusion.f(1, Fraction(2)),
        "jaccard": confusion.jaccard(1),
    }
    if scores is None:
        return rounded(values)
    is_positive = [label == 1 for label in labels]
    groups = ties(is_positive, scores, amounts)
    positives = total(positive for positive, _ in groups)
    negatives = total(negative for _, negative in groups)
    values["roc_auc"] = roc_auc = area(is_positive, scores, amounts)
    values["gini"] = None if roc_auc is None else 2 * roc_auc - 1
    hits = alarms = widest = Fraction(0)
    precisions = Decimal(0)
    for positive, negative in groups:
        hits += positive
        alarms += negative
        precisions += decimal(positive * hits) / decimal(hits + alarms)
        if positives and negatives:
            widest = max(widest, abs(hits / positives - alarms / negatives))
    values["ks_statistic"] = None if roc_auc is None else widest
    values["average_precision"] = precisions / decimal(positives) if positives else None
    within = all(0 <= score <= 1 for score in scores)
    values["log_loss"] = log_loss(is_positive, scores, amounts) if within else None
    values["brier_score"] = brier_score(is_positive, scores, amounts) if within else None
    values["expected_calibration_error"] = calibration_error(is_positive, scores, amounts) if within else None
    return rounded(values)


def log_loss(is_positive: Sequence[bool], scores: Sequence[float], amounts: Sequence[Fraction]) -> Decimal:
    by_chance: dict[float, Fraction] = defaultdict(Fraction)
    for positive, score, amount in zip(is_positive, scores, amounts, strict=True):
        by_chance[clipped(score if positive else 1 - score)] += amount
    return mean_negative_logarithm(by_chance)


def clipped(chance: float) -> float:
    return min(max(chance, EPSILON), 1 - EPSILON)


def mean_negative_logarithm(by_chance: dict[float, Fraction]) -> Decimal:
    losses = sum((decimal(amount) * logarithm(chance) for chance, amount in by_chance.items()), Decimal(0))
    return -losses / decimal(total(by_chance.values()))


def brier_score(is_positive: Sequence[bool], scores: Sequence[float], amounts: Sequence[Fraction]) -> Fraction:
    rows = zip(is_positive, scores, amounts, strict=True)
    return total(amount * (positive - Fraction(score)) ** 2 for positive, score, amount in rows) / total(amounts)


def calibration_error(is_positive: Sequence[bool], scores: Sequence[float], amounts: Sequence[Fraction]) -> Fraction:
    """The expected calibration error over ten bins of one width, bin `min(int(score * 10), 9)`.

    Each bin counts its share of the weight times the distance of mean label and mean score.
    """
    gaps: dict[int, Fraction] = defaultdict(Fraction)
    for positive, score, amount in zip(is_positive, scores, amounts, strict=True):
        gaps[min(int(score * 10), 9)] += amount * (positive - Fraction(score))
    return total(abs(gap) for gap in gaps.values()) / total(amounts)


# Probabilities of many classes


def multiclass(
    classes: Sequence[Any],
    labels: Sequence[Any],
    predictions: Sequence[Any],
    probabilities: Sequence[Sequence[float]] | None,
    weights: Sequence[float] | None,
) -> Values:
    amounts, (labels, predictions, probabilities) = counted(weights, labels, predictions, probabilities)
    confusion = Confusion(labels, predictions, amounts)
    values = confusion.agreement() | confusion.averages()
    if probabilities is None:
        return rounded(values)
    columns = {label: [row[index] for row in probabilities] for index, label in enumerate(classes)}
    by_chance: dict[float, Fraction] = defaultdict(Fraction)
    for row, label in enumerate(labels):
        by_chance[clipped(columns[label][row])] += amounts[row]
    values["log_loss"] = mean_negative_logarithm(by_chance)
    areas = {
        label: area([true == label for true in labels], column, amounts) for label, column in columns.items()
    }
    defined = None not in areas.values()
    values["roc_auc_ovr"] = total(areas.values()) / len(classes) if defined else None
    shares = (confusion.true[label] * found for label, found in areas.items()) if defined else ()
    values["roc_auc_ovr_weighted"] = total(shares) / confusion.total if defined else None
    if weights is None:
        values |= one_vs_one(labels, columns)
    for k in (2, 3, 5):
        if k < len(classes) and not any(tied_at(k, row) for row in probabilities):
            hits = (
                amount
                for row, label, amount in zip(probabilities, labels, amounts, strict=True)
                if sum(chance > row[classes.index(label)] for chance in row) < k
            )
            values[f"top_{k}_accuracy"] = total(hits) / confusion.total
    return rounded(values)


def tied_at(k: int, chances: Sequence[float]) -> bool:
    """Whether the k-th highest probability is also the one after it."""
    descending = sorted(chances, reverse=True)
    return descending[k - 1] == descending[k]


def one_vs_one(labels: Sequence[Any], columns: dict[Any, list[float]]) -> dict[str, Exact | None]:
    counts = Counter(labels)
    areas: list[Fraction] = []
    shares: list[int] = []
    for pair in combinations(sorted(counts), 2):
        rows = [row for row, label in enumerate(labels) if label in pair]
        ones = [Fraction(1)] * len(rows)
        one, other = (
            area([labels[row] == label for row in rows], [columns[label][row] for row in rows], ones) for label in pair
        )
        areas.append((one + other) / 2)
        shares.append(len(rows))
    if not areas:
        return {"roc_auc_ovo": None, "roc_auc_ovo_weighted": None}
    weighted = total(found * share for found, share in zip(areas, shares, strict=True))
    return {"roc_auc_ovo": total(areas) / len(areas), "roc_auc_ovo_weighted": weighted / sum(shares)}


# Numbers


def regression(
    targets: Sequence[float], predictions: Sequence[float], weights: Sequence[float] | None
) -> Values:
    amounts, (targets, predictions) = counted(weights, targets, predictions)
    true = [Fraction(target) for target in targets]
    predicted = [Fraction(prediction) for prediction in predictions]
    errors = [target - prediction for target, prediction in zip(true, predicted, strict=True)]
    distances = [abs(error) for error in errors]
    weight = total(amounts)

    def mean(values: Iterable[Fraction]) -> Fraction:
        return total(amount * value for amount, value in zip(amounts, values, strict=True)) / weight

    def variance(values: Sequence[Fraction]) -> Fraction:
        return mean(value**2 for value in values) - mean(values) ** 2

    squared = mean(error**2 for error in errors)
    spread = variance(true)
    shares = (
        decimal(amount * distance) / decimal(max(abs(target), Fraction(EPSILON)))
        for amount, distance, target in zip(amounts, distances, true, strict=True)
    )
    values: dict[str, Exact | None] = {
        "mean_absolute_error": mean(distances),
        "mean_squared_error": squared,
        "root_mean_squared_error": root(squared),
        "r2": 1 - squared / spread if spread else None,
        "mean_absolute_percentage_error": sum(shares, Decimal(0)) / decimal(weight),
        "median_absolute_error": median(distances, amounts),
        "max_error": max(distances),
        "explained_variance": 1 - variance(errors) / spread if spread else None,
        "mean_squared_log_error": squared_log_error(targets, predictions, amounts),
        "mean_pinball_loss": mean(distances) / 2,
    }
    if weights is None:
        values["pearson_correlation"] = correlation(true, predicted)
        values["spearman_correlation"] = correlation(ranks(targets), ranks(predictions))
    return rounded(values)


def median(values: Sequence[Fraction], amounts: Sequence[Fraction]) -> Fraction:
    """The value below which half the weight lies; where one splits it exactly, the mean of it and the next."""
    order = sorted(range(len(values)), key=values.__getitem__)
    half = total(amounts) / 2
    below = Fraction(0)
    for place, row in enumerate(order):
        below += amounts[row]
        if below == half:
            return (values[row] + values[order[place + 1]]) / 2
        if below > half:
            return values[row]
    raise ValueError("no rows")


def squared_log_error(
    targets: Sequence[float], predictions: Sequence[float], amounts: Sequence[Fraction]
) -> Decimal | None:
    if min(*targets, *predictions) <= -1:
        return None
    losses = (
        decimal(amount) * (logarithm_of_one_plus(target) - logarithm_of_one_plus(prediction)) ** 2
        for target, prediction, amount in zip(targets, predictions, amounts, strict=True)
    )
    return sum(losses, Decimal(0)) / decimal(total(amounts))


def correlation(x: Sequence[Fraction], y: Sequence[Fraction]) -> Decimal | None:
    count = len(x)
    common = total(a * b for a, b in zip(x, y, strict=True)) - total(x) * total(y) / count
    spread_x = total(a * a for a in x) - total(x) ** 2 / count
    spread_y = total(b * b for b in y) - total(y) ** 2 / count
    return decimal(common) / (root(spread_x) * root(spread_y)) if spread_x and spread_y else None


def ranks(values: Sequence[float]) -> list[Fraction]:
    """Ranks from 1, equal values having the mean of theirs."""
    counts = Counter(values)
    rank: dict[float, Fraction] = {}
    below = 0
    for value in sorted(counts):
        rank[value] = below + Fraction(counts[value] + 1, 2)
        below += counts[value]
    return [rank[value] for value in values]
