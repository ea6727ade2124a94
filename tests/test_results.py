"""`Result` and its evidence: selection by keys, whole messages, and safe HTML."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from planted import make_corpus

from analysis.errors import ParameterError, UnknownName
from analysis.results import EVIDENCE_COLUMNS, Evidence, Result, hit_row, hit_table, one_line, table_evidence


@pytest.fixture
def result():
    table = pd.DataFrame({"actor_id": ["us", "us", "russia"], "voice": ["own", "quoted", "own"], "start": [1, 2, 3]})
    return Result("sentiment", table, params={"k": 6}, evidence=table_evidence(table, ("actor_id", "voice")))


def test_evidence_is_selected_by_keys(result):
    assert list(result.evidence_for()["start"]) == [1, 2, 3]
    assert list(result.evidence_for(actor_id="us")["start"]) == [1, 2]
    assert list(result.evidence_for(actor_id="us", voice="quoted")["start"]) == [2]
    assert list(result.evidence_for(actor_id=["us", "russia"], voice="own")["start"]) == [1, 3]
    assert list(result.evidence_for(actor_id="us", voice="quoted").index) == [0]
    assert result.evidence_for(actor_id="nobody").empty


def test_an_unknown_key(result):
    with pytest.raises(UnknownName) as caught:
        result.evidence_for(actor="us")
    assert str(caught.value) == "unknown key of evidence 'actor'; allowed: actor_id, voice"


def test_a_result_without_sentences():
    with pytest.raises(ParameterError) as caught:
        Result("articles", pd.DataFrame()).evidence_for()
    assert str(caught.value) == "the result 'articles' counts whole articles: no sentence stands behind it"


def test_a_result_is_frozen(result):
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.name = "other"
    with pytest.raises(TypeError):
        Result("x", pd.DataFrame()).params["k"] = 1


def test_results_do_not_share_what_they_excluded():
    first, second = Result("a", pd.DataFrame()), Result("b", pd.DataFrame())
    first.excluded.loc[0] = ["article x", 1, "bad"]
    assert second.excluded.empty
    assert list(second.excluded.columns) == ["what", "n", "why"]


def test_html_is_escaped():
    evil = "<script>alert(1)</script>"
    shown = Result(evil, pd.DataFrame({evil: [evil, "$$x$$"]}), params={evil: evil})._repr_html_()
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 5
    assert shown.startswith('<div class="mathjax_ignore tex2jax_ignore">')


def test_html_tells_rows_and_parameters(result):
    assert "<b>sentiment</b>: 3 rows. k = 6</p>" in result._repr_html_()
    assert "25 rows (first 20 of 25 rows)" in Result("x", pd.DataFrame({"n": range(25)}))._repr_html_()


def test_a_place_as_a_row_of_evidence(tmp_path, make_study, corpus_of):
    text = "They met in\u00a0Geneva.\n\nThe US and\nRussia agreed."
    make_study(tmp_path, texts={"a1": text})
    article = corpus_of(tmp_path).articles[0]
    start = article.text.index("Russia")
    row = hit_row(article, start, start + 6, width=12)
    assert list(row) == list(EVIDENCE_COLUMNS)
    assert article.text[row["start"] : row["end"]] == row["match"] == "Russia"
    assert (row["outlet"], row["bloc"]) == ("Alpha", "East")
    assert (row["left"], row["right"]) == ("The US and", "agreed.")
    assert row["sentence"] in ("The US and Russia agreed.", "Russia agreed.")


def test_a_table_of_hits_has_the_rows_of_its_hits():
    texts = {"w1": "Russia spoke. Then the\nUS did. \n\nNothing  more, said Russia.", "w2": "Russia? US."}
    # the blank lines stand between two sentences
    hits = [
        (article, [match.span() for match in re.finditer(r"Russia|US|did|\n\n", article.text)])
        for article in make_corpus(texts).articles
    ]
    hits += hits[:1]
    rows = [hit_row(article, *place, width=9) for article, places in hits for place in places]
    assert {row["sentence_id"] for row in rows} >= {-1, 0, 1, 2}
    assert hit_table(hits, width=9).to_dict("records") == rows
    assert list(hit_table(hits).columns) == list(EVIDENCE_COLUMNS)
    for nothing in ([], [(article, []) for article, _ in hits]):
        assert hit_table(nothing).empty and list(hit_table(nothing).columns) == list(EVIDENCE_COLUMNS)


def test_one_line():
    assert one_line(" a\n\n b\u00a0c\t") == "a b c"
    blanks = [char for char in map(chr, range(0x3001)) if char.isspace()]
    assert {one_line(f"a{blank}b") for blank in blanks} == {"a b"} and len(blanks) > 20


def test_evidence_calls_find_with_the_keys():
    asked = []
    evidence = Evidence(("term",), lambda keys: asked.append(dict(keys)) or pd.DataFrame())
    Result("contrasts", pd.DataFrame(), evidence=evidence).evidence_for(term="war")
    assert asked == [{"term": "war"}]
