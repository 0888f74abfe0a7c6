"""Makes small Keras models in the formats that it saves, and SavedModels, with what Keras says of them.

Models/keras/<version>/<name>.keras and <name>.h5 are models as save writes them, and Models/tensorflow/<version>/<name>/
SavedModels; outputs.json has for each file its tensors (by their paths in the file, as h5py or TensorFlow reads it) and,
for a stack of dense layers, an input and what predict says of it. Runs with Keras 3 and with TensorFlow's own Keras 2.

    python make_keras.py
"""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy
import tensorflow

keras.utils.set_random_seed(42)
MODELS = Path(__file__).resolve().parents[1] / "Models"
ROOT = MODELS / "keras" / keras.__version__
SAVED = MODELS / "tensorflow" / tensorflow.__version__
IS_THREE = keras.__version__.startswith("3.")
for folder in [ROOT, SAVED]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
OUTPUTS = {}
GENERATOR = numpy.random.RandomState(42)
ROWS = GENERATOR.randn(64, 4).astype("float32") * 3 + 1
TEST = GENERATOR.randn(8, 4).round(2).astype("float32") * 3
L = keras.layers


def plain(values):
    """Numbers as they are; NaN and infinities as text."""
    values = numpy.asarray(values, dtype=float)
    return [x if numpy.isfinite(x) else str(x) for x in values.ravel().tolist()]


