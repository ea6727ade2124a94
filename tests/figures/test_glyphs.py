"""Names that the figures' font cannot draw: what stands in their place, and that the caption says so."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from analysis.figures.export import draw_figure, figure_content, render_figure
from analysis.figures.glyphs import MISSING, can_draw, drawable_table
from analysis.figures.registry import find_figure
from analysis.study import load_study

OUTLETS = (
    {"outlet_id": "peoples-daily", "name": "人民日报", "bloc": "东方"},
    {"outlet_id": "pravda", "name": "Правда", "bloc": "West"},
    {"outlet_id": "jazeera", "name": "الجزيرة", "bloc": "West"},
)


@pytest.fixture
def study_of(tmp_path, make_study):
    """Return a study of three articles that were published on the days given."""

    def study_of(*dates):
        ids = ("peoples-daily", "pravda", "jazeera")
        rows = [
            {"article_id": f"a{n}", "outlet_id": ids[n], "published": day} for n, day in enumerate(dates)
        ]
        return load_study(make_study(tmp_path, rows, OUTLETS))

    return study_of


def test_what_can_be_drawn():
    assert can_draw("Le Monde – économie, Правда\n“x”") and can_draw("")
    assert not any(map(can_draw, ("日", "الجزيرة", "הארץ", "ไทย", "😀\U0001f9ff")))


def test_outlets_and_blocs_are_shown_by_names_that_can_be_drawn(study_of):
    study = study_of("2020", "2020", "2020")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data, caption = figure_content(find_figure("1_corpus"), study)
        svg = render_figure(draw_figure(find_figure("1_corpus"), data), "svg")
    assert sorted(data["outlet"]) == ["jazeera", "peoples-daily", "Правда"]
    assert sorted(data["bloc"]) == ["West", "West", "bloc B"]
    assert caption.endswith(
        " The font has no signs for some words: jazeera for الجزيرة, bloc B for 东方, peoples-daily for 人民日报."
    )
    assert svg.startswith(b"<?xml")
    # only the drawing changes
    assert set(study.result("articles").table["outlet"]) == {"الجزيرة", "Правда", "人民日报"}


def test_other_texts_get_a_mark_and_numbers_are_left(study_of):
    study = study_of("2020", "2020", "2020")
    table = pd.DataFrame({"term": ["the 一带 一路 plan", "plain"], "n": [1, 2]})
    drawn, note = drawable_table(table, study)
    assert drawn.to_dict("list") == {"term": [f"the {MISSING} plan", "plain"], "n": [1, 2]}
    assert note == "The font has no signs for some words, for which [?] stands."
    assert table["term"].tolist() == ["the 一带 一路 plan", "plain"]
    plain = table.iloc[1:]
    same, nothing = drawable_table(plain, study)
    assert same is plain and nothing == ""


def test_a_name_that_is_taken_makes_no_group_of_two(study_of):
    study = study_of("2020", "2020", "2020")
    drawn, _ = drawable_table(pd.DataFrame({"group": ["人民日报", "peoples-daily"]}), study)
    assert drawn["group"].tolist() == ["peoples-daily*", "peoples-daily"]


def dates_drawn(study):
    data, caption = figure_content(find_figure("1_corpus"), study)
    fig = draw_figure(find_figure("1_corpus"), data)
    low, high = fig.axes[0].get_xlim()
    ticks = [text.get_text() for text in fig.axes[0].get_xticklabels()]
    return [text.get_text() for text in fig.axes[0].texts], high - low, ticks, caption


def test_no_dates_at_all(study_of):
    texts, _, ticks, caption = dates_drawn(study_of("", "", ""))
    assert (texts, ticks) == (["no dates known"], [])
    assert " No date of publication is known." in caption and "A bar spans" not in caption


def test_a_single_day_spans_a_month(study_of):
    texts, days, ticks, caption = dates_drawn(study_of("2020-03-04", "", "2020-03-04"))
    assert (texts, days, ticks) == ([], 30, ["2020-03-04"])
    assert " 1 article without a date: at the right only." in caption


def test_a_few_days_are_told_apart(study_of):
    _, days, ticks, _ = dates_drawn(study_of("2020-03-04", "2020-03-05", "2020-03-06"))
    assert days < 4
    assert ticks == ["2020-03-04", "2020-03-05", "2020-03-06"]
