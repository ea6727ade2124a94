"""The study: its steps, its cache, its claims, and evidence behind every number in two calls."""

import numpy as np
import pandas as pd
import pytest
from planted import build_planted

from analysis.errors import ClaimError, UnknownName
from analysis.schema.results import RESULT_TABLES
from analysis.study import Study, load_study


@pytest.fixture(scope="module")
def seed():
    return load_study()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = tmp_path_factory.mktemp("small") / "study"
    build_planted(root, outlets=1, articles=2)
    return root


def test_every_step_gives_its_declared_table(seed):
    results = seed.run()
    assert tuple(results) == Study.steps
    assert set(Study.steps) == set(RESULT_TABLES)
    for name, result in results.items():
        assert result.name == name
        assert list(result.table.columns) == RESULT_TABLES[name].names
        assert list(result.excluded.columns) == ["what", "n", "why"]
        assert not np.isinf(result.table.select_dtypes("number").to_numpy(dtype=float)).any()


def test_each_result_is_computed_once(seed):
    assert seed.run(only=["themes"])["themes"] is seed.result("themes")
    assert list(seed.run(only=["themes", "articles"])) == ["articles", "themes"]
    assert list(seed.run(only="attention")) == ["attention"]


def test_an_unknown_step(seed):
    for call in (lambda: seed.run(only=["frames"]), lambda: seed.result("frames")):
        with pytest.raises(UnknownName) as caught:
            call()
        assert str(caught.value) == f"unknown step 'frames'; allowed: {', '.join(sorted(Study.steps))}"


def test_two_runs_are_equal(small):
    first, second = load_study(small).run(), load_study(small).run()
    for name, result in first.items():
        pd.testing.assert_frame_equal(result.table, second[name].table, check_exact=True)


def test_the_seed_study_is_described_and_not_tested(seed):
    contrasts = seed.result("contrasts").table
    assert contrasts[["p", "q", "log_ratio_low", "log_ratio_high"]].isna().all(axis=None)
    assert contrasts["flag"].str.startswith("descriptive: ").all()
    assert contrasts["flag"].str.contains("p withheld").all()
    assert set(contrasts.loc[contrasts["level"] == "bloc", "attainable_p"].round(4)) <= {
        0.2,
        0.4,
        0.6667,
        0.3333,
        1.0,
    }
    sentiment = seed.result("sentiment").table
    few = sentiment["n_articles"] < 5
    assert sentiment.loc[few, ["balance_low", "balance_high"]].isna().all(axis=None)
    assert (sentiment.loc[few, "flag"] != "").all()
    for name in ("themes", "attention"):
        table = seed.result(name).table
        assert (table["flag"] != "").all()


def test_every_number_reaches_its_sentences(seed):
    attention = seed.result("attention")
    for row in attention.table[attention.table["level"] == "bloc"].head(12).itertuples():
        found = attention.evidence_for(actor_id=row.actor_id, bloc=row.group)
        assert (len(found), found["article_id"].nunique()) == (row.n_mentions, row.n_articles)
    sentiment = seed.result("sentiment")
    for row in sentiment.table[sentiment.table["level"] == "outlet"].head(12).itertuples():
        voice = {} if row.voice == "all" else {"voice": row.voice}
        found = sentiment.evidence_for(actor_id=row.actor_id, outlet=row.group, **voice)
        assert len(found) == row.n_mentions
        if row.n_mentions:
            assert (found["positive"] - found["negative"]).mean() == pytest.approx(row.balance)
    assert len(seed.result("themes").evidence_for(theme_id="T1")) > 0


def test_mentions_are_scored_again_with_the_name_visible(small):
    asked = []

    class Seeing:
        name, version, benchmark, visible = "seeing", "v1", {"summary": "none"}, False

        def score(self, mentions):
            asked.append((self.visible, len(mentions)))
            columns = ("negative", "neutral", "positive")
            return pd.DataFrame([[0.0, 0.0, 1.0]] * len(mentions), columns=columns, index=mentions.index)

    study = load_study(small)
    seeing = Seeing()
    seeing.visible = True
    study.__dict__["visible_scorer"] = seeing
    mentions = study.result("mentions").table
    positions = [len(mentions) - 1, 0]
    table = study.scored_visible(positions)
    keys = ["article_id", "start", "end", "actor_id"]
    assert table[keys].to_numpy().tolist() == mentions.iloc[positions][keys].to_numpy().tolist()
    assert set(table["positive"]) == {1}
    [(visible, n)] = asked
    # the names of a sentence are masked together: its other mentions are handed over too
    assert visible and 2 <= n <= len(mentions)
    pd.testing.assert_frame_equal(table, study.scored_visible(positions))
    assert len(asked) == 1


