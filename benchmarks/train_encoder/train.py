"""Train the masked-target sentiment model on NewsMTSC.

    .cache/train/bin/python benchmarks/train_encoder/train.py DATA ENCODER OUT

DATA holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl; ENCODER holds
model.safetensors and vocab.txt of all-mpnet-base-v2. OUT receives
model.safetensors, card.json and predictions.npz. One CPU core.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from analysis.sentiment.encoder_input import WINDOW, Reader, collate

PRONOUNS = set(
    "he him his himself she her hers herself they them their theirs it its i me my we us our you your who "
    "whose".split()
)
DAYS = set(
    "January February March April May June July August September October November December Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday I Mr Mrs Ms Dr".split()
)
NAMES = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w.’'-]*[a-z]\b)(?: [A-Z][\w’'-]*[a-z]\b){0,2}")


def load_tokenizer(vocab):
    """Build the WordPiece tokenizer, without added tokens.

    Parameters
    ----------
    vocab : dict of str to int
        Piece to number.

    Returns
    -------
    tokenizers.Tokenizer
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tok = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    tok.normalizer = normalizers.BertNormalizer(lowercase=True)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tok


def read_vocab(path):
    """Read vocab.txt as a dict of piece to number."""
    lines = Path(path).read_text("utf-8").split("\n")
    return {p: i for i, p in enumerate(lines) if p or i < len(lines) - 1}


def read_targets(path):
    """Read a NewsMTSC file as one dict per target.

    Parameters
    ----------
    path : path
        JSON lines.

    Returns
    -------
    list of dict
        ``text``, ``start``, ``end``, ``same`` (all further mentions),
        ``named`` (those that are no pronouns), ``others``, ``label``,
        ``sentence`` (number of the sentence).
    """
    rows = []
    for number, line in enumerate(Path(path).read_text("utf-8").rstrip("\n").split("\n")):
        entry = json.loads(line)
        text = entry["sentence_normalized"]
        found = []
        for t in entry["targets"]:
            further = [(m["from"], m["to"]) for m in t.get("further_mentions") or ()]
            named = [s for s in further if text[s[0] : s[1]].lower() not in PRONOUNS]
            found.append(
                {
                    "text": text,
                    "start": t["from"],
                    "end": t["to"],
                    "same": further,
                    "named": named,
                    "label": int(t["polarity"]) // 2 - 1,
                    "sentence": number,
                }
            )
        for i, t in enumerate(found):
            t["others"] = [
                s
                for j, o in enumerate(found)
                if j != i
                for s in [(o["start"], o["end"]), *o["named"]]
                if text[s[0] : s[1]].lower() not in PRONOUNS
            ]
        rows += found
    return rows


def split(rows, share):
    """Set whole sentences apart; always the same ones.

    Parameters
    ----------
    rows : list of dict
        As from `read_targets`.
    share : float

    Returns
    -------
    list of dict, list of dict
        The larger and the smaller part.
    """
    sentences = np.random.default_rng(0).permutation(sorted({r["sentence"] for r in rows}))
    held = set(sentences[: round(share * len(sentences))].tolist())
    return [r for r in rows if r["sentence"] not in held], [r for r in rows if r["sentence"] in held]


def versions(row, rng):
    """Return the three forms in which a training target is read.

    Parameters
    ----------
    row : dict
        As from `read_targets`.
    rng : numpy.random.Generator
        Decides which unannotated names are replaced.

    Returns
    -------
    list of (dict, bool)
        Masked with all further mentions; masked with named further mentions
        only and other names replaced; visible.
    """
    names = [m.span() for m in NAMES.finditer(row["text"]) if m.group() not in DAYS and rng.random() < 0.5]
    return [
        (dict(row, others=()), False),
        (dict(row, same=row["named"], others=[*row["others"], *names]), False),
        (dict(row, others=()), True),
    ]


def buckets(size=WINDOW):
    """MPNet's bucket of every pair of positions, as a size x size array."""
    gap = np.arange(size)[:, None] - np.arange(size)[None, :]
    far = np.abs(gap)
    log = 8 + (np.log(np.maximum(far, 1).astype(np.float32) / 8) / math.log(128 / 8) * 8).astype(np.int64)
    return np.where(gap < 0, 16, 0) + np.where(far < 8, far, np.minimum(log, 15))


