"""The dispersion plot's table: every occurrence at its place, and the articles that are shown."""

import pytest
from planted import build_planted

from analysis.errors import UnknownName
from analysis.figures.xray import MOST_ARTICLES, term_places
from analysis.study import load_study


def test_every_occurrence_stands_at_its_place():
    study = load_study()
    table = term_places(study, ["sanctions", "europe", "sanctions"])
    assert table["term"].drop_duplicates().tolist() == ["sanctions", "europe"]
    for term, part in table.groupby("term"):
        counted = study.counts.column(term)
        assert part["place"].notna().sum() == counted.sum()
        assert part.drop_duplicates("article_id")["n_hits"].sum() == counted.sum()
        assert part["n_articles_term"].iloc[0] == (counted > 0).sum()
    for row in table.dropna(subset=["place"]).itertuples():
        text = study.corpus.article(row.article_id).text
        start = round(row.place * len(text))
        assert text[start : start + len(row.term)].lower() == row.term


def test_an_unknown_term_is_named():
    with pytest.raises(UnknownName, match="unknown term 'zzyzx'"):
        term_places(load_study(), ["zzyzx"])
    assert term_places(load_study(), []).empty


def test_a_large_corpus_shows_the_articles_with_most(tmp_path):
    build_planted(tmp_path / "study", outlets=2, articles=6, settings="[statistics]\nbootstrap = 100\n")
    study = load_study(tmp_path / "study")
    term = study.counts.terms[int(study.counts.totals.argmax())]
    table = term_places(study, [term])
    assert len(study.corpus) > MOST_ARTICLES
    assert table["article_id"].nunique() == MOST_ARTICLES
    shown = set(table["article_id"])
    hits = dict(zip(study.corpus.ids, study.counts.column(term), strict=True))
    left_out = [hits[name] for name in hits if name not in shown]
    assert max(left_out) <= table["n_hits"].min()
