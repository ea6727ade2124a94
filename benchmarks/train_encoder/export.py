"""Write a trained model as one ONNX file for onnxruntime.

    .cache/train/bin/python benchmarks/train_encoder/export.py MODEL ENCODER OUT [--kind dq4] [--data DATA]

MODEL is the folder that train.py wrote, ENCODER the folder with vocab.txt, OUT
the folder that receives encoder.v1.onnx and encoder.v1.json. Kinds:

fp32     32-bit floats
nbits4   MatMulNBits, 4 bits, block 32, symmetric (--level: accuracy level)
nbits8   the same with 8 bits
dq4      the same numbers as nbits4, unpacked to floats once, on loading
a8w4     the same file contents as dq4, multiplied in 8-bit integers (7-bit weights, one scale per row of activations)
int8     onnxruntime's dynamic quantisation, per channel
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from quantise import BLOCK, blocks, floats, quantise
from safetensors.numpy import load_file
from train import (
    Model,
    buckets,
    fit_temperature,
    load_tokenizer,
    predict,
    read_targets,
    read_vocab,
    split,
    versions,
)

from analysis.sentiment.encoder_input import MARKS, PLACEHOLDER, SPECIAL, WINDOW, Reader


def keep_vocabulary(vocab, texts, bound):
    """Choose the pieces that stay.

    Parameters
    ----------
    vocab : dict of str to int
        All pieces.
    texts : iterable of str
        News; every piece in them stays.
    bound : int
        ASCII pieces numbered below this stay too; 0 keeps everything.

    Returns
    -------
    dict of str to int
        Pieces that stay, in order, with their old number.
    """
    if not bound:
        return dict(vocab)
    used = set()
    tokenizer = load_tokenizer(vocab)
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        used.update(encoding.ids)
    must = {*SPECIAL.values(), *MARKS, PLACEHOLDER, "[UNK]", "<unk>"}
    return {
        p: i
        for p, i in vocab.items()
        if p in must
        or (
            not p.startswith("[unused")
            and (i in used or len(p.removeprefix("##")) == 1 or (p.isascii() and i < bound))
        )
    }


class Graph:
    """Collects nodes and initial values."""

    def __init__(self):
        self.nodes, self.values, self.count = [], [], 0

    def value(self, array, name=None):
        """Add a constant; return its name."""
        if name is None:
            self.count += 1
            name = f"c{self.count}"
        self.values.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def __call__(self, op, *inputs, domain="", outputs=1, **attributes):
        """Add a node; return the name(s) of its output(s)."""
        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        inputs = [self.value(i) if isinstance(i, np.ndarray) else i for i in inputs]
        self.nodes.append(helper.make_node(op, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names


def dequantize(g, q, scale):
    """Floats from 4-bit blocks, by a node that onnxruntime folds on loading.

    Parameters
    ----------
    g : Graph
    q : numpy.ndarray of uint8
        outputs x blocks x block.
    scale : numpy.ndarray of float16

    Returns
    -------
    str
        Name of a float matrix, inputs x outputs.
    """
    n, nb, block = q.shape
    v = np.ascontiguousarray(q.transpose(1, 2, 0).reshape(-1)) ^ 8
    g.count += 1
    name = f"c{g.count}"
    g.values.append(
        helper.make_tensor(
            name, TensorProto.INT4, [nb * block, n], (v[0::2] | v[1::2] << 4).tobytes(), raw=True
        )
    )
    return g(
        "DequantizeLinear", name, g("Cast", g.value(scale.T), to=TensorProto.FLOAT), axis=0, block_size=block
    )


def integers(g, x, matrix, weight, bias):
    """Multiply in 8-bit integers, rows of `x` scaled one by one.

    The weights are rounded to 7 bits by column when the file is loaded, so
    that no processor's sum of two products overflows 16 bits. Rows do not
    influence each other, but a difference of 1e-7 between two processors may
    tip the rounding of an activation and move a probability by .1: measured,
    not shipped.

    Parameters
    ----------
    g : Graph
    x : str
        Rows x inputs.
    matrix : str
        The float weights, inputs x outputs.
    weight : numpy.ndarray
        The same, outputs x inputs.
    bias : numpy.ndarray

    Returns
    -------
    str
        Name of rows x outputs.
    """
    scale = (np.abs(weight).max(1) / 63).astype(np.float32)
    small = g("Cast", g("Round", g("Div", matrix, scale[None])), to=TensorProto.INT8)
    step = g(
        "Mul",
        g("Max", g("ReduceMax", g("Abs", x), np.array([1]), keepdims=1), np.array([1e-6], np.float32)),
        np.array([1 / 127], np.float32),
    )
    flat = g("Reshape", step, np.array([-1]))
    zero = g("Expand", np.array([128], np.uint8), g("Shape", flat))
    q = g("QuantizeLinear", x, flat, zero, axis=0)
    y = g(
        "MatMulIntegerToFloat",
        q,
        small,
        np.array(1, np.float32),
        scale,
        np.array(128, np.uint8),
        domain="com.microsoft",
    )
    return g("Add", g("Mul", y, step), bias)


def build(w, kept, kind, level, temperature, embedding_bits, rounded):
    """Build the model.

    Parameters
    ----------
    w : dict of str to numpy.ndarray
        As train.py saves.
    kept : dict of str to int
        Pieces that stay.
    kind : str
        See above.
    level : int
        Accuracy level of MatMulNBits.
    temperature : float
        Divides the logits.
    embedding_bits : int
        32, 8 or 4.
    rounded : dict of str to (numpy.ndarray, numpy.ndarray)
        Matrices already quantised, by name; the others are rounded to
        nearest.

    Returns
    -------
    onnx.ModelProto
    """
    g = Graph()
    ms = "com.microsoft"
    width, heads = 768, 12

    def linear(x, name):
        weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
        if kind.startswith("nbits"):
            bits = int(kind[5:])
            q, scale = rounded.get(name) or blocks(weight, bits)
            if bits == 4:
                q = q[..., 0::2] | q[..., 1::2] << 4
            y = g(
                "MatMulNBits",
                x,
                q,
                scale.astype(np.float32).reshape(-1),
                domain=ms,
                K=weight.shape[1],
                N=weight.shape[0],
                bits=bits,
                block_size=BLOCK,
                accuracy_level=level,
            )
            return g("Add", y, bias)
        if kind == "a8w4":
            return integers(
                g, x, dequantize(g, *(found := rounded.get(name) or blocks(weight))), floats(*found), bias
            )
        if kind == "dq4":
            matrix = dequantize(g, *(rounded.get(name) or blocks(weight)))
        else:
            matrix = np.ascontiguousarray(weight.T)
        if kind == "int8":
            return g("Add", g("MatMul", x, matrix), bias)
        return g("Gemm", x, matrix, bias)

    def norm(x, skip, name):
        return g(
            "SkipLayerNormalization", x, skip, w[f"{name}.weight"], w[f"{name}.bias"], domain=ms, epsilon=1e-5
        )

    keep = g("Not", g("Equal", "ids", np.array(1, np.int64)))
    mask = g("Cast", keep, to=TensorProto.INT32)
    length = g("Shape", "ids", start=1, end=2)
    words = w["words.weight"][list(kept.values())]
    if embedding_bits == 32:
        x = g("Gather", words, "ids")
    elif embedding_bits == 8:
        scale = np.abs(words).max(1, keepdims=True) / 127
        x = g(
            "Mul",
            g("Cast", g("Gather", np.rint(words / scale).astype(np.int8), "ids"), to=TensorProto.FLOAT),
            g("Gather", scale.astype(np.float32), "ids"),
        )
    else:
        q, scale = blocks(words)
        packed = g(
            "Gather",
            q.reshape(len(words), -1)[:, : width // 2] | q.reshape(len(words), -1)[:, width // 2 :] << 4,
            "ids",
        )
        low = g("BitwiseAnd", packed, np.array(15, np.uint8))
        high = g("BitShift", packed, np.array(4, np.uint8), direction="RIGHT")
        v = g(
            "Sub", g("Cast", g("Concat", low, high, axis=-1), to=TensorProto.FLOAT), np.array(8, np.float32)
        )
        v = g("Reshape", v, np.array([0, 0, width // BLOCK, BLOCK]))
        s = g("Unsqueeze", g("Cast", g("Gather", scale, "ids"), to=TensorProto.FLOAT), np.array([3]))
        x = g("Reshape", g("Mul", v, s), np.array([0, 0, width]))
    places = g("Slice", w["places.weight"], np.array([0]), length, np.array([0]))
    x = g("LayerNormalization", g("Add", x, places), w["norm.weight"], w["norm.bias"], epsilon=1e-5, axis=-1)
    shape = g("Shape", x)
    two = g("Concat", length, length, axis=0)
    table = g(
        "Transpose",
        g("Gather", w["relative.weight"], g("Cast", buckets().astype(np.uint8), to=TensorProto.INT64)),
        perm=[2, 0, 1],
    )
    bias = g("Unsqueeze", g("Slice", table, np.array([0, 0]), two, np.array([1, 2])), np.array([0]))
    x = g("Reshape", x, np.array([-1, width]))
    three = g(
        "Concat",
        g("Slice", shape, np.array([0]), np.array([2]), np.array([0])),
        np.array([3 * width]),
        axis=0,
    )
    for i in range(12):
        name = f"layers.{i}"
        qkv = g("Reshape", linear(x, f"{name}.qkv"), three)
        q, k, v = g("Split", qkv, outputs=3, axis=2, num_outputs=3)
        a = g("MultiHeadAttention", q, k, v, "", mask, bias, domain=ms, num_heads=heads)
        a = linear(g("Reshape", a, np.array([-1, width])), f"{name}.o")
        x = norm(x, a, f"{name}.norm1")
        a = g("Gelu", linear(x, f"{name}.up"), domain=ms)
        x = norm(x, linear(a, f"{name}.down"), f"{name}.norm2")
    x = g("Reshape", x, shape)
    even = g("Cast", keep, to=TensorProto.FLOAT)
    even = g("Div", even, g("ReduceSum", even, np.array([1]), keepdims=1))
    pools = [
        g("Squeeze", g("MatMul", g("Unsqueeze", share, np.array([1])), x), np.array([1]))
        for share in ("target", even)
    ]
    first = g("Gather", x, np.array(0), axis=1)
    logits = g(
        "Gemm",
        g("Concat", pools[0], first, pools[1], axis=1),
        (w["head.weight"].T / temperature).astype(np.float32),
        (w["head.bias"] / temperature).astype(np.float32),
    )
    g.nodes.append(helper.make_node("Softmax", [logits], ["probabilities"], axis=1))
    graph = helper.make_graph(
        g.nodes,
        "encoder.v1",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "length"]),
            helper.make_tensor_value_info("target", TensorProto.FLOAT, ["rows", "length"]),
        ],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["rows", 3])],
        g.values,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(ms, 1)],
        ir_version=10,
        producer_name="encoder.v1",
    )
    tokenizer = load_tokenizer({p: i for i, p in enumerate(kept)})
    helper.set_model_props(
        model, {"tokenizer": tokenizer.to_str(), "window": str(WINDOW), "labels": "negative neutral positive"}
    )
    return model


def read_texts(paths):
    """Yield the texts of .txt files and the sentences of .jsonl files."""
    for path in paths:
        for file in sorted(Path(path).glob("*.txt")) if Path(path).is_dir() else [Path(path)]:
            for line in file.read_text("utf-8", errors="replace").splitlines():
                yield json.loads(line)["sentence_normalized"] if file.suffix == ".jsonl" else line


def export(
    model, encoder, out, kind="dq4", level=1, texts=(), bound=0, embedding_bits=8, data=None, targets=256
):
    """Write encoder.v1.onnx and encoder.v1.json; see the module."""
    w = load_file(Path(model) / "model.safetensors")
    card = json.loads((Path(model) / "card.json").read_text())
    kept = keep_vocabulary(read_vocab(Path(encoder) / "vocab.txt"), read_texts(texts), bound)
    rounded, temperature = {}, card["temperature"]
    if data:
        dev = {r["text"] for n in ("rw", "mt") for r in read_targets(Path(data) / f"dev_{n}.jsonl")}
        found = [r for r in read_targets(Path(data) / "train.jsonl") if r["text"] not in dev]
        found, held = split(found, float(card["settings"]["held"]))
        chosen = np.random.default_rng(0).permutation(len(found))[:targets]
        reader = Reader(load_tokenizer(read_vocab(Path(encoder) / "vocab.txt")))
        rows = reader.read([versions(found[i], np.random.default_rng(int(i)))[i % 2][0] for i in chosen])
        rounded = quantise(w, rows, reader.number["pad"])
        changed = {k + ".weight": floats(*v) for k, v in rounded.items()}
        if embedding_bits < 32:
            changed["words.weight"] = floats(*blocks(w["words.weight"], embedding_bits), embedding_bits)
        network = Model()
        network.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in {**w, **changed}.items()})
        logits = predict(network, reader.read(held), reader.number["pad"])
        temperature = round(fit_temperature(logits, np.array([r["label"] for r in held])), 4)
    made = build(w, kept, kind, level, temperature, embedding_bits, rounded)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "encoder.v1.onnx"
    onnx.save(made, path)
    if kind == "int8":
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(
            path,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    written = path.read_bytes()
    facts = {
        "name": "encoder",
        "version": "v1",
        "sha256": hashlib.sha256(written).hexdigest(),
        "bytes": len(written),
        "kind": kind,
        "level": level if kind.startswith("nbits") else None,
        "pieces": len(kept),
        "gptq": bool(rounded),
        "embedding_bits": embedding_bits,
        "temperature": temperature,
    }
    (out / "encoder.v1.json").write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kind", default="dq4", choices=["fp32", "nbits4", "nbits8", "dq4", "a8w4", "int8"])
    torch.set_num_threads(1)
    parser.add_argument("--level", type=int, default=1)
    parser.add_argument("--embedding-bits", type=int, default=8, choices=[32, 8, 4])
    parser.add_argument(
        "--bound", type=int, default=0, help="prune the vocabulary; keep ASCII pieces below this"
    )
    parser.add_argument("--texts", nargs="*", default=(), help="files or folders whose pieces all stay")
    parser.add_argument(
        "--data", type=Path, help="NewsMTSC folder, for GPTQ; without it, rounding to nearest"
    )
    a = parser.parse_args()
    print(
        json.dumps(
            export(a.model, a.encoder, a.out, a.kind, a.level, a.texts, a.bound, a.embedding_bits, a.data)
        )
    )


if __name__ == "__main__":
    main()
