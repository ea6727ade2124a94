"""Builds the encoder as an ONNX graph, from trained weights and their rounded forms."""

from __future__ import annotations

import numpy as np
from network import buckets
from onnx import TensorProto, helper, numpy_helper
from quantise import BLOCK, blocks, floats
from reading import load_tokenizer

from analysis.sentiment.encoder_input import WINDOW


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


def dequantize(g, q, scale, bits=4):
    """Floats from blocks, by a node that onnxruntime folds on loading.

    Parameters
    ----------
    g : Graph
    q : numpy.ndarray of uint8
        outputs x blocks x block.
    scale : numpy.ndarray of float16
    bits : int
        4 or 8.

    Returns
    -------
    str
        Name of a float matrix, inputs x outputs.
    """
    n, nb, block = q.shape
    v = np.ascontiguousarray(q.transpose(1, 2, 0).reshape(-1)) ^ 2 ** (bits - 1)
    kind, data = (TensorProto.INT8, v) if bits == 8 else (TensorProto.INT4, v[0::2] | v[1::2] << 4)
    g.count += 1
    name = f"c{g.count}"
    g.values.append(helper.make_tensor(name, kind, [nb * block, n], data.tobytes(), raw=True))
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


def build(w, kept, kind, level, temperature, embedding_bits, rounded, name="encoder"):
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
    name : str
        The scorer's.

    Returns
    -------
    onnx.ModelProto
    """
    g = Graph()
    ms = "com.microsoft"
    width, heads = w["words.weight"].shape[1], w["relative.weight"].shape[1]
    layers = 1 + max(int(name.split(".")[1]) for name in w if name.startswith("layers."))
    every = w["head.weight"].shape[1] == 3 * width

    def linear(x, name, part=slice(None)):
        weight, bias = w[f"{name}.weight"][part], w[f"{name}.bias"][part]
        found = tuple(one[part] for one in rounded[name]) if name in rounded else None
        if kind.startswith("nbits"):
            bits = int(kind[5:])
            q, scale = found or blocks(weight, bits)
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
            found = found or blocks(weight)
            return integers(g, x, dequantize(g, *found), floats(*found), bias)
        if kind in ("dq4", "dq8"):
            bits = int(kind[2:])
            matrix = dequantize(g, *(found or blocks(weight, bits)), bits)
        else:
            matrix = np.ascontiguousarray(weight.T)
        if kind == "int8":
            return g("Add", g("MatMul", x, matrix), bias)
        return g("Gemm", x, matrix, bias)

    def norm(x, skip, name):
        weights = w[f"{name}.weight"], w[f"{name}.bias"]
        if every:
            return g("SkipLayerNormalization", x, skip, *weights, domain=ms, epsilon=1e-5)
        # a seventh faster for narrow layers
        return g("LayerNormalization", g("Add", x, skip), *weights, epsilon=1e-5, axis=-1)

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
    bias = ""
    if w["relative.weight"].any():
        two = g("Concat", length, length, axis=0)
        table = g(
            "Transpose",
            g("Gather", w["relative.weight"], g("Cast", buckets().astype(np.uint8), to=TensorProto.INT64)),
            perm=[2, 0, 1],
        )
        bias = g("Unsqueeze", g("Slice", table, np.array([0, 0]), two, np.array([1, 2])), np.array([0]))
    x = g("Reshape", x, np.array([-1, width]))

    def side_by_side(n):
        """The shape (rows, length, n x width), of what is split into n."""
        first = g("Slice", shape, np.array([0]), np.array([2]), np.array([0]))
        return g("Concat", first, np.array([n * width]), axis=0)

    three = side_by_side(3)

    def finish(x, a, name):
        x = norm(x, linear(g("Reshape", a, np.array([-1, width])), f"{name}.o"), f"{name}.norm1")
        a = g("Gelu", linear(x, f"{name}.up"), domain=ms)
        return norm(x, linear(a, f"{name}.down"), f"{name}.norm2")

    def pool(x, share):
        return g("Squeeze", g("MatMul", g("Unsqueeze", share, np.array([1])), x), np.array([1]))

    for i in range(layers if every else layers - 1):
        qkv = g("Reshape", linear(x, f"layers.{i}.qkv"), three)
        q, k, v = g("Split", qkv, outputs=3, axis=2, num_outputs=3)
        x = finish(
            x, g("MultiHeadAttention", q, k, v, "", mask, bias, domain=ms, num_heads=heads), f"layers.{i}"
        )
    whole = g("Reshape", x, shape)
    if every:
        even = g("Cast", keep, to=TensorProto.FLOAT)
        even = g("Div", even, g("ReduceSum", even, np.array([1]), keepdims=1))
        target, mean = pool(whole, "target"), pool(whole, even)
        pooled = g("Concat", target, g("Gather", whole, np.array(0), axis=1), mean, axis=1)
    else:
        # only the two pieces that the head reads go through the last layer
        name = f"layers.{layers - 1}"
        pools = pool(whole, "target"), g("Gather", whole, np.array(0), axis=1)
        both = g("Concat", *(g("Unsqueeze", one, np.array([1])) for one in pools), axis=1)
        own = g("Reshape", both, np.array([-1, width]))
        pair = side_by_side(2)
        kv = g("Reshape", linear(x, f"{name}.qkv", slice(width, None)), pair)
        k, v = g("Split", kv, outputs=2, axis=2, num_outputs=2)
        q = g("Reshape", linear(own, f"{name}.qkv", slice(width)), np.array([-1, 2, width]))
        x = finish(own, g("MultiHeadAttention", q, k, v, "", mask, domain=ms, num_heads=heads), name)
        pooled = g("Reshape", x, np.array([-1, 2 * width]))
    logits = g(
        "Gemm",
        pooled,
        (w["head.weight"].T / temperature).astype(np.float32),
        (w["head.bias"] / temperature).astype(np.float32),
    )
    g.nodes.append(helper.make_node("Softmax", [logits], ["probabilities"], axis=1))
    graph = helper.make_graph(
        g.nodes,
        f"{name}.v1",
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
        producer_name=f"{name}.v1",
    )
    tokenizer = load_tokenizer({p: i for i, p in enumerate(kept)})
    helper.set_model_props(
        model, {"tokenizer": tokenizer.to_str(), "window": str(WINDOW), "labels": "negative neutral positive"}
    )
    return model