class Layer(nn.Module):
    """One MPNet layer."""

    def __init__(self, width=768, heads=12, inner=3072, dropout=0.1):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.o = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-5)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-5)

    def forward(self, x, bias):
        """Map (rows, length, width); `bias` is added to the attention scores."""
        n, length, width = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        a = self.o(a.transpose(1, 2).reshape(n, length, width))
        x = self.norm1(x + F.dropout(a, self.dropout, self.training))
        a = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(a, self.dropout, self.training))


class Model(nn.Module):
    """MPNet with a linear layer over target mean, first piece and mean.

    Parameters
    ----------
    marked : bool
        Pool the target's pieces too; False for the target-blind twin.
    """

    def __init__(self, vocab=30527, width=768, layers=12, marked=True):
        super().__init__()
        self.words = nn.Embedding(vocab, width)
        self.places = nn.Embedding(WINDOW, width)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.relative = nn.Embedding(32, 12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear((3 if marked else 2) * width, 3)
        self.marked = marked
        self.register_buffer("buckets", torch.from_numpy(buckets()), persistent=False)

    def load_encoder(self, path):
        """Take the weights of all-mpnet-base-v2."""
        w = load_file(path)
        new = {
            "words.weight": w["embeddings.word_embeddings.weight"],
            "places.weight": w["embeddings.position_embeddings.weight"][2 : 2 + WINDOW],
            "norm.weight": w["embeddings.LayerNorm.weight"],
            "norm.bias": w["embeddings.LayerNorm.bias"],
            "relative.weight": w["encoder.relative_attention_bias.weight"],
        }
        for i in range(len(self.layers)):
            old = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                new[f"layers.{i}.qkv.{part}"] = torch.cat(
                    [w[f"{old}attention.attn.{n}.{part}"] for n in "qkv"]
                )
                new[f"layers.{i}.o.{part}"] = w[f"{old}attention.attn.o.{part}"]
                new[f"layers.{i}.norm1.{part}"] = w[f"{old}attention.LayerNorm.{part}"]
                new[f"layers.{i}.up.{part}"] = w[f"{old}intermediate.dense.{part}"]
                new[f"layers.{i}.down.{part}"] = w[f"{old}output.dense.{part}"]
                new[f"layers.{i}.norm2.{part}"] = w[f"{old}output.LayerNorm.{part}"]
        missing = self.load_state_dict(new, strict=False)
        assert not missing.unexpected_keys and all(k.startswith("head") for k in missing.missing_keys)

    def bias(self, keep):
        """Relative positions plus minus infinity at padding."""
        length = keep.shape[1]
        rel = self.relative(self.buckets[:length, :length]).permute(2, 0, 1)[None]
        return rel.masked_fill(~keep[:, None, None, :], -1e4)

    def embed(self, ids):
        """Embeddings of (rows, length) piece numbers."""
        return self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])

    def run(self, x, keep, first=0, last=None):
        """Run layers `first` to `last`."""
        bias = self.bias(keep)
        for layer in self.layers[first:last]:
            x = layer(x, bias)
        return x

    def pool(self, x, keep, target):
        """Logits from the last layer."""
        x = x.float()
        mean = (x * keep[..., None]).sum(1) / keep.sum(1, keepdim=True)
        parts = [x[:, 0], mean]
        if self.marked:
            parts.insert(0, (x * target[..., None]).sum(1))
        return F.linear(torch.cat(parts, 1), self.head.weight, self.head.bias)


