"""Train the masked-target sentiment model on NewsMTSC.

    .cache/train/bin/python benchmarks/train_encoder/train.py DATA ENCODER OUT

DATA holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl; ENCODER holds
model.safetensors and vocab.txt of all-mpnet-base-v2. OUT receives
model.safetensors, card.json and predictions.npz. One CPU core.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from network import Model, predict, scores
from reading import load_tokenizer, read_vocab, versions
from torch import nn
from training import finish, make_optimiser, read_data, shuffle_batches, write_card

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

    rows, holdout, dev = read_data(args.data, args.limit, args.held)
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
    head = list(model.head.parameters())
    steps = args.epochs * -(-len(rows) // args.batch)
    optimiser, schedule = make_optimiser(upper, head, args.lr, steps)
    trainable = [*upper, *head]
    labels = torch.from_numpy(y)
    coded = {name: (read(d, False), np.array([r["label"] for r in d])) for name, d in dev.items()}
    step = 0
    for epoch in range(args.epochs):
        model.train()
        form = forms[np.arange(len(rows)), (np.arange(len(rows)) + epoch) % 3]
        total, clock = 0.0, time.time()
        for part in shuffle_batches([len(texts[i][0]) for i in form], args.batch, rng):
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
        for name, (own, codes) in coded.items():
            found = F.softmax(torch.from_numpy(predict(model, own, pad)), 1).numpy()
            say(f"epoch {epoch + 1}  dev {name}: {scores(codes, found)}")
        if args.steps and step >= args.steps:
            break

    card = {
        "settings": {k: str(v) for k, v in vars(args).items()},
        "train": len(rows),
        "held_out": len(holdout),
    }
    held = read(holdout, False), np.array([r["label"] for r in holdout])
    finish(model, held, coded, pad, args.out, card, say)
    write_card(args.out, card | {"seconds": round(time.time() - begun)})
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
