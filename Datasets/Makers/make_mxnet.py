"""Makes files of MXNet's arrays, and models laid out as SageMaker's Linear Learner writes them, with MXNet's scores.

Models/mxnet/<name>.params are lists of arrays, of every version and storage; arrays.json has what MXNet reads from each:
names, shapes, types and the values that are stored. v0, v1, gpu and none are laid out by hand, since no MXNet at hand
writes them. Models/mxnet/linear-<task>.zip is model_algo-1 with weights of a seed; outputs.json has for each its input
and the scores that MXNet computes by its graph.

    python make_mxnet.py
"""

import json
import struct
import zipfile
from pathlib import Path

import mxnet
import numpy

ROOT = Path(__file__).resolve().parents[1] / "Models/mxnet"
ROOT.mkdir(parents=True, exist_ok=True)
GENERATOR = numpy.random.RandomState(42)
ARRAYS = {}


def numbers(array):
    return numpy.asarray(array, dtype=float).ravel().tolist()


def note(name):
    """Notes what MXNet reads from a file."""
    path = ROOT / f"{name}.params"
    loaded = mxnet.nd.load(str(path))
    named = loaded.items() if isinstance(loaded, dict) else [(None, array) for array in loaded]
    ARRAYS[path.name] = [
        {"name": key.split(":")[-1] if key else None, "shape": list(array.shape), "type": numpy.dtype(array.dtype).name,
         "values": numbers(array.data.asnumpy() if array.stype != "default" else array.asnumpy())}
        for key, array in named]


def save(name, arrays):
    mxnet.nd.save(str(ROOT / f"{name}.params"), arrays)
    note(name)


def lay_out(name, body, names=()):
    """Writes a list of one array by hand."""
    tail = struct.pack("<Q", len(names)) + b"".join(struct.pack("<Q", len(n)) + n.encode() for n in names)
    (ROOT / f"{name}.params").write_bytes(struct.pack("<QQQ", 0x112, 0, 1) + body + tail)


save("types", [mxnet.nd.array([1, 2, -3 if "int" in kind and kind[0] != "u" else 3], dtype=kind)
               for kind in ["float32", "float64", "float16", "uint8", "int32", "int8", "int64"]])
save("named", {"arg:fc0_weight": mxnet.nd.array([[1.5], [2.5]]), "aux:mean": mxnet.nd.array([1.0], dtype="float64"),
               "bare": mxnet.nd.array([[1, 2, 3], [4, 5, 6]])})
save("sparse", {"rows": mxnet.nd.sparse.row_sparse_array(([[1, 2], [3, 4]], [0, 3]), shape=(5, 2)),
                "csr": mxnet.nd.sparse.csr_matrix(([1, 2, 3], [0, 2, 1], [0, 2, 2, 3]), shape=(3, 3))})
save("centers", [mxnet.nd.array(GENERATOR.randn(3, 4))])
save("components", {"s": mxnet.nd.array([3.0, 1.0]), "v": mxnet.nd.array(GENERATOR.randn(4, 2)),
                    "mean": mxnet.nd.array(GENERATOR.randn(1, 4))})
mxnet.npx.set_np()
mxnet.npx.save(str(ROOT / "shapes.params"), {"matrix": mxnet.np.array([[1.0, 2.0]]), "number": mxnet.np.array(7.0)})
ARRAYS["shapes.params"] = [{"name": "matrix", "shape": [1, 2], "type": "float32", "values": [1.0, 2.0]},
                           {"name": "number", "shape": [], "type": "float32", "values": [7.0]}]
mxnet.npx.reset_np()
on_processor, on_gpu = struct.pack("<iii", 1, 0, 0), struct.pack("<iii", 2, 0, 0)
four = struct.pack("<4f", 1, 2, 3, 4)
lay_out("v0", struct.pack("<III", 2, 2, 2) + on_processor + four, ["a"])
lay_out("v1", struct.pack("<IIqq", 0xF993FAC8, 2, 2, 2) + on_processor + four)
lay_out("gpu", struct.pack("<IiIqq", 0xF993FAC9, 0, 2, 2, 2) + on_gpu + four)
for name in ["v0", "v1", "gpu"]:
    note(name)
lay_out("none", struct.pack("<IiI", 0xF993FAC9, 0, 0))
ARRAYS["none.params"] = [{"name": None, "shape": [], "type": "none", "values": []}]

OUTPUTS = {}
for task, operator, threshold in [("binary_classifier", "LogisticRegressionOutput", 0.4867939054965973),
                                  ("regressor", "LinearRegressionOutput", None)]:
    width = 5
    weight, bias = mxnet.nd.array(GENERATOR.randn(width, 1)), mxnet.nd.array([[0.25]])
    data, out_label = mxnet.sym.Variable("data"), mxnet.sym.Variable("out_label")
    product = mxnet.sym.dot(data, mxnet.sym.Variable("fc0_weight", shape=(width, 1)), name="dot0")
    total = mxnet.sym.broadcast_add(product, mxnet.sym.Variable("fc0_bias", shape=(1, 1)), name="broadcast_plus0")
    output = getattr(mxnet.sym, operator)(total, out_label, name=operator.lower() + "0")
    rows = GENERATOR.randn(12, width).round(3)
    made = output.bind(mxnet.cpu(), {"data": mxnet.nd.array(rows), "fc0_weight": weight, "fc0_bias": bias,
                                     "out_label": mxnet.nd.zeros((12, 1))}).forward()[0].asnumpy().ravel()
    if threshold is not None:
        threshold = float(numpy.sort(made)[7:9].mean())
    mxnet.nd.save(str(ROOT / "weights"), {"arg:fc0_weight": weight, "arg:fc0_bias": bias})
    loss = "logistic" if threshold is not None else "squared_loss"
    parts = {
        "additional-params.json": json.dumps({"threshold": threshold or 0.5, "loss_type": loss,
                                              "predictor_type": task}).encode(),
        "mx-mod-0000.params": (ROOT / "weights").read_bytes(),
        "manifest.json": b'{"mx-mod": "mxnet_module", "additional-params.json": "json", "version": 1}',
        "mx-mod-symbol.json": output.tojson().encode(),
    }
    (ROOT / "weights").unlink()
    with zipfile.ZipFile(ROOT / f"linear-{task}.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    OUTPUTS[f"linear-{task}.zip"] = {"input": rows.tolist(), "margin": [], "prediction": numbers(made),
                                     **({"threshold": threshold} if threshold is not None else {})}
for name, document in [("arrays", ARRAYS), ("outputs", OUTPUTS)]:
    (ROOT / f"{name}.json").write_text(
        "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in document.items()) + "\n}\n")
