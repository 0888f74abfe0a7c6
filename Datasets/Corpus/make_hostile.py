"""Writes hostile/ and hostile.json: artifacts that are made to do harm, and what has to be said of each.

Every file is put together byte by byte; none is ever loaded, by this program or another. The command that the
pickles name prints a word. Run by any Python from 3.9 on, without packages: python3 make_hostile.py
"""

import bz2
import gzip
import io
import json
import lzma
import shutil
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "hostile"
MODELS = HERE.parent / "Models"
EXPECTED = []


def write(name, content, code, *, inspect=1, verify=1, options=()):
    """Writes a file, with the code of the finding or the words of the error that it has to have."""
    (FOLDER / name).write_bytes(content)
    EXPECTED.append({
        "file": name, "expected": code, "inspect": inspect, "verify": verify, "options": list(options),
    })


# Pickles, opcode by opcode (Python's Lib/pickletools.py).

def text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def integer(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def binary(value):
    return b"B" + struct.pack("<I", len(value)) + value


def mapping(entries):
    return b"}(" + b"".join(text(key) + value for key, value in entries) + b"u"


def sequence(*values):
    return b"(" + b"".join(values) + b"t"


def named(module, name):
    return f"c{module}\n{name}\n".encode()


def call(module, name, *arguments):
    return named(module, name) + sequence(*arguments) + b"R"


def thing(module, name, state):
    return named(module, name) + b")\x81" + mapping(state) + b"b"


def pickle(value, protocol=4):
    return bytes([0x80, protocol]) + value + b"."


NONE, TRUE, FALSE = b"N", b"\x88", b"\x89"


def dtype(code, order="<"):
    return call("numpy", "dtype", text(code), FALSE, TRUE) + sequence(
        integer(3), text(order), NONE, NONE, NONE, integer(-1), integer(-1), integer(0)) + b"b"


def array(shape, kind, data):
    return call("numpy.core.multiarray", "_reconstruct", named("numpy", "ndarray"),
                sequence(integer(0)), binary(b"b")) + sequence(
        integer(1), sequence(*map(integer, shape)), kind, FALSE, data) + b"b"


def doubles(*values, shape=None):
    return array(shape or [len(values)], dtype("f8"), binary(struct.pack(f"<{len(values)}d", *values)))


def integers(*values):
    return array([len(values)], dtype("i8"), binary(struct.pack(f"<{len(values)}q", *values)))


def joblib_array(shape, kind, raw):
    return thing("joblib.numpy_pickle", "NumpyArrayWrapper", [
        ("subclass", named("numpy", "ndarray")), ("shape", sequence(*map(integer, shape))),
        ("order", text("C")), ("dtype", kind), ("allow_mmap", FALSE)]) + raw


ECHO = sequence(text("echo executed"))
SYSTEM = named("posix", "system")
ATTACK = SYSTEM + ECHO + b"R"
DANGEROUS, OUTSIDE, BROKEN = "code.dangerous_global", "code.outside_request", "pickle.broken"


def roads():
    """Every way by which a pickle reaches for something to call."""
    write("global.pkl", pickle(ATTACK), DANGEROUS)
    write("protocol-0.pkl", b"cposix\nsystem\n(Vecho executed\ntR.", DANGEROUS)
    write("stack-global.pkl", pickle(text("os") + text("system") + b"\x93" + ECHO + b"R"), DANGEROUS)
    write("stack-global-memo.pkl",
          pickle(text("os") + b"q\x000" + text("system") + b"q\x010h\x00h\x01\x93" + ECHO + b"R"), DANGEROUS)
    write("inst.pkl", b"(" + text("echo executed") + b"iposix\nsystem\n.", DANGEROUS)
    write("obj.pkl", pickle(b"(" + SYSTEM + text("echo executed") + b"o", 2), DANGEROUS)
    write("newobj.pkl", pickle(named("subprocess", "Popen") + ECHO + b"\x81"), DANGEROUS)
    write("newobj-ex.pkl", pickle(named("subprocess", "Popen") + b")}\x92"), DANGEROUS)
    write("build.pkl", pickle(call("collections", "OrderedDict") + b"}" + text("__setstate__") + SYSTEM
                              + b"sb" + text("echo executed") + b"b"), DANGEROUS)
    write("build-class.pkl", pickle(named("sklearn.pipeline", "Pipeline") + mapping([("predict", NONE)])
                                    + b"b"), OUTSIDE)
    write("reduce-returned.pkl", pickle(named("numpy", "dtype") + b")R)R"), OUTSIDE)
    write("ext1.pkl", pickle(b"\x82\x01"), OUTSIDE)
    write("ext2.pkl", pickle(b"\x83\x01\x01"), OUTSIDE)
    write("ext4.pkl", pickle(b"\x84\x01\x00\x00\x00"), OUTSIDE)
    write("persid.pkl", pickle(b"Pkey\n"), OUTSIDE)
    write("binpersid.pkl", pickle(text("key") + b"Q"), OUTSIDE)
    write("eval.pkl", pickle(call("builtins", "eval", text("1"))), DANGEROUS)
    write("python-2-eval.pkl", pickle(call("__builtin__", "eval", text("1")), 2), DANGEROUS)
    write("getattr.pkl", pickle(call("builtins", "getattr", named("builtins", "int"), text("x"))), DANGEROUS)
    write("library-module.pkl", pickle(text("sklearn.base") + text("os.system") + b"\x93" + ECHO + b"R"),
          DANGEROUS)
    write("partial.pkl", pickle(call("functools", "partial", SYSTEM)), DANGEROUS)
    write("unknown-class.pkl", pickle(named("__main__", "Model") + b")\x81"), "code.unknown_global")
    write("numpy-function.pkl", pickle(call("numpy.testing._private.utils", "runstring", text("1"), NONE)),
          DANGEROUS)
    write("thrown-away.pkl", pickle(NONE + ATTACK + b"0"), DANGEROUS)
    write("beside-a-model.pkl", pickle(sequence(logistic_regression(), ATTACK)), DANGEROUS)
    write("in-a-dictionary.pkl", pickle(mapping([("x", doubles(1, 2)), ("y", ATTACK)])), DANGEROUS)
    write("object-array.pkl", pickle(array([1], dtype("O", "|"), b"]" + ATTACK + b"a")), DANGEROUS)
    write("object-array.joblib", pickle(joblib_array([1], dtype("O", "|"), pickle(ATTACK))), DANGEROUS)
    write("object-array-in-another.joblib",
          pickle(joblib_array([1], dtype("O", "|"), pickle(joblib_array([1], dtype("O", "|"), pickle(ATTACK))))),
          DANGEROUS)
    write("after-raw-array.joblib",
          pickle(joblib_array([2], dtype("f8"), b"." * 16) + ATTACK + b"\x86", 3), DANGEROUS)
    write("before-a-cut.pkl", b"\x80\x04" + ATTACK, DANGEROUS)
    write("second-pickle.pkl", pickle(ATTACK) + pickle(NONE), DANGEROUS)
    write("behind-a-pickle.pkl", pickle(logistic_regression()) + pickle(ATTACK), BROKEN)


def zstandard(content):
    """A frame of one raw block (RFC 8878)."""
    return (b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(content))
            + struct.pack("<I", len(content) << 3 | 1)[:3] + content)


