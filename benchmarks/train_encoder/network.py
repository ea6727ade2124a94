"""MPNet with a linear layer over the target, its predictions, and what they are worth."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from analysis.sentiment.encoder_input import WINDOW, collate


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
    """MPNet, or a smaller encoder in its form, with a linear layer over target mean, first piece and mean.

    Parameters
    ----------
    vocab, width, layers, inner : int
        Pieces, width of the layers, their number and what they widen to. A layer has 12 heads.
    marked : bool
        Pool the target's pieces too; False for the target-blind twin.
    every : bool
        Pool the mean of all pieces too.
    """

    def __init__(self, vocab=30527, width=768, layers=12, inner=3072, *, marked=True, every=True):
        super().__init__()
        self.words = nn.Embedding(vocab, width)
        self.places = nn.Embedding(WINDOW, width)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.relative = nn.Embedding(32, 12)
        self.layers = nn.ModuleList(Layer(width, inner=inner) for _ in range(layers))
        self.head = nn.Linear((1 + marked + every) * width, 3)
        self.marked, self.every = marked, every
        self.register_buffer("buckets", torch.from_numpy(buckets()), persistent=False)

    @classmethod
    def of(cls, state):
        """Make the model that reads marked targets, from its weights as train.py saves them; arrays or tensors."""
        state = {name: torch.as_tensor(np.array(values)) for name, values in state.items()}
        vocab, width = state["words.weight"].shape
        layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
        inner = len(state["layers.0.up.weight"])
        model = cls(vocab, width, layers, inner, every=state["head.weight"].shape[1] == 3 * width)
        model.load_state_dict(state)
        return model

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
        parts = [x[:, 0]]
        if self.every:
            parts.append((x * keep[..., None]).sum(1) / keep.sum(1, keepdim=True))
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
