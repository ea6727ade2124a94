"""Finds the names that the figures' font cannot draw, and puts names in their place that it can."""

from __future__ import annotations

import unicodedata
from functools import cache
from string import ascii_uppercase

import pandas as pd

from analysis.plots.style import RC
from analysis.tables import clean_text

MISSING = "[?]"


def drawable_table(table: pd.DataFrame, study) -> tuple[pd.DataFrame, str]:
    """Replace what the font has no signs for, or would set in the wrong direction.

    An outlet is shown by its outlet_id, an actor by its actor_id, a bloc by a letter in the study's order; in
    any other text, `MISSING` stands for the signs.

    Parameters
    ----------
    table : pandas.DataFrame
        The table of a figure.
    study : analysis.study.Study
        The study.

    Returns
    -------
    table : pandas.DataFrame
        `table` itself where all of it can be drawn.
    note : str
        A sentence for the caption that says what stands for what; empty where nothing was replaced.
    """
    texts = {name: table[name].dropna() for name in table if not pd.api.types.is_numeric_dtype(table[name])}
    found = sorted({text for cells in texts.values() for text in cells if not can_draw(str(text))})
    if not found:
        return table, ""
    known = {label: actor_id for actor_id, label in study.actors.labels.items()}
    for number, bloc in enumerate(study.corpus.grouping("bloc").labels):
        # a letter, since a number follows it in captions
        known[bloc] = f"bloc {ascii_uppercase[number] if number < 26 else f'Z{number}'}"
    known |= {article.outlet: article.outlet_id for article in study.corpus.articles}
    taken = {text for cells in texts.values() for text in cells}
    stands = {text: known.get(text) or _without_missing(text) for text in found}
    # two groups must not become one
    stands = {text: f"{name}*" if text in known and name in taken else name for text, name in stands.items()}
    drawn = table.assign(**{name: table[name].replace(stands) for name in texts})
    named = [f"{stands[text]} for {text}" for text in found if text in known]
    note = "The font has no signs for some words"
    note += f": {', '.join(named)}" if named else ""
    rest = len(found) > len(named)
    return drawn, f"{note}{f'; {MISSING} stands for such signs elsewhere' if rest and named else ''}" + (
        f", for which {MISSING} stands." if rest and not named else "."
    )


def can_draw(text: str) -> bool:
    """Say whether the figures' font has all signs of a text, and sets them in their direction.

    Parameters
    ----------
    text : str
        Untrusted text.

    Returns
    -------
    bool
        False for Chinese, and for Arabic and Hebrew, which would be set from left to right.

    Examples
    --------
    >>> [can_draw(text) for text in ("Le Monde – économie", "Правда", "人民日报", "الجزيرة")]
    [True, True, False, False]
    """
    return all(map(_has_sign, " ".join(clean_text(text).split())))


def _without_missing(text: str) -> str:
    """Put one mark for each run of signs that cannot be drawn."""
    line = " ".join(clean_text(text).split())
    kept = "".join(sign if _has_sign(sign) else "\0" for sign in line)
    while "\0\0" in kept or "\0 \0" in kept:
        kept = kept.replace("\0\0", "\0").replace("\0 \0", "\0")
    return kept.replace("\0", MISSING)


def _has_sign(sign: str) -> bool:
    return ord(sign) in _charmap() and unicodedata.bidirectional(sign) not in ("R", "AL", "AN")


@cache
def _charmap() -> frozenset[int]:
    """The characters that the font has in both weights."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    weights = (FontProperties(family=RC["font.family"], weight=weight) for weight in ("normal", "bold"))
    normal, bold = (set(get_font(findfont(weight)).get_charmap()) for weight in weights)
    return frozenset(normal & bold)
