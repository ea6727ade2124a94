"""The word shift of sentiment: lines add up, planted words carry it, neutral ones do not, few articles are said."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters, TermParameters
from analysis.measures.sentiment_shift import largest_differences, measure_sentiment_shift, word_evidence

ACTORS = pd.DataFrame({"actor_id": ["ru", "us"], "actor": ["Russia", "US"], "kind": "state"})
TERMS = TermParameters(min_count=3, min_articles=1)
STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)
WORDS = {"cruel": -0.8, "generous": 0.8, "reporter": 0.0, "letter": 0.0}


def planted(articles=6, seed=0):
    """Write of Russia: W mostly cruel, R mostly generous; the reporter stands near it in both."""
    generator = np.random.default_rng(seed)
    texts, rows = {}, []
    for bloc, cruel in (("w", 0.7), ("r", 0.2)):
        for number in range(articles):
            name, sentences = f"{bloc}{number}", []
            for _ in range(12):
                judged = "cruel" if generator.random() < cruel else "generous"
                words = [judged, *(word for word in ("reporter", "letter") if generator.random() < 0.5)]
                sentence = f"Russia {' '.join(words)}."
                start = sum(len(one) + 1 for one in sentences)
                balance = sum(WORDS[word] for word in words)
                rows.append((name, f"{bloc.upper()} outlet", bloc.upper(), start, start + 6, balance))
                sentences.append(sentence)
            texts[name] = " ".join(sentences)
    corpus = make_corpus(texts)
    table = pd.DataFrame(rows, columns=["article_id", "outlet", "bloc", "start", "end", "balance"])
    table["sentence_id"] = [
        corpus.article(row.article_id).sentence_at(row.start) for row in table.itertuples()
    ]
    table = table.assign(
        actor_id="ru", alias="Russia", voice="own",
        negative=table["balance"].clip(upper=0).abs(), positive=table["balance"].clip(lower=0),
    )  # fmt: skip
    return corpus, table.assign(neutral=1 - table["negative"] - table["positive"])


def measure(corpus, scores):
    return measure_sentiment_shift(
        corpus, corpus.grouping("bloc"), scores, ACTORS, terms=TERMS, statistics=STATISTICS
    )


def test_planted_words_carry_the_difference_and_neutral_ones_do_not():
    corpus, scores = planted()
    table = measure(corpus, scores).table
    [(target, reference)] = set(zip(table["target"], table["reference"], strict=True))
    assert (target, reference) == ("R", "W")
    words = table[table["line"] == "word"].set_index("word")
    difference = table["difference"].iloc[0]
    assert difference == pytest.approx(
        scores.loc[scores["bloc"] == "R", "balance"].mean()
        - scores.loc[scores["bloc"] == "W", "balance"].mean()
    )
    carried = words.loc[["cruel", "generous"], "contribution"]
    assert (carried > 0).all() and carried.sum() == pytest.approx(difference, rel=0.05)
    assert words.loc["cruel", "direction"] == "less, negative"
    assert words.loc["generous", "direction"] == "more, positive"
    assert words.reindex(["reporter", "letter"])["contribution"].abs().fillna(0).max() < 0.02
    assert (words.loc[["cruel", "generous"], "contribution_low"] > 0).all()
    assert (words["contribution_low"] <= words["contribution_high"]).all()
    assert set(table["flag"]) == {""}
    assert words.loc["cruel", "near_target"] == (scores["balance"] < 0)[scores["bloc"] == "R"].sum()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_lines_add_up_to_the_difference(seed):
    corpus, scores = planted(articles=3, seed=seed)
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet([1, 1, 1], len(scores))
    scores = scores.assign(negative=shares[:, 0], neutral=shares[:, 1], positive=shares[:, 2])
    table = measure(corpus, scores).table
    sums = table.groupby(["actor_id", "target", "reference"])
    np.testing.assert_allclose(sums["contribution"].sum(), sums["difference"].first(), atol=1e-12)
    assert table.groupby(["actor_id", "target"])["line"].apply(list).iloc[0][-2:] == ["other words", "untold"]


def test_swapping_the_blocs_turns_every_line():
    corpus, scores = planted()
    first = measure(corpus, scores).table.set_index(["line", "word"])["contribution"]
    names = {"W": "R", "R": "W"}
    turned = corpus.recoded({"w-outlet": "R", "r-outlet": "W"})
    second = measure(turned, scores.assign(bloc=scores["bloc"].map(names))).table
    second = second.set_index(["line", "word"])["contribution"]
    pd.testing.assert_series_equal(first.sort_index(), -second.sort_index())


@pytest.mark.parametrize(("articles", "given"), [(4, False), (5, True)])
def test_intervals_need_five_articles_on_both_sides(articles, given):
    table = measure(*planted(articles=articles)).table
    assert table["contribution_low"].notna().all() == given
    assert table["contribution_high"].notna().any() == given
    assert set(table["flag"]) == {"" if given else "descriptive: 4 and 4 articles"}


def test_what_sets_whole_blocs_apart_is_told_by_no_word():
    corpus, scores = planted(articles=5)
    negative = (scores["bloc"] == "W") * 0.6
    table = measure(corpus, scores.assign(negative=negative, neutral=1 - negative, positive=0.0)).table
    assert table["line"].tolist() == ["other words", "untold"]
    assert table["contribution"].tolist() == pytest.approx([0, 0.6])
    assert table["fit"].isna().all()
    assert set(table["flag"]) == {"weights do not predict the scores of articles left out"}


def test_a_bloc_needs_ten_mentions_and_poor_corpora_have_no_lines():
    corpus, scores = planted(articles=1)
    few = pd.concat([scores[scores["bloc"] == "W"], scores[scores["bloc"] == "R"].head(9)])
    result = measure(corpus, few)
    assert result.table.empty
    assert result.excluded["why"].tolist() == [
        "fewer than two blocs with so many mentions of any one actor: 10"
    ]
    assert measure(corpus, scores.iloc[:0]).table.empty


def test_evidence_finds_the_mentions_near_a_word():
    corpus, scores = planted(articles=2)
    hits = scores.assign(sentence="")
    evidence = word_evidence(corpus, hits, TERMS)
    cruel = evidence.find({"word": "cruel", "bloc": "W"})
    assert len(cruel) == ((scores["bloc"] == "W") & (scores["balance"] < 0)).sum()
    assert cruel["balance"].is_monotonic_increasing
    assert len(evidence.find({})) == len(scores)
    assert len(evidence.find({"word": ["cruel", "generous"]})) == len(scores)
    assert evidence.find({"word": "harvest"}).empty


def test_the_pairs_that_differ_most_come_one_for_each_actor():
    rows = [("ru", "A", "B", 0.1), ("ru", "A", "C", -0.5), ("us", "A", "B", 0.5), ("cn", "A", "B", 0.9)]
    shift = pd.DataFrame(rows, columns=["actor_id", "target", "reference", "difference"])
    assert largest_differences(shift, ["us", "ru"]) == [("us", "A", "B"), ("ru", "A", "C")]
    assert largest_differences(shift, ["us", "ru"], most=1) == [("us", "A", "B")]
    assert largest_differences(shift.head(0), ["us"]) == []
