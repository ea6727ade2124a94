"""The corpus: order, groups, subsets, other codings, and offsets of everything found in an article."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from analysis.corpus import Corpus
from analysis.errors import UnknownName

OUTLETS = [
    {"outlet_id": "x", "name": "Zeta Times", "label": "Zeta", "bloc": "East", "bloc_alternative": "other"},
    {"outlet_id": "y", "name": "Alpha Post", "bloc": "West", "confidence": "low"},
    {"outlet_id": "z", "name": "Beta Post", "bloc": "Centre"},
]
ARTICLES = [
    {"article_id": "c", "outlet_id": "x", "published": "2019-05"},
    {"article_id": "a", "outlet_id": "y", "title": "War = Peace"},
    {"article_id": "d", "outlet_id": "x"},
    {"article_id": "b", "outlet_id": "z", "published": "2019"},
]
ORDER = '[groups]\nblocs = ["West", "East", "North", "Centre"]\n'


@pytest.fixture
def corpus(tmp_path, make_study, corpus_of):
    return corpus_of(make_study(tmp_path, ARTICLES, OUTLETS, toml=ORDER))


@pytest.fixture(scope="module")
def seeds(seed_study_dir, corpus_of):
    return corpus_of(seed_study_dir)


def test_articles_are_sorted_whatever_the_order_of_rows(tmp_path, make_study, corpus_of, corpus):
    assert corpus.ids == ["a", "b", "c", "d"]
    turned = corpus_of(make_study(tmp_path / "turned", ARTICLES[::-1], OUTLETS[::-1], toml=ORDER))
    assert turned == corpus
    assert len(corpus) == 4


def test_an_article_is_as_coded(corpus):
    article = corpus.article("c")
    assert (article.outlet_id, article.outlet, article.bloc, article.bloc_alternative) == ("x", "Zeta", "East", "other")
    assert article.published_range == (date(2019, 5, 1), date(2019, 5, 31))
    assert corpus.article("a").published_range is None
    assert corpus.article("a").outlet == "Alpha Post"
    assert corpus.article("a").confidence == "low"


def test_an_unknown_article(corpus):
    for call in (corpus.article, lambda name: corpus.subset([name])):
        with pytest.raises(UnknownName) as caught:
            call("e")
        assert str(caught.value) == "unknown article 'e'; allowed: a, b, c, d"


def test_groups_are_in_the_studys_order(corpus):
    assert {name: list(found) for name, found in corpus.grouping("bloc").members.items()} == {
        "West": [0],
        "East": [2, 3],
        "Centre": [1],
    }
    assert corpus.grouping("bloc").labels == ["West", "East", "Centre"]
    assert corpus.grouping("outlet").labels == ["Alpha Post", "Zeta", "Beta Post"]
    assert corpus.grouping("article").labels == ["a", "c", "d", "b"]


def test_an_unknown_level(corpus):
    with pytest.raises(UnknownName) as caught:
        corpus.grouping("country")
    assert str(caught.value) == "unknown level 'country'; allowed: article, bloc, outlet"


def test_a_subset_keeps_order_and_what_was_computed(corpus):
    sentences = corpus.article("c").sentences
    part = corpus.subset(["d", "c"])
    assert part.ids == ["c", "d"]
    assert part.article("c").sentences is sentences
    with pytest.raises(UnknownName):
        part.article("a")


def test_another_coding_shares_the_texts_and_leaves_the_corpus_alone(corpus):
    sentences = corpus.article("c").sentences
    other = corpus.recoded({"x": "other"})
    assert [article.bloc for article in other.articles] == ["West", "Centre", "other", "other"]
    assert [article.bloc for article in corpus.articles] == ["West", "Centre", "East", "East"]
    assert other.article("c").sentences is sentences
    assert corpus.recoded({}) == corpus


def test_a_corpus_is_frozen(corpus):
    with pytest.raises(dataclasses.FrozenInstanceError):
        corpus.articles = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        corpus.articles[0].bloc = "West"


def test_terms_are_one_for_each_token(tmp_path, make_study, corpus_of):
    article = corpus_of(make_study(tmp_path, texts={"a1": "The US told us: “Russia’s own.”"})).articles[0]
    assert article.terms() == ["the", "US", "told", "us", "russia", "own"]
    assert article.terms(()) == ["the", "us", "told", "us", "russia", "own"]
    assert len(article.tokens) == 6
    (quote,) = article.quotes
    assert article.typographic[quote.start : quote.end] == "“Russia’s own.”"
    assert article.text[quote.start : quote.end] == '"Russia\'s own."'


def test_the_sentence_at_a_place(tmp_path, make_study, corpus_of):
    article = corpus_of(make_study(tmp_path, texts={"a1": "They met.\n\nIt was said."})).articles[0]
    assert [article.sentence_at(place) for place in (0, 8, 9, 10, 11, 22, 23, 99)] == [0, 0, -1, -1, 1, 1, -1, -1]


def test_everything_found_in_the_seeds_lies_where_it_says(seeds):
    for article in seeds.articles:
        for spans in (article.paragraphs, article.sentences, article.tokens):
            assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))
            assert all(article.text[span.start : span.end].strip() for span in spans)
        for number, sentence in enumerate(article.sentences):
            assert article.sentence_at(sentence.start) == article.sentence_at(sentence.end - 1) == number
            assert any(place.start <= sentence.start and sentence.end <= place.end for place in article.paragraphs)
        assert all(article.sentence_at(token.start) >= 0 for token in article.tokens)


def test_the_seed_corpus_described(seeds):
    table = seeds.describe().table
    assert list(table["article_id"]) == seeds.ids
    assert list(table["bloc"]) == ["Chinese", "Western", "Russian", "Chinese", "Western"]
    assert list(table["published_from"]) == ["2019-12-01", "2019-05-01", "2019-05-21", "2019-05-22", "2018-07-01"]
    assert list(table["published_to"]) == ["2019-12-31", "2019-05-31", "2019-05-21", "2019-05-22", "2018-07-31"]
    for row, article in zip(table.itertuples(), seeds.articles, strict=True):
        assert row.n_tokens == len(article.tokens)
        assert 0 < row.removed < 0.2


def test_an_empty_corpus_is_described():
    assert Corpus(()).describe().table.empty


def test_received_texts_without_the_rules(seed_study_dir, seeds):
    from analysis.config import load_config
    from analysis.paths import StudyPaths
    from analysis.seeds import load_corpus

    paths = StudyPaths(seed_study_dir)
    received = load_corpus(paths, load_config(paths.config), clean=False)
    assert received.ids == seeds.ids
    for whole, cleaned in zip(received.articles, seeds.articles, strict=True):
        assert whole.removals == ()
        assert whole.received == cleaned.received
        assert len(whole.text) > len(cleaned.text)


def test_the_corpus_as_received_is_what_loading_without_rules_gives(seed_study_dir, seeds):
    from analysis.config import load_config
    from analysis.paths import StudyPaths
    from analysis.seeds import load_corpus

    paths = StudyPaths(seed_study_dir)
    loaded = load_corpus(paths, load_config(paths.config), clean=False)
    received = seeds.as_received()
    assert received.articles == loaded.articles
    for one, other in zip(received.articles, loaded.articles, strict=True):
        assert (one.offsets == other.offsets).all() and one.sentences == other.sentences
    # an article of which nothing was taken out is the same one
    assert all(
        one is other for one, other in zip(received.as_received().articles, received.articles, strict=True)
    )
