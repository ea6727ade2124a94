"""Sentiment: aggregation by hand, voices, baseline, and the rules for intervals."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters
from analysis.measures.sentiment import cube_balance, measure_sentiment, score_cube

STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)
ACTORS = pd.DataFrame({"actor_id": ["cn", "ru", "us"], "actor": ["China", "Russia", "US"], "kind": "state"})
SCORES = {"-": (1.0, 0.0, 0.0), "0": (0.0, 1.0, 0.0), "+": (0.0, 0.0, 1.0)}


def corpus_of(names):
    return make_corpus({name: f"Text of {name}." for name in names})


def scores_of(corpus, rows):
    """Make scores: (article_id, actor_id, voice, sign) per mention."""
    articles = {article.article_id: article for article in corpus.articles}
    return pd.DataFrame(
        [
            {
                "article_id": name,
                "outlet": articles[name].outlet,
                "bloc": articles[name].bloc,
                "sentence_id": 0,
                "start": 0,
                "end": 4,
                "actor_id": actor,
                "alias": "Text",
                "voice": voice,
                **dict(zip(("negative", "neutral", "positive"), SCORES[sign], strict=True)),
                "sentence": "Text.",
            }
            for name, actor, voice, sign in rows
        ],
    )


def measure(corpus, scores, levels=("article", "outlet", "bloc")):
    groupings = [corpus.grouping(level) for level in levels]
    return measure_sentiment(corpus, groupings, scores, ACTORS, statistics=STATISTICS)


HAND = [
    ("w1", "us", "own", "+"),
    ("w1", "us", "own", "+"),
    ("w1", "us", "quoted", "-"),
    ("w1", "ru", "own", "-"),
    ("w2", "us", "own", "0"),
    ("w2", "ru", "own", "-"),
    ("w2", "ru", "quoted", "0"),
    ("r1", "us", "own", "-"),
]


@pytest.fixture
def hand():
    corpus = corpus_of(["r1", "r2", "w1", "w2"])
    return measure(corpus, scores_of(corpus, HAND)).table.set_index(["level", "group", "actor_id", "voice"])


def test_shares_and_balance_by_hand(hand):
    row = hand.loc[("bloc", "W", "us", "all")]
    assert (row["n_mentions"], row["n_articles"]) == (4, 2)
    assert row[["negative", "neutral", "positive", "balance"]].tolist() == [0.25, 0.25, 0.5, 0.25]
    row = hand.loc[("bloc", "W", "ru", "all")]
    assert row[["negative", "neutral", "positive"]].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert hand.loc[("article", "w1", "us", "all"), "balance"] == pytest.approx(1 / 3)


def test_voices_add_up_to_all(hand):
    assert hand.loc[("bloc", "W", "us", "own"), ["n_mentions", "balance"]].tolist() == [
        3,
        pytest.approx(2 / 3),
    ]
    assert hand.loc[("bloc", "W", "us", "quoted"), ["n_mentions", "balance"]].tolist() == [1, -1]
    table = hand.reset_index().pivot_table(
        index=["level", "group", "actor_id"], columns="voice", values="n_mentions", fill_value=0
    )
    assert (table["own"] + table["quoted"] == table["all"]).all()


def test_the_baseline_weights_articles_by_the_mentions_of_the_actor(hand):
    # w1: (2 positive - 2 negative) / 4 = 0; w2: -1 / 3. US: 3 of its 4 mentions in w1
    row = hand.loc[("bloc", "W", "us", "all")]
    assert row["baseline"] == pytest.approx((3 * 0 + 1 * (-1 / 3)) / 4)
    assert row["balance_minus_baseline"] == pytest.approx(0.25 + 1 / 12)
    row = hand.loc[("bloc", "W", "ru", "all")]
    assert row["baseline"] == pytest.approx((1 * 0 + 2 * (-1 / 3)) / 3)
    # where an article names nobody else, nothing is left over the baseline
    assert hand.loc[("bloc", "R", "us", "all"), "balance_minus_baseline"] == 0


def test_the_corpus_mean_is_the_actors_own_in_the_same_voice(hand):
    # US: two of five mentions are positive, two negative; own voice: two positive, one negative of four
    assert hand.loc[("bloc", "W", "us", "all"), "balance_minus_corpus"] == pytest.approx(0.25 - 0)
    assert hand.loc[("bloc", "R", "us", "all"), "balance_minus_corpus"] == pytest.approx(-1)
    assert hand.loc[("bloc", "W", "us", "own"), "balance_minus_corpus"] == pytest.approx(2 / 3 - 0.25)
    assert hand.loc[("article", "w2", "ru", "all"), "balance_minus_corpus"] == pytest.approx(-0.5 + 2 / 3)


def test_few_articles_are_not_tested_and_single_ones_not_at_all(hand):
    row = hand.loc[("bloc", "W", "us", "all")]
    # articles count once: (1/3 + 0) / 2 against -1
    assert row["difference"] == pytest.approx(1 / 6 + 1)
    assert (row["n_articles_rest"], row["attainable_p"], row["family"]) == (1, pytest.approx(2 / 3), 0)
    assert np.isnan(row["p"]) and np.isnan(row["q"])
    assert row["flag"] == (
        "descriptive: 2 and 1 articles; p withheld: 0.67 is the smallest attainable; 4 articles a group are needed"
    )
    articles = hand.loc["article"]
    assert articles[["difference", "attainable_p", "p", "q"]].isna().all().all()
    assert (articles["n_articles_rest"] == 0).all()


def test_blocs_that_differ_are_found_and_their_flag_is_empty():
    names = [f"{bloc}{number}" for bloc in "rw" for number in range(6)]
    corpus = corpus_of(names)
    rows = [(name, "us", "own", "-" if name < "s" else "+-+"[place % 3]) for place, name in enumerate(names)]
    rows += [(name, "us", "own", "-" if name < "s" else "+") for name in names]
    rows += [(name, "ru", "own", "+-0"[place % 3]) for place, name in enumerate(names)]
    table = measure(corpus, scores_of(corpus, rows)).table.set_index(["level", "group", "actor_id", "voice"])
    us, ru = (table.loc[("bloc", "W", actor, "all")] for actor in ("us", "ru"))
    # 2 of the 924 divisions are as far apart, or 2 of the few that exchange equal articles
    assert us["p"] <= 0.02 and us["q"] == pytest.approx(2 * us["p"]) and us["flag"] == ""
    assert us["difference"] == pytest.approx(1 + us["balance"])
    assert ru["p"] == 1
    assert us["family"] == 4
    # the same articles by outlet are the same test
    assert table.loc[("outlet", "W outlet", "us", "all"), "p"] == us["p"]


def test_an_actor_that_a_group_does_not_mention_is_undefined_with_its_zero(hand):
    row = hand.loc[("bloc", "R", "ru", "all")]
    assert row["n_mentions"] == 0
    assert row[["negative", "neutral", "positive", "balance", "baseline", "balance_low"]].isna().all()
    # articles are listed only with mentions; nobody speaks of China
    assert ("article", "r2", "us", "all") not in hand.index
    assert "cn" not in hand.index.get_level_values("actor_id")


def test_actors_are_ordered_by_mentions_then_label():
    corpus = corpus_of(["w1"])
    rows = [("w1", actor, "own", "0") for actor in ("us", "us", "ru", "cn")]
    table = measure(corpus, scores_of(corpus, rows), ("bloc",)).table
    assert table.loc[table["voice"] == "all", "actor"].tolist() == ["US", "China", "Russia"]


@pytest.mark.parametrize(("mentioning", "given"), [(4, False), (5, True), (7, True)])
def test_intervals_need_five_articles_that_mention_the_actor(mentioning, given):
    names = [f"w{number}" for number in range(8)]
    corpus = corpus_of(names)
    rows = [(name, "us", "own", "+-0+"[place % 4]) for place, name in enumerate(names[:mentioning])]
    rows += [(name, "ru", "own", "0") for name in names]
    table = measure(corpus, scores_of(corpus, rows), ("bloc",)).table.set_index(["actor_id", "voice"])
    row = table.loc[("us", "all")]
    assert np.isfinite([row["balance_low"], row["balance_high"]]).all() == given
    assert row["flag"] == ("" if given else f"descriptive: {mentioning} articles")
    if given:
        assert row["balance_low"] <= row["balance"] <= row["balance_high"]


def test_a_bloc_is_the_sum_of_its_outlets_and_articles():
    generator = np.random.default_rng(3)
    names = [f"{bloc}{number}" for bloc in "rw" for number in range(4)]
    corpus = corpus_of(names)
    rows = [
        (
            generator.choice(names),
            generator.choice(["us", "ru", "cn"]),
            generator.choice(["own", "quoted"]),
            generator.choice(list("-0+")),
        )
        for _ in range(120)
    ]
    scores = scores_of(corpus, rows)
    order = ["us", "ru", "cn"]
    cube = score_cube(corpus, scores, order)
    assert cube.shape == (8, 3, 4)
    np.testing.assert_array_equal(cube[:, :, 0], cube[:, :, 1:].sum(axis=2))
    assert cube[:, :, 0].sum() == 120
    table = measure(corpus, scores).table
    sums = table.assign(
        **{name: table[name].fillna(0) * table["n_mentions"] for name in ("negative", "neutral", "positive")}
    )
    keys, values = ["actor_id", "voice"], ["n_mentions", "n_articles", "negative", "neutral", "positive"]
    levels = {
        level: sums[sums["level"] == level].groupby(keys)[values].sum()
        for level in ("article", "outlet", "bloc")
    }
    pd.testing.assert_frame_equal(levels["outlet"], levels["bloc"])
    pd.testing.assert_frame_equal(levels["article"].astype(float), levels["bloc"].astype(float))
    for bloc, positions in corpus.grouping("bloc").members.items():
        found = table[(table["level"] == "bloc") & (table["group"] == bloc) & (table["voice"] == "all")]
        expected = dict(zip(order, cube_balance(cube[positions]), strict=True))
        for row in found.itertuples():
            assert row.balance == pytest.approx(expected[row.actor_id])
    # mentions of an actor that is not asked for are left out
    np.testing.assert_array_equal(score_cube(corpus, scores, ["ru"])[:, 0], cube[:, 1])


def test_no_mentions_at_all():
    corpus = corpus_of(["w1", "r1"])
    scores = scores_of(corpus, [("w1", "us", "own", "+")]).iloc[:0]
    assert measure(corpus, scores).table.empty
    assert np.isnan(cube_balance(score_cube(corpus, scores, ["us"]))).all()
