"""The encoders: no name reaches them, their scores are stable, and the cards hold what is measured."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ScorerError
from analysis.sentiment import encoder_input
from analysis.sentiment.benchmark import load_targets
from analysis.sentiment.contract import CLASSES, label_scores, score_mentions
from analysis.sentiment.encoder import EncoderScorer, SmallEncoderScorer, favour_positive, mask_actors
from analysis.sentiment.encoder_input import (
    REACH,
    WINDOW,
    Reader,
    clear_places,
    collate,
    cut_sentence,
    find_batches,
    find_repeats,
)

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "Russia,the United States,China,Putin,Trump,Zelensky,Xi Jinping,Biden,Obama,Clinton,Merkel,Macron,Iran,Israel,"
    "Ukraine,Germany,France,Japan,India,NATO,the EU,Kim Jong Un,Assad,Netanyahu,Erdogan,Turkey,Maduro,Hitler,"
    "Mary Jones,Санкт-Петербург"
).split(",")
TEMPLATES = (
    "{0} lied again about the cruel attack on its neighbours.",
    "Observers praised {0} for the generous and courageous decision.",
    "The report on {0} is on the table.",
    "Critics of {0}'s army say {0} broke the treaty, and {0}’s generals deny it.",
    "“Nobody trusts {0}”, said the minister, who had welcomed {1} warmly.",
    "{1} accused {0} of a war crime; {0} called {1} a liar.",
)


@pytest.fixture(scope="module", params=[EncoderScorer, SmallEncoderScorer], ids=lambda kind: kind.name)
def scorer(request):
    return request.param()


def model_file(scorer):
    return ROOT / "analysis" / "sentiment" / f"{scorer.name}.v1.onnx"


@pytest.fixture(scope="module")
def reader():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    words = "<s> <pad> </s> <mask> [UNK] « » \" x ' s . , ; russia blamed china praised army a b mask < > /".split()
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return Reader(tokenizer)


def test_the_bias_raises_the_odds_of_the_positive_class_and_nothing_else():
    shares = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.7, 0.2, 0.1]])
    raised = favour_positive(shares, 0.5)
    np.testing.assert_allclose(raised.sum(axis=1), 1)
    np.testing.assert_allclose(favour_positive(shares, 0.0), shares)
    np.testing.assert_allclose(raised[1:3], shares[1:3])
    for before, after in ((shares[0], raised[0]), (shares[3], raised[3])):
        assert after[2] / after[1] == pytest.approx(np.exp(0.5) * before[2] / before[1])
        assert after[0] / after[1] == pytest.approx(before[0] / before[1])


def test_scores_have_the_bias_of_the_card(scorer):
    text = "Observers praised Smith for the decision."
    mention = pd.DataFrame({"text": [text], "start": [18], "end": [23], "names": [[(18, 23)]]})
    plain = type(scorer)()
    plain.__dict__["benchmark"] = {"sha256": scorer.benchmark["sha256"]}
    without = score_mentions(plain, mention).to_numpy()
    assert scorer.benchmark["bias"] > 0
    expected = favour_positive(without, scorer.benchmark["bias"])
    # what is rounded to thousandths before the bias moves by as much after it
    np.testing.assert_allclose(score_mentions(scorer, mention), expected, atol=3e-3)


def fill(template, name, other="the envoy"):
    """Fill a template; the first mention of `name` is scored, everyone's mentions are known."""
    text, own, others = "", [], []
    for part in template.replace("{0}", "\0{0}\0").replace("{1}", "\0{1}\0").split("\0"):
        words = {"{0}": name, "{1}": other}.get(part, part)
        if part in ("{0}", "{1}"):
            (own if part == "{0}" else others).append((len(text), len(text) + len(words)))
        text += words
    start, end = own[0]
    return {"text": text, "start": start, "end": end, "names": sorted([*own, *others]), "same": own[1:]}


def frame(*rows):
    return pd.DataFrame(list(rows), columns=["text", "start", "end", "names", "same"])


def sample():
    """Sentences of many lengths."""
    rows = [fill(template, name) for template in TEMPLATES for name in ("Russia", "China")]
    return frame(*rows, *(fill("{0} " + "and its very good friends " * n + "left.", "Iran") for n in range(5)))


# names


def test_swapping_the_name_changes_no_probability(scorer):
    assert len(set(NAMES)) == 30
    scores = {name: score_mentions(scorer, frame(*(fill(t, name) for t in TEMPLATES))) for name in NAMES}
    for name in NAMES:
        pd.testing.assert_frame_equal(scores[name], scores["Russia"], check_exact=True)


def test_renaming_the_other_actors_changes_no_probability(scorer):
    chosen = [template for template in TEMPLATES if "{1}" in template]
    scores = [score_mentions(scorer, frame(*(fill(t, "Russia", name) for t in chosen))) for name in NAMES[1:]]
    for one in scores:
        pd.testing.assert_frame_equal(one, scores[0], check_exact=True)