def lz4(content):
    """A frame of one block that is stored as it is, without checksums."""
    return (b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", len(content) | 1 << 31) + content
            + b"\0\0\0\0")


COMPRESSIONS = {
    "gz": lambda content: gzip.compress(content, mtime=0), "zlib": zlib.compress, "bz2": bz2.compress,
    "xz": lzma.compress, "lzma": lambda content: lzma.compress(content, lzma.FORMAT_ALONE),
    "zst": zstandard, "lz4": lz4,
}


def compressions():
    """The same behind every compression, as a file and in archives."""
    attack = pickle(ATTACK)
    for suffix, compress in COMPRESSIONS.items():
        write(f"attack.pkl.{suffix}", compress(attack), DANGEROUS)
        write(f"member-{suffix}.tar", tar([("model.joblib", compress(attack))]), DANGEROUS)
        if suffix != "zlib":
            write(f"attack.tar.{suffix}", compress(tar([("model.pkl", attack)])), DANGEROUS)
    write("attack.zip", zipped([("model.pkl", attack)]), DANGEROUS)
    write("zip-in-tar.tar", tar([("model.zip", zipped([("inner/model.pkl", attack)]))]), DANGEROUS)
    write("npz-with-pickle.npz",
          zipped([("x.npy", npy("|O", "(1,)", attack))]), "model.unsupported_content", verify=2)
    write("torch.pt", zipped([("m/data.pkl", attack), ("m/version", b"3\n"), ("m/data/0", b"")]), DANGEROUS)
    write("other-name.tar.gz", gzip.compress(tar([("weights.txt", attack)]), mtime=0), DANGEROUS)
    write("second-member.tar", tar([("model.pkl", pickle(logistic_regression())), ("z.bin", attack)]),
          DANGEROUS)


