"""What training the large encoder and teaching the small one have in common."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from network import fit_temperature, predict, scores
from reading import read_targets, split
from safetensors.torch import save_file


def read_data(folder, limit, share):
    """Read the training targets, a part of them held out, and the dev sets.

    Parameters
    ----------
    folder : path
        Holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl.
    limit : int or None
        First targets only.
    share : float
        Held out.

    Returns
    -------
    list of dict, list of dict, dict of str to list of dict
        As from `read_targets`; no sentence of the dev sets is in the first two.
    """
    dev = {name: read_targets(Path(folder) / f"dev_{name}.jsonl") for name in ("rw", "mt")}
    seen = {row["text"] for rows in dev.values() for row in rows}
    rows = [row for row in read_targets(Path(folder) / "train.jsonl") if row["text"] not in seen][:limit]
    return *split(rows, share), dev


def make_optimiser(body, head, rate, steps):
    """AdamW with weight decay on matrices, 1e-3 for the head, warm-up over a tenth and linear decay.

    Parameters
    ----------
    body, head : list of torch.nn.Parameter
    rate : float
        Of the body.
    steps : int

    Returns
    -------
    torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR
    """
    groups = [
        {"params": [p for p in body if p.ndim > 1], "lr": rate, "weight_decay": 0.01},
        {"params": [p for p in body if p.ndim == 1], "lr": rate, "weight_decay": 0.0},
        {"params": head, "lr": 1e-3, "weight_decay": 0.01},
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (0.1 * steps), max(0.0, (steps - s) / (0.9 * steps)))
    )
    return optimiser, schedule


def shuffle_batches(lengths, size, rng):
    """Put targets of similar length into batches, in random order.

    Parameters
    ----------
    lengths : sequence of int
        Pieces of each target.
    size : int
    rng : numpy.random.Generator

    Returns
    -------
    list of list of int
        Positions of the targets.
    """
    shuffled, batches = rng.permutation(len(lengths)), []
    for at in range(0, len(shuffled), 50 * size):
        chunk = sorted(shuffled[at : at + 50 * size], key=lambda i: lengths[i])
        batches += [chunk[b : b + size] for b in range(0, len(chunk), size)]
    return [batches[b] for b in rng.permutation(len(batches))]


def finish(model, held, dev, pad, out, card, say):
    """Save a trained model, fit its temperature, evaluate it on the dev sets, and keep what it predicted.

    Parameters
    ----------
    model : Model
    held : (list, numpy.ndarray)
        Encoded rows that were held out, and their labels.
    dev : dict of str to (list, numpy.ndarray)
        The same of the dev sets.
    pad : int
    out : path
        Receives model.safetensors and predictions.npz.
    card : dict
        Receives ``temperature`` and ``dev``.
    say : callable
        Tells the progress.
    """
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, out / "model.safetensors")
    logits = predict(model, held[0], pad)
    temperature = fit_temperature(logits, held[1])
    card |= {"temperature": round(temperature, 4), "dev": {}}
    kept = {"holdout_logits": logits, "holdout_y": held[1]}
    for name, (rows, y) in dev.items():
        kept[name] = predict(model, rows, pad)
        before, after = (F.softmax(torch.from_numpy(kept[name] / t), 1).numpy() for t in (1.0, temperature))
        card["dev"][name] = dict(scores(y, after), ece_before=scores(y, before)["ece"])
        say(f"dev {name}: {card['dev'][name]}")
    np.savez(out / "predictions.npz", **kept)


def write_card(out, card):
    """Write card.json."""
    (out / "card.json").write_text(json.dumps(card, indent=1) + "\n")
