"""Plots: what is on the page, read from the artists: sizes, lines, transparency, places and values."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from planted import build_planted

from analysis.figures.export import draw_figure
from analysis.figures.registry import FIGURES, find_figure
from analysis.plots.contrasts import draw_contrasts, panel_grid
from analysis.plots.sentiment import draw_sentiment, draw_voice
from analysis.plots.sentiment_shift import draw_sentiment_shift
from analysis.plots.style import RC, group_style, label, ordered, row_axis, wrap
from analysis.study import load_study
from analysis.tables import round_table


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return figures by study and figure_id, each drawn once, with its table."""
    root = tmp_path_factory.mktemp("planted") / "study"
    build_planted(root, articles=5, outlets=2, settings="[statistics]\nbootstrap = 100\npermutations = 100\n")
    studies, figures = {"seed": load_study(), "planted": load_study(root)}, {}

    def drawn(study, figure_id):
        if (study, figure_id) not in figures:
            spec = find_figure(figure_id)
            data = round_table(spec.data(studies[study]))
            figures[study, figure_id] = draw_figure(spec, data), data
        return figures[study, figure_id]

    return drawn


@pytest.fixture(
    params=[(study, spec.figure_id) for study in ("seed", "planted") for spec in FIGURES], ids="-".join
)
def page(request, drawn):
    return drawn(*request.param)


def shown(fig, kind):
    return [artist for artist in fig.findobj(kind) if artist.get_visible()]


def texts_of(fig):
    # ticks beyond the limits of their axis have labels that are never drawn
    ticks = {id(part) for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) for part in axis.findobj(Text)}
    drawn = {id(part) for ax in fig.axes for labels in tick_labels(ax) for part in labels}
    drawn |= {id(axis.label) for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)}
    return [text for text in shown(fig, Text) if text.get_text().strip() and (id(text) not in ticks - drawn)]


def test_type_is_at_least_seven_points(page):
    small = {text.get_text(): text.get_fontsize() for text in texts_of(page[0]) if text.get_fontsize() < 7}
    assert not small


def test_lines_are_at_least_half_a_point(page):
    fig, _ = page
    thin = [
        line
        for line in shown(fig, Line2D)
        if line.get_linestyle() not in ("None", "none") and line.get_linewidth() < 0.5
    ]
    assert not thin
    # the marks of the axes are markers of their own kind
    assert all(
        line.get_markersize() >= 3 for line in shown(fig, Line2D) if isinstance(line.get_marker(), str)
    )
    for collection in shown(fig, Collection):
        edged = len(collection.get_paths()) and len(collection.get_edgecolor())
        assert not edged or all(width >= 0.5 for width in collection.get_linewidths() if width), collection
    for patch in shown(fig, Patch):
        assert patch.get_linewidth() == 0 or patch.get_linewidth() >= 0.5 or patch.get_edgecolor()[3] == 0


def test_nothing_is_transparent(page):
    fig, _ = page
    for artist in fig.findobj():
        if artist.get_visible():
            assert artist.get_alpha() in (None, 1), artist
    for collection in shown(fig, Collection):
        for colours in (collection.get_facecolor(), collection.get_edgecolor()):
            assert all(colour[3] in (0, 1) for colour in np.atleast_2d(colours) if len(colour) == 4)


def test_every_text_stands_inside_the_page(page):
    fig, _ = page
    box = fig.bbox
    renderer = FigureCanvasAgg(fig).get_renderer()
    for text in texts_of(fig):
        found = text.get_window_extent(renderer)
        inside = (
            found.x0 >= box.x0 - 1
            and found.x1 <= box.x1 + 1
            and found.y0 >= box.y0 - 1
            and found.y1 <= box.y1 + 1
        )
        assert inside, text.get_text()


def tick_labels(ax):
    """Return the labels of each axis that are drawn: an axis shows only the ticks within its limits."""
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        low, high = sorted(limits)
        yield [
            part
            for tick in axis.get_major_ticks()
            for part in (tick.label1, tick.label2)
            if part.get_visible() and part.get_text().strip() and low <= tick.get_loc() <= high
        ]


def test_tick_labels_do_not_overlap(page):
    fig, _ = page
    renderer = FigureCanvasAgg(fig).get_renderer()
    for ax in fig.axes:
        for labels in tick_labels(ax):
            boxes = [(part.get_window_extent(renderer), part) for part in labels if not part.get_rotation()]
            for position, (box, part) in enumerate(boxes):
                for other, other_part in boxes[position + 1 :]:
                    wide = min(box.x1, other.x1) - max(box.x0, other.x0)
                    high = min(box.y1, other.y1) - max(box.y0, other.y0)
                    assert min(wide, high) <= 1, (part.get_text(), other_part.get_text())


