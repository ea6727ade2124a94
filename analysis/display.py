"""How tables, evidence and figures look in a notebook; all article text is escaped."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from os.path import commonprefix

import pandas as pd

from analysis.tables import clean_text, escape_html

# MathJax would set "US$5 billion and $10" as a formula: JupyterLab honours the first class, exports the second
_PLAIN = 'class="mathjax_ignore tex2jax_ignore"'


@dataclass(frozen=True)
class Shown:
    """Something a notebook shows, as safe HTML with a text twin."""

    markup: str
    text: str

    def _repr_html_(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return self.text


def show_table(table: pd.DataFrame, *, caption: str = "", rows: int = 15, digits: int = 2) -> Shown:
    """Show a table.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    caption : str
        What it shows, plain text.
    rows : int
        The most rows shown; the caption says how many there are.
    digits : int
        Decimals of floats; an undefined number shows as a dash.

    Returns
    -------
    Shown
        For the last line of a cell.
    """
    head = table.head(rows)
    cells = [[_cell(value, digits) for value in row] for row in head.itertuples(index=False)]
    names = "".join(
        f'<th scope="col"{_align(first)}>{html.escape(clean_text(str(name)))}</th>'
        for name, first in zip(head.columns, head.iloc[0] if len(head) else head.columns, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_align(value)}>{html.escape(text)}</td>" for value, text in zip(row, texts, strict=True)
        )
        + "</tr>"
        for row, texts in zip(head.itertuples(index=False), cells, strict=True)
    )
    more = f" First {rows} of {len(table)} rows." if len(table) > rows else ""
    title = f"<caption>{html.escape(clean_text(caption + more))}</caption>" if caption or more else ""
    markup = f"<div {_PLAIN}><table>{title}<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>"
    columns = [clean_text(str(name)) for name in head.columns]
    text = pd.DataFrame(cells, columns=columns).to_string(index=False, max_colwidth=60)
    return Shown(markup, f"{clean_text(caption + more)}\n{text}".strip())


def show_evidence(
    evidence: pd.DataFrame, *, caption: str = "", rows: int = 5, columns: tuple[str, ...] = ()
) -> Shown:
    """Show sentences with the match marked.

    Parameters
    ----------
    evidence : pandas.DataFrame
        From `Result.evidence_for`.
    caption : str
        What they are evidence for, plain text.
    rows : int
        The most sentences shown.
    columns : tuple of str
        Further columns to show before the sentence, such as ``("balance",)``.

    Returns
    -------
    Shown
        For the last line of a cell.
    """
    items, lines = [], []
    for record in evidence.head(rows).to_dict("records"):
        before, match, after = _split_sentence(record)
        extra = " ".join(f"{name} {_cell(record[name], 2)}" for name in columns)
        place = f"{record['outlet']}, {record['article_id']}, sentence {record['sentence_id']}" + (
            f" ({extra})" if extra else ""
        )
        # a whole paragraph needs no mark
        marked = f"<mark>{escape_html(match)}</mark>" if before or after else escape_html(match)
        line = f"{escape_html(before)}{marked}{escape_html(after)}"
        items.append(f"<li>{line} <small>[{escape_html(place)}]</small></li>")
        lines.append(clean_text(f"- {before}[{match}]{after} [{place}]"))
    more = f" ({min(rows, len(evidence))} of {len(evidence)} places)" if len(evidence) > rows else ""
    places = "".join(items) or "<li>no place</li>"
    markup = f"<div {_PLAIN}><p><b>{escape_html(caption + more)}</b></p><ul>{places}</ul></div>"
    return Shown(markup, "\n".join([clean_text(caption + more), *(lines or ["- no place"])]))


def figure_html(png: bytes, *, alt: str, caption: str, width: float) -> Shown:
    """Make a figure of an image, its alt text and its caption.

    Parameters
    ----------
    png : bytes
        The image.
    alt, caption : str
        Plain text.
    width : float
        Printed width in inches.

    Returns
    -------
    Shown
        For the last line of a cell.
    """
    data = base64.b64encode(png).decode("ascii")
    pixels = round(width * 110)
    markup = (
        f'<figure {_PLAIN}><img alt="{escape_html(alt)}" src="data:image/png;base64,{data}" width="{pixels}">'
        f"<figcaption>{escape_html(caption)}</figcaption></figure>"
    )
    return Shown(markup, clean_text(f"Figure: {alt}"))


def shown_claim(text: str, holds: bool) -> Shown:
    """Show a claim with its verdict.

    Parameters
    ----------
    text : str
        The claim, plain text.
    holds : bool
        Whether the numbers bear it.

    Returns
    -------
    Shown
        For the last line of a cell.
    """
    mark = "Holds" if holds else "Does not hold in this corpus"
    return Shown(f"<p {_PLAIN}><b>{mark}:</b> {escape_html(text)}</p>", clean_text(f"{mark}: {text}"))


def shown_text(text: str) -> Shown:
    """Show plain paragraphs.

    Parameters
    ----------
    text : str
        Plain text; a blank line ends a paragraph.

    Returns
    -------
    Shown
        For the last line of a cell.
    """
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    markup = "".join(f"<p>{escape_html(part).replace(chr(10), '<br>')}</p>" for part in parts)
    return Shown(f"<div {_PLAIN}>{markup}</div>", clean_text(text.strip()))


def _split_sentence(record: dict) -> tuple[str, str, str]:
    """Divide a sentence around its match; of several equal words the one with the same context is meant."""
    sentence, match, left, right = (
        " ".join(str(record[name]).split()) for name in ("sentence", "match", "left", "right")
    )
    best, place = -1, -1
    start = sentence.find(match)
    while start >= 0 and match:
        before, after = sentence[:start].rstrip(), sentence[start + len(match) :].lstrip()
        shared = len(commonprefix([before[::-1], left[::-1]])) + len(commonprefix([after, right]))
        if shared > best:
            best, place = shared, start
        start = sentence.find(match, start + 1)
    if place < 0:
        return "", sentence, ""
    return sentence[:place], sentence[place : place + len(match)], sentence[place + len(match) :]


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float):
        if pd.isna(value):
            return "–"
        text = f"{value:.{digits}f}"
        return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"
    return clean_text(str(value))


def _align(value: object) -> str:
    return ' class="text" style="text-align:left"' if isinstance(value, str) else ' style="text-align:right"'
