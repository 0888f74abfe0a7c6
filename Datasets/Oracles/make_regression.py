"""Writes regression.json: scikit-learn's metrics of predicted numbers, from one row to 100,000.

r2 and explained_variance are `null` where the targets are constant, which those of one row are, although
scikit-learn answers 0 or 1 there. mean_squared_log_error is `null` where a target or a prediction is -1 or less,
which is where scikit-learn 1.9.1 raises (values between -1 and 0 have a logarithm once 1 is added). A target of 0
counts as 2^-52 in mean_absolute_percentage_error, as scikit-learn counts it, and so does every target nearer to 0.
mean_pinball_loss is that of alpha 0.5, half the mean absolute error.

Rows of weight 0 do not count: they are dropped before anything is computed, also for max_error, which takes no
weights. pearson_correlation and spearman_correlation are scipy's and of rows without weights only; they are `null`
where either column is constant or has fewer than two rows.

A few cases leave metrics out whose value is nothing but rounding errors: differences of logarithms of numbers that
are nearly the same, and squares below the smallest double.

The cases of 10,000 rows and more are under `recipes`: their rows are not stored but made anew from a seed. How is
in `recipe_note` and, at length, in recipe.py:

    the generator is SplitMix64, unit = (next() >> 11) * 2^-53, and each row draws in this order
    1. target = offset + floor(unit * levels) / levels
    2. prediction = target + (unit - 0.5) * noise
    3. where weighted: weight = floor(unit * 4)
"""

import warnings
from collections.abc import Collection, Iterator
from typing import Any

import numpy
from numpy.typing import ArrayLike
from scipy import stats
from sklearn import metrics

import recipe
from oracle import plain, write

SEED = 20260506
generator = numpy.random.default_rng(SEED)

LOGARITHMS = ("mean_squared_log_error",)
SQUARES = ("root_mean_squared_error", "r2", "explained_variance")
PRODUCTS = SQUARES + ("pearson_correlation",)


def expected(
    targets: numpy.ndarray, predictions: numpy.ndarray, weights: numpy.ndarray | None
) -> dict[str, float | None]:
    is_weighted = weights is not None
    if is_weighted:
        counted = weights > 0
        targets, predictions, weights = targets[counted], predictions[counted], weights[counted]
    pair = (targets, predictions)
    weighted = {"sample_weight": weights}
    varies = targets.min() < targets.max()
    values = {
        "mean_absolute_error": metrics.mean_absolute_error(*pair, **weighted),
        "mean_squared_error": metrics.mean_squared_error(*pair, **weighted),
        "root_mean_squared_error": metrics.root_mean_squared_error(*pair, **weighted),
        "r2": metrics.r2_score(*pair, **weighted) if varies else None,
        "mean_absolute_percentage_error": metrics.mean_absolute_percentage_error(*pair, **weighted),
        "median_absolute_error": metrics.median_absolute_error(*pair, **weighted),
        "max_error": metrics.max_error(*pair),
        "explained_variance": metrics.explained_variance_score(*pair, **weighted) if varies else None,
        "mean_squared_log_error": (
            metrics.mean_squared_log_error(*pair, **weighted) if min(targets.min(), predictions.min()) > -1 else None
        ),
        "mean_pinball_loss": metrics.mean_pinball_loss(*pair, alpha=0.5, **weighted),
    }
    if not is_weighted:
        both_vary = varies and predictions.min() < predictions.max()
        values["pearson_correlation"] = stats.pearsonr(*pair).statistic if both_vary else None
        values["spearman_correlation"] = stats.spearmanr(*pair).statistic if both_vary else None
    return values


def case(
    name: str,
    targets: ArrayLike,
    predictions: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    without: Collection[str] = (),
) -> dict[str, Any]:
    targets = numpy.asarray(targets, dtype=float)
    predictions = numpy.asarray(predictions, dtype=float)
    weights = None if weights is None else numpy.asarray(weights, dtype=float)
    values = expected(targets, predictions, weights)
    return {
        "name": name,
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "expected": plain({metric: value for metric, value in values.items() if metric not in without}),
    }


def random_targets(kind: str, count: int) -> numpy.ndarray:
    if kind == "positive":
        return generator.gamma(2, 3, count)
    if kind == "around 0":
        return generator.normal(0, 5, count)
    if kind == "integers":
        return 1.0 * generator.integers(0, 12, count)
    return generator.normal(0, 5, count).round(2)


def predicted(targets: numpy.ndarray, noise: float = 1.5) -> numpy.ndarray:
    """Predictions with a slope and a shift beside the noise."""
    return 0.8 * targets + 0.5 + generator.normal(0, noise, len(targets))


def random_weights(kind: str, count: int) -> numpy.ndarray:
    if kind == "integer":
        return 1.0 * generator.integers(1, 6, count)
    if kind == "fractional":
        return generator.random(count) + 0.01
    if kind == "some zero":
        return generator.integers(0, 3, count) * 0.5
    return 10.0 ** generator.integers(-8, 9, count)


