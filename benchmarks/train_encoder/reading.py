"""Reads NewsMTSC for training: one dict per target, the split, and the forms in which a target is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np

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


def find_more(rows):
    """Find the names that no annotator coded, as targets without a label.

    Parameters
    ----------
    rows : list of dict
        As from `read_targets`, in the order of their sentences.

    Returns
    -------
    list of dict
        As from `read_targets`, without ``label``; the first place of each name of a sentence.
    """
    found, coded = [], {}
    for row in rows:
        coded.setdefault(row["sentence"], []).append(row)
    for number, targets in coded.items():
        text = targets[0]["text"]
        taken = [s for row in targets for s in ((row["start"], row["end"]), *row["same"])]
        named = [s for row in targets for s in ((row["start"], row["end"]), *row["named"])]
        words = set()
        for match in NAMES.finditer(text):
            start, end = match.span()
            own = set(match.group().split())
            if own & DAYS or own & words or any(a < end and start < b for a, b in taken):
                continue
            words |= own
            more = {"text": text, "start": start, "end": end, "same": [], "named": [], "sentence": number}
            found.append(more | {"others": [s for s in named if text[s[0] : s[1]].lower() not in PRONOUNS]})
    return found
