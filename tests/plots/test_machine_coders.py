"""Figure 23 on tables of its own: where estimates and intervals stand, hostile names, many blocs, nothing coded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.figures.export import draw_figure, render_figure
from analysis.figures.machine_coders import COLUMNS, FIGURE, MOST_ROWS, machine_table
from analysis.sentiment.contract import CLASSES


def classes(scorer="m.v1", low=0.1):
    rows = []
    for place, name in enumerate([*CLASSES, "macro", "all"]):
        row = {
            "scorer": scorer,
            "class": name,
            "n_coded": 10 + place,
            "n_found": 9,
            "n_articles": 8,
            "flag": "",
        }
        for number, measure in enumerate(("precision", "recall", "f1")):
            value = 0.3 + 0.1 * number + 0.05 * place
            row |= {measure: value, f"{measure}_low": value - low, f"{measure}_high": value + low}
        rows.append(row)
    return pd.DataFrame(rows)


def balance(actors, blocs, corrected=-0.2):
    rows = [
        {
            "actor": actor, "level": "bloc", "group": bloc, "against": against, "n_mentions": 40 - number,
            "n_coded": 12, "n_articles_coded": 6, "machine": 0.5, "machine_low": 0.3, "machine_high": 0.7,
            "corrected": corrected, "corrected_low": corrected - 0.3, "corrected_high": corrected + 0.3,
        }
        for number, actor in enumerate(actors)
        for bloc in blocs
        for against in ("", "rest")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def lines_of(ax):
    return [
        line for line in ax.get_lines() if len(line.get_xdata()) and line.get_marker() not in ("None", "")
    ]


def test_estimates_stand_where_the_table_has_them():
    data = machine_table(classes(), balance(["US", "Russia"], ["East", "West"]), "m.v1")
    assert list(data.columns) == COLUMNS
    assert set(data.loc[data["panel"] == "balance", "bloc"]) == {"East", "West"}, "differences are left out"
    fig = draw_figure(FIGURE, data)
    top, bottom = fig.axes
    values = sorted(value for line in lines_of(top) for value in line.get_xdata())
    wanted = data.loc[data["panel"] == "classes", "value"]
    assert values == pytest.approx(sorted(wanted))
    drawn = sorted(value for line in lines_of(bottom) for value in line.get_xdata())
    assert drawn == pytest.approx(sorted(data.loc[data["panel"] == "balance", "value"]))
    bars = [segment for part in bottom.collections for segment in part.get_segments()]
    ends = sorted({(round(bar[0][0], 6), round(bar[1][0], 6)) for bar in bars})
    assert ends == [(-0.5, 0.1), (0.3, 0.7)]
    assert [label.get_text() for label in top.get_yticklabels()][3] == "mean of classes (13)"
    assert "mean F1 0.65" in FIGURE.alt(data) and "counted +0.50 and corrected -0.20" in FIGURE.alt(data)


def test_blocs_keep_their_mark_where_an_actor_lacks_one():
    table = balance(["US", "Russia"], ["East", "West"])
    table = table[(table["actor"] != "US") | (table["group"] != "East")]
    table = pd.concat([balance(["China"], ["East"]).assign(n_mentions=1), table])
    data = machine_table(classes(), table, "m.v1")
    assert data[data["panel"] == "balance"].groupby("bloc")["bloc_rank"].unique().map(list).to_dict() == {
        "East": [0],
        "West": [1],
    }


def test_what_is_not_corrected_is_left_out_and_said():
    data = machine_table(classes(low=np.nan), balance(["US"], ["East"], corrected=np.nan), "m.v1")
    [line] = [one for one in lines_of(draw_figure(FIGURE, data).axes[1]) if len(one.get_xdata())]
    assert list(line.get_xdata()) == [0.5]
    caption = FIGURE.caption(data)
    assert caption.endswith("Fewer than 10 coded of more mentions are not corrected.")


def test_many_actors_fit_on_the_page():
    data = machine_table(
        classes(), balance([f"Actor {n}" for n in range(30)], [f"Bloc {n}" for n in range(5)]), "m.v1"
    )
    assert len(data[data["panel"] == "balance"].drop_duplicates(["item", "bloc"])) <= MOST_ROWS
    fig = draw_figure(FIGURE, data)
    assert fig.get_size_inches()[1] <= 9.5


def test_hostile_names_and_classes_alone():
    hostile = balance(["$x$ <b>\u202e", "_hidden"], ["=cmd|' /C", "\x07bell"])
    fig = draw_figure(FIGURE, machine_table(classes(), hostile, "m.v1"))
    svg = render_figure(fig, "svg").decode("utf-8")
    assert "<b>" not in svg and "\x07" not in svg
    texts = [label.get_text() for label in fig.axes[1].get_yticklabels()]
    assert any("$x$" in text for text in texts) and not any("\u202e" in text for text in texts)
    alone = machine_table(classes(), hostile.iloc[:0], "m.v1")
    assert len(draw_figure(FIGURE, alone).axes) == 1
    assert 8 <= len(FIGURE.alt(alone).split()) <= 40 and "13 mentions" in FIGURE.alt(alone)


def test_no_codings_draw_nothing():
    data = machine_table(
        classes().iloc[:0], hostile := balance([], []).reindex(columns=balance(["a"], ["b"]).columns), "m"
    )
    assert data.empty and hostile.empty
    assert "0 mentions" in FIGURE.alt(data)
    assert not draw_figure(FIGURE, data).axes