KINDS = ("positive", "around 0", "integers", "two decimals")


def size_cases() -> Iterator[dict[str, Any]]:
    for count in (1, 2, 3, 4, 5, 10, 31, 100, 150):
        for kind in KINDS:
            targets = random_targets(kind, count)
            predictions = predicted(targets)
            if kind != "around 0":
                predictions = predictions.round(0 if kind == "integers" else 3)
            yield case(f"rows {count}, {kind}", targets, predictions)
    for count in (500, 1000, 2000):
        targets = random_targets("two decimals", count)
        yield case(f"rows {count}, two decimals", targets, predicted(targets).round(2))


def weighted_cases() -> Iterator[dict[str, Any]]:
    for weight in ("integer", "fractional", "some zero", "16 orders of magnitude"):
        for count in (2, 3, 12, 40, 101):
            kind = KINDS[count % 4]
            targets = random_targets(kind, count)
            predictions = predicted(targets).round(0 if kind == "integers" else 3)
            weights = random_weights(weight, count)
            weights[:2] = 1
            yield case(f"weights {weight}, rows {count}, {kind}", targets, predictions, weights=weights)
    targets = random_targets("two decimals", 1500)
    predictions = predicted(targets).round(2)
    yield case("weights integer, rows 1500", targets, predictions, weights=random_weights("integer", 1500))
    weights = random_weights("fractional", 1000).round(3)
    yield case("weights fractional, rows 1000", targets[:1000], predictions[:1000], weights=weights)
    five = [3, 1, 4, 1.5, 9], [2.5, 1.5, 4, 3.5, 5]
    yield case("one row with weight", *five, weights=[0, 0, 0, 0.5, 0])
    yield case("weights all equal", *five, weights=[0.1] * 5)
    # Added up in doubles they are less than 1, and five of them exactly 0.5; half of the weight is five rows'.
    yield case("ten weights of 0.1", numpy.arange(10), numpy.arange(10) ** 2, weights=[0.1] * 10)
    yield case("weight 0 on the greatest error", *five, weights=[1, 2, 3, 4, 0])
    yield case("weight 0 on a logarithm that is none", [1, -3, 2], [2, -5, 4], weights=[1, 0, 2])
    yield case("weight 0 on a target of 0", [1, 0, 2], [2, 1, 4], weights=[1, 0, 2])
    yield case("weight 0 but on equal targets", [2, 5, 2, 2], [1, 5, 3, 2.5], weights=[1, 0, 2, 3])
    yield case("one row, weighted", [3], [2.5], weights=[7])
    yield case("weights that halve exactly", [1, 2, 3, 4], [2, 4, 6, 8], weights=[2, 1, 1, 2])
    yield case("weights that halve at a row of weight 0", [1, 2, 3, 4, 5], [2, 4, 6, 8, 10], weights=[2, 1, 0, 1, 2])
    yield case("weights that halve at a quarter", [1, 2, 3, 4], [2, 4, 6, 8], weights=[0.25, 0.5, 0.5, 0.25])
    yield case("one weight above half", [1, 2, 3], [2, 4, 6], weights=[1, 1, 3])


def constant_cases() -> Iterator[dict[str, Any]]:
    for value in (0, 1, -1, -2.5, 0.1, 1e8):
        for count in (1, 3, 10):
            targets = numpy.full(count, value)
            yield case(f"targets all {value}, rows {count}", targets, targets + generator.integers(-2, 3, count))
    spread = random_targets("positive", 10).round(3)
    for value in (0, 2.7, -5):
        yield case(f"predictions all {value}", spread, numpy.full(10, value))
    yield case("predictions all the mean", [1, 2, 3, 4], [2.5] * 4)
    yield case("both constant and the same", [0.3] * 7, [0.3] * 7)
    yield case("both constant, not the same", [0.3] * 7, [0.1] * 7)
    yield case("targets all 0.1, weighted", [0.1] * 7, spread[:7], weights=random_weights("fractional", 7))


def shape_cases() -> Iterator[dict[str, Any]]:
    for count in (1, 2, 20):
        targets = random_targets("around 0", count)
        yield case(f"perfect, rows {count}", targets, targets)
        yield case(f"shifted by 2, rows {count}", targets.round(3), targets.round(3) + 2)
    yield case("perfect, weighted", targets, targets, weights=random_weights("fractional", 20))
    yield case("negated", targets, -targets)
    yield case("reversed", numpy.arange(20), numpy.arange(20)[::-1])
    yield case("monotone, not linear", numpy.arange(1, 21), 1.5 ** numpy.arange(1, 21))
    yield case("no relation", generator.normal(0, 1, 60), generator.normal(0, 1, 60))
    yield case("worse than the mean", targets, 40 - 3 * targets)
    yield case("ties in both", generator.integers(0, 3, 50), generator.integers(0, 3, 50))
    yield case("ties in the targets", generator.integers(0, 3, 50), generator.normal(1, 1, 50))
    yield case("ties in the predictions", generator.normal(1, 1, 50), generator.integers(0, 3, 50))
    yield case("0 and 1", generator.integers(0, 2, 50), generator.random(50))
    yield case("errors all tied", [1, 2, 3, 4, 5], [2, 1, 4, 3, 6])
    yield case("one outlier", [1, 2, 3, 4, 5], [1.1, 2.2, 2.7, 4.4, 5e6])