def test_the_word_shift_reaches_its_sentences(seed):
    result = seed.result("sentiment_shift")
    pairs = result.table.groupby(["actor_id", "target", "reference"])
    np.testing.assert_allclose(pairs["contribution"].sum(), pairs["difference"].first(), atol=1e-9)
    for row in result.table[result.table["line"] == "word"].head(20).itertuples():
        for bloc, near in ((row.target, row.near_target), (row.reference, row.near_reference)):
            assert len(result.evidence_for(actor_id=row.actor_id, bloc=bloc, word=row.word)) == near
    assert result.table[["contribution_low", "contribution_high"]].isna().all(axis=None)
    assert result.table["flag"].str.startswith("descriptive: ").all()


def test_the_name_alone_makes_russia_worse_on_the_seeds(seed):
    table = seed.result("masking").table.set_index("item")
    assert table.loc["Russia", "difference_high"] < 0
    assert table.loc["Russia", "n_mentions"] == seed.result("scores").table["actor_id"].eq("russia").sum()
    assert table.loc[table["n_articles"] < 5, ["difference_low", "difference_high"]].isna().all(axis=None)


def test_adjusted_shares_are_called_a_sensitivity(seed):
    table = seed.result("sentiment_adjusted").table
    assert table["flag"].str.startswith("sensitivity, not truth").all()
    adjusted = table[table["adjusted_balance"].notna()]
    assert len(adjusted) == len(table)
    shares = adjusted[["adjusted_negative", "adjusted_neutral", "adjusted_positive"]]
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_value_looks_up_one_number(seed):
    row = seed.result("attention").table.iloc[0]
    keys = {key: row[key] for key in ("actor_id", "level", "group")}
    assert seed.value("attention", "n_mentions", **keys) == row["n_mentions"]
    assert np.isnan(seed.value("attention", "n_mentions", actor_id="nobody"))


def test_kwic_finds_phrases_in_every_article(seed):
    table = seed.kwic("sanctions")
    assert len(table) == seed.counts.column("sanctions").sum()
    assert table["article_id"].is_monotonic_increasing
    assert seed.kwic("no such words here").empty


def test_claims_are_checked(small):
    study = load_study(small)
    assert repr(study.claim("A <b> claim.", True)) == "Holds: A <b> claim."
    assert "<b> claim" not in study.claim("A <b> claim.", True)._repr_html_()
    assert repr(study.claim("A claim.", False)) == "Does not hold in this corpus: A claim."
    (small / "study.toml").write_text('[study]\nclaims = "strict"\n[themes]\nk = 3\n', encoding="utf-8")
    with pytest.raises(ClaimError) as caught:
        load_study(small).claim("A claim.", False)
    assert str(caught.value) == "the numbers do not bear this claim: A claim."


def test_check_tells_all_problems_in_one_go(tmp_path):
    build_planted(tmp_path / "study", outlets=1, articles=1, settings='[sentiment]\nscorer = "oracle.v9"\n')
    (tmp_path / "study/seeds/texts/western-1_01.txt").unlink()
    actors = tmp_path / "study/seeds/actors.csv"
    actors.write_text(
        actors.read_text(encoding="utf-8").replace("state,AFG,Afghan,case", "realm,AFG,Afghan,case"),
        encoding="utf-8",
    )
    problems = [str(problem) for problem in load_study(tmp_path / "study").check()]
    assert any(
        problem.startswith("seeds/articles.csv:4 (file): found 'texts/western-1_01.txt'")
        for problem in problems
    )
    assert any(problem.startswith("seeds/actors.csv:2 ") for problem in problems)
    assert (
        "study.toml [sentiment] scorer: found 'oracle.v9'; allowed: encoder-small.v1, encoder.v1, lexicon.v1. "
        "Correct it."
        in problems
    )


def test_the_seed_study_has_no_problem(seed):
    assert seed.check() == []
    assert repr(seed) == "Study('US-Russia relations in Chinese, Russian and Western outlets')"


@pytest.mark.parametrize(
    "options",
    [
        {"blocs": ("Western",)},
        {"actors": False},
        {"outlets": 1, "articles": 1},
    ],
    ids=["one bloc", "no mentions", "one article a bloc"],
)
def test_poor_corpora_run(tmp_path, options):
    build_planted(tmp_path / "study", **options)
    results = load_study(tmp_path / "study").run()
    levels = set(results["contrasts"].table["level"])
    assert levels == ({"outlet"} if "blocs" in options else {"outlet", "bloc"})
    assert results["mentions"].table.empty == (options.get("actors") is False)
