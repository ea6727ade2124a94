"""The contract of scorers: every registered one keeps it, and a breach is told in full."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ScorerError
from analysis.registry import list_scorers, load_scorer
from analysis.sentiment.contract import CLASSES, mask_names, score_mentions

SENTENCES = [
    ("Russia praised the generous offer of the United States.", "Russia"),
    ("Critics blamed Russia for a cruel mistake.", "Russia"),
    ("The report on Russia is on the table.", "Russia"),
    ("$ <b>Russia</b> \u2028 \x07 =cmd", "Russia"),
    ("Russia", "Russia"),
    ("Ру́сский “Russia” 🙂", "Russia"),
]


def frame(sentences=SENTENCES):
    rows = []
    for text, name in sentences:
        start = text.index(name)
        rows.append(
            {"text": text, "start": start, "end": start + len(name), "names": [(start, start + len(name))]}
        )
    return pd.DataFrame(rows, columns=["text", "start", "end", "names"])


@pytest.fixture(params=list_scorers())
def scorer(request):
    return load_scorer(request.param)


def test_scores_are_shares_in_the_rows_order(scorer):
    mentions = frame().set_index(pd.Index([7, 3, 9, 1, 4, 2]))
    scores = score_mentions(scorer, mentions)
    assert list(scores.columns) == list(CLASSES)
    assert scores.index.equals(mentions.index)
    assert scores.stack().between(0, 1).all()
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)


def test_scores_do_not_depend_on_order_or_company(scorer):
    mentions = frame()
    scores = score_mentions(scorer, mentions)
    pd.testing.assert_frame_equal(score_mentions(scorer, mentions.iloc[::-1]).sort_index(), scores)
    for row in mentions.index:
        pd.testing.assert_frame_equal(score_mentions(scorer, mentions.loc[[row]]), scores.loc[[row]])


def test_scores_are_the_same_every_time(scorer):
    first = score_mentions(scorer, frame())
    pd.testing.assert_frame_equal(
        score_mentions(load_scorer(f"{scorer.name}.{scorer.version}"), frame()), first
    )


def test_no_mentions_give_no_scores(scorer):
    scores = score_mentions(scorer, frame([]))
    assert scores.shape == (0, 3)
    assert list(scores.columns) == list(CLASSES)


def test_the_input_is_left_as_it_was(scorer):
    mentions = frame()
    score_mentions(scorer, mentions)
    pd.testing.assert_frame_equal(mentions, frame())


def test_the_benchmark_is_fit_to_be_printed(scorer):
    card = scorer.benchmark
    assert {"data", "metric", "summary"} <= set(card)
    assert card["summary"] and "\n" not in card["summary"] and not card["summary"].endswith(".")
    assert len(card["summary"].split()) <= 30


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 99), (4, 4), (5, 2)])
def test_offsets_outside_the_text_are_refused(scorer, start, end):
    mentions = frame().assign(start=start, end=end).iloc[[4]]
    with pytest.raises(ScorerError) as caught:
        score_mentions(scorer, mentions)
    assert str(caught.value) == (
        f"mention 4: offsets {start} to {end} lie outside a text of 6 characters; "
        "give offsets with 0 <= start < end <= length"
    )


class Broken:
    """A scorer that returns what it is told to."""

    name, version, benchmark = "broken", "v1", {}

    def __init__(self, make):
        self.score = make


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda m: pd.DataFrame(1 / 3, m.index, ["neutral", "negative", "positive"]),
            "must return negative, neutral, positive for each mention, in order",
        ),
        (
            lambda m: pd.DataFrame(1 / 3, m.index[::-1], CLASSES),
            "must return negative, neutral, positive for each mention, in order",
        ),
        (
            lambda m: pd.DataFrame(1 / 3, m.index[:2], CLASSES),
            "must return negative, neutral, positive for each mention, in order",
        ),
        (
            lambda m: [(1, 0, 0)] * len(m),
            "must return negative, neutral, positive for each mention, in order",
        ),
        (lambda m: pd.DataFrame(0.5, m.index, CLASSES), "returned scores that are not shares adding up to 1"),
        (
            lambda m: pd.DataFrame(np.nan, m.index, CLASSES),
            "returned scores that are not shares adding up to 1",
        ),
        (
            lambda m: pd.DataFrame([[-1.0, 1, 1]] * len(m), m.index, CLASSES),
            "returned scores that are not shares adding up to 1",
        ),
        (
            lambda m: pd.DataFrame("much", m.index, CLASSES),
            "returned scores that are not shares adding up to 1",
        ),
    ],
)
def test_a_scorer_that_breaks_the_contract_is_named(make, message):
    with pytest.raises(ScorerError) as caught:
        score_mentions(Broken(make), frame())
    assert str(caught.value) == f"scorer broken.v1 {message}"


def test_mask_names():
    assert mask_names("Trump praised Putin.", [(0, 5), (14, 19)], "it") == "it praised it."
    assert mask_names("New York Times", [(0, 8), (0, 14), (4, 14)], "it") == "it"
    assert mask_names("a b c", [(4, 5), (0, 1), (0, 1)], "it") == "it b it"
    assert mask_names("nobody", [], "it") == "nobody"
    # names that overlap leave no letter behind, names that touch are two
    assert mask_names("abcdef", [(0, 3), (2, 5)], "_") == "_f"
    assert mask_names("abcdef", [(0, 3), (3, 6)], "_") == "__"