def test_pyplot_knows_nothing_of_it(page):
    import sys

    assert isinstance(page[0], Figure)
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_fonts_are_embedded_as_type_42():
    assert RC["pdf.fonttype"] == RC["ps.fonttype"] == 42
    assert RC["svg.hashsalt"] and RC["savefig.bbox"] is None and RC["text.parse_math"] is False


def test_settings_are_left_as_they_were(drawn):
    import matplotlib

    before = dict(matplotlib.rcParams)
    spec = find_figure("corpus")
    draw_figure(spec, drawn("seed", "1_corpus")[1])
    assert dict(matplotlib.rcParams) == before


def test_blocs_are_told_apart_without_colour():
    styles = [group_style(position) for position in range(12)]
    assert len({(style["color"], style["marker"]) for style in styles}) == 12
    assert (
        len({style["marker"] for style in styles[:6]}) == len({style["hatch"] for style in styles[:6]}) == 6
    )


def test_the_log_ratios_are_where_the_table_says(drawn):
    fig, data = drawn("planted", "3_contrasts")
    assert [ax.get_title(loc="left") for ax in fig.axes] == ordered(data["target"])
    for ax, target in zip(fig.axes, ordered(data["target"]), strict=True):
        rows = data[data["target"] == target]
        points = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "None"]
        assert points == pytest.approx(rows["log_ratio"].tolist())
        assert [text.get_text() for text in ax.get_yticklabels()] == rows["term"].tolist()
        counts = [
            text.get_text() for text in ax.texts if " : " in text.get_text() and "rest" not in text.get_text()
        ]
        assert counts == [f"{row.count_target} : {row.count_reference}" for row in rows.itertuples()]


def test_the_balances_are_where_the_table_says(drawn):
    fig, data = drawn("planted", "5_sentiment")
    scatters = [artist for artist in fig.axes[0].collections if isinstance(artist, PathCollection)]
    for level, kept in (("article", scatters[0::2]), ("bloc", scatters[1::2])):
        for bloc, scatter in zip(ordered(data["bloc"]), kept, strict=True):
            rows = data[(data["level"] == level) & (data["bloc"] == bloc) & data["balance"].notna()]
            assert sorted(scatter.get_offsets()[:, 0]) == pytest.approx(sorted(rows["balance"]))
    bars = [artist for artist in fig.axes[0].collections if not isinstance(artist, PathCollection)]
    spans = sorted(tuple(segment[:, 0]) for bar in bars for segment in bar.get_segments())
    known = data[(data["level"] == "bloc") & data["balance_low"].notna()]
    np.testing.assert_allclose(spans, sorted(zip(known["balance_low"], known["balance_high"], strict=True)))


def test_a_point_without_an_interval_has_no_bar(drawn):
    fig, data = drawn("seed", "5_sentiment")
    assert data["balance_low"].isna().all()
    bars = [artist for artist in fig.axes[0].collections if not isinstance(artist, PathCollection)]
    assert not [segment for bar in bars for segment in bar.get_segments() if np.isfinite(segment).any()]


def test_the_cells_of_a_heat_map_show_the_table(drawn):
    fig, data = drawn("seed", "4_attention")
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert [text for text in texts if text.isdigit()] == data["n_mentions"].astype(str).tolist()
    assert set(data["bloc"]) <= set(texts)


def test_bars_of_the_word_shift_are_the_table_and_its_sums_are_printed(drawn):
    fig, data = drawn("planted", "14_sentiment_shift")
    actors = ordered(data["actor"])
    assert actors and len(fig.axes) == len(actors)
    for ax, actor in zip(fig.axes, actors, strict=True):
        rows = data[data["actor"] == actor]
        words = rows[rows["line"] == "word"]
        assert [bar.get_width() for bar in ax.patches] == pytest.approx(words["contribution"].tolist())
        # the kind of word is told by hatch as well as by shade
        assert [bool(bar.get_hatch()) for bar in ax.patches] == (words["weight"] < 0).tolist()
        texts = [text.get_text() for text in ax.texts]
        near = [f"{a} : {b}" for a, b in zip(words["near_target"], words["near_reference"], strict=True)]
        assert [text for text in texts if " : " in text] == near
        sums = [float(text.replace("−", "-")) for text in texts if text[0] in "+−"]
        assert sums == pytest.approx(rows.loc[rows["line"] != "word", "contribution"].round(2).tolist())
        # bars and sums add up to the difference
        assert rows["contribution"].sum() == pytest.approx(rows["difference"].iloc[0], abs=1e-3)


