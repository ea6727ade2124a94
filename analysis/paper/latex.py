"""Writes tables, figures and the methods paragraph as LaTeX; untrusted text can be nothing but text there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.paper.model import PaperColumn, PaperRow, PaperTable
from analysis.tables import clean_text

LONG = 40
"""A table of more lines than this breaks over pages (longtable) instead of floating."""

_WIDE = 34  # characters of a cell from which its column is set in lines
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "{''}",
    "`": r"\textasciigrave{}",
    # an opening bracket or a star after the end of a row would be taken for its option
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "−": "$-$",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "×": r"$\times$",
    "²": r"$^{2}$",
    "α": r"$\alpha$",
    "κ": r"$\kappa$",
    "†": r"\textdagger{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "\u00a0": "~",
    "\u2009": r"\,",
    "\u200a": r"\,",
    "\u202f": r"\,",
}
# pairs that LaTeX's fonts would draw as one other sign: dashes, quotes, and marks turned upside down
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=,)(?=,)|(?<=[!?])(?=[`‘])")
# what LaTeX's own fonts hold: Latin letters, and the signs above
_USUAL = re.compile(r"[\n\x20-\x7e\u00a0-\u017f]")
# pdfLaTeX stops at a sign that its fonts have not; this names the sign there, and prints it where the engine can
_FRAMINGSIGN = (
    r"\ifcsname framingsign\endcsname\else\protected\def\framingsign#1#2{\ifdefined\directlua#2\else"
    r"\ifdefined\XeTeXversion#2\else{[}U+#1{]}\fi\fi}\fi" + "\n"
)
_CITED = re.compile(r" ?\[([a-z]+\d{4}(?:; [a-z]+\d{4})*)\]")


def tex_text(text: str) -> str:
    """Write untrusted text so that LaTeX prints it as it stands.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        One line; no sign of it commands anything.

    Examples
    --------
    >>> tex_text("US$5 & 10% of \\\\input{x}")
    'US\\\\$5 \\\\& 10\\\\% of \\\\textbackslash{}input\\\\{x\\\\}'
    """
    line = " ".join(clean_text(text).split())
    # a mark that is no text parts the pairs; it becomes an empty group once the signs are written
    return "".join(map(_tex_sign, _LIGATURES.sub("\0", line)))


def with_signs(source: str) -> str:
    """Let a file define what its unusual signs need.

    Parameters
    ----------
    source : str
        LaTeX made of `tex_text`.

    Returns
    -------
    str
        The same, after a definition where it is needed.
    """
    return (_FRAMINGSIGN if r"\framingsign{" in source else "") + source


def unusual_signs(text: str) -> str:
    """List the signs that pdfLaTeX's usual fonts do not hold.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        Each sign once, sorted.
    """
    return "".join(
        sorted({sign for sign in clean_text(text) if sign not in _SIGNS and not _USUAL.match(sign)})
    )


def tex_table(table: PaperTable) -> str:
    """Write a table with booktabs: a float, or a table that breaks over pages if it is long.

    Parameters
    ----------
    table : PaperTable
        The table.

    Returns
    -------
    str
        LaTeX that needs the packages array, booktabs and longtable.
    """
    wide = [_is_wide(table, place) for place in range(len(table.columns))]
    layout = "".join(_column(column, lines) for column, lines in zip(table.columns, wide, strict=True))
    head = " & ".join(_head(column) for column in table.columns) + r" \\"
    body = [_row(row, len(table.columns), first=place == 0) for place, row in enumerate(table.rows)]
    caption = rf"\caption{{{tex_text(table.title)}}}\label{{tab:{table.name}}}"
    note = rf"\textit{{Note.}} {tex_text(table.note)}"
    start = [
        f"% Table {table.table_id.partition('_')[0]}. {_comment(table.alt)}",
        r"\begingroup",
        r"\footnotesize",
    ]
    if len(table.rows) > LONG:
        lines = [
            *start,
            r"\setlength{\tabcolsep}{3pt}\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt}",
            rf"\begin{{longtable}}{{@{{\extracolsep{{\fill}}}}{layout}@{{}}}}",
            rf"{caption}\\",
            r"\toprule",
            head,
            r"\midrule",
            r"\endfirsthead",
            r"\toprule",
            head,
            r"\midrule",
            r"\endhead",
            r"\bottomrule",
            r"\endfoot",
            *body,
            r"\end{longtable}",
            rf"\noindent\begin{{minipage}}{{\linewidth}}\raggedright {note}\end{{minipage}}\par",
        ]
    else:
        lines = [
            start[0],
            r"\begin{table}[tbp]",
            r"\begingroup",
            r"\centering",
            r"\footnotesize",
            r"\setlength{\tabcolsep}{3pt}",
            caption,
            rf"\begin{{tabular*}}{{\linewidth}}{{@{{\extracolsep{{\fill}}}}{layout}@{{}}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular*}\par\smallskip",
            rf"\begin{{minipage}}{{\linewidth}}\raggedright {note}\end{{minipage}}\par",
        ]
    closing = [r"\endgroup"] if len(table.rows) > LONG else [r"\endgroup", r"\end{table}"]
    return "\n".join([*lines, *closing, ""])


def tex_figure(name: str, file: str, captions: tuple[str, str], alt: str) -> str:
    """Write a figure that is not scaled.

    Parameters
    ----------
    name : str
        For its label.
    file : str
        Path of the PDF within the folder.
    captions : tuple of str
        Title, and the rest of the caption.
    alt : str
        What it shows, for those who do not see it.

    Returns
    -------
    str
        LaTeX that needs the package graphicx.
    """
    title, rest = captions
    return "\n".join(
        [
            r"\begin{figure}[tbp]",
            r"\centering",
            rf"\includegraphics[alt={{{tex_text(alt)}}}]{{\framingfolder/{file}}}",
            rf"\caption[{{{tex_text(title)}}}]{{\textbf{{{tex_text(title)}.}} {tex_text(rest)}}}\label{{fig:{name}}}",
            r"\end{figure}",
            "",
        ]
    )


def tex_methods(draft: str, known: Iterable[str]) -> str:
    """Write the methods paragraph with its citations as commands.

    Parameters
    ----------
    draft : str
        Plain paragraphs, with citations such as ``[dunning1993; gries2008]``.
    known : iterable of str
        Keys of the works that there are; what else stands in brackets is text.

    Returns
    -------
    str
        LaTeX paragraphs.
    """
    paragraphs, known = [], set(known)
    for paragraph in draft.split("\n\n"):
        parts, last = [], 0
        for found in _CITED.finditer(paragraph):
            if not known.issuperset(found[1].split("; ")):
                continue
            parts.append(tex_text(paragraph[last : found.start()]))
            parts.append(rf"~\cite{{{found[1].replace('; ', ',')}}}")
            last = found.end()
            # the blank that follows is a part of the text
            parts.append(" " if paragraph[last : last + 1] == " " else "")
        parts.append(tex_text(paragraph[last:]))
        paragraphs.append("".join(parts))
    return "\n\n".join(paragraphs) + "\n"


def _tex_sign(sign: str) -> str:
    """Write one sign of untrusted text."""
    if sign == "\0":
        return "{}"
    if sign in _SIGNS:
        return _SIGNS[sign]
    return sign if _USUAL.match(sign) else rf"\framingsign{{{ord(sign):04X}}}{{{sign}}}"


def _is_wide(table: PaperTable, place: int) -> bool:
    """Whether a column of words has cells that one line cannot hold."""
    if not table.columns[place].text:
        return False
    return any(len(row.cells[place]) > _WIDE for row in table.rows if not row.heading)


def _column(column: PaperColumn, lines: bool) -> str:
    if lines:
        return r">{\raggedright\arraybackslash}p{0.25\linewidth}"
    return "l" if column.text else "r"


def _head(column: PaperColumn) -> str:
    place = "l" if column.text else "r"
    lines = [tex_text(line) for line in column.head.split("\n")]
    stacked = r"\\".join(lines)
    text = stacked if len(lines) == 1 else rf"\shortstack[{place}]{{{stacked}}}"
    return rf"\textit{{{text}}}" if column.symbol else text


def _row(row: PaperRow, width: int, *, first: bool) -> str:
    if not row.heading:
        return " & ".join(tex_text(cell) for cell in row.cells) + r" \\"
    space = "" if first else r"\addlinespace "
    text = rf"\textit{{{tex_text(row.cells[0])}}}"
    if len(row.cells[0]) > 70:
        # a box without width, so that the columns are not stretched
        text = rf"\makebox[0pt][l]{{\parbox[t]{{0.95\linewidth}}{{\raggedright {text}}}}}"
    return rf"{space}\multicolumn{{{width}}}{{@{{}}l@{{}}}}{{{text}}} \\"


def _comment(text: str) -> str:
    """Write text as a comment of one line."""
    return " ".join(clean_text(text).split())
