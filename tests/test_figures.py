"""Figures: every one on the seed study, the planted one and poor corpora; alt text, captions, hostile text."""

import re

import pytest
from planted import build_planted

from analysis.errors import UnknownName
from analysis.figures.export import draw_figure, render_figure
from analysis.figures.registry import FIGURES, find_figure, list_figures
from analysis.registry import load_scorer
from analysis.study import load_study
from analysis.tables import round_table

CORPORA = {
    "seed": None,
    "planted": {},
    "one_bloc": {"blocs": ("Western",), "articles": 2},
    "no_mentions": {"actors": False, "articles": 2},
    "thirty_outlets": {"outlets": 10, "articles": 1},
    "eight_blocs": {
        "blocs": tuple(f"Bloc number {n} of the eight" for n in range(8)),
        "outlets": 1,
        "articles": 2,
    },
}
FAST = "[statistics]\nbootstrap = 100\npermutations = 100\n"


@pytest.fixture(scope="session")
def study_named(tmp_path_factory):
    """Return a study of `CORPORA` by name, built when it is first asked for."""
    built = {}

    def study_named(name):
        if name not in built:
            options = CORPORA[name]
            if options is None:
                built[name] = load_study()
            else:
                root = tmp_path_factory.mktemp(name) / "study"
                build_planted(root, settings=FAST, **options)
                built[name] = load_study(root)
        return built[name]

    return study_named


@pytest.fixture(params=[spec.figure_id for spec in FIGURES])
def spec(request):
    return find_figure(request.param)


@pytest.fixture(params=list(CORPORA))
def data(request, study_named, spec):
    return round_table(spec.data(study_named(request.param)))


def numbers(text):
    return {
        float(found.replace(",", "").replace("−", "-")) for found in re.findall(r"[-+−]?\d[\d,]*\.?\d*", text)
    }


def test_list_and_find():
    named = [figure_id.partition("_") for figure_id in list_figures()]
    numbers_ = [int(number) for number, _, _ in named]
    assert numbers_ == sorted(set(numbers_)) and numbers_[0] == 1
    assert [name for _, _, name in named][:7] == [
        "corpus", "themes", "contrasts", "attention", "sentiment", "voice", "codes",
    ]  # fmt: skip
    assert find_figure("themes") is find_figure("2_themes")
    with pytest.raises(UnknownName) as caught:
        find_figure("99_frames")
    assert str(caught.value) == f"unknown figure '99_frames'; allowed: {', '.join(sorted(list_figures()))}"


def test_widths_are_those_of_print():
    assert all(spec.width in (3.5, 5.0, 7.0) for spec in FIGURES)


def test_alt_text_is_short_and_has_a_number(spec, data):
    alt = spec.alt(data)
    assert 8 <= len(alt.split()) <= 40, alt
    assert re.search(r"\d", alt), alt
    assert "nan" not in alt.lower().split()


def test_captions_say_what_the_sample_supports(spec, data):
    caption = spec.caption(data)
    assert len(caption) > 40 and caption.endswith(".")
    assert not re.search(r"\bnan\b|\bNone\b|  |\.\.", caption), caption
    if spec.figure_id in ("5_sentiment", "6_voice") and len(data):
        [scorer] = set(data["scorer"])
        assert f"Scorer: {scorer}, {load_scorer(scorer).benchmark['summary']}." in caption


def test_stability_that_is_not_to_be_had_is_said_in_words(study_named):
    spec = find_figure("themes")
    data = spec.data(study_named("planted"))
    first, *others = data["theme_id"].unique()
    caption = spec.caption(data.assign(stability=data["stability"].where(data["theme_id"] != first)))
    assert f"; not to be had for {first}. " in caption and f"{first} nan" not in caption
    caption = spec.caption(data.assign(stability=float("nan")))
    assert f"unchanged): not to be had for {', '.join([first, *others])}. " in caption


def test_figures_are_drawn_and_stay_on_the_page(spec, data):
    fig = draw_figure(spec, data)
    # a page holds 7 by 9.5 inches; large corpora may take a second one
    assert fig.get_size_inches()[0] == spec.width
    assert fig.get_size_inches()[1] <= 20
    assert fig.axes or data.empty


@pytest.mark.parametrize("name", ["seed", "planted"])
def test_the_number_in_the_alt_text_is_in_the_table(spec, study_named, name):
    data = round_table(spec.data(study_named(name)))
    cells = set()
    for column in data.columns:
        if column in ("benchmark", "scorer", "flag"):
            continue
        for value in data[column]:
            found = numbers(str(value)) if isinstance(value, str) else {float(value)}
            # as the texts write them: counts, one or two decimals, percent
            cells |= {round(form, digits) for form in found for digits in (0, 1, 2)}
            cells |= {round(100 * form) for form in found if form == form and abs(form) <= 1}
        if data[column].dtype.kind in "iu":
            cells.add(float(data[column].sum()))
            for key in [key for key in ("actor", "voice") if key in data]:
                cells |= set(data.groupby(key)[column].sum().astype(float))
    cells |= {float(len(data))} | {float(data[column].nunique()) for column in data.columns}
    found = numbers(re.sub(r"\bT\d+\b|\bHerald \d\b", "", spec.alt(data)))
    assert found and found <= cells, found - cells


WITHOUT_NAMES = ("2_themes", "12_theme_stability", "17_scorer_benchmark", "18_confusion", "20_calibration")
"""Figures whose words are the program's own, or terms that cannot be renamed one by one."""

HOSTILE = [
    "$x$ and $\\frac",
    "_hidden",
    "<b>&amp;\"'",
    "\x00\x07\u202etxt",
    "=cmd|' /C calc'!A0",
    "工业 🙂",
    "",
    "a\nb\tc",
]


def test_hostile_text_is_drawn_as_it_is_written(spec, study_named):
    from xml.etree import ElementTree

    data = round_table(spec.data(study_named("planted")))
    names = [
        column
        for column in ("term", "actor", "outlet", "group", "bloc", "theme", "target", "claim", "against", "beside")
        if column in data
    ]
    for column in names:
        values = list(dict.fromkeys(data[column]))
        data[column] = data[column].map(
            {value: HOSTILE[n % len(HOSTILE)] + f" {n}" for n, value in enumerate(values)}
        )
    if {"group", "bloc"} <= set(data):
        data["bloc"] = data["bloc"].astype(str)
    import warnings

    with warnings.catch_warnings():
        # a reader may set a font that has the signs; ours shows a box for them
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        fig = draw_figure(spec, data)
        svg = render_figure(fig, "svg")
    root = ElementTree.fromstring(svg)
    assert not [node for node in root.iter() if node.tag.endswith("}script") or node.tag.endswith("}b")]
    texts = [text.get_text() for text in fig.findobj(match=lambda artist: hasattr(artist, "get_text"))]
    assert not any("\x00" in text or "\u202e" in text for text in texts)
    # a theme's name is made of its terms; a study without codings has nothing to draw in figure 7
    if spec.figure_id not in WITHOUT_NAMES and len(data):
        assert any("$x$" in text for text in texts) and any("_hidden" in text for text in texts)
