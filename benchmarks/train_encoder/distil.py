"""Train the small encoder on what the large one says of NewsMTSC's sentences, and on their labels.

    .cache/train/bin/python benchmarks/train_encoder/distil.py DATA TEACHER ENCODER SMALL OUT

DATA holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl; TEACHER is the folder that train.py wrote, ENCODER the one with
the vocab.txt it reads; SMALL holds model.safetensors and vocab.txt of all-MiniLM-L6-v2. OUT receives
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
from reading import find_more, load_tokenizer, read_vocab, versions
from safetensors.torch import load_file
from torch import nn
from training import finish, make_optimiser, read_data, shuffle_batches, write_card

from analysis.sentiment.encoder_input import Reader, collate

PIECES = {"<s>": "[CLS]", "<pad>": "[PAD]", "</s>": "[SEP]", "<unk>": "[UNK]", "<mask>": "[MASK]"}
"""What BERT's vocabulary calls MPNet's special pieces."""


def load_small(folder, vocab):
    """Put MiniLM's weights into the form of MPNet, with MPNet's pieces and no relative positions.

    Parameters
    ----------
    folder : path
        Holds model.safetensors and vocab.txt of all-MiniLM-L6-v2.
    vocab : dict of str to int
        MPNet's pieces.

    Returns
    -------
    Model
    """
    w = load_file(Path(folder) / "model.safetensors")
    numbers = read_vocab(Path(folder) / "vocab.txt")
    rows = [numbers[PIECES.get(piece, piece)] for piece in vocab]
    width = w["embeddings.LayerNorm.weight"].shape[0]
    model = Model(len(vocab), width, 6, 4 * width, every=False)
    places = w["embeddings.position_embeddings.weight"][: len(model.places.weight)]
    new = {
        "words.weight": w["embeddings.word_embeddings.weight"][rows],
        "places.weight": places + w["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": w["embeddings.LayerNorm.weight"],
        "norm.bias": w["embeddings.LayerNorm.bias"],
        "relative.weight": torch.zeros_like(model.relative.weight),
    }
    names = {"o": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense"}
    names |= {"down": "output.dense", "norm2": "output.LayerNorm"}
    for i in range(len(model.layers)):
        old = f"encoder.layer.{i}."
        for part in ("weight", "bias"):
            own = [w[f"{old}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            new[f"layers.{i}.qkv.{part}"] = torch.cat(own)
            for name, theirs in names.items():
                new[f"layers.{i}.{name}.{part}"] = w[f"{old}{theirs}.{part}"]
    missing = model.load_state_dict(new, strict=False)
    assert not missing.unexpected_keys and all(key.startswith("head") for key in missing.missing_keys)
    nn.init.normal_(model.head.weight, std=0.02)
    nn.init.zeros_(model.head.bias)
    return model


def narrow(model, rows, pad, inner):
    """Leave out of every layer the inner units that add least to it.

    Parameters
    ----------
    model : Model
        Trained.
    rows : list
        Encoded mentions, on which a unit's mean absolute value is taken; its weight is that times the norm of what
        it is multiplied with.
    pad : int
    inner : int
        Units that stay in each layer.

    Returns
    -------
    Model
    """
    found = [torch.zeros(layer.up.out_features) for layer in model.layers]
    hooks = []
    for total, layer in zip(found, model.layers, strict=True):

        def add(_, inputs, total=total):
            total.add_(inputs[0].float().abs().sum((0, 1)))

        hooks.append(layer.down.register_forward_pre_hook(add))
    predict(model, rows, pad)
    for hook in hooks:
        hook.remove()
    state = dict(model.state_dict())
    for i, (total, layer) in enumerate(zip(found, model.layers, strict=True)):
        kept = (total * layer.down.weight.norm(dim=0)).topk(inner).indices.sort().values
        for part in ("weight", "bias"):
            state[f"layers.{i}.up.{part}"] = state[f"layers.{i}.up.{part}"][kept]
        state[f"layers.{i}.down.weight"] = state[f"layers.{i}.down.weight"][:, kept]
    return Model.of(state)


def read_forms(rows, reader, seed):
    """The two masked forms of every target: all further mentions hidden, or the named ones and other names.

    Returns
    -------
    list of two lists
        Encoded rows, as from `Reader.read`.
    """
    forms = [versions(row, np.random.default_rng([seed, i])) for i, row in enumerate(rows)]
    return [reader.read([one[form][0] for one in forms]) for form in (0, 1)]


def learn(model, forms, teacher, labels, args, pad, say, check):
    """Train on the teacher's logits, and on the labels where there are any (-1: none)."""
    rng = np.random.default_rng(args.seed)
    for name, values in model.named_parameters():
        values.requires_grad_(not name.startswith(("words", "places", "relative")))
    body = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("head")]
    head = list(model.head.parameters())
    steps = args.epochs * -(-len(labels) // args.batch)
    optimiser, schedule = make_optimiser(body, head, args.lr, steps)
    teacher, labels = torch.from_numpy(teacher), torch.from_numpy(labels)
    step = 0
    for epoch in range(args.epochs):
        model.train()
        form, total = forms[(epoch + 1) % 2], 0.0
        batches = shuffle_batches([len(one[0]) for one in form], args.batch, rng)
        for part in batches:
            ids, target = map(torch.from_numpy, collate([form[i] for i in part], pad))
            keep = ids != pad
            with torch.autocast("cpu", torch.bfloat16):
                hidden = model.run(model.embed(ids), keep)
            with torch.autocast("cpu", enabled=False):
                logits = model.pool(hidden, keep, target)
            soft = F.softmax(teacher[part] / args.soft, 1)
            loss = -(soft * F.log_softmax(logits / args.soft, 1)).sum(1).mean() * args.soft**2
            coded = labels[part] >= 0
            if coded.any():
                hard = F.cross_entropy(logits[coded], labels[part][coded], reduction="sum") / len(part)
                loss = (1 - args.hard) * loss + args.hard * hard
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *head], 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            total, step = total + loss.item(), step + 1
            if args.steps and step >= args.steps:
                return
        say(f"epoch {epoch + 1} of {args.epochs}: loss {total / len(batches):.3f}; {check(model)}")


