"""Train the masked-target sentiment model on NewsMTSC.

    .cache/train/bin/python benchmarks/train_encoder/train.py DATA ENCODER OUT

DATA holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl; ENCODER holds
model.safetensors and vocab.txt of all-mpnet-base-v2. OUT receives
model.safetensors, card.json and predictions.npz. One CPU core.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from network import Model, fit_temperature, predict, scores
from reading import load_tokenizer, read_targets, read_vocab, split, versions
from safetensors.torch import save_file
from torch import nn

from analysis.sentiment.encoder_input import Reader, collate


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
    parser.add_argument(
        "--steps", type=int, help="stop after so many batches and go on to the end (for trying out)"
    )
    train(parser.parse_args())


if __name__ == "__main__":
    main()
