"""Drawing: allocation identities, planted strata, weights, the same sample whatever the order of the inputs."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.draw import (
    OTHER_ACTORS,
    SampleQuestion,
    add_context,
    allocate,
    choose_strata,
    draw_sample,
    find_units,
    mask_names,
)
from analysis.errors import ParameterError


def make_units(sizes, *, actors=("us",)):
    """Plant units: outlet to number of mentions, each of one of the actors in turn."""
    rows = []
    for outlet, size in sizes.items():
        for number in range(size):
            actor = actors[number % len(actors)]
            bloc = "East" if outlet < "m" else "West"
            rows.append(
                (f"{outlet}-{number // 7}", outlet, outlet.title(), bloc, number, number + 2, 0, actor)
            )
    names = ["article_id", "outlet_id", "outlet", "bloc", "start", "end", "part_id", "actor_id"]
    return pd.DataFrame(rows, columns=names)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(1, 500))
def test_allocation_adds_up_and_keeps_its_bounds(sizes, n):
    if n < len(sizes):
        with pytest.raises(ParameterError):
            allocate(sizes, n)
        return
    for allocation in ("proportional", "equal"):
        counts = allocate(sizes, n, allocation)
        assert sum(counts) == min(n, sum(sizes))
        assert all(1 <= count <= size for count, size in zip(counts, sizes, strict=True))
        # one unit more takes nothing from any stratum
        more = allocate(sizes, n + 1, allocation)
        assert all(after >= before for before, after in zip(counts, more, strict=True))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 9))
def test_proportional_is_exact_where_it_can_be(base, factor):
    # every stratum is `factor` times its share, so Webster's method gives each exactly its share
    assert allocate([size * factor for size in base], sum(base)) == base


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(1, 300))
def test_equal_differs_by_one_at_most_unless_a_stratum_is_used_up(sizes, n):
    if n < len(sizes):
        return
    counts = allocate(sizes, n, "equal")
    open_counts = [count for count, size in zip(counts, sizes, strict=True) if count < size]
    if open_counts:
        assert max(counts) <= min(open_counts) + 1


def test_allocation_by_hand():
    # shares 9, .9 and .1 of 10; one each, then 90/3, 90/5, 90/7, 90/9, 90/11, 90/13, 90/15 = 6 > 9/3
    assert allocate([90, 9, 1], 10) == [8, 1, 1]
    assert allocate([90, 9, 1], 10, "equal") == [5, 4, 1]
    assert allocate([2, 2], 3) == [2, 1]
    assert allocate([3, 4], 100) == [3, 4]


def test_more_strata_than_items_and_an_unknown_allocation():
    with pytest.raises(ParameterError) as caught:
        allocate([5, 5, 5], 2)
    assert str(caught.value) == (
        "n is 2, fewer than the 3 strata, so that some would not be drawn from; draw 3 or more, or make "
        "coarser strata (--by)"
    )
    with pytest.raises(ParameterError, match="allocation is 'neyman'; allowed: proportional, equal"):
        allocate([5], 2, "neyman")


@pytest.mark.parametrize("allocation", ["proportional", "equal"])
def test_weights_give_back_the_sizes_of_planted_strata(allocation):
    units = make_units({"alpha": 100, "beta": 30, "omega": 3})
    drawn = draw_sample(units, SampleQuestion(20, by="outlet", allocation=allocation), {})
    assert drawn.strata["size"].to_list() == [100, 30, 3]
    weight = drawn.key.groupby("stratum")["weight"].sum()
    for stratum, size in (("Alpha", 100), ("Beta", 30), ("Omega", 3)):
        assert weight[stratum] == pytest.approx(size, rel=1e-9)
    assert drawn.key["weight"].sum() == pytest.approx(len(units), rel=1e-9)
    assert drawn.strata["drawn"].to_list() == ([15, 4, 1] if allocation == "proportional" else [9, 8, 3])
    place = ["article_id", "start"]
    assert not drawn.key.duplicated(place).any()
    assert len(drawn.key.merge(units, on=place)) == 20


def test_every_unit_has_the_same_chance():
    # over 80 random states each of 20 units is drawn about 20 times; 4.5 standard deviations are 17.4
    units = make_units({"alpha": 20})
    counts = pd.Series(0, index=range(20))
    for state in range(80):
        drawn = draw_sample(units, SampleQuestion(5, by="none", random_state=state), {})
        counts[drawn.key["start"]] += 1
    assert counts.sum() == 400
    assert (counts - 20).abs().max() < 17.4


def test_the_order_of_the_inputs_plays_no_part():
    units = make_units({"alpha": 40, "omega": 15}, actors=("us", "russia", "nato"))
    question = SampleQuestion(17, ("anna", "ben", "cleo"), overlap=0.3, by="outlet+actor", random_state=5)
    first = draw_sample(units, question, {"us": "US", "russia": "Russia"})
    for state in range(3):
        again = draw_sample(
            units.sample(frac=1, random_state=state), question, {"russia": "Russia", "us": "US"}
        )
        pd.testing.assert_frame_equal(first.key, again.key)
        pd.testing.assert_frame_equal(first.strata, again.strata)
    other = draw_sample(units, SampleQuestion(17, random_state=6), {})
    assert other.key["start"].to_list() != first.key["start"].to_list()


def test_a_smaller_sample_is_part_of_a_larger():
    units = make_units({"alpha": 60, "omega": 20})
    small, large = (draw_sample(units, SampleQuestion(n, by="outlet"), {}).key for n in (8, 30))
    place = ["article_id", "start"]
    assert len(small.merge(large, on=place)) == 8


def test_rare_actors_are_one_stratum():
    units = make_units({"alpha": 12, "omega": 12}, actors=("us", "russia", "nato", "eu"))
    drawn = draw_sample(units, SampleQuestion(12, by="bloc+actor"), {"us": "US", "russia": "Russia"})
    assert drawn.strata["stratum"].to_list() == [
        f"{bloc} | {actor}" for bloc in ("East", "West") for actor in ("Russia", "US", OTHER_ACTORS)
    ]
    assert drawn.strata["size"].to_list() == [3, 3, 6, 3, 3, 6]


def test_strata_are_as_fine_as_the_sample_allows():
    units = make_units({"alpha": 20, "beta": 20, "omega": 20}, actors=("us", "russia"))
    named = {"us": "US", "russia": "Russia"}
    found = {n: choose_strata(units, SampleQuestion(n), named) for n in (12, 11, 8, 7, 6, 5, 4, 3)}
    assert found == {
        12: "outlet+actor",
        11: "bloc+actor",
        8: "bloc+actor",
        7: "outlet",
        6: "outlet",
        5: "bloc",
        4: "bloc",
        3: "none",
    }
    assert choose_strata(units, SampleQuestion(1, by="bloc"), named) == "bloc"
    with pytest.raises(ParameterError, match="strata by 'outlet\\+actor'; allowed here: outlet, bloc, none"):
        choose_strata(units.assign(actor_id=""), SampleQuestion(99, by="outlet+actor"), {})


def test_overlap_and_the_rest_are_spread_over_strata():
    units = make_units({"alpha": 200, "omega": 200})
    drawn = draw_sample(units, SampleQuestion(100, ("anna", "ben"), overlap=0.2, by="outlet"), {})
    coded = drawn.key.groupby(["stratum", "coders"]).size().to_dict()
    assert coded == {
        ("Alpha", "anna ben"): 10,
        ("Omega", "anna ben"): 10,
        ("Alpha", "anna"): 20,
        ("Alpha", "ben"): 20,
        ("Omega", "anna"): 20,
        ("Omega", "ben"): 20,
    }
    # nobody can tell from an item's name or place who else codes it, or which outlet it is from
    assert drawn.key["item_id"].to_list() == [f"i{number:04d}" for number in range(1, 101)]
    assert drawn.key["stratum"].to_list() != sorted(drawn.key["stratum"])


@pytest.mark.parametrize("overlap, shared", [(0, 0), (0.05, 1), (0.5, 5), (1, 10)])
def test_the_share_that_all_code(overlap, shared):
    units = make_units({"alpha": 30})
    drawn = draw_sample(units, SampleQuestion(10, ("anna", "ben", "cleo"), overlap=overlap), {})
    names = drawn.key["coders"].str.split()
    assert (names.str.len() == 3).sum() == shared
    each = [sum(coder in coders for coders in names) for coder in ("anna", "ben", "cleo")]
    assert max(each) - min(each) <= 1
    assert sum(each) == 10 + 2 * shared


def test_one_coder_codes_all():
    drawn = draw_sample(make_units({"alpha": 30}), SampleQuestion(10, ("anna",)), {})
    assert set(drawn.key["coders"]) == {"anna"}


def test_nothing_to_draw_from():
    with pytest.raises(ParameterError, match="the corpus has no unit of this task"):
        draw_sample(make_units({}), SampleQuestion(3), {})


def test_units_of_a_corpus(coding_study):
    corpus = coding_study.corpus
    paragraphs, n_short = find_units(corpus, "paragraph", min_tokens=22)
    assert len(paragraphs) + n_short == 8 * 3 + 1
    assert n_short > 0
    for row in paragraphs.itertuples():
        assert len(corpus.article(row.article_id).text[row.start : row.end].split()) >= 15
    articles, _ = find_units(corpus, "article")
    assert articles["end"].to_list() == [len(article.text) for article in corpus.articles]
    table = coding_study.result("mentions").table
    mentions, _ = find_units(corpus, "mention", table)
    assert len(mentions) == len(table)
    assert set(mentions["outlet_id"]) == {"planet-times", "weekly-mirror"}


def test_context_is_the_sentence_around_the_mention(coding_study):
    corpus = coding_study.corpus
    units, _ = find_units(corpus, "mention", coding_study.result("mentions").table)
    drawn = draw_sample(units, SampleQuestion(12, by="none"), {})
    shown = add_context(drawn, corpus, {}, coding_study.actors.labels, "mention")
    for row in shown.key.to_dict("records"):
        article = corpus.article(row["article_id"])
        sentence = article.sentences[row["part_id"]]
        if not row["masked"]:
            whole = row["before"].removeprefix("'") + row["target"] + row["after"]
            assert whole == article.text[sentence.start : sentence.end]
        assert row["target"] == article.text[row["start"] : row["end"]]
        assert row["actor"] == coding_study.actors.labels[row["actor_id"]]


@pytest.mark.parametrize(
    "text, names, author, masked",
    [
        ("Readers of The Daily Planet know.", ["The Daily Planet"], "", "Readers of [outlet] know."),
        ("The DAILY PLANET and Daily  Planet's", ["Daily Planet"], "", "The [outlet] and [outlet]'s"),
        ("see www.dailyplanet.com or DailyPlanet.org", ["Daily Planet"], "", "see [outlet] or [outlet]"),
        ("in a timely way, Time wrote", ["Time"], "", "in a timely way, [outlet] wrote"),
        ("by Ann Lee; ANN LEE says", [], "Ann Lee", "by [author]; [author] says"),
        ("Planetary Planet", ["Planet"], "", "Planetary [outlet]"),
        ("no names at all", [], "", "no names at all"),
        ("a (b) c", ["(b)"], "", "a [outlet] c"),
    ],
)
def test_own_names_are_masked(text, names, author, masked):
    assert mask_names(text, names, author) == masked


def test_a_long_text_is_cut_before_a_cell_would_lose_it(make_study, tmp_path):
    from analysis.study import load_study

    text = "The talks were said to be good for all of them and for the others in the city. " * 500
    corpus = load_study(make_study(tmp_path, texts={"a1": text})).corpus
    units, _ = find_units(corpus, "article")
    drawn = add_context(draw_sample(units, SampleQuestion(1), {}), corpus, {}, {}, "article")
    assert len(drawn.key["text"][0]) == 30_006
    assert drawn.key["text"][0].endswith(" [...]")


def test_a_cut_text_is_told(make_study, tmp_path, coding_study):
    from analysis.coding.sampling import sample_study
    from analysis.study import load_study

    text = "The talks were said to be good for all of them and for the others in the city. " * 500
    codebook = coding_study.paths.codebook.read_text(encoding="utf-8").replace('"paragraph"', '"article"')
    files = {"seeds/codebook.toml": codebook}
    study = load_study(make_study(tmp_path / "study", texts={"a1": text, "b1": text[:800]}, files=files))
    sample, notes = sample_study(study, "frames", SampleQuestion(2, ("anna",)), tmp_path / "out")
    assert sample.unit == "article"
    assert "cut: 1 text is longer than 30,000 characters; the sheets show the beginning" in notes


def test_weights_are_size_over_drawn():
    drawn = draw_sample(make_units({"alpha": 100, "omega": 7}), SampleQuestion(9, by="outlet"), {})
    for row in drawn.strata.itertuples(index=False):
        assert row.weight == pytest.approx(float(Fraction(row[1], row.drawn)), rel=1e-9)
