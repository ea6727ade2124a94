"""Quantise matrices to 4-bit blocks so that layer outputs change least (GPTQ).

Each column's rounding error is passed on to the columns not yet rounded,
weighted by the second moments of the layer's inputs on training sentences
(Frantar et al. 2023); scales are chosen per block beforehand.
"""

from __future__ import annotations

import numpy as np
import torch
from network import Model

from analysis.sentiment.encoder_input import collate

BLOCK = 32


def blocks(w, bits=4, block=BLOCK, weight=None):
    """Choose block scales and round to nearest.

    Parameters
    ----------
    w : numpy.ndarray
        Outputs x inputs; blocks run along the inputs.
    bits, block : int
    weight : numpy.ndarray, optional
        Importance of each input (mean square); even by default.

    Returns
    -------
    q : numpy.ndarray of uint8
        outputs x blocks x block; zero is ``2 ** (bits - 1)``.
    scale : numpy.ndarray of float16
        outputs x blocks; of several scales the one with the least weighted
        squared error.
    """
    half = 2 ** (bits - 1)
    v = w.reshape(w.shape[0], -1, block)
    by = np.ones(w.shape[1], np.float32) if weight is None else weight
    by = by.reshape(1, -1, block)
    peak = np.take_along_axis(v, np.abs(v).argmax(2)[..., None], 2)[..., 0]
    best, chosen = np.full(peak.shape, np.inf, np.float32), np.zeros(peak.shape, np.float16)
    for share in np.linspace(0.75, 1.1, 15):
        scale = (-peak / half * share).astype(np.float16)
        scale = np.where(scale == 0, np.float16(1e-4), scale)
        s = scale.astype(np.float32)[..., None]
        error = ((np.clip(np.rint(v / s), -half, half - 1) * s - v) ** 2 * by).sum(2)
        better = error < best
        best, chosen = np.where(better, error, best), np.where(better, scale, chosen)
    q = np.clip(np.rint(v / chosen.astype(np.float32)[..., None]), -half, half - 1) + half
    return q.astype(np.uint8), chosen


def floats(q, scale, bits=4):
    """Undo `blocks`: outputs x inputs."""
    v = (q.astype(np.float32) - 2 ** (bits - 1)) * scale.astype(np.float32)[..., None]
    return v.reshape(len(q), -1)


def gptq(w, moments, bits=4, block=BLOCK, damp=0.01):
    """Round a matrix, passing errors on.

    Parameters
    ----------
    w : numpy.ndarray
        Outputs x inputs.
    moments : numpy.ndarray
        Inputs x inputs: mean outer product of the inputs.

    Returns
    -------
    q, scale
        As from `blocks`.
    """
    half = 2 ** (bits - 1)
    h = torch.from_numpy(moments).double()
    h += damp * h.diagonal().mean() * torch.eye(len(h), dtype=h.dtype)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(h))
    u = torch.linalg.cholesky(inverse, upper=True).float()
    v = torch.from_numpy(w.copy())
    q = torch.zeros(w.shape)
    scales = []
    importance = np.diagonal(moments).astype(np.float32)
    for a in range(0, w.shape[1], block):
        part = v[:, a : a + block].clone()
        s = torch.from_numpy(
            blocks(part.numpy(), bits, block, importance[a : a + block])[1].astype(np.float32)
        )[:, 0]
        errors = torch.zeros_like(part)
        for j in range(block):
            column = part[:, j]
            rounded = (column / s).round().clamp(-half, half - 1)
            q[:, a + j] = rounded + half
            error = (column - rounded * s) / u[a + j, a + j]
            part[:, j:] -= error[:, None] * u[a + j, a + j : a + block][None]
            errors[:, j] = error
        v[:, a + block :] -= errors @ u[a : a + block, a + block :]
        scales.append(s.numpy())
    return q.numpy().astype(np.uint8).reshape(len(w), -1, block), np.stack(scales, 1).astype(np.float16)


def quantise(state, rows, pad, bits=4, say=print):
    """Quantise all layers in turn, each on what the quantised earlier ones give.

    Parameters
    ----------
    state : dict of str to numpy.ndarray
        As train.py saves.
    rows : list
        Encoded mentions, from `Reader.read`.
    pad : int

    Returns
    -------
    dict of str to (q, scale)
        By name of the matrix.
    """
    model = Model.of(state)
    model.eval()
    order = sorted(rows, key=lambda r: len(r[0]))
    out = {}
    with torch.inference_mode():
        batches = []
        for at in range(0, len(order), 32):
            ids = torch.from_numpy(collate(order[at : at + 32], pad)[0])
            keep = ids != pad
            batches.append([model.embed(ids), keep])
        for i, layer in enumerate(model.layers):
            moments, count, hooks, current = {}, 0, [], {}

            def watch(part, moments=moments, current=current):
                def see(_, inputs):
                    with torch.autocast("cpu", enabled=False):
                        x = inputs[0][current["keep"]].float()
                        moments[part] = moments.get(part, 0) + x.T @ x

                return see

            for part in ("qkv", "o", "up", "down"):
                hooks.append(getattr(layer, part).register_forward_pre_hook(watch(part)))
            with torch.autocast("cpu", torch.bfloat16):
                for x, now in batches:
                    current["keep"] = now
                    layer(x, model.bias(now))
                    count += int(now.sum())
            for hook in hooks:
                hook.remove()
            for part, total in moments.items():
                module = getattr(layer, part)
                out[f"layers.{i}.{part}"] = found = gptq(
                    module.weight.numpy().copy(), (total / count).numpy(), bits
                )
                module.weight.data = torch.from_numpy(floats(*found, bits))
            with torch.autocast("cpu", torch.bfloat16):
                for b in batches:
                    b[0] = layer(b[0], model.bias(b[1])).float()
            say(f"layer {i}")
    return out
