"""What a figure is, and what its data, captions and alt texts have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.errors import counted

FULL_WIDTH = 7.0
MOST_COLUMNS = 12


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    Parameters
    ----------
    figure_id : str
        Name of its files.
    title : str
        First words of its caption.
    notebook : str
        The notebook that argues it.
    data : callable
        Takes a study, returns the one table behind the figure.
    draw : callable
        Takes a figure and that table.
    height : callable
        Takes the table, returns inches.
    caption, alt : callable
        Take the table, return plain text; alt text has 8 to 40 words and a number from the table.
    width : float
        Inches: 3.5, 5.0 or 7.0.
    """

    figure_id: str
    title: str
    notebook: str
    data: Callable[[Any], pd.DataFrame]
    draw: Callable[[Any, pd.DataFrame], None]
    height: Callable[[pd.DataFrame], float]
    caption: Callable[[pd.DataFrame], str]
    alt: Callable[[pd.DataFrame], str]
    width: float = FULL_WIDTH


def column_level(study) -> str:
    """Say what stands side by side: outlets as long as they can be read, else blocs.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    str
        ``"outlet"`` or ``"bloc"``.
    """
    return "outlet" if len(study.corpus.grouping("outlet").labels) <= MOST_COLUMNS else "bloc"


def with_bloc(table: pd.DataFrame, study) -> pd.DataFrame:
    """Add the bloc of each group.

    Parameters
    ----------
    table : pandas.DataFrame
        With the column ``group``.
    study : analysis.study.Study
        The study.

    Returns
    -------
    pandas.DataFrame
        With the column ``bloc``.
    """
    blocs = {article.outlet: article.bloc for article in study.corpus.articles}
    blocs |= {article.article_id: article.bloc for article in study.corpus.articles}
    blocs |= {label: label for label in study.corpus.grouping("bloc").labels}
    return table.assign(bloc=table["group"].map(blocs))


def with_benchmark(table: pd.DataFrame, study) -> pd.DataFrame:
    """Add the scorer and its measured accuracy, so that the figure's own table carries them.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    study : analysis.study.Study
        The study.

    Returns
    -------
    pandas.DataFrame
        With the columns ``scorer`` and ``benchmark``.
    """
    scores = study.result("scores")
    # a model's scores are good to three decimals on any processor, their means to four
    table = table.assign(**{name: table[name].round(4) for name in table.select_dtypes("float").columns})
    return table.assign(
        scorer=scores.params["scorer"], benchmark=str(scores.provenance["benchmark"]["summary"])
    )


def benchmark_sentence(data: pd.DataFrame) -> str:
    """Name the scorer and its accuracy for a caption.

    Parameters
    ----------
    data : pandas.DataFrame
        From `with_benchmark`.

    Returns
    -------
    str
        One sentence.
    """
    if data.empty:
        return "No actor is mentioned often enough to be scored."
    return f"Scorer: {data['scorer'].iloc[0]}, {data['benchmark'].iloc[0]}."


def fit_alt(start: str, items: Iterable[str], *, most: int = 40) -> str:
    """Write an alt text that lists as many items as its words allow.

    Parameters
    ----------
    start : str
        What the figure is.
    items : iterable of str
        What it shows, the foremost first; the first is always named.
    most : int
        Words.

    Returns
    -------
    str
        The text, closed by a full stop.
    """
    text = start
    for position, item in enumerate(items):
        longer = f"{text}{',' if position else ''} {item}"
        if position and len(longer.split()) > most:
            break
        text = longer
    return f"{text}."


def small_sample(articles: pd.Series) -> str:
    """Say what so many articles a group support.

    Parameters
    ----------
    articles : pandas.Series
        Articles of each group.

    Returns
    -------
    str
        One sentence for a caption.
    """
    least = int(articles.min()) if len(articles) else 0
    if least >= 5:
        return f"At least {least} articles a group."
    return f"Descriptive: the smallest group has {counted(least, 'article')}, which supports no interval and no test."


def signed(value: float) -> str:
    """Write a balance with its sign; nothing is written as -0.00.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    str
        Two decimals.

    Examples
    --------
    >>> signed(-0.004), signed(0.25)
    ('+0.00', '+0.25')
    """
    return f"{round(value, 2) + 0.0:+.2f}"


def row_height(column: str, base: float, row: float) -> Callable[[pd.DataFrame], float]:
    """Make a height that grows with the number of rows drawn.

    Parameters
    ----------
    column : str
        The column whose values are the rows.
    base, row : float
        Inches without a row, and for each.

    Returns
    -------
    callable
        Takes the table, returns inches, to the quarter.
    """
    return lambda data: round(4 * (base + row * max(1, data[column].nunique()))) / 4
