"""The reading room as HTML: tables, places and articles, all text escaped, and what can be pressed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.plots.style import group_style
from analysis.tables import escape_html

PLAIN = "mathjax_ignore tex2jax_ignore"
"""Classes without which MathJax would set "US$5 billion and $10" as a formula: one for JupyterLab, one for exports."""
_FILLED = {"s": "■", "^": "▲", "o": "●", "D": "◆", "v": "▼", "P": "✚"}
_TYPE = {"actor": "b", "term": "u", "theme": "i"}
_HOLLOW = {"s": "□", "^": "△", "o": "○", "D": "◇", "v": "▽", "P": "✛"}


@dataclass
class Links:
    """Makes buttons, and remembers what each is to do.

    Parameters
    ----------
    live : bool
        Whether anything can be pressed; a static view has words in the buttons' place.
    actions : dict
        Key of each button to its action: a name and its arguments. A key depends on the action only, so that
        the same button is found again on the next screen.
    """

    live: bool = True
    actions: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def button(self, content: str, action: str, value: Any, *, said: str = "", style: str = "") -> str:
        """Make a button.

        Parameters
        ----------
        content : str
            HTML that is safe.
        action : str
            What it does.
        value : object
            With what.
        said : str
            Its name for those who do not see it; by default the content is.
        style : str
            CSS of its place.

        Returns
        -------
        str
            HTML; `content` alone in a static view.
        """
        if not self.live:
            return content
        key = hashlib.sha256(repr((action, value)).encode()).hexdigest()[:12]
        self.actions[key] = (action, value)
        label = f' aria-label="{escape_html(said)}" title="{escape_html(said)}"' if said else ""
        place = f' style="{style}"' if style else ""
        return f'<button type="button" class="framing-go" data-framing-go="{key}"{label}{place}>{content}</button>'


@dataclass
class Notes:
    """Gathers what many rows have to say alike, and says it once below the table.

    Parameters
    ----------
    texts : list of str
        Plain texts, in the order in which they first occur.
    """

    texts: list[str] = field(default_factory=list)

    def mark(self, text: str) -> str:
        """Return the letter that stands for a text.

        Parameters
        ----------
        text : str
            Plain text.

        Returns
        -------
        str
            HTML; empty for an empty text.
        """
        if not text:
            return ""
        if text not in self.texts:
            self.texts.append(text)
        return f'<span title="{escape_html(text)}">[{_letter(self.texts.index(text))}]</span>'

    def markup(self) -> str:
        """Return the texts with their letters.

        Returns
        -------
        str
            HTML; empty without any.
        """
        lines = [f"<b>[{_letter(place)}]</b> {escape_html(text)}." for place, text in enumerate(self.texts)]
        return f'<p class="framing-note">{" ".join(lines)}</p>' if lines else ""


def _letter(place: int) -> str:
    """Number notes a, b, ... z, a1, ..."""
    rounds, letter = divmod(place, 26)
    return f"{chr(ord('a') + letter)}{rounds or ''}"


def number(value: object, digits: int = 2) -> str:
    """Write a number.

    Parameters
    ----------
    value : object
        A number or a text.
    digits : int
        Decimals of a number that is not whole.

    Returns
    -------
    str
        HTML; a dash where there is none.
    """
    if isinstance(value, str):
        return escape_html(value)
    if pd.isna(value):
        return "–"
    if float(value).is_integer() and not isinstance(value, float):
        return f"{int(value)}"
    text = f"{float(value):.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def bloc_mark(rank: int, level: str) -> str:
    """Show a group's mark as in the figures.

    Parameters
    ----------
    rank : int
        The bloc's place in the study's order.
    level : str
        A bloc's mark is filled.

    Returns
    -------
    str
        HTML that is not read aloud.
    """
    style = group_style(rank)
    signs = _FILLED if level == "bloc" else _HOLLOW
    return f'<span aria-hidden="true" style="color:{style["color"]}">{signs[style["marker"]]}</span>'


def table_html(caption: str, headings: Sequence[str], rows: Iterable[tuple[Sequence[str], bool]], *, note: str = "",
               name: str = "", kinds: Sequence[str] = ()) -> str:  # fmt: skip
    """Make a table.

    Parameters
    ----------
    caption : str
        Plain text.
    headings : sequence of str
        HTML of the heads.
    rows : iterable of (sequence of str, bool)
        HTML of each row's cells, the first being its head, and whether the row is the chosen one.
    note : str
        Plain text below it.
    name : str
        A class.
    kinds : sequence of str
        ``"text"``, ``"number"`` or another class for each column.

    Returns
    -------
    str
        HTML.
    """
    kinds = list(kinds) or ["text"] * len(headings)
    looks = [_look(kind) for kind in kinds]
    head = "".join(f'<th scope="col"{look}>{cell}</th>' for cell, look in zip(headings, looks, strict=True))
    body = []
    for cells, chosen in rows:
        first = f'<th scope="row"{looks[0]}>{cells[0]}</th>'
        rest = "".join(f"<td{look}>{cell}</td>" for cell, look in zip(cells[1:], looks[1:], strict=True))
        here = ' class="framing-chosen" aria-current="true"' if chosen else ""
        body.append(f"<tr{here}>{first}{rest}</tr>")
    below = f'<p class="framing-note">{escape_html(note)}</p>' if note else ""
    return (
        f'<table class="framing-rows {name}"><caption>{escape_html(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>{below}"
    )


def _look(kind: str) -> str:
    """Align a column: by class where there is our style sheet, and in itself where there is none."""
    side = {"number": "right", "left": "right", "match": "center"}.get(kind, "left")
    names = f"{kind} text" if side == "left" and kind != "text" else kind
    return f' class="{names}" style="text-align:{side}"'


def figure_markup(png: bytes, alt: str, caption: str, width: float, buttons: str = "") -> str:
    """Make a figure of an image, its alt text, its caption and what can be pressed on it.

    Parameters
    ----------
    png : bytes
        The image.
    alt, caption : str
        Plain text.
    width : float
        Printed width in inches.
    buttons : str
        HTML laid over the image.

    Returns
    -------
    str
        HTML.
    """
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<figure class="{PLAIN}" style="margin:0;max-width:{width * 6.6:.1f}em"><div style="position:relative">'
        f'<img alt="{escape_html(alt)}" src="data:image/png;base64,{data}" width="{round(width * 110)}" '
        f'style="width:100%;height:auto;display:block">{buttons}</div>'
        f"<figcaption>{escape_html(caption)}</figcaption></figure>"
    )


def marked(text: str, start: int, end: int, spans: Iterable[tuple[int, int, str]]) -> str:
    """Show a stretch of text with what is found in it marked.

    Parameters
    ----------
    text : str
        The article's text.
    start, end : int
        The stretch.
    spans : iterable of (int, int, str)
        Start, end and kind (``"actor"``, ``"term"``, ``"theme"``, ``"here"``); they may overlap.

    Returns
    -------
    str
        HTML on one line; a piece of two kinds bears both.
    """
    inside = [
        (max(start, low), min(end, high), kind) for low, high, kind in spans if low < end and high > start
    ]
    cuts = sorted({start, end, *(low for low, _, _ in inside), *(high for _, high, _ in inside)})
    pieces = []
    for low, high in zip(cuts, cuts[1:], strict=False):
        kinds = sorted({kind for first, last, kind in inside if first <= low and high <= last})
        piece = escape_html(_blanks(text[low:high]))
        if kinds:
            # told apart by type as well as by colour, which exports may lose
            for kind in kinds:
                piece = f"<{_TYPE[kind]}>{piece}</{_TYPE[kind]}>" if kind in _TYPE else piece
            tag = "span" if kinds == ["here"] else "mark"
            piece = f'<{tag} class="{" ".join(f"framing-{kind}" for kind in kinds)}">{piece}</{tag}>'
        pieces.append(piece)
    return "".join(pieces)


def _blanks(text: str) -> str:
    """Turn line breaks and runs of blanks into one, but keep a blank at either end."""
    line = " ".join(text.split())
    if not line:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{line}{' ' if text[-1].isspace() else ''}"