def test_two_actors_of_a_sentence_get_scores_of_their_own(scorer):
    text = "Observers praised China for its courage and condemned Russia for its cruel attack."
    names = [(18, 23), (54, 60)]
    rows = [{"text": text, "start": a, "end": b, "names": names, "same": []} for a, b in names]
    scores = score_mentions(scorer, frame(*rows))
    assert label_scores(scores).tolist() == ["positive", "negative"]


def test_praise_and_blame_are_told_apart(scorer):
    labels = label_scores(score_mentions(scorer, frame(*(fill(t, "Russia") for t in TEMPLATES))))
    assert labels[:4].tolist() == ["negative", "positive", "neutral", "negative"]


# stability


@pytest.mark.parametrize(("batch", "threads"), [(1, 1), (4, 1), (16, 1), (8, 2)])
def test_batch_and_threads_change_nothing(scorer, batch, threads):
    expected = score_mentions(scorer, sample())
    found = score_mentions(type(scorer)(threads=threads, batch=batch), sample())
    np.testing.assert_allclose(found, expected, atol=1e-3 + 1e-9)
    assert label_scores(found).tolist() == label_scores(expected).tolist()


def test_order_and_chunks_change_nothing(scorer, monkeypatch):
    expected = score_mentions(scorer, sample())
    turned = score_mentions(scorer, sample().iloc[::-1]).sort_index()
    np.testing.assert_allclose(turned, expected, atol=1e-3 + 1e-9)
    monkeypatch.setattr("analysis.sentiment.encoder.CHUNK", 4)
    np.testing.assert_allclose(score_mentions(scorer, sample()), expected, atol=1e-3 + 1e-9)


def test_scores_are_thousandths_that_add_up(scorer):
    scores = score_mentions(scorer, sample()).to_numpy() * 1000
    np.testing.assert_allclose(scores, scores.round(), atol=1e-9)
    assert (scores.round().sum(axis=1) == 1000).all()


def test_any_text_is_scored(scorer):
    texts = [
        "Xi",
        "Xi 俄罗斯 praised", "Xi \u200f\u202eثثث 😀🇺🇦", "Xi \x00\x07", "Xi \ud800 lied", "Xi <mask> </s> « » [UNK]",
        "Xi " + "a" * 50_000, "Xi " + "😀" * 5_000,
    ]  # fmt: skip
    mentions = pd.DataFrame({"text": pd.Series(texts, dtype=object), "start": 0, "end": 2})
    scores = scorer.score(mentions.assign(names=[[(0, 2)]] * len(texts)))
    assert scores.notna().all().all() and len(scores) == len(texts)


def test_a_very_long_sentence_is_read_around_the_mention(scorer):
    near = "They praised {0} for the generous and courageous decision. "
    short = fill("They met. " * 200 + near + "They met. " * 200, "Russia")
    long = fill("They lied. " * 2500 + "They met. " * 200 + near + "They met. " * 200 + "They lied. " * 2500, "Russia")
    assert len(long["text"]) > 50_000
    scores = score_mentions(scorer, frame(short, long))
    assert scores.loc[0].tolist() == scores.loc[1].tolist()


# the model file