def bombs():
    """Small files that become large ones."""
    doubled = b"(]q\x00" + b"".join(
        b"](h" + bytes([level]) + b"h" + bytes([level]) + b"eq" + bytes([level + 1]) for level in range(200)) + b"t"
    write("memo-doubling.pkl", pickle(doubled), "model.unsupported", verify=2)
    def packed(content):
        return gzip.compress(content, mtime=0)

    write("depth.pkl.gz", packed(pickle(b"]" * 100_000 + b"a" * 99_999)), "model.unsupported", verify=2)
    write("depth-tuples.pkl.gz", packed(pickle(b"N" + b"\x85" * 100_000)), "model.unsupported", verify=2)
    write("depth-arrays.joblib.gz", packed(nested_arrays(1_000)), BROKEN)
    write("depth.json.gz", packed(b"[" * 100_000 + b"]" * 100_000), "archive.unknown_format")
    for name, claim in [("bytes8", b"\x8e"), ("unicode8", b"\x8d"), ("bytearray8", b"\x96"), ("frame", b"\x95")]:
        write(f"claim-{name}.pkl", pickle(claim + struct.pack("<Q", 1 << 60)), BROKEN)
    write("claim-long4.pkl", pickle(b"\x8b" + struct.pack("<i", 0x7FFFFFFF)), BROKEN)
    write("claim-negative.pkl", pickle(b"\x8b" + struct.pack("<i", -1)), BROKEN)
    write("claim-memo.pkl", pickle(b"Nr" + struct.pack("<I", 0xFFFFFFFF)), "model.unsupported", verify=2)
    write("claim-text-integer.pkl", pickle(b"L" + b"9" * 60_000 + b"L\n"), "model.unsupported", verify=2)
    zeros = bytes(8 << 20)
    member = ["--max-member-size", "1M"]
    for suffix in ["gz", "zlib", "bz2", "xz", "lzma"]:
        write(f"bomb.{suffix}", COMPRESSIONS[suffix](zeros), "--max-memory", inspect=2, verify=2,
              options=["--max-memory", "6M"])
        write(f"bomb-{suffix}.tar", tar([("x", COMPRESSIONS[suffix](zeros))]), "--max-member-size", inspect=2,
              verify=2, options=member)
    write("bomb.zip", zipped([("x", zeros)], zipfile.ZIP_DEFLATED), "--max-member-size", inspect=2, verify=2,
          options=member)
    write("bomb-many.zip", zipped([(f"{n}", zeros[:1 << 20]) for n in range(40)], zipfile.ZIP_DEFLATED),
          "--max-memory", inspect=2, verify=2, options=["--max-memory", "32M"])
    write("bomb-overlapping.zip", overlapping(zeros, 60), "model.unsupported_content",
          verify=2)
    write("bomb.tar.gz", gzip.compress(tar([("x", zeros)]), mtime=0), "--max-member-size", inspect=2, verify=2,
          options=member)
    write("sparse.tar", sparse(1 << 40), "--max-member-size", inspect=2, verify=2, options=member)
    write("members.tar.xz", lzma.compress(many_members(100_001), preset=9 | lzma.PRESET_EXTREME), "archive.limit")
    write("pax-header.tar.gz", packed(tar([("x", b"")], pax={"comment": "a" * 10_000_000})), "archive.damaged")
    write("member-claim.tar", claimed_size(tar([("model.pkl", b"N.")])), "archive.damaged")


def nested_arrays(depth):
    """Arrays of objects inside one another, each a pickle of its own."""
    content = pickle(NONE)
    for _ in range(depth):
        content = pickle(joblib_array([1], dtype("O", "|"), content))
    return content