def tensors_of(file):
    """The numbers of an HDF5 file by their paths."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            if item.dtype.kind in "iufb":
                found[name] = {"shape": list(item.shape), "type": str(item.dtype), "numbers": plain(item[()])}
            else:
                found[name] = {"shape": list(item.shape), "type": "string", "numbers": []}

    file.visititems(visit)
    return found


def note(name, tensors, model=None, inputs=TEST):
    entry = {"tensors": tensors}
    if model is not None:
        said = numpy.asarray(model.predict(inputs, verbose=0), dtype=float)
        entry.update(input=numpy.asarray(inputs, dtype=float).tolist(), prediction=said.tolist())
    OUTPUTS[name] = entry


def save(name, model, runs=True, inputs=TEST, legacy=True):
    path = ROOT / (name + ".keras")
    model.save(path)
    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as weights:
        note(path.name, tensors_of(weights), model if runs else None, inputs)
    if legacy:
        path = ROOT / (name + ".h5")
        model.save(path)
        with h5py.File(path) as weights:
            note(path.name, tensors_of(weights), model if runs else None, inputs)


def stack(*layers, fit=True, loss="mse", outputs=1):
    model = keras.Sequential([L.Input((4,)) if IS_THREE else L.InputLayer(input_shape=(4,)), *layers])
    model.compile("adam", loss=loss)
    if fit:
        model.fit(ROWS, GENERATOR.randn(64, model.output_shape[-1]).astype("float32"), epochs=3, verbose=0)
    return model


activations = ["linear", "relu", "sigmoid", "softmax", "tanh", "elu", "selu", "gelu", "softplus", "softsign",
               "exponential", "hard_sigmoid", "swish"] + (
    ["relu6", "silu", "leaky_relu", "mish", "log_softmax", "hard_silu"] if IS_THREE else [])
for name in activations:
    model = stack(L.Dense(3, activation=name), L.Dense(2), fit=False)
    for layer in model.layers:
        layer.set_weights([GENERATOR.randn(*w.shape) / 2 for w in layer.get_weights()])
    save("activation-" + name, model, legacy=False)

save("binary", stack(L.Dense(3, activation="relu", name="d1"), L.Dense(1, activation="sigmoid", name="d2")))
save("multiclass", stack(L.Dense(5, activation="tanh"), L.Dropout(0.5), L.Dense(3, activation="softmax")))
save("no-bias", stack(L.Dense(3, use_bias=False), L.Dense(1, use_bias=False)))
norm = L.BatchNormalization
save("normalized", stack(norm(name="zz"), L.Dense(4), norm(scale=False), L.Activation("relu"), L.Dense(3, name="aa"),
                         norm(center=False, epsilon=0.01), L.GaussianNoise(0.1), L.Dense(1)))
adapted = L.Normalization(axis=-1)
adapted.adapt(ROWS)
save("adapted", stack(adapted, L.Dense(2), fit=False))
save("given", stack(L.Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[1.0, 4.0, 0.0, 2.0]), L.Dense(2), fit=False))
save("rescaled", stack(L.Rescaling(1 / 255.0, offset=-1.0), L.Flatten(), L.Dense(2), L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5),
                       L.Dense(2), L.LeakyReLU(), L.Dense(3), L.ELU(alpha=0.5), L.Dense(2), L.Softmax(), fit=False))
many = []
for _ in range(12):
    many += [L.Dense(3, activation="tanh")]
save("deep", stack(*many, L.Dense(1)))
entry = keras.Input((4,), name="features")
hidden = L.Dense(3, activation="relu", name="zeta")(entry)
hidden = L.Dense(3, activation="relu", name="alpha")(L.Dropout(0.1)(hidden))
functional = keras.Model(entry, L.Dense(2, name="middle")(hidden))
functional.compile("sgd", loss="mse")
functional.fit(ROWS, ROWS[:, :2], epochs=2, verbose=0)
save("functional", functional)

# What does not run here. The function comes from a text, so that no path of a machine is in its code.
skip = keras.Model(entry, L.Add()([L.Dense(3)(entry), L.Dense(3)(entry)]))
save("skip", skip, runs=False)
save("lambda", stack(L.Lambda(eval("lambda x: x * 2")), L.Dense(1), fit=False), runs=False)
images = keras.Sequential([L.Input((8, 8, 1)) if IS_THREE else L.InputLayer(input_shape=(8, 8, 1)),
                           L.Conv2D(2, 3), L.Flatten(), L.Dense(2)])
save("convolution", images, runs=False)


@keras.saving.register_keras_serializable(package="own")
class Doubled(L.Layer):
    def call(self, inputs):
        return inputs * 2


save("custom", stack(Doubled(), L.Dense(1), fit=False), runs=False)
broken = stack(L.Dense(2), fit=False)
broken.layers[-1].set_weights([numpy.full((4, 2), numpy.nan), numpy.array([numpy.inf, 0])])
save("broken", broken, runs=False)
OUTPUTS_PATH = ROOT / "weights-only.weights.h5"
functional.save_weights(OUTPUTS_PATH)
with h5py.File(OUTPUTS_PATH) as weights:
    note(OUTPUTS_PATH.name, tensors_of(weights))

# HDF5 as h5py writes it otherwise: chunks, compression, newer headers, types.
for name, options in [("earliest", {}), ("v108", {"libver": ("earliest", "v108")}), ("latest", {"libver": "v108"})]:
    path = ROOT / f"plain-{name}.h5"
    with h5py.File(path, "w", **options) as file:
        grid = GENERATOR.randn(7, 10).astype("float32")
        file.attrs["text"] = "a text"
        file.attrs["names"] = ["one", "two"]
        file.attrs["fixed"] = numpy.array([b"one", b"three"])
        group = file.create_group("group/inner")
        group.create_dataset("contiguous", data=grid)
        if name != "latest":
            group.create_dataset("chunked", data=grid, chunks=(3, 4))
            group.create_dataset("packed", data=grid, chunks=(3, 4), compression="gzip", shuffle=True, fletcher32=True)
            file.create_dataset("resizable", data=numpy.arange(300), maxshape=(None,), chunks=(16,))
        for kind in ["i1", "i2", "<i4", ">i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", ">f8", "?"]:
            if name != "latest" or kind in ["f4", "?"]:
                file.create_dataset("types/" + numpy.dtype(kind).str[1:] + ("big" if ">" in kind else ""),
                                    data=numpy.array([0, 1, 1, 0], dtype=kind))
        file.create_dataset("scalar", data=2.5)
        file.create_dataset("empty", shape=(0, 3), dtype="f4")
        file.create_dataset("unwritten", shape=(2, 2), dtype="f4")
    with h5py.File(path) as file:
        found = tensors_of(file)
        for entry in found.values():
            entry["type"] = numpy.dtype(entry["type"]).newbyteorder("=").name
        note(path.name, found)

# SavedModels.
served = tensorflow.Module()
for name, model in [("dense", stack(L.Dense(3, activation="relu", name="d1"), L.Dense(1, name="d2"))), ("broken", broken)]:
    folder = SAVED / name
    (model.export if IS_THREE else model.save)(str(folder), **({"verbose": False} if IS_THREE else {}))
    reader = tensorflow.train.load_checkpoint(str(folder / "variables" / "variables"))
    kinds = reader.get_variable_to_dtype_map()
    found = {}
    for key, shape in reader.get_variable_to_shape_map().items():
        kind = kinds[key].name
        numbers = [] if kind == "string" else plain(reader.get_tensor(key))
        found[key] = {"shape": list(shape), "type": kind, "numbers": numbers}
    loaded = tensorflow.saved_model.load(str(folder))
    ports = {}
    for signature, function in loaded.signatures.items():
        inputs = function.structured_input_signature[1]
        ports[signature] = {
            "inputs": {key: [value.dtype.name, value.shape.as_list()] for key, value in inputs.items()},
            "outputs": {key: [value.dtype.name, value.shape.as_list()] for key, value in function.structured_outputs.items()}}
    (SAVED / f"{name}.json").write_text(json.dumps({"tensors": found, "signatures": ports}, indent=1) + "\n")
    shutil.rmtree(folder / "assets", ignore_errors=True)


class Reading(tensorflow.Module):
    @tensorflow.function(input_signature=[tensorflow.TensorSpec([], tensorflow.string)])
    def __call__(self, name):
        return tensorflow.io.read_file(name)


tensorflow.saved_model.save(Reading(), str(SAVED / "reading"))
shutil.rmtree(SAVED / "reading" / "assets", ignore_errors=True)
(ROOT / "outputs.json").write_text(json.dumps(OUTPUTS) + "\n")
