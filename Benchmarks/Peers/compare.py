"""Runs Assay and its peers in turn on the same files: whole processes, medians of the wall time, the highest memory."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

assay, rows, turns = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
here = pathlib.Path(__file__).resolve().parent
data = here / ".venv-peers" / f"data-{rows}"


def make(path):
    """Writes the rows: a label of 0 or 1, a score of 17 digits that tells the two apart in part."""
    import numpy as np
    import polars as pl

    path.mkdir(exist_ok=True)
    random = np.random.default_rng(1)
    label = (random.random(rows) < 0.5).astype(np.int64)
    score = 1 / (1 + np.exp(-(random.normal(size=rows) + 1.6 * (label - 0.5))))
    table = pl.DataFrame({"label": label, "score": score})
    table.write_csv(path / "numbers.csv")
    table.write_parquet(path / "numbers.parquet", compression="zstd")
    table.write_ndjson(path / "numbers.jsonl")
    named = pl.when(pl.col("label") == 1).then(pl.lit("yes")).otherwise(pl.lit("no"))
    table.with_columns(named.alias("label")).write_csv(path / "names.csv")


def run(command):
    """Runs a command; its wall time in seconds and its highest memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    if status != 0:
        sys.exit(f"error: {' '.join(command)} ended with status {status}")
    return elapsed, usage.ru_maxrss / 1024


def peer(name, file):
    return [sys.executable, str(here / "peer.py"), name, str(data / file)]


if not (data / "names.csv").exists():
    # In a process of its own: what a process holds counts for those that it starts.
    if sys.argv[4:] == ["make"]:
        make(data)
        sys.exit()
    print("writing the files", file=sys.stderr)
    subprocess.run([sys.executable, *sys.argv, "make"], check=True)

jobs = {
    "numbers.csv": ["duckdb", "polars", "pandas"],
    "names.csv": [],
    "numbers.parquet": ["duckdb", "polars"],
    "numbers.jsonl": ["duckdb"],
}
print(f"{rows} rows, {turns} turns, {os.cpu_count()} cores")
print(f"{'file':16} {'program':10} {'wall s':>8} {'peak MB':>8} {'ratio':>7}")
for file, peers in jobs.items():
    options = ["--positive-label", "yes"] if file == "names.csv" else []
    commands = {"assay": [assay, "metrics", *options, str(data / file)]}
    commands |= {name: peer(name, file) for name in peers}
    figures = {name: [] for name in commands}
    for turn in range(turns + 1):
        for name, command in commands.items():
            figure = run(command)
            # The first turn brings the file into the system's cache.
            if turn > 0:
                figures[name].append(figure)
    for name, list_ in figures.items():
        ratio = statistics.median(a / b for (a, _), (b, _) in zip(list_, figures["assay"]))
        wall, peak = statistics.median(f[0] for f in list_), max(f[1] for f in list_)
        print(f"{file:16} {name:10} {wall:8.3f} {peak:8.0f} {ratio:7.2f}", flush=True)
