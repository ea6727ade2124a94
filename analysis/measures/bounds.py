"""How it is said that a comparison is of more articles than are permuted (``statistics.permuted_articles``)."""

from __future__ import annotations


def not_permuted(articles: int) -> str:
    """Say in one phrase that a comparison is of more articles than are permuted.

    Parameters
    ----------
    articles : int
        Of both sides; more than ``statistics.permuted_articles``.

    Returns
    -------
    str
        For example ``"p withheld: 10000 articles are not permuted"``.
    """
    return f"p withheld: {articles} articles are not permuted"
