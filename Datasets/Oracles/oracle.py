"""What the oracles share: where agreement metrics are undefined, and the shape of the files."""

import json
from pathlib import Path
from typing import Any

import numpy
import sklearn


def undefined_agreement(
    labels: numpy.ndarray, predictions: numpy.ndarray, weights: numpy.ndarray | None
) -> dict[str, None]:
    """matthews_corrcoef and cohen_kappa as `None` where they are 0/0, counting rows of positive weight.

    Matthews' denominator is 0 where the truth or the predictions are constant; kappa's is 0 where both are,
    and the same.
    """
    counted = slice(None) if weights is None else weights > 0
    true, predicted = set(labels[counted].tolist()), set(predictions[counted].tolist())
    undefined = {}
    if len(true) == 1 or len(predicted) == 1:
        undefined["matthews_corrcoef"] = None
    if len(true | predicted) == 1:
        undefined["cohen_kappa"] = None
    return undefined


def write(
    name: str,
    seed: int,
    cases: list[dict[str, Any]],
    recipes: list[dict[str, Any]] | None = None,
    recipe_note: str | None = None,
) -> None:
    """Writes the oracle with one case a line. Names of cases are unique.

    Recipes are cases whose rows are made anew, see recipe.py; the note says how.
    """
    names = [case["name"] for case in cases + (recipes or [])]
    if len(set(names)) < len(names):
        raise ValueError(f"{name}: two cases have one name")
    source = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}"
    text = f'{{"source": "{source}", "seed": {seed}, "cases": [\n{lines(cases)}\n]'
    if recipes:
        text += f', "recipe_note": {json.dumps(recipe_note)}, "recipes": [\n{lines(recipes)}\n]'
    (Path(__file__).resolve().parent / name).write_text(text + "}\n", encoding="utf-8")


def lines(cases: list[dict[str, Any]]) -> str:
    return ",\n".join(
        json.dumps(case, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for case in cases
    )


def plain(values: dict[str, float | None]) -> dict[str, float | None]:
    """Python's own numbers."""
    return {metric: None if value is None else float(value) for metric, value in values.items()}