def scores(y, p):
    """Accuracy figures of probabilities `p` against labels `y`.

    Returns
    -------
    dict
        macro_f1, its 95 % bootstrap interval, f1 per class, accuracy, ece.
    """

    def f1(y, hat):
        hits = [np.sum((y == k) & (hat == k)) for k in range(3)]
        either = [np.sum(y == k) + np.sum(hat == k) for k in range(3)]
        return 2 * np.array(hits) / np.maximum(1, either)

    hat = p.argmax(1)
    rng = np.random.default_rng(1)
    draws = [f1(y[i], hat[i]).mean() for i in rng.integers(0, len(y), (2000, len(y)))]
    top, right = p.max(1), hat == y
    bins = np.minimum((top * 10).astype(int), 9)
    ece = sum(abs(top[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(y)
    each = f1(y, hat)
    return {
        "macro_f1": round(100 * float(each.mean()), 1),
        "interval": [round(100 * float(q), 1) for q in np.quantile(draws, [0.025, 0.975])],
        "f1": dict(zip(("negative", "neutral", "positive"), (100 * each).round(1).tolist(), strict=False)),
        "accuracy": round(100 * float(right.mean()), 1),
        "ece": round(100 * float(ece), 1),
        "n": len(y),
    }


def predict(model, rows, pad, size=16):
    """Logits of encoded rows, in their order, in bfloat16 autocast."""
    model.eval()
    out = np.zeros((len(rows), 3), np.float32)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), size):
            part = order[at : at + size]
            ids, target = map(torch.from_numpy, collate([rows[i] for i in part], pad))
            keep = ids != pad
            h = model.run(model.embed(ids), keep)
            with torch.autocast("cpu", enabled=False):
                out[part] = model.pool(h, keep, target).numpy()
    return out


def fit_temperature(logits, y):
    """The temperature of least log loss, by grid."""
    grid = np.geomspace(0.5, 5, 200)
    loss = [F.cross_entropy(torch.from_numpy(logits / t), torch.from_numpy(y)).item() for t in grid]
    return float(grid[int(np.argmin(loss))])


def train(args):
    """Train, calibrate, evaluate and save."""
    begun = time.time()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    reader = Reader(load_tokenizer(read_vocab(args.encoder / "vocab.txt")))
    pad = reader.number["pad"]

    def say(text):
        print(f"{time.time() - begun:6.0f} s  {text}", flush=True)

    rows = read_targets(args.data / "train.jsonl")
    dev = {name: read_targets(args.data / f"dev_{name}.jsonl") for name in ("rw", "mt")}
    seen = {r["text"] for d in dev.values() for r in d}
    rows = [r for r in rows if r["text"] not in seen][: args.limit]
    rows, holdout = split(rows, args.held)
    y = np.array([r["label"] for r in rows])
    say(f"{len(rows)} targets to train on, {len(holdout)} held out for the temperature")

    if args.blind:

        def read(items, visible):
            out = reader.read(items, visible=True)
            marks = set(reader.marks)
            return [(np.array([i for i in ids if i not in marks]), 0, 1) for ids, _, _ in out]
    else:

        def read(items, visible):
            return reader.read(items, visible=visible)

    def forms_of(row, i):
        if args.blind:
            return [(dict(row, others=()), True)] * 3
        return versions(row, np.random.default_rng([args.seed, i]))

    texts, index = [], {}
    forms = np.zeros((len(rows), 3), int)
    for v in range(3):
        chosen = [forms_of(r, i)[v] for i, r in enumerate(rows)]
        for i, e in enumerate(read([c[0] for c in chosen], chosen[0][1])):
            key = (e[0].tobytes(), e[1], e[2])
            if key not in index:
                index[key] = len(texts)
                texts.append(e)
            forms[i, v] = index[key]

    model = Model(marked=not args.blind)
    model.load_encoder(args.encoder / "model.safetensors")
    lower = args.frozen
    say(f"caching the lower {lower} layers of {len(texts)} distinct texts")
    cache = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i][0]))
    model.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 32):
            part = order[at : at + 32]
            ids, _ = collate([texts[i] for i in part], pad)
            ids = torch.from_numpy(ids)
            x = model.run(model.embed(ids), ids != pad, 0, lower).to(torch.bfloat16)
            for i, h in zip(part, x, strict=False):
                cache[i] = h[: len(texts[i][0])].clone()
            if at // 32 % 100 == 0:
                say(f"  {at}/{len(order)}")

    for p in model.parameters():
        p.requires_grad_(False)
    upper = [p for layer in model.layers[lower:] for p in layer.parameters()]
    for p in [*upper, *model.head.parameters()]:
        p.requires_grad_(True)
    nn.init.normal_(model.head.weight, std=0.02)
    nn.init.zeros_(model.head.bias)
    groups = [
        {"params": [p for p in upper if p.ndim > 1], "lr": args.lr, "weight_decay": 0.01},
        {"params": [p for p in upper if p.ndim == 1], "lr": args.lr, "weight_decay": 0.0},
        {"params": list(model.head.parameters()), "lr": 1e-3, "weight_decay": 0.01},
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    steps = args.epochs * -(-len(rows) // args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (0.1 * steps), max(0.0, (steps - s) / (0.9 * steps)))
    )
    trainable = [*upper, *model.head.parameters()]
    labels = torch.from_numpy(y)
    dev_rows = {name: read(d, False) for name, d in dev.items()}
    dev_y = {name: np.array([r["label"] for r in d]) for name, d in dev.items()}
    step = 0
    for epoch in range(args.epochs):
        model.train()
        shuffled = rng.permutation(len(rows))
        form = forms[np.arange(len(rows)), (np.arange(len(rows)) + epoch) % 3]
        batches = []
        for at in range(0, len(shuffled), 50 * args.batch):
            chunk = sorted(shuffled[at : at + 50 * args.batch], key=lambda i: len(texts[form[i]][0]))
            batches += [chunk[b : b + args.batch] for b in range(0, len(chunk), args.batch)]
        total, clock = 0.0, time.time()
        for b in rng.permutation(len(batches)):
            part = batches[b]
            own = [texts[form[i]] for i in part]
            ids, target = map(torch.from_numpy, collate(own, pad))
            keep = ids != pad
            x = nn.utils.rnn.pad_sequence([cache[form[i]] for i in part], batch_first=True)
            with torch.autocast("cpu", torch.bfloat16):
                h = model.run(x, keep, lower)
            with torch.autocast("cpu", enabled=False):
                loss = F.cross_entropy(model.pool(h, keep, target), labels[part])
            loss.backward()
            nn.utils.clip_grad_norm_(trainable, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            total += loss.item()
            step += 1
            if step % 50 == 0:
                say(f"  step {step}/{steps}  loss {total / 50:.3f}  {50 / (time.time() - clock):.2f} steps/s")
                total, clock = 0.0, time.time()
            if args.steps and step >= args.steps:
                break
        for name in dev:
            z = predict(model, dev_rows[name], pad)
            say(
                f"epoch {epoch + 1}  dev {name}: {scores(dev_y[name], F.softmax(torch.from_numpy(z), 1).numpy())}"
            )
        if args.steps and step >= args.steps:
            break

    args.out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, args.out / "model.safetensors")
    z = predict(model, read(holdout, False), pad)
    temperature = fit_temperature(z, np.array([r["label"] for r in holdout]))
    card = {
        "settings": {k: str(v) for k, v in vars(args).items()},
        "train": len(rows),
        "held_out": len(holdout),
        "temperature": round(temperature, 4),
        "dev": {},
    }
    kept = {"holdout_logits": z, "holdout_y": np.array([r["label"] for r in holdout])}
    for name in dev:
        z = predict(model, dev_rows[name], pad)
        kept[name] = z
        before, after = (F.softmax(torch.from_numpy(z / t), 1).numpy() for t in (1.0, temperature))
        card["dev"][name] = dict(scores(dev_y[name], after), ece_before=scores(dev_y[name], before)["ece"])
        say(f"dev {name}: {card['dev'][name]}")
    card["seconds"] = round(time.time() - begun)
    np.savez(args.out / "predictions.npz", **kept)
    (args.out / "card.json").write_text(json.dumps(card, indent=1) + "\n")
    say("done")


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=4e-5)
    parser.add_argument("--frozen", type=int, default=6, help="lower layers kept as they are")
    parser.add_argument("--held", type=float, default=0.05, help="share of train kept for the temperature")
    parser.add_argument("--blind", action="store_true", help="train the target-blind twin instead")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, help="first targets only (for trying out)")
    parser.add_argument("--steps", type=int, help="stop after so many batches and go on to the end (for trying out)")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
