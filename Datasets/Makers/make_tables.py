"""Writes Datasets/Tables: arrays of NumPy's of every type that is read, and Parquet files, with what is in them."""

import json
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tables"
FOLDER.mkdir(exist_ok=True)

FLOATS = [0.0, -1.5, 0.1, 6.0e-8, 1024.0, -0.25]
INTEGERS = [0, 1, -1, 100, -128, 127]
COUNTS = [0, 1, 2, 100, 200, 255]


def text(value):
    """A value as the test prints it: floats by their digits, the rest as JSON has it."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (bool, str)):
        return value
    return repr(float(value)) if isinstance(value, float) else int(value)


def arrays():
    """Each array with the name of its file."""
    for order in "<>":
        for size in (2, 4, 8):
            yield f"f{size}{'le' if order == '<' else 'be'}", np.array(FLOATS, dtype=f"{order}f{size}")
        for size in (2, 4, 8):
            yield f"i{size}{'le' if order == '<' else 'be'}", np.array(INTEGERS, dtype=f"{order}i{size}")
            yield f"u{size}{'le' if order == '<' else 'be'}", np.array(COUNTS, dtype=f"{order}u{size}")
        yield f"text{'le' if order == '<' else 'be'}", np.array(["yes", "no", "é", "", "😀", "a b"], dtype=f"{order}U3")
    yield "i1", np.array(INTEGERS, dtype="i1")
    yield "u1", np.array(COUNTS, dtype="u1")
    yield "bool", np.array([True, False, True])
    yield "bytes", np.array([b"yes", b"no", b"y"])
    yield "u8large", np.array([2**63, 1], dtype="u8")
    yield "special", np.array([np.nan, np.inf, -np.inf, 1.0])
    yield "empty", np.array([], dtype="f8")
    matrix = np.arange(12, dtype="f4").reshape(4, 3) / 8
    yield "matrix", matrix
    yield "fortran", np.asfortranarray(matrix)
    yield "fortran-be", np.asfortranarray(matrix.astype(">f8"))


cases = []
for name, array in arrays():
    np.save(FOLDER / f"{name}.npy", array)
    columns = array.reshape(len(array), -1).T if array.size else [array]
    cases.append({"file": f"{name}.npy", "columns": [[text(value) for value in column.tolist()] for column in columns]})

np.save(FOLDER / "objects.npy", np.array([1, "a"], dtype=object), allow_pickle=True)
np.save(FOLDER / "cube.npy", np.zeros((2, 2, 2)))
np.save(FOLDER / "complex.npy", np.zeros(2, dtype=complex))
np.save(FOLDER / "records.npy", np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))
with open(FOLDER / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, np.array([0.5, 0.25]), version=(2, 0))

label = np.array([0, 1, 1, 0], dtype="i8")
score = np.array([0.1, 0.9, 0.6, 0.4])
probability = np.array([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6], [0.6, 0.4]], dtype="f4")
np.savez(FOLDER / "stored.npz", label=label, score=score, p=probability)
np.savez_compressed(FOLDER / "deflated.npz", label=label, score=score, p=probability)

table = pa.table({
    "label": pa.array(["yes", "no", "yes", "no"]),
    "score": pa.array([0.9, 0.2, 0.7, 0.4], pa.float64()),
    "number": pa.array([1, 0, 1, 0], pa.int8()),
    "flag": pa.array([True, False, True, False]),
    "decimal": pa.array([1, 0, 1, 0], pa.decimal128(9, 2)),
    "large": pa.array([2**63, 1, 2, 3], pa.uint64()),
    "gap": pa.array([0.5, None, 0.25, 0.125], pa.float32()),
    'quoted "name"': pa.array([1.5, 2.5, 3.5, 4.5], pa.float64()),
})
pq.write_table(table, FOLDER / "table.parquet", compression="zstd")
parts = FOLDER / "parts"
parts.mkdir(exist_ok=True)
pq.write_table(table.slice(0, 2), parts / "part-0.parquet", compression="snappy")
pq.write_table(table.slice(2, 2), parts / "part-1.parquet", compression="snappy")
(parts / "_SUCCESS").write_text("")

source = f"numpy {np.__version__}, pyarrow {pa.__version__}"
(FOLDER / "arrays.json").write_text(json.dumps({"source": source, "cases": cases}, indent=1, ensure_ascii=False) + "\n")
