"""What an article counts where copies of one text share its weight, and which articles are one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class CopyWeights:
    """The articles that are copies of one text; without any, every article is a text of its own and counts 1.

    Parameters
    ----------
    shared : mapping of str to (str, int)
        article_id to the article_id that stands for its text, and the number m of the text's copies, of which each
        counts 1 / m. Articles that are not named have no copy.

    Examples
    --------
    >>> copies = CopyWeights({"a": ("a", 2), "b": ("a", 2)})
    >>> copies.texts(["a", "b", "c"]), copies.weights(["a", "b", "c"]).tolist()
    (['a', 'a', 'c'], [0.5, 0.5, 1.0])
    """

    shared: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.shared)

    def texts(self, article_ids: Sequence[str]) -> list[str]:
        """Name the text of each article.

        Parameters
        ----------
        article_ids : sequence of str
            The articles.

        Returns
        -------
        list of str
            The article_id that stands for the text: its own for an article without copies.
        """
        if not self.shared:
            return list(article_ids)
        return [self.shared.get(name, (name, 1))[0] for name in article_ids]

    def weights(self, article_ids: Sequence[str]) -> np.ndarray:
        """Weigh each article.

        Parameters
        ----------
        article_ids : sequence of str
            The articles.

        Returns
        -------
        numpy.ndarray
            Of shape (articles,), float64: 1 / m, and 1 without copies.
        """
        if not self.shared:
            return np.ones(len(article_ids))
        return 1.0 / np.array([self.shared.get(name, (name, 1))[1] for name in article_ids], dtype=float)

    def in_words(self, flags):
        """Let what is said of a sample speak of texts, where it is texts that were counted.

        Parameters
        ----------
        flags : str or list of str
            What is withheld, and for how many articles.

        Returns
        -------
        str or list of str
            The same; with copies, "article" is "text".
        """
        if not self:
            return flags
        if isinstance(flags, str):
            return flags.replace("article", "text")
        return [flag.replace("article", "text") for flag in flags]


NO_COPIES = CopyWeights()
"""Every article is a text of its own."""


@dataclass(frozen=True)
class TextRows:
    """Some articles, one row per text: the units of evidence.

    Parameters
    ----------
    names : list of str
        The texts, in the order of their first article.
    first : numpy.ndarray
        Of shape (texts,): the place of that article among those given.
    member : scipy.sparse.csr_matrix or None
        Of shape (texts, articles): the weight of each article, in the row of its text; None where every article is
        a text of its own and counts 1.
    """

    names: list[str]
    first: np.ndarray
    member: sparse.csr_matrix | None

    def __len__(self) -> int:
        return len(self.names)

    def add_up(self, values):
        """Add up what the articles hold, each with its weight.

        Parameters
        ----------
        values : numpy.ndarray or scipy.sparse matrix
            One row per article.

        Returns
        -------
        numpy.ndarray or scipy.sparse.csr_matrix
            One row per text; as given where every article is a text.
        """
        if self.member is None:
            return values
        found = self.member @ (values.tocsr() if sparse.issparse(values) else values)
        if sparse.issparse(found):
            found.eliminate_zeros()
            found.sort_indices()
        return found


def text_rows(texts: Sequence[str], weights: np.ndarray) -> TextRows:
    """Put the articles of a group that are copies of one text into one row.

    Parameters
    ----------
    texts : sequence of str
        The text of each article.
    weights : numpy.ndarray
        Of shape (articles,): what each counts.

    Returns
    -------
    TextRows
        Of the group. A text of which only some copies are in the group weighs less than 1 there.
    """
    places: dict[str, int] = {}
    row = np.array([places.setdefault(name, len(places)) for name in texts], dtype=np.int64)
    names, n = list(places), len(texts)
    _, first = np.unique(row, return_index=True)
    if len(names) == n and (weights == 1).all():
        return TextRows(names, first, None)
    member = sparse.csr_matrix((weights, (row, np.arange(n))), shape=(len(names), n))
    return TextRows(names, first, member)


def merge_named(
    names: Sequence[str], parts: Sequence[np.ndarray]
) -> tuple[Sequence[str], tuple[np.ndarray, ...]]:
    """Add up rows of the same name, which are drawn together and are one piece of evidence.

    Parameters
    ----------
    names : sequence of str
        The text of each row.
    parts : sequence of numpy.ndarray
        Of shape (rows, quantities) each, weighted already.

    Returns
    -------
    names : sequence of str
        Each once, in the order of their first row; as given where each stands once.
    parts : tuple of numpy.ndarray
        One row for each of them.
    """
    if len(set(names)) == len(names):
        return names, tuple(parts)
    rows = text_rows(names, np.ones(len(names)))
    return rows.names, tuple(rows.add_up(part) for part in parts)


def weighted_mean(values, weights):
    """Average values, or rows of values, by their weights.

    Parameters
    ----------
    values : numpy.ndarray or pandas.Series
        Of shape (n,), or (n, quantities).
    weights : numpy.ndarray or pandas.Series
        Of shape (n,).

    Returns
    -------
    float or numpy.ndarray
        Their plain mean where all weigh 1; NaN of nothing.
    """
    return values.mean(axis=0) if (weights == 1).all() else np.average(values, axis=0, weights=weights)
