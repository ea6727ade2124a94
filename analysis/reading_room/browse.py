"""Any table of the study to search and sort in a notebook, without a network, with its static twin.

Live it stands in ``framing-browse``, drawn by itables; exports and code hosts show ``framing-static``.
"""

from __future__ import annotations

import html

import pandas as pd

from analysis.display import show_table
from analysis.notebook_format import LIVE
from analysis.tables import clean_text, round_table

MOST_ROWS = 5000
"""Rows that a page can hold; a longer table is cut, and the caption says so."""
_LOOK = (
    "<style>.jp-OutputArea:has(.framing-browse) .framing-static { display: none; } "
    ".framing-browse { font-size: var(--jp-content-font-size1, 1em); }</style>"
)


class Browser:
    """A table of the study that can be searched and sorted.

    Parameters
    ----------
    table : pandas.DataFrame
        The table.
    caption : str
        What it shows, plain text.
    rows : int
        Rows of the static view.
    """

    def __init__(self, table: pd.DataFrame, caption: str, rows: int):
        self.table = table
        self.caption = caption
        self.rows = rows

    def __repr__(self) -> str:
        return f"Browser({self.caption!r}, {len(self.table)} rows)"

    def live_markup(self) -> str:
        """Return the table as itables draws it.

        Returns
        -------
        str
            HTML with scripts of itables; text is escaped by it, and by none but it.
        """
        from itables import to_html_datatable

        shown = round_table(self.table.head(MOST_ROWS))
        for column in shown.columns:
            if not pd.api.types.is_numeric_dtype(shown[column]):
                shown[column] = [clean_text(str(value)) for value in shown[column]]
        shown.columns = [clean_text(str(name)) for name in shown.columns]
        cut = f" First {MOST_ROWS} of {len(self.table)} rows." if len(self.table) > MOST_ROWS else ""
        table = to_html_datatable(
            shown,
            caption=html.escape(clean_text(f"{self.caption}.{cut}")),
            connected=False,
            display_logo_when_loading=False,
            maxBytes=0,
            showIndex=False,
        )
        return f'{_LOOK}<div class="framing-browse mathjax_ignore tex2jax_ignore">{table}</div>'

    def static_markup(self) -> str:
        """Return the first rows as a plain table.

        Returns
        -------
        str
            Safe HTML.
        """
        shown = show_table(self.table, caption=f"{self.caption}.", rows=self.rows)
        return f'<div class="framing-static">{shown.markup}</div>'

    def _ipython_display_(self) -> None:
        """Show the live table and its static view; `analysis.notebook_format` keeps the second only."""
        from IPython.display import display
        from itables.javascript import generate_init_offline_itables_html
        from itables.options import dt_bundle

        library = generate_init_offline_itables_html(dt_bundle)
        display({"text/html": library + self.live_markup()}, raw=True, metadata=LIVE)
        text = show_table(self.table, caption=f"{self.caption}.", rows=self.rows).text
        display({"text/html": self.static_markup(), "text/plain": text}, raw=True)


def browse(study, name: str, *, columns: tuple[str, ...] = (), rows: int = 8, **keys: str) -> Browser:
    """Show a table of the study to search and sort.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    name : str
        One of its `analysis.study.Study.steps`.
    columns : tuple of str
        Some of its columns; by default all.
    rows : int
        Rows of the static view.
    **keys : str
        Columns and the values that rows must have, such as ``level="bloc"``.

    Returns
    -------
    Browser
        For the last line of a cell.

    Raises
    ------
    UnknownName
        There is no such result.
    """
    table = study.result(name).table
    for key, value in keys.items():
        table = table[table[key] == value]
    table = table[list(columns)] if columns else table
    return Browser(table.reset_index(drop=True), f"The table {name}", rows)
