"""Writes a coding report into a folder: tables, one HTML page, the paragraph and the figure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.coding_report.report import CodingReport
from analysis.coding_report.tables import report_tables, write_text
from analysis.display import figure_html, show_table
from analysis.figures.export import draw_figure, render_figure
from analysis.figures.machine_coders import FIGURE
from analysis.paths import check_writable
from analysis.report import POLICY, STYLE
from analysis.tables import clean_text, escape_html, round_table, write_bytes, write_table

_STYLE = """
.sheet { max-width: 76rem; margin: 0 auto; padding: 0 1.2rem 3rem; }
main { max-width: none; }
main p { max-width: 46rem; }
.scroll { overflow-x: auto; }
main td, main th { text-align: left; white-space: nowrap; }
main td.read, main td.codes, main td:last-child { white-space: normal; }
td.read { min-width: 26rem; }
td.codes { min-width: 9rem; }
mark { background: #ffe58f; }
"""


def export_report(report: CodingReport, folder: Path) -> list[Path]:
    """Write a report.

    Parameters
    ----------
    report : CodingReport
        What was measured.
    folder : pathlib.Path
        Gets a CSV file for each table, ``agreement.html``, ``agreement.txt``, ``methods.md`` and, with a machine, the
        figure.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    check_writable(folder)
    written = [write_table(result.table, folder / f"{name}.csv") for name, result in report.results.items()]
    shown = ""
    if len(report.figure):
        data = round_table(report.figure)
        write_table(data, folder / f"{FIGURE.figure_id}.csv")
        fig = draw_figure(FIGURE, data)
        for kind in ("pdf", "svg", "png"):
            path = folder / f"{FIGURE.figure_id}.{kind}"
            written.append(write_bytes(path, render_figure(fig, kind)))
        alt, caption = FIGURE.alt(data), f"{FIGURE.title}. {FIGURE.caption(data)}"
        written.append(write_bytes(folder / f"{FIGURE.figure_id}.alt.txt", clean_text(alt).encode("utf-8")))
        png = render_figure(fig, "png", dpi=150)
        shown = figure_html(png, alt=alt, caption=caption, width=FIGURE.width).markup
    texts = {
        "agreement.html": write_page(report, shown),
        "agreement.txt": write_text(report),
        "methods.md": report.paragraph,
    }
    for name, text in texts.items():
        written.append(write_bytes(folder / name, clean_text(text).encode("utf-8")))
    return written


def write_page(report: CodingReport, figure: str = "") -> str:
    """Write a report as one HTML page that needs nothing else.

    Parameters
    ----------
    report : CodingReport
        What was measured.
    figure : str
        Safe HTML of the figure.

    Returns
    -------
    str
        The page; all text of articles and coders is escaped, and the page forbids scripts and requests.
    """
    parts = []
    for title, about, table in report_tables(report):
        if "note" in table and not (table["note"] != "").any():
            table = table.drop(columns="note")
        body = show_table(table, rows=max(1, len(table))).markup
        parts.append(f"<section><h2>{escape_html(title)}</h2><p>{escape_html(about)}</p>")
        parts.append(f'<div class="scroll" tabindex="0">{body}</div></section>')
    parts += [f"<p>{escape_html(note)}</p>" for note in report.notes]
    if figure:
        parts.append(f"<section><h2>Figure</h2>{figure}</section>")
    parts.append(_disagreements(report.table("coding_disagreements")))
    if report.paragraph:
        lines = [line for line in report.paragraph.split("\n") if line.strip()]
        parts.append(
            "<section><h2>For the paper</h2>"
            + "".join(f"<p>{escape_html(line)}</p>" for line in lines)
            + "</section>"
        )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Agreement of coders</title>",
            f"<style>{STYLE}{_STYLE}</style>",
            "</head>",
            "<body>",
            '<div class="sheet">',
            f"<header><h1>Agreement of coders</h1><p>{escape_html(report.title)}</p></header>",
            '<main class="mathjax_ignore tex2jax_ignore">',
            *parts,
            "</main>",
            "</div>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _disagreements(table: pd.DataFrame) -> str:
    """List all disagreements with what was read, the target marked."""
    if table.empty:
        return "<section><h2>Disagreements</h2><p>None.</p></section>"
    rows = []
    for row in table.itertuples():
        mark = f"<mark>{escape_html(row.target)}</mark>" if row.before or row.after else escape_html(row.target)
        read = f"{escape_html(row.before)}{mark}{escape_html(row.after)}"
        cells = [row.item_id, row.variable, row.article_id, row.actor]
        text = "".join(f"<td>{escape_html(cell)}</td>" for cell in cells)
        rows.append(f'<tr>{text}<td class="codes">{escape_html(row.codes)}</td><td class="read">{read}</td></tr>')
    names = ("item", "variable", "article", "actor", "codes", "what was read")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<section><h2>Disagreements</h2><p>{len(table)} in all.</p><div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )
