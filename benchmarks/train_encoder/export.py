"""Write a trained model as one ONNX file for onnxruntime.

    .cache/train/bin/python benchmarks/train_encoder/export.py MODEL ENCODER OUT [--kind dq4] [--data DATA]

MODEL is the folder that train.py or distil.py wrote, ENCODER the folder with
vocab.txt, OUT the folder that receives encoder.v1.onnx and encoder.v1.json
(--name encoder-small: encoder-small.v1.onnx and so on). Kinds:

fp32     32-bit floats
nbits4   MatMulNBits, 4 bits, block 32, symmetric (--level: accuracy level)
nbits8   the same with 8 bits
dq4      the same numbers as nbits4, unpacked to floats once, on loading
dq8      8 bits, block 32, rounded to nearest, unpacked to floats once, on loading
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
from graph import build
from network import Model, fit_temperature, predict
from onnx import TensorProto
from quantise import blocks, floats, quantise
from reading import load_tokenizer, read_targets, read_vocab, split, versions
from safetensors.numpy import load_file

from analysis.sentiment.encoder_input import MARKS, PLACEHOLDER, SPECIAL, Reader


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


def read_texts(paths):
    """Yield the texts of .txt files and the sentences of .jsonl files."""
    for path in paths:
        for file in sorted(Path(path).glob("*.txt")) if Path(path).is_dir() else [Path(path)]:
            for line in file.read_text("utf-8", errors="replace").splitlines():
                yield json.loads(line)["sentence_normalized"] if file.suffix == ".jsonl" else line


def export(
    model,
    encoder,
    out,
    kind="dq4",
    level=1,
    texts=(),
    bound=0,
    embedding_bits=8,
    data=None,
    name="encoder",
    targets=256,
):
    """Write the model file and its facts; see the module."""
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
        network = Model.of({**w, **changed})
        logits = predict(network, reader.read(held), reader.number["pad"])
        temperature = round(fit_temperature(logits, np.array([r["label"] for r in held])), 4)
    made = build(w, kept, kind, level, temperature, embedding_bits, rounded, name)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.v1.onnx"
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
        "name": name,
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
    (out / f"{name}.v1.json").write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--kind", default="dq4", choices=["fp32", "nbits4", "nbits8", "dq4", "dq8", "a8w4", "int8"]
    )
    torch.set_num_threads(1)
    parser.add_argument("--level", type=int, default=1)
    parser.add_argument("--embedding-bits", type=int, default=8, choices=[32, 8, 4])
    parser.add_argument(
        "--bound", type=int, default=0, help="prune the vocabulary; keep ASCII pieces below this"
    )
    parser.add_argument("--texts", nargs="*", default=(), help="files or folders whose pieces all stay")
    parser.add_argument(
        "--data", type=Path, help="NewsMTSC folder, for GPTQ in 4 bits; without it, rounding to nearest"
    )
    parser.add_argument("--name", default="encoder", choices=["encoder", "encoder-small"])
    a = parser.parse_args()
    facts = export(
        a.model, a.encoder, a.out, a.kind, a.level, a.texts, a.bound, a.embedding_bits, a.data, a.name
    )
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
