"""Balance by group as the machine counts it, and corrected by the mentions that people coded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import merge_named
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, article_replicates, ratio
from analysis.measures.attention import rank_actors
from analysis.measures.contrasts import REST
from analysis.measures.machine import SIZE, CodedLabels, confusion_sums
from analysis.measures.misclassification import adjust_shares
from analysis.resampling import descriptive_flag, percentile_interval
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import label_scores

_MATRIX_REPLICATES = 500
MOST_GROUPS = 12
"""Of a level with more groups, none is set against another: nobody reads so many differences."""

FEWEST = 10
"""So many mentions a cell must have, and so many of them must be coded (or all of them) to be corrected."""

NO_ERROR = "no error seen in the coded mentions: the interval knows of none"


@dataclass(frozen=True)
class _Sums:
    """What is summed over mentions, by article and actor.

    ``counts`` has shape (articles, actors, 3), labels found, with the weight of the article; the others (articles,
    actors): ``n`` counts mentions; ``error`` and ``weight`` are of coded mentions, weighted; ``coded`` is the weighted
    balance by coders; ``n_coded`` counts.
    """

    counts: np.ndarray
    n: np.ndarray
    error: np.ndarray
    weight: np.ndarray
    coded: np.ndarray
    n_coded: np.ndarray


@dataclass(frozen=True)
class _Cells:
    """The sums of one group's articles, of which ``names`` are the ids."""

    names: list[str]
    sums: _Sums

    def counted(self) -> Group:
        """The labels of all mentions: balance and number."""
        counts = self.sums.counts
        return Group(self.names, (counts[:, :, 2] - counts[:, :, 0], counts.sum(axis=2)))

    def checked(self) -> Group:
        """The errors of coded mentions, weighted; only articles that hold one."""
        some = self.sums.weight.sum(axis=1) > 0
        names = [name for name, kept in zip(self.names, some, strict=True) if kept]
        return Group(names, (self.sums.error[some], self.sums.weight[some]))


