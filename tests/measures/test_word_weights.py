"""Words near a mention, and their weights: planted, shrunk, within articles, blind to who uses them."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import TermParameters
from analysis.measures.word_weights import choose_words, find_near_words, weigh_words

TERMS = TermParameters(min_count=3, min_articles=1)


def mentions_of(corpus, names=("Russia", "China")):
    rows = []
    for article in corpus.articles:
        for name in names:
            start = article.text.find(name)
            while start >= 0:
                rows.append(
                    (article.article_id, article.sentence_at(start), start, start + len(name), name.lower())
                )
                start = article.text.find(name, start + 1)
    columns = ["article_id", "sentence_id", "start", "end", "actor_id"]
    return pd.DataFrame(sorted(rows), columns=columns)


def test_words_of_the_sentence_without_names_and_stop_words():
    corpus = make_corpus(
        {"w1": "Russia's army did not attack China in 2014. The harvest was good.", "w2": "Russia!"}
    )
    near = find_near_words(corpus, mentions_of(corpus), TERMS)
    assert near == [("army", "attack", "did", "not")] * 2 + [()]
    assert find_near_words(corpus, mentions_of(corpus).iloc[:0], TERMS) == []


def test_a_word_needs_mentions_and_more_than_one_sentence():
    near = [("a", "b"), ("a", "b"), ("a", "b", "c"), ("c",), ("c",)]
    keys = [("w1", 0), ("w1", 0), ("w1", 1), ("w1", 2), ("w2", 0)]
    # "once" stands near three mentions, all of one sentence
    near = [*near, ("once",), ("once",), ("once",)]
    keys = [*keys, *[("w2", 1)] * 3]
    mentions = pd.DataFrame(keys, columns=["article_id", "sentence_id"])
    assert choose_words(near, mentions, 3) == ("a", "b", "c")
    assert choose_words(near, mentions, 4) == ()


def planted(articles=20, mentions=40, seed=0, noise=0.1):
    """Make balances from the words near: two that count, and many that do not."""
    generator = np.random.default_rng(seed)
    truth = {"cruel": -0.6, "generous": 0.5} | {f"word{n:02}": 0.0 for n in range(30)}
    near, rows = [], []
    for article in range(articles):
        mean = generator.normal(0, 0.3)
        for _ in range(mentions):
            words = tuple(sorted(word for word in truth if generator.random() < 0.15))
            near.append(words)
            balance = np.clip(mean + sum(truth[word] for word in words) + generator.normal(0, noise), -1, 1)
            rows.append((f"a{article:02}", len(rows), max(0, -balance), max(0, balance)))
    scores = pd.DataFrame(rows, columns=["article_id", "sentence_id", "negative", "positive"])
    return near, scores, truth


def test_planted_weights_are_found():
    near, scores, _ = planted()
    words = choose_words(near, scores, 3)
    weighed = weigh_words(near, words, scores)
    weight = dict(zip(weighed.words, weighed.weights, strict=True))
    assert weight["cruel"] == pytest.approx(-0.55, abs=0.08)
    assert weight["generous"] == pytest.approx(0.45, abs=0.08)
    assert max(abs(value) for word, value in weight.items() if word.startswith("word")) < 0.08
    assert weighed.fit > 0.5
    assert weighed.matrix.sum() == sum(map(len, near))


def test_words_without_effect_predict_nothing():
    near, scores, _ = planted()
    generator = np.random.default_rng(1)
    scores = scores.assign(negative=generator.random(len(scores)), positive=generator.random(len(scores)))
    weighed = weigh_words(near, choose_words(near, scores, 3), scores)
    assert weighed.fit < 0.02
    assert np.abs(weighed.weights).max() < 0.1


def test_what_sets_articles_apart_is_not_put_down_to_a_word():
    # "slogan" stands near every mention of the bad articles, and near none of the good ones
    near, rows = [], []
    for article in range(10):
        bad = article % 2
        for n in range(10):
            near.append(tuple(sorted(["slogan"] * bad + (["cruel"] if n % 2 else ["map"]))))
            balance = -0.5 * bad - (0.3 if n % 2 else 0)
            rows.append((f"a{article}", n, -balance, 0.0))
    scores = pd.DataFrame(rows, columns=["article_id", "sentence_id", "negative", "positive"])
    weighed = weigh_words(near, choose_words(near, scores, 3), scores)
    weight = dict(zip(weighed.words, weighed.weights, strict=True))
    assert weight["slogan"] == 0
    assert weight["cruel"] == pytest.approx(-weight["map"]) == pytest.approx(-0.15, abs=0.02)


def test_weights_do_not_depend_on_the_order_of_the_rows():
    near, scores, _ = planted(articles=8, mentions=15)
    first = weigh_words(near, choose_words(near, scores, 3), scores)
    order = np.random.default_rng(3).permutation(len(scores))
    mixed = [near[place] for place in order], scores.iloc[order].reset_index(drop=True)
    second = weigh_words(mixed[0], choose_words(*mixed, 3), mixed[1])
    assert first.words == second.words and first.penalty == second.penalty
    np.testing.assert_array_equal(first.weights, second.weights)


def test_nothing_to_learn_from():
    near, scores, _ = planted(articles=1)
    one = weigh_words(near, choose_words(near, scores, 3), scores)
    assert not one.weights.any() and np.isnan(one.fit)
    near, scores, _ = planted(articles=3)
    flat = weigh_words(near, choose_words(near, scores, 3), scores.assign(negative=0.5, positive=0.0))
    assert not flat.weights.any() and np.isnan(flat.fit)
    none = weigh_words([], (), scores.iloc[:0])
    assert none.words == () and none.matrix.shape == (0, 0)