def tar(files, pax=None):
    """An archive; a file is a path and its bytes, or a TarInfo."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT if pax else tarfile.USTAR_FORMAT,
                      pax_headers=pax) as archive:
        for file in files:
            if isinstance(file, tarfile.TarInfo):
                archive.addfile(file)
            else:
                info = tarfile.TarInfo(file[0])
                info.size = len(file[1])
                archive.addfile(info, io.BytesIO(file[1]))
    return buffer.getvalue()


def special(path, kind, link=""):
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, link
    return info


def many_members(count):
    """Empty files; written by hand, as tarfile takes its time."""
    parts = []
    for number in range(count):
        header = bytearray(512)
        header[0:6] = b"%06d" % number
        header[100:108] = b"0000644\0"
        header[124:136] = b"00000000000\0"
        header[136:148] = b"00000000000\0"
        header[148:156] = b" " * 8
        header[156] = 0x30
        header[257:265] = b"ustar\x0000"
        header[148:156] = b"%06o\0 " % sum(header)
        parts.append(bytes(header))
    return b"".join(parts) + bytes(1024)


def sparse(size):
    """A member of GNU's sparse format that is nearly all hole."""
    header = bytearray(512)
    header[0:1] = b"x"
    header[100:108] = b"0000644\0"
    header[124:136] = b"00000000001\0"
    header[136:148] = b"00000000000\0"
    header[148:156] = b" " * 8
    header[156:157] = b"S"
    header[257:265] = b"ustar  \0"
    # One piece of one byte at the end; large numbers are binary.
    header[386:398] = b"\x80" + bytes(3) + struct.pack(">Q", size - 1)
    header[398:410] = b"00000000001\0"
    header[483:495] = b"\x80" + bytes(3) + struct.pack(">Q", size)
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + bytes(512 + 1024)


def claimed_size(content):
    """The same archive, whose first member says that it has 8 GB."""
    header = bytearray(content[:512])
    header[124:136] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content[512:]


def zipped(files, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path), content, method, 9)
    return buffer.getvalue()


def overlapping(content, count):
    """A directory of many members that are all the same bytes (Fifield 2019)."""
    one = zipped([("0", content)], zipfile.ZIP_DEFLATED)
    start = one.index(b"PK\1\2")
    end = one.index(b"PK\5\6")
    entry = one[start:end]
    entries = b"".join(entry[:-1] + bytes([0x30 + number]) for number in range(count))
    return one[:start] + entries + b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(entries), start, 0)


