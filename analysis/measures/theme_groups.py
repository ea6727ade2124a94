"""The weight of themes in groups of articles: shares, intervals and tests over articles, and over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import NO_COPIES, CopyWeights, weighted_mean
from analysis.corpus import Corpus, Grouping
from analysis.measures.bounds import not_permuted
from analysis.resampling import (
    descriptive_flag,
    false_discovery_q,
    smallest_p,
    why_withheld,
)
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.shares import SHARE_METHOD, share_interval
from analysis.text_tests import TextComparison, compare_texts

MOST_MONTHS = 36
"""A corpus that spans more months is shown by year."""


@dataclass(frozen=True)
class ArticleThemes:
    """How much of each theme is in each article.

    Parameters
    ----------
    names : sequence of str
        The article_ids.
    sums : numpy.ndarray
        Of shape (articles, k): weight, summed over the article's paragraphs.
    paragraphs : numpy.ndarray
        Of shape (articles,): paragraphs that carry themes.
    copies : CopyWeights
        Which articles share the weight of one text.
    """

    names: Sequence[str]
    sums: np.ndarray
    paragraphs: np.ndarray
    copies: CopyWeights = NO_COPIES

    def texts(self, rows: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Name the text of some articles, and weigh them.

        Parameters
        ----------
        rows : numpy.ndarray
            Positions of articles.

        Returns
        -------
        names : list of str
            Their texts.
        weights : numpy.ndarray
            Of shape (rows,).
        """
        names = [self.names[row] for row in rows]
        return self.copies.texts(names), self.copies.weights(names)

    def rows(self, positions: np.ndarray) -> np.ndarray:
        """Keep the articles that carry themes.

        Parameters
        ----------
        positions : numpy.ndarray
            Of articles.

        Returns
        -------
        numpy.ndarray
            Those with weight, by article_id, so that nothing depends on the order of articles.
        """
        positions = np.asarray(positions, dtype=np.int64)
        carrying = positions[self.sums[positions].sum(axis=1) > 0].tolist()
        return np.array(sorted(carrying, key=self.names.__getitem__), dtype=np.int64)