def measure_machine_balance(
    corpus: Corpus,
    groupings: list[Grouping],
    scores: pd.DataFrame,
    coded: tuple[CodedLabels, np.ndarray] | None,
    actors: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
) -> Result:
    """Correct the machine's balance toward each actor, and differences of groups, by coded mentions.

    With y the coders' value of a mention (mean of -1, 0, 1), f the machine's, and w how many mentions a coded one
    stands for: corrected = mean f over all mentions + sum w (y - f) / sum w over coded ones. It holds whatever the
    machine's errors are, in each group apart, since only the way the sample was drawn is assumed (difference
    estimator; design-based supervised learning, Egami et al. 2023). The correction by the confusion matrix stands
    beside it: less noisy, but right only if the machine errs alike in all groups.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Levels to group by, such as outlets and blocs.
    scores : pandas.DataFrame
        The table ``scores``.
    coded : (CodedLabels, numpy.ndarray), optional
        The coded mentions, and their places in `scores`.
    actors : pandas.DataFrame
        ``actor_id`` and ``actor`` (label).
    statistics : StatisticsParameters
        Of the intervals: articles are resampled, with their mentions and those of them that were coded.

    Returns
    -------
    Result
        The table ``machine_balance``: actors of which a mention was coded, in each group (``against`` is empty),
        and each group minus all other articles, or minus another bloc.
    """
    rows: list[pd.DataFrame] = []
    if coded is not None and len(coded[1]):
        named = actors.set_index("actor_id")["actor"]
        matched, places = coded
        own = set(scores["actor_id"].iloc[places[~np.isnan(matched.balance)]])
        order = [actor_id for actor_id in rank_actors(scores, named) if actor_id in own]
        sums = _sum_mentions(corpus, scores, order, matched, places)
        matrix = _draw_matrices(matched, statistics)
        for grouping in groupings if order else ():
            for group, against in _comparisons(grouping):
                sides = [_cells(corpus, sums, grouping.members[group])]
                if against == REST:
                    others = np.setdiff1d(np.arange(len(corpus)), grouping.members[group])
                    sides.append(_cells(corpus, sums, others))
                elif against:
                    sides.append(_cells(corpus, sums, grouping.members[against]))
                table = _measure(sides, matrix, statistics)
                table["actor_id"] = order
                rows.append(table.assign(level=grouping.level, group=group, against=against))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    if len(table):
        table["actor"] = table["actor_id"].map(named)
        table = table[table["n_mentions"] > 0]
        table["flag"] = corpus.copies.in_words(table["flag"].tolist())
    return Result(
        "machine_balance",
        as_declared(table, "machine_balance"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={
            "corrected": "design-based: labels of all mentions plus the weighted errors of coded ones",
            "by_matrix": "least squares on the simplex, P(found | coded) of the coded mentions",
            "interval": f"{METHOD}; of by_matrix: plain percentile bootstrap",
        },
    )


def _comparisons(grouping: Grouping) -> list[tuple[str, str]]:
    """List the groups, each against the rest, and every pair of blocs."""
    names = grouping.labels
    found = [(name, "") for name in names]
    if len(names) > MOST_GROUPS:
        return found
    if len(names) > 2 or (grouping.level != "bloc" and len(names) > 1):
        found += [(name, REST) for name in names]
    return found + (list(combinations(names, 2)) if grouping.level == "bloc" else [])


def _sum_mentions(
    corpus: Corpus, scores: pd.DataFrame, order: list[str], matched: CodedLabels, places: np.ndarray
) -> _Sums:
    """Add up labels, and errors of coded mentions, by article and actor."""
    shape = (len(corpus), len(order))
    label = pd.Index(["negative", "neutral", "positive"]).get_indexer(label_scores(scores))
    article = pd.Index(corpus.ids).get_indexer(scores["article_id"])
    actor = pd.Index(order, dtype=str).get_indexer(scores["actor_id"])
    counts = np.zeros((*shape, SIZE))
    known = actor >= 0
    np.add.at(counts, (article[known], actor[known], label[known]), 1.0)
    used = (actor[places] >= 0) & ~np.isnan(matched.balance)
    where = (article[places[used]], actor[places[used]])
    weight, value = matched.balance_weight[used], matched.balance[used]
    found = []
    for values in (
        weight * (value - (matched.found[used] - 1.0)),
        weight,
        weight * value,
        np.ones(used.sum()),
    ):
        table = np.zeros(shape)
        np.add.at(table, where, values)
        found.append(table)
    return _Sums(counts * corpus.weights[:, None, None], counts.sum(axis=2), *found)


def _cells(corpus: Corpus, sums: _Sums, positions) -> _Cells:
    """Take some articles' sums."""
    parts = {
        name: getattr(sums, name)[positions] for name in ("counts", "n", "error", "weight", "coded", "n_coded")
    }
    return _Cells(corpus.copies.texts([corpus.ids[place] for place in positions]), _Sums(**parts))


def _count_texts(cells: _Cells, values: np.ndarray) -> np.ndarray:
    """Count the texts in which each actor's value is above 0."""
    return (merge_named(cells.names, [values])[1][0] > 0).sum(axis=0)


def _corrected(found, n, error, weight):
    return ratio(found, n) + ratio(error, weight)


def _difference(statistic):
    """Take a statistic of one side minus that of the other."""

    def statistic_of_both(*sums):
        half = len(sums) // 2
        return statistic(*sums[:half]) - statistic(*sums[half:])

    return statistic_of_both


def _measure(
    sides: list[_Cells], matrix: tuple[np.ndarray, np.ndarray] | None, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Compute all estimates of one group, or of one minus another."""
    counted, checked = [side.counted() for side in sides], [side.checked() for side in sides]
    both = [group for pair in zip(counted, checked, strict=True) for group in pair]
    needed = statistics.min_articles_interval
    articles = [(side.sums.n > 0).sum(axis=0) for side in sides]
    coded_articles = [(side.sums.weight > 0).sum(axis=0) for side in sides]
    texts = np.min([_count_texts(side, side.sums.n) for side in sides], axis=0)
    coded_texts = np.min([_count_texts(side, side.sums.weight) for side in sides], axis=0)
    table = pd.DataFrame(
        {
            "n_mentions": np.min([side.sums.n.sum(axis=0) for side in sides], axis=0).astype(int),
            "n_articles": np.min(articles, axis=0),
            "n_coded": np.min([side.sums.n_coded.sum(axis=0) for side in sides], axis=0).astype(int),
            "n_articles_coded": np.min(coded_articles, axis=0),
        }
    )
    twice = len(sides) == 2
    for name, statistic, groups, enough in (
        ("machine", ratio, counted, texts >= needed),
        ("corrected", _corrected, both, coded_texts >= needed),
    ):
        statistic = _difference(statistic) if twice else statistic
        table[name] = statistic(*(part.sum(axis=0) for group in groups for part in group.parts))
        bounds = np.full((2, len(table)), np.nan)
        if enough.any():
            kept = enough
            chosen = [Group(group.names, tuple(part[:, kept] for part in group.parts)) for group in groups]
            bounds[:, kept] = article_interval(
                statistic, chosen, replicates=statistics.bootstrap, random_state=statistics.random_state,
                alpha=statistics.alpha,
            )  # fmt: skip
        table[f"{name}_low"], table[f"{name}_high"] = bounds
    by_coders = [ratio(side.sums.coded.sum(axis=0), side.sums.weight.sum(axis=0)) for side in sides]
    table["coded"] = by_coders[0] - by_coders[1] if twice else by_coders[0]
    table["by_matrix"], table["by_matrix_low"], table["by_matrix_high"] = _by_matrix(
        sides, matrix, statistics
    )
    # a sum of thirds may lack its last digit
    sizes = [(side.sums.counts.sum(axis=(0, 2)) + 1e-9, side.sums.n_coded.sum(axis=0)) for side in sides]
    too_few = np.any([(coded < FEWEST) & (coded + 1e-6 < n) for n, coded in sizes], axis=0)
    table.loc[too_few, ["corrected", "corrected_low", "corrected_high", "coded"]] = np.nan
    table.loc[
        np.any([n < FEWEST for n, _ in sizes], axis=0), ["by_matrix", "by_matrix_low", "by_matrix_high"]
    ] = np.nan
    still = np.all([np.abs(side.sums.error).sum(axis=0) == 0 for side in sides], axis=0)
    reasons = []
    for row, few, sure, found in zip(table.itertuples(), too_few, still, coded_texts, strict=True):
        if few:
            reasons.append(
                f"not corrected: {row.n_coded} coded, {FEWEST} are needed" if row.n_coded else "none coded"
            )
        elif found < needed:
            reasons.append(descriptive_flag(int(found)))
        else:
            reasons.append(NO_ERROR if sure else "")
    table["flag"] = reasons
    return table


def _draw_matrices(matched: CodedLabels, statistics: StatisticsParameters):
    """Estimate P(found | coded), and again in every replicate of the articles."""
    names, sums = confusion_sums(matched)
    if len(names) < 2:
        return None
    flat = sums.reshape(len(names), SIZE * SIZE)
    drawn = article_replicates(
        lambda parts: parts, [Group(names, (flat,))],
        replicates=min(statistics.bootstrap, _MATRIX_REPLICATES), random_state=statistics.random_state,
    )  # fmt: skip
    whole = np.vstack([flat.sum(axis=0), drawn]).reshape(-1, SIZE, SIZE)
    enough = len(names) >= statistics.min_articles_interval
    return ratio(whole, whole.sum(axis=2, keepdims=True)), np.array(enough)


def _by_matrix(
    sides: list[_Cells], matrix: tuple[np.ndarray, np.ndarray] | None, statistics: StatisticsParameters
) -> np.ndarray:
    """Correct by the confusion matrix: value, low and high for every actor."""
    actors = sides[0].sums.counts.shape[1]
    if matrix is None:
        return np.full((3, actors), np.nan)
    rates, enough = matrix
    value = np.zeros((len(rates), actors))
    for sign, side in zip((1, -1), sides, strict=False):
        flat = side.sums.counts.reshape(len(side.names), actors * SIZE)
        drawn = article_replicates(
            lambda parts: parts, [Group(side.names, (flat,))],
            replicates=len(rates) - 1, random_state=statistics.random_state,
        )  # fmt: skip
        counts = np.vstack([flat.sum(axis=0), drawn]).reshape(-1, actors, SIZE)
        shares = ratio(counts, counts.sum(axis=2, keepdims=True))
        adjusted = adjust_shares(shares, rates)
        value += sign * (adjusted[:, :, 2] - adjusted[:, :, 0])
    low, high = percentile_interval(value[1:], statistics.alpha)
    few = np.min([_count_texts(side, side.sums.n) for side in sides], axis=0)
    withheld = (few < statistics.min_articles_interval) | ~enough
    return np.array([value[0], np.where(withheld, np.nan, low), np.where(withheld, np.nan, high)])