def archives():
    """Archives that reach outside, or are not what they seem."""
    model = pickle(logistic_regression())
    for name, path in [("parent", "../model.pkl"), ("inner-parent", "a/../../model.pkl"),
                       ("absolute", "/model.pkl"), ("only-parent", "..")]:
        write(f"path-{name}.tar", tar([(path, model)]), "archive.path_escape")
        write(f"path-{name}.zip", zipped([(path, model)]), "archive.path_escape")
    for name, kind in [("symbolic-link", tarfile.SYMTYPE), ("hard-link", tarfile.LNKTYPE)]:
        write(f"{name}.tar", tar([special("model.pkl", kind, "/etc/passwd")]), "archive.empty")
    for name, kind in [("character-device", tarfile.CHRTYPE), ("block-device", tarfile.BLKTYPE),
                       ("pipe", tarfile.FIFOTYPE)]:
        write(f"{name}.tar", tar([special("model.pkl", kind)]), "archive.empty")
    write("duplicate.tar", tar([("model.pkl", model), ("model.pkl", pickle(ATTACK))]), DANGEROUS)
    write("duplicate-harmless.tar", tar([("model.pkl", model), ("./model.pkl", model)]),
          "archive.duplicate_member")
    write("duplicate.zip", zipped([("model.pkl", model), ("model.pkl", model)]), "archive.duplicate_member")
    whole = gzip.compress(tar([("model.pkl", model)]), mtime=0)
    for name, count in [("header", 5), ("first-quarter", len(whole) // 4), ("half", len(whole) // 2),
                        ("checksum", len(whole) - 6), ("last-byte", len(whole) - 1)]:
        write(f"cut-{name}.tar.gz", whole[:count], "archive.damaged")
    write("wrong-checksum.tar.gz", whole[:-8] + bytes(4) + whole[-4:], "archive.damaged")
    write("behind.tar.gz", whole + b"more", "archive.damaged")
    write("cut.tar", tar([("model.pkl", model)])[:700], "archive.damaged")
    write("cut.zip", zipped([("model.pkl", model)])[:-30], "archive.damaged")
    write("empty", b"", "archive.unknown_format")
    write("empty.tar", bytes(1024), "archive.empty")
    write("lrzip.tar.gz", gzip.compress(b"LRZI\0\6" + bytes(600), mtime=0), "archive.unknown_format")
    write("script.tar", tar([("setup.py", b"import os"), ("run.sh", b"#!/bin/sh\n")]),
          "model.unsupported_content", verify=2)


# Structures that do not hold together.

def logistic_regression(coefficients=None, intercepts=None, classes=None):
    return thing("sklearn.linear_model._logistic", "LogisticRegression", [
        ("coef_", coefficients or doubles(1, 2, shape=[1, 2])), ("intercept_", intercepts or doubles(0.5)),
        ("classes_", classes or integers(0, 1)), ("_sklearn_version", text("1.9.1"))])


def tree(nodes, count=None):
    """A decision tree of nodes: left, right, feature, threshold."""
    fields = [("left_child", "i8"), ("right_child", "i8"), ("feature", "i8"), ("threshold", "f8")]
    kind = call("numpy", "dtype", text("V32"), FALSE, TRUE) + sequence(
        integer(3), text("|"), NONE, b"](" + b"".join(text(name) for name, _ in fields) + b"e",
        mapping([(name, sequence(dtype(code), integer(8 * index))) for index, (name, code) in enumerate(fields)]),
        integer(32), integer(1), integer(16)) + b"b"
    raw = b"".join(struct.pack("<qqqd", *node) for node in nodes)
    state = mapping([
        ("max_depth", integer(1)), ("node_count", integer(count or len(nodes))),
        ("nodes", array([len(nodes)], kind, binary(raw))),
        ("values", doubles(*([1.0, 0.0] * len(nodes)), shape=[len(nodes), 1, 2]))])
    inner = call("sklearn.tree._tree", "Tree", integer(2), integers(2), integer(1)) + state + b"b"
    return pickle(thing("sklearn.tree._classes", "DecisionTreeClassifier", [
        ("criterion", text("gini")), ("splitter", text("best")), ("classes_", integers(0, 1)), ("tree_", inner),
        ("_sklearn_version", text("1.9.1"))]))


LEAF = (-1, -1, -2, -2.0)


def npy(kind, shape, content):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + content


def changed_json(path, change):
    value = json.loads((MODELS / path).read_text())
    change(value)
    return json.dumps(value).encode()


def changed_text(path, old, new):
    content = (MODELS / path).read_text()
    assert old in content, old
    return content.replace(old, new, 1).encode()


def structures():
    """Models whose parts contradict each other."""
    wrong = "model.broken"
    write("tree-cycle.pkl", tree([(1, 2, 0, 0.5), (0, 2, 0, 0.5), LEAF]), wrong)
    write("tree-own-child.pkl", tree([(0, 1, 0, 0.5), LEAF, LEAF]), wrong)
    write("tree-child-outside.pkl", tree([(1, 1_000, 0, 0.5), LEAF, LEAF]), wrong)
    write("tree-child-huge.pkl", tree([(1, 1 << 60, 0, 0.5), LEAF, LEAF]), wrong)
    write("tree-child-negative.pkl", tree([(1, -7, 0, 0.5), LEAF, LEAF]), wrong)
    write("tree-feature-outside.pkl", tree([(1, 2, 99, 0.5), LEAF, LEAF]), wrong)
    write("tree-without-nodes.pkl", tree([]), wrong)
    write("elements-2-60.pkl", pickle(logistic_regression(
        array([1 << 60], dtype("f8"), binary(b"")))), wrong)
    write("elements-overflow.pkl", pickle(logistic_regression(
        array([1 << 62, 1 << 62], dtype("f8"), binary(b"")))), wrong)
    write("elements-negative.pkl", pickle(logistic_regression(
        array([-1], dtype("f8"), binary(bytes(8))))), wrong)
    write("elements-2-60.joblib", pickle(joblib_array([1 << 60], dtype("f8"), bytes(8)), 3), BROKEN)
    write("lengths-differ.pkl", pickle(logistic_regression(intercepts=doubles(1, 2, 3))), wrong)
    write("classes-differ.pkl", pickle(logistic_regression(classes=integers(0, 1, 2, 3))), wrong)
    own = b"]q\x00h\x00a"
    write("own-element.pkl", pickle(own), "model.unsupported", verify=2)
    write("own-step.pkl", pickle(
        named("sklearn.pipeline", "Pipeline") + b")\x81q\x00" + mapping(
            [("steps", b"](" + sequence(text("step"), b"h\x00") + b"e")]) + b"b"), wrong)

    booster = "xgboost/3.2.0/binary-logistic.json"

    def of_first_tree(**values):
        def change(model):
            first = model["learner"]["gradient_booster"]["model"]["trees"][0]
            for name, value in values.items():
                first[name] = value(first[name]) if callable(value) else value
        return changed_json(booster, change)

    write("booster-cycle.json", of_first_tree(left_children=lambda old: [0] + old[1:]), wrong)
    write("booster-child-outside.json", of_first_tree(left_children=lambda old: [1 << 30] + old[1:]), wrong)
    write("booster-lengths.json", of_first_tree(split_conditions=lambda old: old[:-1]), wrong)
    write("booster-feature.json", of_first_tree(split_indices=lambda old: [1 << 30] + old[1:]), wrong)
    write("booster-trees.json", changed_json(booster, lambda model: model["learner"]["gradient_booster"]["model"][
        "gbtree_model_param"].update(num_trees="999999999999")), wrong)
    write("booster-count.ubj", b"{L" + struct.pack(">q", 7) + b"learner[$d#L" + struct.pack(">q", 1 << 60), wrong)
    write("booster-text.ubj", b"{L" + struct.pack(">q", 7) + b"learnerSL" + struct.pack(">q", 1 << 60), wrong)
    write("booster-depth.ubj.gz", gzip.compress(
        b"{L" + struct.pack(">q", 7) + b"learner" + b"[" * 100_000, mtime=0), wrong)

    light = "lightgbm/4.7.0/binary.txt"
    write("light-leaves.txt", changed_text(light, "num_leaves=", "num_leaves=9999999999"), wrong)
    write("light-negative-leaves.txt", changed_text(light, "num_leaves=", "num_leaves=-"), wrong)
    write("light-child.txt", changed_text(light, "left_child=", "left_child=99999 "), wrong)
    write("light-classes.txt", changed_text(light, "num_class=1", "num_class=999999999"), wrong)

    header = b'{"x":{"dtype":"F32","shape":[1152921504606846976,16],"data_offsets":[0,8]}}'
    write("elements.safetensors", struct.pack("<Q", len(header)) + header + bytes(8), wrong)
    write("header.safetensors", struct.pack("<Q", 1 << 60) + header, "archive.unknown_format")
    overlap = (b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
               b'"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}')
    write("overlap.safetensors", struct.pack("<Q", len(overlap)) + overlap + bytes(12), wrong)

    # A model of one node whose initializer says that it has 2^60 elements.
    tensor = protobuf(1, 1 << 60) + protobuf(2, 1) + protobuf(8, b"w") + protobuf(9, b"")
    graph = protobuf(1, protobuf(4, b"Identity") + protobuf(1, b"w") + protobuf(2, b"y")) + protobuf(5, tensor)
    model = protobuf(1, 8) + protobuf(7, graph) + protobuf(8, protobuf(2, 13))
    write("elements.onnx", model, wrong)
    write("length.onnx", protobuf(1, 8) + b"\x3a" + varint(1 << 60), wrong)
    cycle = protobuf(1, protobuf(4, b"Identity") + protobuf(1, b"a") + protobuf(2, b"b"))
    cycle += protobuf(1, protobuf(4, b"Identity") + protobuf(1, b"b") + protobuf(2, b"a"))
    cycle += protobuf(12, protobuf(1, b"a"))
    write("cycle.onnx", protobuf(1, 8) + protobuf(7, cycle) + protobuf(8, protobuf(2, 13)), wrong)

    file = bytearray((MODELS / "keras/3.15.1/binary.h5").read_bytes())
    # The superblock's address of the root group leads to itself, and beyond the end.
    for name, address in [("itself", 0), ("outside", 1 << 60)]:
        changed = bytearray(file)
        changed[64:72] = struct.pack("<Q", address)
        write(f"root-{name}.h5", bytes(changed), wrong)
    arrays = struct.pack("<QQQ", 0x112, 0, 1 << 60)
    write("arrays.params", arrays, wrong)
    write("shape.params", struct.pack("<QQQIiI", 0x112, 0, 1, 0xF993FAC9, 0, 2) + struct.pack(
        "<QQ", 1 << 60, 1 << 60), wrong)


def varint(value):
    encoded = b""
    while value > 0x7F:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])


def protobuf(field, value):
    if isinstance(value, int):
        return varint(field << 3) + varint(value)
    return varint(field << 3 | 2) + varint(len(value)) + value


shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir()
roads()
compressions()
bombs()
archives()
structures()
lines = ",\n".join("  " + json.dumps(entry) for entry in EXPECTED)
(HERE / "hostile.json").write_text(
    '{\n"source": "Datasets/Corpus/make_hostile.py",\n"cases": [\n' + lines + "\n]\n}\n")