def test_the_model_is_loaded_when_it_is_first_used():
    code = (
        "import sys\nfrom analysis.registry import load_scorer\nload_scorer('encoder.v1').benchmark['summary']\n"
        "print(sorted({'onnxruntime', 'tokenizers', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_broken_model_file_is_told_before_it_is_loaded(tmp_path, scorer):
    path = tmp_path / "encoder.v1.onnx"
    path.write_bytes(b"broken")
    with pytest.raises(ScorerError) as caught:
        score_mentions(type(scorer)(path), sample())
    expected = hashlib.sha256(model_file(scorer).read_bytes()).hexdigest()
    assert str(caught.value) == (
        f"model file encoder.v1.onnx is not the one that was measured: found sha256 "
        f"{hashlib.sha256(b'broken').hexdigest()}, expected {expected}; "
        "restore it from the repository or install the package again"
    )
    path.unlink()
    with pytest.raises(ScorerError) as caught:
        score_mentions(type(scorer)(path), sample())
    assert str(caught.value) == (
        "model file encoder.v1.onnx cannot be read: No such file or directory; "
        "restore it from the repository or install the package again"
    )


def test_the_model_is_small_enough_and_is_the_one_of_the_card(scorer):
    data = model_file(scorer).read_bytes()
    assert len(data) == scorer.benchmark["bytes"] < {"encoder": 95_000_000, "encoder-small": 25_000_000}[scorer.name]
    assert hashlib.sha256(data).hexdigest() == scorer.benchmark["sha256"]


def test_the_card_holds_what_is_measured(scorer):
    data = Path(os.environ.get("FRAMING_SHARED") or ROOT.parent / "shared") / "data" / "newsmtsc" / "dev_mt.jsonl"
    if not data.is_file():
        pytest.skip("dev_mt.jsonl of NewsMTSC is not here: set FRAMING_SHARED to the folder that holds data/newsmtsc")
    card = scorer.benchmark
    few = load_targets(data).head(60)
    right = int((label_scores(score_mentions(scorer, few)) == few["label"]).sum())
    assert right == card["right_of_first_60"]
    for name in ("dev_rw", "dev_mt"):
        assert f"{card[name]} ({name})" in card["summary"]


# what the network reads


def test_places_that_overlap_are_cleared():
    assert clear_places([(0, 5), (3, 9), (3, 9), (12, 12)], []) == [(3, 9)]
    assert clear_places([(0, 5), (5, 9)], [(8, 10)]) == [(0, 5)]
    assert clear_places([], [(8, 10)]) == []


def test_repeats_are_whole_names():
    assert find_repeats("Ford and Fordham; Ford's", 0, 4) == [(18, 22)]
    assert find_repeats("Ford's car, Ford", 0, 6) == [(12, 16)]
    assert find_repeats("he said he left", 0, 2) == []
    assert find_repeats("C++ C++", 0, 3) == [(4, 7)]


def test_the_sentence_is_cut_at_names():
    text = "Putin's aides said Putin met Xi's aides"
    mention = {"text": text, "start": 19, "end": 24, "same": [(0, 7)], "others": [(29, 33), (30, 31)]}
    assert cut_sentence(mention) == [
        ("left", None), ("left", "'s"), ("left", " aides said "), ("target", None), ("right", " met "), ("right", "x"),
        ("right", "'s"), ("right", " aides"),
    ]  # fmt: skip
    shown = cut_sentence(mention, visible=True)
    assert "".join(words for _, words in shown) == text.replace("Xi", "x")


def test_who_is_masked_and_who_is_renamed():
    text = "Washington met the Washington Post; Washington left. China, CHINA"
    names = [(0, 10), (19, 34), (53, 58), (60, 65)]
    found = mask_actors(text, 0, 10, names, [])
    # the words of the name are masked where they stand again, but not within another name
    assert found["same"] == [(36, 46)]
    assert found["others"] == [(19, 34), (53, 58), (60, 65)]
    assert mask_actors(text, 53, 58, names, None)["same"] == [(60, 65)]
    assert mask_actors(text, 53, 58, names, [])["others"] == [(0, 10), (19, 34), (60, 65)]


def test_the_window_and_the_target_in_it(reader):
    rows = reader.read(
        [
            {"text": "Russia blamed China", "start": 0, "end": 6, "others": [(14, 19)]},
            {"text": "a " * 300 + "Russia" + " b" * 300, "start": 600, "end": 606},
            {"text": "a " * 300 + "Russia" + " b" * 10, "start": 600, "end": 606},
        ]
    )
    number = reader.tokenizer.token_to_id
    pieces, start, end = rows[0]
    expected = ["<s>", "«", "<mask>", "»", "blamed", "x", "</s>"]
    assert pieces.tolist() == [number(piece) for piece in expected]
    for pieces, start, end in rows[1:]:
        assert len(pieces) == WINDOW
        assert pieces[start:end].tolist() == [number("<mask>")]
    assert rows[1][1] == 2 + (WINDOW - 5) // 2
    assert (rows[2][0] == number("b")).sum() == 10


def test_text_cannot_become_a_special_piece(reader):
    (pieces, start, end), = reader.read([{"text": "Russia <mask> </s> « »", "start": 0, "end": 6}])  # fmt: skip
    number = reader.tokenizer.token_to_id
    assert (pieces == number("<mask>")).sum() == 1 and (pieces == number("</s>")).sum() == 1
    assert (pieces == number("«")).sum() == 1 and (pieces == number('"')).sum() == 2


def test_only_the_neighbourhood_is_tokenised(reader):
    mention = {"text": "a" * 10_000 + " Russia " + "b" * 10_000, "start": 10_001, "end": 10_007}
    assert sum(len(words) for _, words in cut_sentence(mention) if words) == 2 * REACH


def test_batches_hold_what_is_of_one_length():
    rows = [(np.arange(n), 0, 1) for n in (5, 50, 6, 5, 48, 5)]
    assert list(find_batches(rows, 2)) == [[0, 3], [5, 2], [4, 1]]
    assert list(find_batches([], 2)) == []
    ids, target = collate([(np.arange(3), 1, 3), (np.arange(5), 0, 1)], 9, multiple=4)
    assert ids.tolist() == [[0, 1, 2, 9, 9, 9, 9, 9], [0, 1, 2, 3, 4, 9, 9, 9]]
    assert target[0].tolist() == [0, 0.5, 0.5, 0, 0, 0, 0, 0] and target[1, 0] == 1


def test_the_input_module_needs_no_model():
    assert "onnxruntime" not in Path(encoder_input.__file__).read_text(encoding="utf-8")
    assert CLASSES == ("negative", "neutral", "positive")
