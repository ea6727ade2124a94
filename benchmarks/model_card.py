"""Write an encoder's model card from what measure_encoder.py found.

    .venv/bin/python benchmarks/model_card.py CARD PAGE

CARD is encoder_card.json or encoder-small_card.json; the committed docs/model-card-encoder.md and
docs/model-card-encoder-small.md are made of those in analysis/sentiment/.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scorer_page import interval
from scorers import READINGS, STUDY

SETS = ("rw", "mt")


def main() -> None:
    """Read the command line, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("card", type=Path)
    parser.add_argument("page", type=Path)
    parsed = parser.parse_args()
    card = json.loads(parsed.card.read_text(encoding="utf-8"))
    parsed.page.write_text(card_page(card, parsed.card.name.removesuffix("_card.json")), encoding="utf-8")


def card_page(card: dict, name: str = "encoder") -> str:
    """Write the page.

    Parameters
    ----------
    card : dict
        As from `measure_encoder.py`.
    name : str
        The scorer's, a key of `INTRODUCTIONS`.

    Returns
    -------
    str
        Markdown.
    """
    parts = [
        INTRODUCTIONS[name],
        *accuracy_lines(card, name),
        *class_lines(card),
        *bias_lines(card),
        *swap_lines(card),
        *file_lines(card, name),
        LIMITS + MORE_LIMITS[name],
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def accuracy_lines(card: dict, name: str) -> list[str]:
    """Tell accuracy in every reading, calibration and the twin."""
    study = card["measured"]
    lines = [
        "## Accuracy",
        "",
        "On the authors' dev cut of the two test sets of NewsMTSC: `dev_rw` has the class shares of the news, `dev_mt` "
        f"has two or more targets in each sentence. {CHOSEN[name]} In brackets the 95 % percentile bootstrap over "
        f"articles ({study['rw']['articles']} and {study['mt']['articles']}); differences under 2 points are within "
        "it.",
        "",
        "| what the encoder reads | set | targets | macro-F1 | accuracy | calibration error | error of the balance |",
        "|---|---|---|---|---|---|---|",
    ]
    for reading, found in card["readings"].items():
        for part in SETS:
            one = found[part]
            cells = " | ".join(interval(one[key]) for key in ("macro_f1", "accuracy", "calibration_error"))
            words = READINGS[reading]
            lines.append(f"| {words} | dev_{part} | {study[part]['n']} | {cells} | {one['rmse_100']:.3f} |")
    rw, mt = (card["readings"][STUDY][part] for part in SETS)
    lines += [
        "",
        "A study hides what it finds by name: the listed actors (here the coded targets with their named further "
        "mentions, and every actor of the alias table). `framing score` hides states and their people, and the "
        "target's further mentions that its input gives. What the last two forms gain is what names give "
        "away. Calibration error: expected, ten bins, percent; resampling adds noise to each bin, so that its interval "
        "lies high.",
        "",
        "Error of the balance: by how much the balance (positive minus negative) of 100 mentions drawn at random "
        "misses the coded one, root mean square, when probabilities are averaged; when labels are, it is "
        f"{rw['rmse_100_labels']:.3f} and {mt['rmse_100_labels']:.3f} in a study. Mean balance in a study: "
        f"{study['rw']['balance']:+.3f} where people say {study['rw']['balance_coded']:+.3f}, and "
        f"{study['mt']['balance']:+.3f} where they say {study['mt']['balance_coded']:+.3f}.",
        "",
        "| against, as in a study | set | its macro-F1 | difference, points | right here only | right there only | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for other, found in card["against"].items():
        for part in SETS:
            one = found[part]
            cells = f"{interval(one['macro_f1'])} | {interval(one['difference'], '+.1f')}"
            counts = f"{one['only_first']} | {one['only_second']} | {one['p']:.2g}"
            lines.append(f"| {other} | dev_{part} | {cells} | {counts} |")
    return [
        *lines,
        "",
        "The twin is the encoder of `encoder.v1`, trained the same way with no target marked. p: McNemar's exact test, "
        "which takes targets for independent; the interval does not.",
        "",
    ]


def class_lines(card: dict) -> list[str]:
    """Tell precision, recall and F1 of each class, and what is taken for what."""
    lines = [
        "| set | class | targets | precision | recall | F1 | coded so, found negative / neutral / positive |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in SETS:
        one = card["measured"][part]
        for (name, values), found in zip(one["classes"].items(), one["confusion"], strict=True):
            cells = " | ".join(interval(values[key]) for key in ("precision", "recall", "f1"))
            lines.append(f"| dev_{part} | {name} | {values['n']} | {cells} | {' / '.join(map(str, found))} |")
    return [*lines, ""]


def bias_lines(card: dict) -> list[str]:
    """Tell what the bias of the positive class does for articles that it was not fitted on."""
    alone = "; ".join(
        f"{READINGS[reading]}: {values[0]:+.2f} (dev_rw) and {values[1]:+.2f} (dev_mt)"
        for reading, values in card["bias_alone"].items()
    )
    values = [value for each in card["bias_alone"].values() for value in each]
    fewer = "The network calls fewer targets positive than people do. " if min(values) > 0 else ""
    lines = [
        "## Bias",
        "",
        f"{fewer}{card['bias']:+.2f} on the log odds of the positive class makes the mean balance of both dev files "
        "together the coded one. Fitted on each alone it would be, "
        f"{alone}. Each tenth of the articles, scored with the bias of the others:",
        "",
        "| what the encoder reads | set | macro-F1 without | with | calibration error without | with "
        "| balance without | with | coded | error of 100 without | with |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for reading, found in card["cross_fitted"].items():
        for part in SETS:
            plain, one = found[part]["without"], found[part]["with"]
            cells = [f"{each['macro_f1'][0]:.1f}" for each in (plain, one)]
            cells += [f"{each['calibration_error'][0]:.1f}" for each in (plain, one)]
            cells += [f"{each['balance']:+.3f}" for each in (plain, one)]
            cells += [f"{plain['balance_coded']:+.3f}"]
            cells += [f"{each['rmse_100']:.3f}" for each in (plain, one)]
            lines.append(f"| {READINGS[reading]} | dev_{part} | {' | '.join(cells)} |")
    return [
        *lines,
        "",
        "All other tables of this page are with the bias, in-sample by this one number.",
        "",
    ]


def swap_lines(card: dict) -> list[str]:
    """Tell what a name changes."""
    names = list(next(iter(card["swap"].values()))["shift"])
    lines = [
        "## Name swap",
        "",
        "The same sentences of `dev_mt` with one name put in place of another: mean shift of the balance against "
        '"John Smith". Hidden is how the scorer is used; a test holds it at 0 over thirty names. A shift that is left '
        "arises where the name put in stands in the sentence already, is not known as a mention, and so is taken for a "
        "repetition and masked.",
        "",
        f"| name, and how it is read | sentences | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
    ]
    for label, one in card["swap"].items():
        shifts = " | ".join(f"{one['shift'][name]:+.3f}" for name in names)
        lines.append(f"| {label} | {one['sentences']} | {shifts} |")
    return [*lines, ""]


def file_lines(card: dict, name: str) -> list[str]:
    """Tell size, speed and what other files of the same weights do."""
    lines = [
        "## File",
        "",
        f"`analysis/sentiment/{name}.v1.onnx`: {card['bytes'] / 1e6:.1f} MB, {card['pieces']:,} word pieces, "
        f"matrices in 4-bit blocks of 32 (GPTQ on training sentences), word embeddings in {card['embedding_bits']} "
        f"bits, temperature {card['temperature']}, sha256 `{card['sha256']}`. It loads in "
        f"{card['load_seconds']:.1f} s and scores {card['targets_a_second']:.0f} targets "
        "a second on one core.",
        "",
    ]
    if "sizes" in card:
        lines += [
            "The same weights as other files: with the names masked and the other actors left, and with the other "
            "actors replaced (pronouns always left). Differences under 1.5 are noise; *change* is the mean change of a "
            "probability against 32-bit floats, *batch* the largest between batches of 1, 8 and 32. All of it without "
            "the bias.",
            "",
            "| file | MB | masked, rw / mt | others replaced, rw / mt | ECE | change | batch | targets/s |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for one in card["sizes"]:
            lines.append(
                f"| {name_of(one['name'])} | {one['mb']:.1f} | {one['rw']:.1f} / {one['mt']:.1f} | "
                f"{one['renamed'][0]:.1f} / {one['renamed'][1]:.1f} | {one['ece'][0]:.1f} / {one['ece'][1]:.1f} | "
                f"{one['dp']:.3f} | {one['batch']:.0e} | {one['per_s']:.0f} |"
            )
        lines += [
            "",
            "Files that multiply in 8-bit integers are faster, but a change as small as a rounding error (3e-7) moves "
            "single probabilities by up to .10, because roundings of activations tip: another processor would not give "
            "the same thousandths. The file that ships computes in floats and moves by at most 2e-6.",
            "",
        ]
    return lines


def name_of(code: str) -> str:
    """Say in words what a file of the size table is."""
    kind, level, bits, pieces, gptq = code.split("_")
    words = {
        "fp32": "32-bit floats",
        "dq4": "4 bits, unpacked to floats on loading",
        "a8w4": "4 bits, multiplied in 8-bit integers",
        "int8": "8 bits, dynamic, per channel",
        "dq8": "8 bits, unpacked to floats on loading",
        "nbits4": f"4 bits, 4-bit kernels at accuracy level {level[1:]}",
        "nbits8": f"8 bits, kernels at accuracy level {level[1:]}",
    }[kind]
    if kind == "a8w4":
        words += " (8-bit weights)" if gptq.endswith("w127") else " (7-bit weights)"
    rounding = ", GPTQ" if gptq.startswith("g1") else ""
    return f"{words}{rounding}; embeddings {bits[1:]} bits; {int(pieces[1:]):,} pieces"


LARGE = """# Model card: encoder.v1

Written by `benchmarks/model_card.py`.

Sentiment toward one actor in one sentence of English news: shares of negative, neutral and positive. The
actor's name and its repetitions are masked and every other actor is replaced by one word, so that what is
scored is the sentence and not the name.

## Data and licence

- Trained on NewsMTSC (Hamborg & Donnay 2021, MIT): 8,309 targets of its training file; 429 more, whole
  sentences, are held out for the temperature. Sentences that also stand in the dev files are left out. No
  sentence of it is part of this project.
- Begun from all-mpnet-base-v2 (Apache-2.0; Song et al. 2020, sentence-transformers).

## Settings

The lower six of twelve layers and the embeddings stay as they were; the upper six and a linear layer over the
mean of the target's pieces, the first piece and the mean of all are trained: AdamW, 4e-5 (linear layer 1e-3),
weight decay .01, warm-up over 10 %, linear decay, 3 epochs, batches of 16 by length, gradient clip 1, bfloat16,
random state 1, one core, 28 minutes. Each target is read in three forms by turns: masked with all further
mentions; masked with the other actors, and half of the other names, replaced; and visible. The window is 128
word pieces around the target. The temperature is fitted on the held-out sentences, the bias on the dev files.
"""

SMALL = """# Model card: encoder-small.v1

Written by `benchmarks/model_card.py`.

Sentiment toward one actor in one sentence of English news, as `encoder.v1` gives it ([its
card](model-card-encoder.md)), from a smaller network that is about ten times as fast: for corpora on which that one
takes days. It reads the same: the actor's name and its repetitions masked, every other actor replaced by one word.
What can be scored with `encoder.v1` should be.

## Data and licence

- Taught by `encoder.v1` on the sentences of NewsMTSC's training file (Hamborg & Donnay 2021, MIT): 8,309 targets
  with their labels, and 10,488 further names in the same sentences, which nobody coded. 429 targets, whole
  sentences, are held out for the temperature. Sentences that also stand in the dev files are left out. No sentence
  of it is part of this project.
- Begun from all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, sentence-transformers).

## Settings

MiniLM's six layers and a linear layer over the mean of the target's pieces and the first piece; only these two go
through the last layer. The embeddings stay as they were. The loss is .7 of the cross entropy with the teacher's
probabilities at a temperature of 2 (Hinton et al. 2015) and .3 of that with the label, where there is one. AdamW,
1.5e-4 (linear layer 1e-3), weight decay .01, warm-up over 10 %, linear decay, 5 epochs, batches of 16 by length,
gradient clip 1, bfloat16, random state 1, one core. Then a quarter of the inner units of every layer is left out,
those of the least mean absolute value times the norm of their weights, and the rest trained for 2 epochs more at
half the rate. Each target is read in the two masked forms by turns: with all further mentions masked; and with the
named ones masked and the other actors, and half of the other names, replaced. The window is 128 word pieces around
the target. The temperature is fitted on the held-out sentences, the bias on the dev files.
"""

INTRODUCTIONS = {"encoder": LARGE, "encoder-small": SMALL}

CHOSEN = {
    "encoder": "The file was chosen among several (below) with these sentences in view, the settings of the training "
    "were not.",
    "encoder-small": "Layers, width and bits were chosen ([decision 0009](decisions/0009-encoder.md)) with these "
    "sentences in view.",
}
"""What was chosen by the sentences that it is measured on."""

LIMITS = """## Limits

- NewsMTSC's targets are persons in US news; states are almost absent. What the scorer is worth for states is a
  matter of codings of one's own, not of the table above.
- Masking moves means toward the middle. Compare outlets on the same actor, not actors with each other.
- Pronouns are not guessed: "he" is neither scored nor, unless it is given as a further mention, masked.
- A title, a place or a party in the sentence can still give the actor away: only what is known as a mention is
  hidden.
- The sentence is all it reads; irony and what an article said before are lost on it. Longer than 128 word
  pieces, it is read around the mention.
- Text in other languages is scored as well, but nothing is known of how well.
- One random state. The authors' test cuts were not at hand: what of them stands in the training file was not left out.
- Positive is the weakest class.
- Probabilities are given in thousandths; further digits differ between processors.
"""

MORE_LIMITS = {
    "encoder": "",
    "encoder-small": """- Where a sentence has several targets it is hardly better than a large encoder that is not
  told which one is meant (the twin above), and worse than `encoder.v1`.
- Its probabilities are too cautious on `dev_rw` and the balance of 100 mentions is less sure than that of `encoder.v1`.
- Made of what `encoder.v1` says, it shares its errors: that both agree bears nothing out.
""",
}


if __name__ == "__main__":
    main()