def sign_cases() -> Iterator[dict[str, Any]]:
    yield case("targets all negative", -random_targets("positive", 15) - 1, -random_targets("positive", 15) - 1)
    yield case("just above -1", [-0.9, -0.5, 0.25, 2], [-0.75, -0.25, 0.5, 1])
    yield case("a target of -1", [-1, 0.5, 2], [0.5, 0.25, 1])
    yield case("a prediction of -1", [0.5, 0.5, 2], [-1, 0.25, 1])
    yield case("next to -1", [numpy.nextafter(-1, 0), 0.5, 2], [0.5, 0.25, 1])
    yield case("targets of 0", [0, 0, 1, 2], [0, 0.5, 1.5, 2])
    yield case("targets all 0 but one", [0, 0, 0, 3], [1, -0.5, 0.25, 2])
    yield case("negative zero", [-0.0, 0.0, 1, 2], [0.0, -0.0, 1.5, 2])
    yield case("targets nearer to 0 than 2^-52", [1e-17, -1e-20, 2**-52, 2**-51, 1], [0.5, 0.25, 1, 2, 3])


def magnitude_cases() -> Iterator[dict[str, Any]]:
    targets = random_targets("around 0", 25)
    predictions = predicted(targets)
    for exponent in (-150, -100, -20, -5, 5, 20, 100, 150):
        scale = 10.0**exponent
        # Near 0 the logarithm of 1 + value is the value, in as many digits as the errors have.
        yield case(f"scale 1e{exponent}", targets * scale, predictions * scale)
    yield case("squares below the smallest double", targets * 1e-300, predictions * 1e-300, without=SQUARES)
    exponents = generator.integers(-300, 151, 30)
    mixed = generator.normal(0, 1, 30) * 10.0**exponents
    yield case("from 1e-300 to 1e150", mixed, mixed * (1 + generator.normal(0, 0.3, 30)))
    yield case("from 1e-300 to 1e150, positive", abs(mixed), abs(mixed * (1 + generator.normal(0, 0.3, 30))))
    yield case("subnormal", [5e-324, 1e-323, 0, 3e-310], [1e-323, 5e-324, 5e-324, 0], without=PRODUCTS)
    for offset in (1e3, 1e6, 1e8, -1e8):
        for noise in (1, 0.01):
            targets = offset + generator.normal(0, 1, 60)
            predictions = targets + generator.normal(0, noise, 60)
            name = f"offset {offset:g}, noise {noise}"
            yield case(name, targets, predictions, without=LOGARITHMS if offset > 0 else ())
            weights = random_weights("fractional", 60)
            yield case(
                f"{name}, weighted", targets, predictions, weights=weights, without=LOGARITHMS if offset > 0 else ()
            )
    years = 1.0 * generator.integers(1950, 2026, 80)
    yield case("years", years, years + generator.integers(-3, 4, 80), without=LOGARITHMS)


def recipes() -> Iterator[dict[str, Any]]:
    for rows, offset, levels, noise, weighted in (
        (10_000, 0.0, 100, 0.5, True), (30_000, -0.5, 12, 1.0, False), (65_537, 0.0, 2**53, 0.25, False),
        (100_000, 0.0, 1000, 0.5, False), (100_000, 0.0, 1000, 0.5, True), (100_000, 1000.0, 2**20, 0.5, False),
        (100_000, -2.0, 3, 2.0, True),
    ):
        chosen = {
            "kind": "errors", "rows": rows, "seed": SEED + rows + levels % 97, "levels": levels, "offset": offset,
            "noise": noise, "weighted": weighted,
        }
        name = f"errors: rows {rows}, offset {offset:g}, levels {levels}{', weighted' if weighted else ''}"
        yield {"name": name, "recipe": chosen, "expected": plain(expected(*recipe.errors(chosen)))}


if __name__ == "__main__":
    # Undefined values are null here, whatever scikit-learn and scipy warn and answer.
    warnings.simplefilter("ignore")
    groups = (size_cases, weighted_cases, constant_cases, shape_cases, sign_cases, magnitude_cases)
    cases = [found for group in groups for found in group()]
    write("regression.json", SEED, cases, list(recipes()), recipe.ERRORS_NOTE)
