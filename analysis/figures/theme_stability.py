"""Figure 12: how stable the themes are, for every number of themes."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec
from analysis.plots.themes import draw_theme_stability

_CURVE = ["k", "stability", "se", "chance", "adjusted", "adjusted_se", "left_out"]
_SIZES = ["n_resamples", "n_left_out", "n_articles", "n_paragraphs"]


def _data(study) -> pd.DataFrame:
    curve = study.result("theme_stability").table
    if curve.empty:
        return pd.DataFrame(columns=["part", "theme", "theme_id", *_CURVE, "without", *_SIZES])
    themes = study.result("themes").table.drop_duplicates("theme_id")
    each = pd.DataFrame(
        {
            "part": "theme",
            "theme": themes["theme_id"] + "  " + themes["label"],
            "theme_id": themes["theme_id"],
            "stability": themes["stability_resamples"],
            "left_out": themes["stability"],
            "without": themes["stability_without"],
            "largest_share": themes["largest_share"],
        }
    )
    rows = [each, curve.assign(part="k", theme="", theme_id="").drop(columns="error")]
    table = pd.concat(rows, ignore_index=True)
    for name in ("by_rule", "chosen"):
        table[name] = table[name].eq(True)
    table["flag"] = table["flag"].fillna("")
    columns = [
        "part", "theme", "theme_id", *_CURVE, "without", "largest_share", *_SIZES, "by_rule", "chosen", "flag",
    ]  # fmt: skip
    return table[columns]


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No themes: the corpus has fewer paragraphs or terms than themes need."
    curve = data[data["part"] == "k"]
    first, taken, rule = curve.iloc[0], curve[curve["chosen"]].iloc[0], curve[curve["by_rule"]].iloc[0]
    refits = (
        f"{counted(first['n_resamples'], 'resample')} of the articles"
        if first["n_resamples"]
        else "no refits, since one article cannot be left out"
    )
    chosen = (
        f"The rule takes k = {int(rule['k'])}, the largest within one standard error of the best."
        if taken["k"] == rule["k"]
        else f"study.toml fixes k = {int(taken['k'])}; the rule (the largest within one standard error of the best) "
        f"takes {int(rule['k'])}."
    )
    limits = f" Of the number taken: {taken['flag']}." if taken["flag"] else ""
    return (
        f"Themes matched one to one between the model and refits on fewer articles; agreement is the average "
        f"Jaccard index of their top ten terms. {counted(first['n_articles'], 'article')}, "
        f"{counted(first['n_paragraphs'], 'paragraph')}; {refits}. Chance: terms dealt out anew over the "
        f"paragraphs. The dotted line is the best less one standard error. {chosen}{limits}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty stability curve: 0 themes can be found in so few paragraphs, as the caption says."
    curve = data[data["part"] == "k"]
    taken = curve[curve["chosen"]].iloc[0]
    value = (
        f"agreement is {taken['stability']:.2f} and chance {taken['chance']:.2f}"
        if pd.notna(taken["stability"])
        else "nothing could be refitted"
    )
    return (
        f"Stability of the themes for {int(curve['k'].min())} to {int(curve['k'].max())} themes, and of each theme; "
        f"at the {int(taken['k'])} that are taken, {value}."
    )


def _height(data: pd.DataFrame) -> float:
    themes = int((data["part"] == "theme").sum()) if len(data) else 0
    return min(12.0, round(4 * (4.2 + 0.28 * max(1, themes))) / 4)


FIGURE = FigureSpec(
    "12_theme_stability",
    "How stable the themes are",
    "02_themes",
    _data,
    draw_theme_stability,
    _height,
    _caption,
    _alt,
)
