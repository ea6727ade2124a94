"""Themes in groups: shares and tests by hand, what too few articles withhold, and periods of time."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters
from analysis.corpus import Grouping
from analysis.measures.theme_groups import ArticleThemes, measure_theme_time, theme_shares, weigh_groups

STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)


def articles_of(sums):
    sums = np.array(sums, dtype=float)
    return ArticleThemes([f"a{n}" for n in range(len(sums))], sums, (sums.sum(axis=1) > 0) * 2)


def blocs_of(**members):
    return Grouping("bloc", {name: np.array(rows) for name, rows in members.items()})


def test_a_share_is_of_weight_and_a_difference_is_of_articles_by_hand():
    # a long article counts for more in the weight, and as one in the test
    articles = articles_of([[3, 1], [1, 7], [2, 2], [0, 4]])
    table = weigh_groups(articles, blocs_of(A=[0, 1], B=[2, 3]), STATISTICS)
    first = table[table["theme"] == 0].set_index("group")
    assert first["weight"].tolist() == pytest.approx([4 / 12, 2 / 8])
    difference = (3 / 4 + 1 / 8) / 2 - (1 / 2 + 0) / 2
    assert first["difference"].tolist() == pytest.approx([difference, -difference])
    assert first["attainable_p"].tolist() == pytest.approx([2 / 6, 2 / 6])
    assert table[["p", "q", "weight_low", "weight_high"]].isna().all(axis=None)
    assert (table["family"] == 0).all()
    assert set(table["flag"]) == {
        "descriptive: 2 articles; p withheld: 0.33 is the smallest attainable; 4 articles a group are needed"
    }


def test_four_against_four_articles_reach_the_exact_p():
    articles = articles_of([[9, 1]] * 4 + [[1, 9]] * 4)
    table = weigh_groups(articles, blocs_of(A=[0, 1, 2, 3], B=[4, 5, 6, 7]), STATISTICS)
    np.testing.assert_allclose(table["p"], 2 / 70)
    np.testing.assert_allclose(table["q"], 2 / 70)
    assert (table["family"] == 4).all()
    assert (table["flag"] == "no interval: 4 articles").all()


def test_more_articles_than_are_permuted_keep_their_interval_and_no_p():
    generator = np.random.Generator(np.random.Philox(4))
    articles, groups = articles_of(generator.gamma(1, 1, (12, 2))), blocs_of(A=range(5), B=range(5, 12))
    tested = weigh_groups(articles, groups, replace(STATISTICS, permuted_articles=12))
    bound = weigh_groups(articles, groups, replace(STATISTICS, permuted_articles=11))
    assert tested["p"].notna().all() and (tested["flag"] == "").all() and (tested["family"] == 4).all()
    assert bound[["p", "q"]].isna().all(axis=None) and (bound["family"] == 0).all()
    assert set(bound["flag"]) == {"p withheld: 12 articles are not permuted"}
    kept = ["weight", "weight_low", "weight_high", "difference", "attainable_p"]
    pd.testing.assert_frame_equal(tested[kept], bound[kept])


def test_articles_without_themes_support_nothing():
    sums = [[9, 1]] * 4 + [[0, 0]] + [[1, 9]] * 5
    table = weigh_groups(articles_of(sums), blocs_of(A=[0, 1, 2, 3, 4], B=[5, 6, 7, 8, 9]), STATISTICS)
    assert table.groupby("group")[["n_articles", "n_with_themes"]].first().values.tolist() == [[5, 4], [5, 5]]
    assert table.loc[table["group"] == "A", "weight_low"].isna().all()
    assert table.loc[table["group"] == "B", "weight_low"].notna().all()
    assert table["attainable_p"].iloc[0] == pytest.approx(2 / 126)
    empty = weigh_groups(articles_of([[0, 0], [1, 1]]), blocs_of(A=[0], B=[1]), STATISTICS)
    assert empty.loc[empty["group"] == "A", ["weight", "difference", "p"]].isna().all(axis=None)
    assert empty["flag"].tolist()[0] == "descriptive: 0 articles"


def test_one_group_and_single_articles_are_not_tested():
    articles = articles_of([[1, 2]] * 6)
    alone = weigh_groups(articles, blocs_of(A=list(range(6))), STATISTICS)
    assert alone[["difference", "p", "q", "attainable_p"]].isna().all(axis=None)
    assert (alone["flag"] == "").all() and alone["weight_low"].notna().all()
    each = weigh_groups(articles, Grouping("article", {f"a{n}": np.array([n]) for n in range(6)}), STATISTICS)
    assert each["p"].isna().all() and set(each["flag"]) == {"descriptive: 1 article"}


def test_the_order_of_articles_moves_neither_interval_nor_sampled_p():
    generator = np.random.Generator(np.random.Philox(4))
    sums = generator.random((24, 3))
    articles = articles_of(sums)
    turned = ArticleThemes(articles.names[::-1], sums[::-1], articles.paragraphs[::-1])
    one = weigh_groups(articles, blocs_of(A=list(range(12)), B=list(range(12, 24))), STATISTICS)
    other = weigh_groups(turned, blocs_of(A=list(range(12, 24)), B=list(range(12))), STATISTICS)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_the_interval_covers_the_share():
    generator = np.random.Generator(np.random.Philox(4))
    articles = articles_of(generator.random((30, 2)))
    share, low, high = theme_shares(articles, np.arange(30), STATISTICS)
    assert (low < share).all() and (share < high).all() and (high - low < 0.3).all()


THEMES = pd.DataFrame({"theme_id": ["T1", "T2"], "label": ["one", "two"]})


def dated_corpus(ranges):
    corpus = make_corpus(
        {f"a{n}": "Text." for n in range(len(ranges))}, {f"a{n}": "AB"[n % 2] for n in range(9)}
    )
    articles = [replace(a, published_range=found) for a, found in zip(corpus.articles, ranges, strict=True)]
    return replace(corpus, articles=tuple(articles))


def paragraphs_of(count, skip=()):
    rows = [(f"a{n}", t, n, w) for n in range(count) if n not in skip for t, w in (("T1", 1.0), ("T2", n))]
    rows = pd.DataFrame(rows, columns=["article_id", "theme_id", "start", "weight"])
    return rows[rows["weight"] > 0]


def day(text):
    return date.fromisoformat(text), date.fromisoformat(text)


def test_months_by_hand_and_what_has_no_month():
    whole = date(2019, 1, 1), date(2019, 12, 31)
    corpus = dated_corpus(
        [day("2019-03-02"), day("2019-05-01"), day("2019-03-30"), None, whole, day("2019-05-02")]
    )
    result = measure_theme_time(corpus, THEMES, paragraphs_of(6, skip=(5,)), STATISTICS)
    found = result.table.set_index(["theme_id", "bloc", "period"])["weight"]
    # a0 has 1 and 0, a2 has 1 and 2: two of four; a1 has 1 and 1
    assert found.to_dict() == {
        ("T1", "A", "2019-03"): 2 / 4,
        ("T1", "B", "2019-05"): 1 / 2,
        ("T2", "A", "2019-03"): 2 / 4,
        ("T2", "B", "2019-05"): 1 / 2,
    }
    assert set(result.table["unit"]) == {"month"}
    assert result.table["n_articles"].tolist() == [2, 1, 2, 1]
    assert set(result.table["flag"]) == {"descriptive: 2 articles", "descriptive: 1 article"}
    assert result.excluded.values.tolist() == [
        ["articles", 1, "no paragraph carries themes"],
        ["articles", 1, "no date of publication"],
        ["articles", 1, "the date does not say the month"],
    ]


def test_a_long_corpus_is_shown_by_year():
    corpus = dated_corpus([day("2015-01-01"), (date(2018, 1, 1), date(2018, 12, 31))])
    result = measure_theme_time(corpus, THEMES, paragraphs_of(2), STATISTICS)
    assert set(result.table["unit"]) == {"year"} and set(result.table["period"]) == {"2015", "2018"}
    assert result.excluded["n"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("paragraphs", [paragraphs_of(2), paragraphs_of(0)], ids=["no dates", "no themes"])
def test_without_dates_there_is_no_row(paragraphs):
    result = measure_theme_time(dated_corpus([None, None]), THEMES, paragraphs, STATISTICS)
    assert result.table.empty
    assert result.excluded["n"].sum() == 2
