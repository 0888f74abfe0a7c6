"""Rows that are made anew from a seed instead of being stored: the same bits in any language with doubles.

The generator is SplitMix64. Its state is the seed; each draw is, modulo 2^64,

    state += 0x9E3779B97F4A7C15
    bits = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB
    bits ^= bits >> 31
    unit = (bits >> 11) * 2^-53

The rows are made one after the other, each with its draws in the order written here. All arithmetic is in doubles,
rounded after each operation (no fused multiply-add).

Kind `lattice`, two classes, two draws a row, three where `weighted`:

    label = 1 if unit < 0.4, else 0
    score = floor(unit * levels) / levels, then + 0.25 and at most 1 where label is 1
    weight = floor(unit * 4)

Predictions are score > 0.5. Kind `errors`, numbers, two draws a row, three where `weighted`:

    target = offset + floor(unit * levels) / levels
    prediction = target + (unit - 0.5) * noise
    weight = floor(unit * 4)
"""

from typing import Any

import numpy

LATTICE_NOTE = (
    "lattice: SplitMix64 of the seed; unit = (next() >> 11) * 2^-53; a row draws label, score and, where weighted, "
    "weight, in this order: label = unit < 0.4; score = floor(unit * levels) / levels, where label is 1 then + 0.25 "
    "and at most 1; weight = floor(unit * 4). Predictions are score > 0.5. All in doubles."
)
ERRORS_NOTE = (
    "errors: SplitMix64 of the seed; unit = (next() >> 11) * 2^-53; a row draws target, prediction and, where "
    "weighted, weight, in this order: target = offset + floor(unit * levels) / levels; prediction = target + "
    "(unit - 0.5) * noise; weight = floor(unit * 4). All in doubles, each operation rounded."
)


def units(seed: int, count: int) -> numpy.ndarray:
    """The first `count` draws, fractions from 0 to below 1."""
    draws = numpy.arange(1, count + 1, dtype=numpy.uint64)
    bits = numpy.uint64(seed) + draws * numpy.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    bits ^= bits >> numpy.uint64(31)
    return (bits >> numpy.uint64(11)) * 2.0**-53


def draws(recipe: dict[str, Any]) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray | None]:
    """The first and second draws of all rows, and the weights where there are any."""
    width = 3 if recipe["weighted"] else 2
    table = units(recipe["seed"], recipe["rows"] * width).reshape(recipe["rows"], width)
    return table[:, 0], table[:, 1], numpy.floor(table[:, 2] * 4) if recipe["weighted"] else None


def lattice(recipe: dict[str, Any]) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray | None]:
    """Labels, scores and weights."""
    first, second, weights = draws(recipe)
    labels = (first < 0.4).astype(int)
    scores = numpy.floor(second * recipe["levels"]) / recipe["levels"]
    return labels, numpy.where(labels == 1, numpy.minimum(scores + 0.25, 1), scores), weights


def errors(recipe: dict[str, Any]) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray | None]:
    """Targets, predictions and weights."""
    first, second, weights = draws(recipe)
    targets = recipe["offset"] + numpy.floor(first * recipe["levels"]) / recipe["levels"]
    return targets, targets + (second - 0.5) * recipe["noise"], weights
