"""Times metrics in memory: Assay, scikit-learn and polars-ds in turn, and prints the ratios as a table.

Every round runs Assay's program once, which takes the best of three runs, and each peer once; ratios are of medians.
"""

import argparse
import statistics
import subprocess
import time
from pathlib import Path

import numpy
import polars
import polars_ds
import scipy
import sklearn
from sklearn import metrics

PROGRAM = Path(__file__).resolve().parent.parent / ".build/release/MetricTimes"


def binary(rows):
    generator = numpy.random.default_rng(rows)
    labels = (generator.random(rows) < 0.4).astype(numpy.int64)
    scores = generator.random(rows) * 0.6 + 0.4 * labels
    return labels, (scores > 0.5).astype(numpy.int64), scores


def ten_classes(rows):
    generator = numpy.random.default_rng(rows)
    labels = generator.integers(0, 10, rows)
    return labels, numpy.where(generator.random(rows) < 0.7, labels, generator.integers(0, 10, rows))


def four_counts(labels, predictions, _=None):
    for function in (metrics.accuracy_score, metrics.precision_score, metrics.recall_score, metrics.f1_score):
        function(labels, predictions)


def every_binary_metric(labels, predictions, scores):
    four_counts(labels, predictions)
    metrics.balanced_accuracy_score(labels, predictions)
    metrics.recall_score(labels, predictions, pos_label=0)
    metrics.precision_score(labels, predictions, pos_label=0)
    metrics.fbeta_score(labels, predictions, beta=0.5)
    metrics.fbeta_score(labels, predictions, beta=2)
    metrics.jaccard_score(labels, predictions)
    metrics.matthews_corrcoef(labels, predictions)
    metrics.cohen_kappa_score(labels, predictions)
    metrics.roc_auc_score(labels, scores)
    metrics.average_precision_score(labels, scores)
    metrics.log_loss(labels, scores)
    metrics.brier_score_loss(labels, scores)


def resampled(labels, predictions, scores):
    """Ten replicates, of which a hundred times as many are wanted."""
    generator = numpy.random.default_rng(1)
    for _ in range(10):
        drawn = generator.integers(0, len(labels), len(labels))
        four_counts(labels[drawn], predictions[drawn])
        metrics.roc_auc_score(labels[drawn], scores[drawn])


def polars_area(labels, predictions, scores):
    frame = polars.DataFrame({"label": labels, "score": scores})
    return lambda: frame.select(polars_ds.query_roc_auc("label", "score")).item()


JOBS = {
    "roc_auc": ("area under the ROC curve", binary, [
        ("scikit-learn", lambda *rows: lambda: metrics.roc_auc_score(rows[0], rows[2]), 1),
        ("polars-ds", polars_area, 1)]),
    "counts": ("accuracy, precision, recall, F1", binary, [
        ("scikit-learn", lambda *rows: lambda: four_counts(*rows), 1)]),
    "binary": ("all binary metrics", binary, [
        ("scikit-learn", lambda *rows: lambda: every_binary_metric(*rows), 1)]),
    "report": ("classification report, 10 classes", ten_classes, [
        ("scikit-learn", lambda *rows: lambda: metrics.classification_report(*rows), 1)]),
    "bootstrap": ("1,000 replicates of four counts and the area", binary, [
        ("scikit-learn", lambda *rows: lambda: resampled(*rows), 100)]),
}


def assay(job, rows):
    found = subprocess.run([PROGRAM, job, str(rows)], check=True, capture_output=True, text=True).stdout.split()
    return float(found[0]), int(found[1])


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(rounds, rows_of):
    print("| job | rows | Assay | peer | peer's time | ratio |\n|---|---|---|---|---|---|")
    for job, (title, make, peers) in JOBS.items():
        rows = rows_of[job]
        columns = make(rows)
        work = [(name, prepare(*columns), factor) for name, prepare, factor in peers]
        own, others = [], {name: [] for name, _, _ in work}
        for _ in range(rounds):
            own.append(assay(job, rows)[0])
            for name, run, factor in work:
                others[name].append(timed(run) * factor)
        best = statistics.median(own)
        for name, seconds in others.items():
            median = statistics.median(seconds)
            print(f"| {title} | {rows:,} | {best:.4g} s | {name} | {median:.4g} s | {median / best:.0f}x |", flush=True)


def grow(largest):
    print("\n| rows | area, ns a row | counts, ns a row | all binary metrics, ns a row | memory beyond the input, bytes a row |")
    print("|---|---|---|---|---|")
    rows = 10_000
    while rows <= largest:
        found = {job: assay(job, rows) for job in ("roc_auc", "counts", "binary")}
        times = " | ".join(f"{found[job][0] / rows * 1e9:.2f}" for job in found)
        print(f"| {rows:,} | {times} | {found['binary'][1] / rows:.1f} |", flush=True)
        rows *= 10


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=100_000_000, help="rows at the end of the growth curve")
    options = parser.parse_args()
    print(f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, scipy {scipy.__version__}, "
          f"polars {polars.__version__}, polars-ds {polars_ds.__version__}\n")
    compare(options.rounds, {job: options.rows // (10 if job == "bootstrap" else 1) for job in JOBS})
    grow(options.largest)