def distil(args):
    """Let the teacher speak, train, calibrate, evaluate and save."""
    begun, settings = time.time(), {k: str(v) for k, v in vars(args).items()}
    torch.set_num_threads(args.threads)
    vocab = read_vocab(args.encoder / "vocab.txt")
    reader = Reader(load_tokenizer(vocab))
    pad = reader.number["pad"]

    def say(text):
        print(f"{time.time() - begun:6.0f} s  {text}", flush=True)

    rows, held, dev = read_data(args.data, args.limit, args.held)
    more = find_more(rows)
    say(f"{len(rows)} targets with a label, {len(more)} without, {len(held)} held out for the temperature")
    labels = np.array([row["label"] for row in rows] + [-1] * len(more))
    forms = read_forms([*rows, *more], reader, args.seed)
    kept = args.out / "teacher.npy"
    if kept.is_file() and args.again:
        teacher = np.load(kept)
    else:
        large = Model.of(load_file(args.teacher / "model.safetensors"))
        teacher = predict(large, forms[1], pad)
        args.out.mkdir(parents=True, exist_ok=True)
        np.save(kept, teacher)
    say("the teacher has spoken")
    torch.manual_seed(args.seed)
    model = load_small(args.small, vocab)
    coded = {name: (reader.read(d), np.array([row["label"] for row in d])) for name, d in dev.items()}

    def check(model):
        found = {}
        for name, (own, codes) in coded.items():
            shares = F.softmax(torch.from_numpy(predict(model, own, pad)), 1).numpy()
            found[name] = scores(codes, shares)["macro_f1"]
        model.train()
        return found

    learn(model, forms, teacher, labels, args, pad, say, check)
    chosen = np.random.default_rng(args.seed).permutation(len(rows))[:1000]
    model = narrow(model, [forms[1][i] for i in chosen], pad, args.inner)
    say(f"narrowed to {args.inner} inner units: {check(model)}")
    args.epochs, args.lr = args.more, args.lr / 2
    torch.manual_seed(args.seed)
    learn(model, forms, teacher, labels, args, pad, say, check)
    card = {"settings": settings, "train": len(rows), "unlabelled": len(more), "held_out": len(held)}
    encoded = reader.read(held), np.array([row["label"] for row in held])
    finish(model, encoded, coded, pad, args.out, card, say)
    write_card(args.out, card | {"seconds": round(time.time() - begun)})


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "teacher", "encoder", "small", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--inner", type=int, default=1152, help="inner units of a layer that stay after it")
    parser.add_argument("--more", type=int, default=2, help="epochs with them, at half the rate")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--soft", type=float, default=2.0, help="temperature of the teacher's probabilities")
    parser.add_argument("--hard", type=float, default=0.3, help="weight of the labels beside the teacher")
    parser.add_argument("--held", type=float, default=0.05, help="share of train kept for the temperature")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="take the teacher's logits from OUT")
    parser.add_argument("--limit", type=int, help="first targets only (for trying out)")
    parser.add_argument("--steps", type=int, help="stop after so many batches (for trying out)")
    distil(parser.parse_args())


if __name__ == "__main__":
    main()
