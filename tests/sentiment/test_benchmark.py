"""The benchmark: summaries by hand, bad files, and the card's numbers measured again."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from analysis.errors import StudyError
from analysis.registry import load_scorer
from analysis.sentiment.benchmark import evaluate_scorer, load_targets, summarise_labels
from analysis.sentiment.contract import CLASSES, score_mentions
from analysis.sentiment.validation import validate_scores

ROOT = Path(__file__).resolve().parents[2]


def test_summary_by_hand():
    coded = ["negative"] * 3 + ["neutral"] * 2 + ["positive"]
    found = ["negative", "negative", "neutral", "neutral", "positive", "positive"]
    result = summarise_labels(coded, found)
    assert result["n"] == 6
    assert result["accuracy"] == pytest.approx(4 / 6)
    classes = result["classes"].set_index("class")
    assert classes["n"].tolist() == [3, 2, 1]
    assert classes["precision"].tolist() == pytest.approx([1, 1 / 2, 1 / 2])
    assert classes["recall"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert classes["f1"].tolist() == pytest.approx([0.8, 0.5, 2 / 3])
    assert result["macro_f1"] == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)
    assert result["confusion"].to_numpy().tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_summary_equals_scikit_learn():
    generator = np.random.default_rng(1)
    coded, found = generator.choice(CLASSES, (2, 200))
    expected = f1_score(coded, found, labels=list(CLASSES), average="macro")
    assert summarise_labels(coded, found)["macro_f1"] == pytest.approx(expected)
    # a class that is never found
    found = np.full(200, "neutral")
    expected = f1_score(coded, found, labels=list(CLASSES), average="macro", zero_division=0)
    result = summarise_labels(coded, found)
    assert result["macro_f1"] == pytest.approx(expected)
    assert np.isnan(result["classes"]["precision"]).tolist() == [True, False, True]


def test_summary_of_nothing_is_undefined():
    result = summarise_labels([], [])
    assert result["n"] == 0 and np.isnan(result["accuracy"]) and np.isnan(result["macro_f1"])


def record(text="Russia met China.", **target):
    return {"sentence_normalized": text, "targets": [{"from": 0, "to": 6, "polarity": 4.0} | target]}


def write(path, lines):
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8"
    )
    return path


def test_what_a_study_finds_by_name_is_hidden(tmp_path):
    text = "Smith met Mr. Jones; he, the ex-Tory, told Smith that Russians like Moscow and Brown."
    at = {words: (text.index(words), text.index(words) + len(words)) for words in
          ("Smith", "Mr. Jones", "he,", "the ex-Tory", "Russians", "Moscow", "Brown")}  # fmt: skip
    at["he"], again = (21, 23), (43, 48)
    further = [{"from": at[words][0], "to": at[words][1]} for words in ("he", "the ex-Tory")]
    targets = [
        {"from": at["Smith"][0], "to": at["Smith"][1], "polarity": 4,
         "further_mentions": [{"from": again[0], "to": again[1]}]},
        {"from": at["Mr. Jones"][0], "to": at["Mr. Jones"][1], "polarity": 2, "further_mentions": further},
        {"from": at["Russians"][0], "to": at["Russians"][1], "polarity": 6},
    ]  # fmt: skip
    line = {"primary_gid": "polusa_v1_7_-1_30_Smith_0_5", "sentence_normalized": text, "targets": targets}
    table = load_targets(write(tmp_path / "coded.jsonl", [line, "", record()]))
    assert table["label"].tolist() == ["neutral", "negative", "positive", "neutral"]
    # pronouns and descriptions stay, as does Brown, whom nobody listed; Moscow is an alias of Russia
    names = sorted([at["Smith"], at["Mr. Jones"], again, at["Russians"], at["Moscow"]])
    assert table["names"].tolist() == [*[names] * 3, [(0, 6), (11, 16)]]
    assert table["same"].tolist() == [[again], [], [at["Moscow"]], []]
    assert table["article"].tolist() == [*["polusa_v1_7_-1"] * 3, "line 3"]


def test_every_bad_line_is_named(tmp_path):
    lines = [
        record(), '{"sentence_normalized": ', "[1]", {"targets": []}, record(polarity=5), record(to=99),
        {"sentence_normalized": "x", "targets": [{"to": 1, "polarity": 2}]}, {"sentence_normalized": 3, "targets": []},
    ]  # fmt: skip
    with pytest.raises(StudyError) as caught:
        load_targets(write(tmp_path / "coded.jsonl", lines))
    fields = "; allowed: sentence_normalized, and targets with from, to and polarity. Correct the line."
    assert str(caught.value).split("\n  ") == [
        "7 problems found:",
        "coded.jsonl:2: found no JSON: Expecting value; allowed: one JSON object. Correct the line.",
        f"coded.jsonl:3: found '[1]' instead of an object{fields}",
        f"coded.jsonl:4: found no 'sentence_normalized'{fields}",
        f"coded.jsonl:5: found the polarity '5'{fields}",
        f"coded.jsonl:6: found offsets 0 to 99 in a sentence of 17 characters{fields}",
        f"coded.jsonl:7: found no 'from'{fields}",
        f"coded.jsonl:8: found a sentence that is no text, or targets that are no list{fields}",
    ]


def test_a_file_without_targets_is_told(tmp_path):
    def message(path):
        with pytest.raises(StudyError) as caught:
            load_targets(path)
        return str(caught.value).split("\n  ")[1]

    assert (
        message(tmp_path / "none.jsonl")
        == "none.jsonl: found no such file; allowed: JSON lines. Correct the path."
    )
    empty = write(tmp_path / "empty.jsonl", [""])
    assert message(empty) == "empty.jsonl: found no target; allowed: at least one line. Check the file."
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    assert message(tmp_path / "latin.jsonl") == (
        "latin.jsonl: found bytes that are not UTF-8; allowed: UTF-8. Save it as UTF-8."
    )


def shared_data() -> Path:
    """Find the coded sentences, which are not part of the project."""
    return Path(os.environ.get("FRAMING_SHARED") or ROOT.parent / "shared") / "data" / "newsmtsc"


@pytest.mark.parametrize("part", [0, 1], ids=["dev_rw", "dev_mt"])
def test_the_card_holds_what_is_measured(part):
    name = ("dev_rw", "dev_mt")[part]
    path = shared_data() / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(
            f"{name}.jsonl of NewsMTSC is not here: set FRAMING_SHARED to the folder that holds data/newsmtsc"
        )
    scorer = load_scorer("lexicon.v1")
    card = scorer.benchmark
    result = evaluate_scorer(scorer, path)
    assert result["n"] == card["targets"][part]
    targets = load_targets(path)
    whole = validate_scores(targets, score_mentions(scorer, targets))
    assert whole == card["measured"][name.removeprefix("dev_")]
    assert whole["confusion"] == card["confusion"][name.removeprefix("dev_")]
    assert round(100 * result["macro_f1"], 1) == card[name]
    assert f"{card[name]} ({name})" in card["summary"]
    neutral = summarise_labels(load_targets(path)["label"], ["neutral"] * result["n"])
    assert f"{100 * neutral['macro_f1']:.1f}" in card["summary"].partition("always-neutral")[2]