def test_draw_functions_return_nothing_and_leave_the_table(drawn):
    for draw, figure_id in (
        (draw_contrasts, "3_contrasts"),
        (draw_sentiment, "5_sentiment"),
        (draw_voice, "6_voice"),
        (draw_sentiment_shift, "14_sentiment_shift"),
    ):
        data = drawn("seed", figure_id)[1]
        before = data.copy()
        assert draw(Figure(figsize=(7, 4), layout="constrained"), data) is None
        pd.testing.assert_frame_equal(data, before)


def test_panels_are_arranged_in_rows_of_three():
    assert [panel_grid(n) for n in (0, 1, 3, 4, 7, 9)] == [(1, 1), (1, 1), (1, 3), (2, 2), (3, 3), (3, 3)]


def test_labels():
    assert label("a\nb\x00 c") == "a b c"
    assert label("x" * 40, 10) == "x" * 9 + "…"
    # a legend hides what begins with an underscore
    assert not label("_hidden").startswith("_") and label("_hidden").endswith("_hidden")
    assert wrap("one two three four", 9) == "one two\nthree\nfour"
    assert wrap("", 9) == ""
    assert len(wrap("word " * 30, 10).split("\n")) == 3


def test_rows_run_from_the_top():
    ax = Figure().subplots()
    row_axis(ax, ["first", "second"])
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["first", "second"]


def test_labels_cover_neither_each_other_nor_a_point():
    import numpy as np
    from matplotlib.figure import Figure

    from analysis.plots.labels import place_labels

    generator = np.random.default_rng(0)
    points = generator.uniform(0.1, 0.9, (60, 2))
    fig = Figure(figsize=(4, 3))
    ax = fig.subplots()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    fig.draw_without_rendering()
    written = place_labels(ax, points, [f"a term {n}" for n in range(60)], points)
    fig.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) == sum(written) and 10 < len(boxes) < 60
    marks = ax.transData.transform(points)
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
        assert not any(box.contains(*mark) for mark in marks)
        frame = ax.get_window_extent()
        assert box.x0 >= frame.x0 - 1 and box.x1 <= frame.x1 + 1
    assert place_labels(ax, np.empty((0, 2)), [], points) == []


def test_the_benchmark_is_drawn_at_its_values(drawn):
    fig, data = drawn("seed", "17_scorer_benchmark")
    systems = ordered(data["system"])
    for ax, part in zip(fig.axes, ("rw", "mt"), strict=True):
        rows = data[data["set"] == part]
        marks = {
            (round(float(x), 1), systems[int(y)])
            for line in ax.lines
            if line.get_marker() in ("D", "s", "o")
            for x, y in zip(*line.get_data(), strict=True)
        }
        assert marks == set(zip(rows["macro_f1"], rows["system"], strict=True))
        written = [text.get_text() for text in ax.texts]
        assert written == [f"{value:.1f}" for value in rows["macro_f1"]]
        bounds = {
            tuple(round(float(x), 1) for x in segment[:, 0])
            for lines in ax.collections
            for segment in lines.get_segments()
            if len(segment)
        }
        known = rows.dropna(subset=["macro_f1_low"])
        assert set(zip(known["macro_f1_low"], known["macro_f1_high"], strict=True)) <= bounds


def test_each_cell_of_a_confusion_matrix_holds_its_count_and_share():
    from analysis.plots.confusion import draw_confusion

    classes = ["negative", "neutral", "positive"]
    counts = [[8, 1, 1], [0, 5, 0], [0, 0, 0]]
    data = pd.DataFrame(
        [
            ("rw", coded, found, n, sum(row), n / sum(row) if sum(row) else np.nan)
            for coded, row in zip(classes, counts, strict=True)
            for found, n in zip(classes, row, strict=True)
        ],
        columns=["set", "coded", "found", "n", "n_coded", "share"],
    )
    fig = Figure()
    draw_confusion(fig, data)
    [ax] = fig.axes
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written[0, 0] == "8\n80 %" and written[1, 0] == written[2, 0] == "1\n10 %"
    # a class that nobody coded has counts and no shares
    assert written[1, 1] == "5\n100 %" and [written[x, 2] for x in range(3)] == ["0"] * 3
    assert ax.get_title() == "rw, 15 targets"
    # dark cells are written in white
    assert {text.get_color() for text in ax.texts if text.get_position() in ((0, 0), (1, 1))} == {"white"}
