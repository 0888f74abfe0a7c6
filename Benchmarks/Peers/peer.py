"""One peer's way from a file to accuracy, precision, recall and the exact area under the ROC curve."""

import sys

name, file = sys.argv[1:]
kind = file.rsplit(".", 1)[1]

if name == "duckdb":
    import duckdb

    reader = {"csv": "read_csv", "parquet": "read_parquet", "jsonl": "read_json"}[kind]
    # Ranks with ties at their mean, whose sum over the positives is Mann and Whitney's statistic.
    row = duckdb.execute(f"""
        WITH t AS MATERIALIZED (SELECT label, score FROM {reader}('{file}')),
        r AS (SELECT label, rank() OVER (ORDER BY score) + (count(*) OVER (PARTITION BY score) - 1) / 2.0 AS k FROM t),
        c AS (SELECT count(*) FILTER (label = 1) AS p, count(*) FILTER (label = 0) AS n FROM t)
        SELECT avg((label = (score > 0.5)::INT)::INT),
               count(*) FILTER (label = 1 AND score > 0.5) / count(*) FILTER (score > 0.5),
               count(*) FILTER (label = 1 AND score > 0.5) / count(*) FILTER (label = 1),
               (SELECT (sum(k) FILTER (label = 1) - any_value(p) * (any_value(p) + 1) / 2.0)
                       / any_value(p) / any_value(n) FROM r, c)
        FROM t""").fetchall()[0]
else:
    from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

    if name == "polars":
        import polars as pl

        table = {"csv": pl.read_csv, "parquet": pl.read_parquet, "jsonl": pl.read_ndjson}[kind](file)
    else:
        import pandas as pd

        table = {"csv": pd.read_csv, "parquet": pd.read_parquet}[kind](file)
    label, score = table["label"].to_numpy(), table["score"].to_numpy()
    predicted = (score > 0.5).astype(label.dtype)
    row = (
        accuracy_score(label, predicted), precision_score(label, predicted), recall_score(label, predicted),
        roc_auc_score(label, score),
    )
print(row)
