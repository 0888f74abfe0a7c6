"""Recomputes every expected value of the oracles with exact.py and prints the largest deviations.

Exits 1 if a value is off by more than 1e-13 of itself and by more than 1e-15, if one of both is undefined where the
other is not, or if a metric is missing.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import exact
import recipe

RELATIVE = 1e-13
ABSOLUTE = 1e-15

Case = dict[str, Any]


def binary(case: Case) -> exact.Values:
    if "recipe" in case:
        labels, scores, weights = recipe.lattice(case["recipe"])
        case |= {"labels": labels.tolist(), "scores": scores.tolist()}
        case["predictions"] = (scores > 0.5).astype(int).tolist()
        case["weights"] = None if weights is None else weights.tolist()
    return exact.binary(case["labels"], case["predictions"], case["scores"], case["weights"])


def multiclass(case: Case) -> exact.Values:
    return exact.multiclass(
        case["classes"], case["labels"], case["predictions"], case["probabilities"], case["weights"]
    )


def regression(case: Case) -> exact.Values:
    if "recipe" in case:
        targets, predictions, weights = recipe.errors(case["recipe"])
        case |= {"targets": targets.tolist(), "predictions": predictions.tolist()}
        case["weights"] = None if weights is None else weights.tolist()
    return exact.regression(case["targets"], case["predictions"], case["weights"])


def deviations(name: str, values: exact.Values, right: exact.Values) -> Iterator[tuple[str, float, float, str | None]]:
    """Metric, relative and absolute deviation, and what is wrong, if anything is."""
    for metric, value in values.items():
        if metric not in right:
            yield metric, 0, 0, f"{name}: {metric} is not to be there"
        elif (value is None) != (right[metric] is None):
            yield metric, 0, 0, f"{name}: {metric} is {value}, exactly {right[metric]}"
        elif value is not None:
            absolute = abs(value - right[metric])
            relative = absolute / abs(right[metric]) if right[metric] else 0 if absolute == 0 else 1
            wrong = relative > RELATIVE and absolute > ABSOLUTE
            yield metric, relative, absolute, f"{name}: {metric} is {value}, exactly {right[metric]}" if wrong else None


def check(name: str, recompute: Any, may_be_left_out: frozenset[str]) -> int:
    oracle = json.loads((Path(__file__).resolve().parent / f"{name}.json").read_text(encoding="utf-8"))
    cases = oracle["cases"] + oracle.get("recipes", [])
    worst: dict[str, tuple[float, str]] = {}
    near_zero = [0.0]
    faults: list[str] = []
    count = 0
    for case in cases:
        right = recompute(case)
        missing = right.keys() - case["expected"].keys() - may_be_left_out
        faults += [f"{case['name']}: {metric} is missing" for metric in sorted(missing)]
        for metric, relative, absolute, fault in deviations(case["name"], case["expected"], right):
            count += 1
            if fault:
                faults.append(fault)
            elif relative > RELATIVE:
                near_zero.append(absolute)
            else:
                worst[metric] = max(worst.get(metric, (0.0, "")), (relative, case["name"]))
    print(f"{name}: {len(cases)} cases, {count} values, {len(faults)} wrong")
    for metric, (relative, where) in sorted(worst.items(), key=lambda item: -item[1][0])[:5]:
        print(f"  {metric}: off by {relative:.1e} of itself at most ({where})")
    print(f"  {len(near_zero) - 1} values next to 0: off by {max(near_zero):.1e} at most")
    for fault in faults:
        print(f"error: {name}: {fault}", file=sys.stderr)
    return len(faults)


if __name__ == "__main__":
    left_out = frozenset(
        ("mean_squared_log_error", "root_mean_squared_error", "r2", "explained_variance", "pearson_correlation")
    )
    wrong = check("binary", binary, frozenset())
    wrong += check("multiclass", multiclass, frozenset())
    wrong += check("regression", regression, left_out)
    sys.exit(wrong > 0)