def theme_shares(
    articles: ArticleThemes, positions: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share of each theme in a group of articles, with its interval.

    Parameters
    ----------
    articles : ArticleThemes
        All articles.
    positions : numpy.ndarray
        The group's.
    statistics : StatisticsParameters
        Of the bootstrap over articles.

    Returns
    -------
    share, low, high : numpy.ndarray
        Of shape (k,). The share is of the group's theme weight, so that a longer article counts for more; NaN
        where no article carries a theme, and no interval below ``min_articles_interval`` of those that do.
    """
    rows = articles.rows(positions)
    names, weights = articles.texts(rows)
    sums = articles.sums[rows] * weights[:, None]
    undefined = np.full(sums.shape[1], np.nan)
    if not len(rows):
        return undefined, undefined, undefined
    shares = sums.sum(axis=0) / sums.sum()
    if len(set(names)) < statistics.min_articles_interval:
        return shares, undefined, undefined
    return shares, *share_interval(
        names,
        sums,
        sums.sum(axis=1, keepdims=True),
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
    )


def weigh_groups(
    articles: ArticleThemes, grouping: Grouping, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Weigh every theme in every group of a grouping, and set each group against all other articles.

    Parameters
    ----------
    articles : ArticleThemes
        All articles.
    grouping : Grouping
        Articles, outlets or blocs; an article is not tested, as it is one.
    statistics : StatisticsParameters
        Of intervals and tests; where more than `permuted_articles` carry themes, p is withheld.

    Returns
    -------
    pandas.DataFrame
        One row per group and theme (column ``theme``, from 0). ``difference`` is between the mean shares of
        the articles; its p comes from permuting articles and is withheld where it cannot reach alpha. The
        family of q is every test of the grouping.
    """
    tested = grouping.level != "article"
    everyone = np.concatenate(list(grouping.members.values()))
    k = articles.sums.shape[1]
    values = np.full((6, len(grouping.members), k), np.nan)
    counts, flags = np.zeros((3, len(grouping.members)), dtype=np.int64), []
    for number, positions in enumerate(grouping.members.values()):
        rows = articles.rows(positions)
        rest = articles.rows(np.setdiff1d(everyone, positions)) if tested else rows[:0]
        counts[:, number] = len(positions), len(rows), articles.paragraphs[positions].sum()
        values[:3, number] = theme_shares(articles, positions, statistics)
        texts = own = len(set(articles.texts(rows)[0]))
        others = len(rest) if tested else -1
        if len(rows) and len(rest):
            compared = compare_texts(articles.texts(rows), articles.texts(rest))
            own, others = compared.sizes
            values[3:6, number] = _against_others(articles, (rows, rest), compared, statistics)
        flag = articles.copies.in_words(_flag(texts, others, statistics, own))
        if tested and len(rows) + len(rest) > statistics.permuted_articles and not flag:
            flag = not_permuted(len(rows) + len(rest))
        flags.append(flag)
    table = pd.DataFrame({"theme": np.tile(np.arange(k), len(flags)), "level": grouping.level})
    table["group"] = np.repeat(np.array(grouping.labels, dtype=object), k)
    for name, column in zip(("n_articles", "n_with_themes", "n_paragraphs"), counts, strict=True):
        table[name] = np.repeat(column, k)
    names = ("weight", "weight_low", "weight_high", "difference", "p", "attainable_p")
    for name, column in zip(names, values, strict=True):
        table[name] = column.ravel()
    table["flag"] = np.repeat(np.array(flags, dtype=object), k)
    return table.assign(q=false_discovery_q(table["p"].to_numpy()), family=int(table["p"].notna().sum()))


def _against_others(
    articles: ArticleThemes,
    sides: tuple[np.ndarray, np.ndarray],
    compared: TextComparison,
    statistics: StatisticsParameters,
) -> np.ndarray:
    """Test a group against all other articles: difference, p and the smallest p there can be, of each theme."""
    shares = [articles.sums[rows] / articles.sums[rows].sum(axis=1)[:, None] for rows in sides]
    one, other = (
        weighted_mean(part, articles.texts(rows)[1]) for part, rows in zip(shares, sides, strict=True)
    )
    floor = compared.smallest_p(statistics.permutations)
    p = np.full(articles.sums.shape[1], np.nan)
    if floor <= statistics.alpha and sum(map(len, sides)) <= statistics.permuted_articles:
        p = compared.permutation_p(
            *shares, permutations=statistics.permutations, random_state=statistics.random_state
        )
    return np.stack([one - other, p, np.full(len(p), floor)])


def _flag(n: int, rest: int, statistics: StatisticsParameters, own: int | None = None) -> str:
    """Say what so many articles do not support; `rest` is -1 where nothing is tested.

    Of `n` texts, `own` have no copy among those of the `rest`.
    """
    own = n if own is None else own
    floor = smallest_p(own, rest, statistics.permutations) if rest >= 0 else float("nan")
    if own < n and rest >= 0 and not (own and rest):
        kind = descriptive_flag(n) if n < statistics.min_articles_interval else ""
        return "; ".join(filter(None, (kind, "p withheld: a side has no article of its own")))
    withheld = not floor <= statistics.alpha
    flags = []
    if n < statistics.min_articles_interval:
        flags.append(descriptive_flag(n) if withheld else f"no interval: {n} articles")
    if floor > statistics.alpha:
        flags.append(why_withheld(own, rest, alpha=statistics.alpha, permutations=statistics.permutations))
    return "; ".join(flags)


def measure_theme_time(
    corpus: Corpus, themes: pd.DataFrame, paragraphs: pd.DataFrame, statistics: StatisticsParameters
) -> Result:
    """Weigh the themes in each bloc's articles of every month, or of every year of a long corpus.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    themes : pandas.DataFrame
        The table ``themes``.
    paragraphs : pandas.DataFrame
        Its evidence: ``article_id``, ``theme_id``, ``start`` and ``weight``.
    statistics : StatisticsParameters
        Of the intervals.

    Returns
    -------
    Result
        The table ``theme_time``; periods without an article of the bloc have no row.
    """
    named = themes.drop_duplicates("theme_id")
    articles = _article_themes(corpus, named["theme_id"].tolist(), paragraphs)
    unit, periods, excluded = _periods(corpus, articles)
    blocs = {label: set(rows.tolist()) for label, rows in corpus.grouping("bloc").members.items()}
    rows = []
    for bloc, inside in blocs.items():
        for period in sorted({periods[position] for position in inside & set(periods)}):
            found = articles.rows(np.array([p for p in sorted(inside) if periods.get(p) == period]))
            shares, low, high = theme_shares(articles, found, statistics)
            for theme, record in enumerate(named.itertuples()):
                rows.append(
                    {
                        "theme_id": record.theme_id,
                        "label": record.label,
                        "bloc": bloc,
                        "unit": unit,
                        "period": period,
                        "n_articles": len(found),
                        "n_paragraphs": int(articles.paragraphs[found].sum()),
                        "weight": shares[theme],
                        "weight_low": low[theme],
                        "weight_high": high[theme],
                        "flag": corpus.copies.in_words(
                            _flag(len(set(articles.texts(found)[0])), -1, statistics)
                        ),
                        "_theme": theme,
                    }
                )
    table = pd.DataFrame(rows)
    if rows:
        table = table.sort_values("_theme", kind="stable", ignore_index=True)
    return Result(
        "theme_time",
        as_declared(table, "theme_time"),
        params={"unit": unit, "bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"interval": SHARE_METHOD},
        excluded=excluded,
    )


def _article_themes(corpus: Corpus, theme_ids: list[str], paragraphs: pd.DataFrame) -> ArticleThemes:
    """Sum the weights of paragraphs in each article."""
    sums = np.zeros((len(corpus), len(theme_ids)))
    article = pd.Index(corpus.ids).get_indexer(paragraphs["article_id"])
    theme = pd.Index(theme_ids, dtype=str).get_indexer(paragraphs["theme_id"])
    np.add.at(sums, (article, theme), paragraphs["weight"].to_numpy(dtype=float))
    once = paragraphs.drop_duplicates(["article_id", "start"])["article_id"].value_counts()
    sizes = once.reindex(corpus.ids).fillna(0).to_numpy(dtype=np.int64)
    return ArticleThemes(corpus.ids, sums, sizes, corpus.copies)


def _periods(corpus: Corpus, articles: ArticleThemes) -> tuple[str, Mapping[int, str], pd.DataFrame]:
    """Place every article that carries themes in a month, or in a year where the corpus is long."""
    carrying = articles.rows(np.arange(len(corpus))).tolist()
    ranges = {position: corpus.articles[position].published_range for position in carrying}
    dated = {position: found for position, found in ranges.items() if found}
    unit = "month"
    if dated:
        first, last = min(a for a, _ in dated.values()), max(b for _, b in dated.values())
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        unit = "month" if months <= MOST_MONTHS else "year"
    placed = {
        position: _period(first, unit)
        for position, (first, last) in dated.items()
        if _period(first, unit) == _period(last, unit)
    }
    excluded = [
        ("articles", len(corpus) - len(carrying), "no paragraph carries themes"),
        ("articles", len(carrying) - len(dated), "no date of publication"),
        ("articles", len(dated) - len(placed), f"the date does not say the {unit}"),
    ]
    return unit, placed, pd.DataFrame(excluded, columns=["what", "n", "why"])


def _period(day: date, unit: str) -> str:
    return day.isoformat()[: 7 if unit == "month" else 4]
