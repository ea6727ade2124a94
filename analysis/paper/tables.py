"""The tables of findings that a paper prints: corpus, term contrasts, themes, sentiment."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.measures.headlines import G2_FILTER, top_actors, top_contrasts
from analysis.paper.model import (
    MISSING,
    PaperColumn,
    PaperRow,
    PaperTable,
    bounded,
    fixed,
    interval,
    percent,
    probability,
    shorten_rows,
    without_empty,
    words,
)

MOST_ARTICLES = 30
"""Articles listed one by one; a larger corpus is described by its outlets, or blocs."""

_P, _Q = "p", "q"


def corpus_table(study) -> PaperTable:
    """Describe the corpus: its articles, or its outlets, or its blocs, whichever a page can hold.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable
        Grouped by bloc.
    """
    articles = study.result("articles").table
    blocs = study.corpus.grouping("bloc").labels
    by_article = len(articles) <= MOST_ARTICLES
    columns = [PaperColumn("Outlet", text=True), *([PaperColumn("Title", text=True)] if by_article else [])]
    columns += [] if by_article else [PaperColumn("Articles")]
    columns += [PaperColumn("Published", text=True)]
    columns += [PaperColumn(head) for head in ("Paragraphs", "Sentences", "Tokens", "Removed\n(%)")]
    columns += [PaperColumn("Confidence\nin coding", text=True)] if by_article else []
    rows = []
    for bloc in blocs:
        inside = articles[articles["bloc"] == bloc]
        rows.append(PaperRow((f"{words(bloc)} ({counted(len(inside), 'article')})",), heading=True))
        if by_article:
            rows += [_article_row(row) for row in inside.itertuples()]
        else:
            rows += [_outlet_row(outlet, group) for outlet, group in inside.groupby("outlet")]
    kept, rows = without_empty(columns, rows, ("Title", "Published", "Confidence\nin coding"))
    shown, cut = shorten_rows(rows)
    note = (
        f"{counted(len(articles), 'article')} of {counted(articles['outlet'].nunique(), 'outlet')} in "
        f"{counted(len(blocs), 'bloc')}. Paragraphs, sentences and tokens are counted after cleaning; removed is "
        f"the share of characters that cleaning removed. {_recoded(articles)}{_unknown(shown)}{cut}"
    )
    return PaperTable("1_corpus", "The corpus", kept, shown, note.strip())


def _article_row(row) -> PaperRow:
    return PaperRow(
        (
            words(row.outlet),
            words(row.title),
            words(row.published),
            fixed(row.n_paragraphs, 0),
            fixed(row.n_sentences, 0),
            fixed(row.n_tokens, 0),
            percent(row.removed),
            words(row.confidence),
        )
    )


def _outlet_row(outlet: str, group: pd.DataFrame) -> PaperRow:
    dates = sorted(str(date) for date in group["published"] if date == date and str(date))
    span = f"{dates[0]} to {dates[-1]}" if dates else MISSING
    sizes = group["n_tokens"].clip(lower=1)
    return PaperRow(
        (
            words(outlet),
            fixed(len(group), 0),
            dates[0] if dates and dates[0] == dates[-1] else span,
            fixed(group["n_paragraphs"].sum(), 0),
            fixed(group["n_sentences"].sum(), 0),
            fixed(group["n_tokens"].sum(), 0),
            percent((group["removed"] * sizes).sum() / sizes.sum()),
        )
    )


def _recoded(articles: pd.DataFrame) -> str:
    """Name the outlets whose bloc could be coded otherwise."""
    other = articles[articles["bloc_alternative"].fillna("") != ""].drop_duplicates("outlet")
    if other.empty:
        return ""
    named = ", ".join(
        f"{words(row.outlet)} ({words(row.bloc_alternative)})" for row in other.head(8).itertuples()
    )
    more = f" and {len(other) - 8} more" if len(other) > 8 else ""
    return f"Outlets with an alternative coding of the bloc: {named}{more}. "


def contrasts_table(study) -> PaperTable | None:
    """List the terms that set each bloc apart from all others.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        The terms of figure 3; None if no term passes its filter.
    """
    chosen = top_contrasts(study.result("contrasts").table, terms=study.config.figures.terms)
    if chosen.empty:
        return None
    level = _level(study)
    columns = [PaperColumn("Term", text=True)]
    columns += [
        PaperColumn(f"{what}\n{side}") for what in ("Occurrences", "Articles") for side in ("bloc", "rest")
    ]
    columns += [PaperColumn("G²", symbol=True), PaperColumn("Log ratio"), PaperColumn(level)]
    columns += [PaperColumn("DP"), PaperColumn(_P, symbol=True), PaperColumn(_Q, symbol=True)]
    rows = []
    for target, group in chosen.groupby("target", sort=False):
        first = group.iloc[0]
        sizes = (
            f"{counted(first['n_articles_target'], 'article')} against {first['n_articles_reference']}"
        )
        rows.append(PaperRow((f"{words(target)} ({sizes})",), heading=True))
        rows += [_term_row(row) for row in group.itertuples()]
    kept, rows = without_empty(columns, rows, (level, "DP", _P, _Q))
    shown, cut = shorten_rows(rows)
    driven = "† driven by one article: without it the sign turns or the size halves. "
    spread = "DP is the deviation of proportions over the bloc's articles, 0 for an even spread. "
    note = (
        f"Each bloc against all others together. Terms with G² (log-likelihood ratio, four-term) of at least "
        f"{G2_FILTER} that stand in two of the bloc's articles, or in its only one, ranked by log ratio (log2 of the "
        f"ratio of rates, 0.5 added to all counts). {spread if _has(kept, 'DP') else ''}"
        f"{driven if (chosen['driven_by'].fillna('') != '').any() else ''}"
        f"{_trust(study, chosen, kept, level, ['n_articles_target', 'n_articles_reference'])}"
        f"{_missing(shown)}{cut}"
    )
    return PaperTable("2_contrasts", "Terms that set each bloc apart", kept, shown, note.strip())


def _term_row(row) -> PaperRow:
    mark = "†" if isinstance(row.driven_by, str) and row.driven_by else ""
    return PaperRow(
        (
            f"{words(row.term)}{mark}",
            fixed(row.count_target, 0),
            fixed(row.count_reference, 0),
            fixed(row.articles_target, 0),
            fixed(row.articles_reference, 0),
            fixed(row.g2),
            fixed(row.log_ratio),
            interval(row.log_ratio_low, row.log_ratio_high),
            bounded(row.dp_target),
            probability(row.p),
            probability(row.q),
        )
    )


def themes_table(study) -> PaperTable | None:
    """List the themes with their terms, and their weight in each bloc.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        None if the corpus has no themes.
    """
    table = study.result("themes").table
    table = table[table["level"] == "bloc"]
    if table.empty:
        return None
    level = _level(study)
    columns = [PaperColumn("Theme and bloc", text=True), PaperColumn("Articles"), PaperColumn("Paragraphs")]
    columns += [PaperColumn("Weight\n(%)"), PaperColumn(level), PaperColumn("Difference\n(points)")]
    columns += [PaperColumn(_P, symbol=True), PaperColumn(_Q, symbol=True)]
    rows = []
    for theme_id, group in table.groupby("theme_id", sort=False):
        first = group.iloc[0]
        terms = "" if first["label"] == first["top_terms"] else f": {words(first['top_terms'])}"
        name = f"{words(theme_id)} {words(first['label'])}{terms} (stability {bounded(first['stability'])})"
        rows.append(PaperRow((name,), heading=True))
        rows += [_theme_row(row) for row in group.itertuples()]
    kept, rows = without_empty(columns, rows, (level, "Difference\n(points)", _P, _Q))
    shown, cut = shorten_rows(rows)
    apart = "; difference is the mean over articles of the bloc minus that of all others"
    apart = apart if _has(kept, "Difference") else ""
    note = (
        f"Factors of a non-negative matrix factorisation of TF-IDF weighted paragraphs, with their top terms. "
        f"Stability is the average Jaccard index of the top ten terms when the model is fitted again without each "
        f"article (1 the same terms). Weight is the theme's share of the bloc's theme weight{apart}. "
        f"{_trust(study, table, kept, level, ['n_with_themes'])}{_missing(shown)}{cut}"
    )
    return PaperTable("3_themes", "Themes and their weight in each bloc", kept, shown, note.strip())


def _theme_row(row) -> PaperRow:
    return PaperRow(
        (
            words(row.group),
            fixed(row.n_articles, 0),
            fixed(row.n_paragraphs, 0),
            percent(row.weight),
            interval(row.weight_low, row.weight_high, percent),
            percent(row.difference),
            probability(row.p),
            probability(row.q),
        )
    )


def sentiment_table(study) -> PaperTable | None:
    """List the sentiment toward the actors mentioned most, in each bloc.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        None if no actor is mentioned often enough.
    """
    table, config = study.result("sentiment").table, study.config
    actors = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    table = table[(table["level"] == "bloc") & (table["voice"] == "all") & table["actor_id"].isin(actors)]
    if table.empty:
        return None
    level = _level(study)
    columns = [PaperColumn("Actor and bloc", text=True), PaperColumn("Mentions"), PaperColumn("Articles")]
    columns += [PaperColumn(f"{name}\n(%)") for name in ("Negative", "Neutral", "Positive")]
    columns += [PaperColumn("Balance"), PaperColumn(level)]
    columns += [PaperColumn(_P, symbol=True), PaperColumn(_Q, symbol=True)]
    rows = []
    for actor_id in actors:
        group = table[table["actor_id"] == actor_id]
        rows.append(PaperRow((words(group["actor"].iloc[0]),), heading=True))
        rows += [_sentiment_row(row) for row in group.itertuples()]
    kept, rows = without_empty(columns, rows, (level, _P, _Q))
    shown, cut = shorten_rows(rows)
    scores = study.result("scores")
    note = (
        f"Sentiment toward the actor, scored for every mention in its sentence by {scores.params['scorer']} "
        f"({words(scores.provenance['benchmark']['summary']).rstrip('.')}). Balance is positive minus negative, "
        f"−1 to 1; the accuracy of the scorer limits every number of this table. "
        f"{_trust(study, table, kept, level, ['n_articles'])}{_missing(shown)}{cut}"
    )
    return PaperTable("4_sentiment", "Sentiment toward actors in each bloc", kept, shown, note.strip())


def _sentiment_row(row) -> PaperRow:
    return PaperRow(
        (
            words(row.group),
            fixed(row.n_mentions, 0),
            fixed(row.n_articles, 0),
            percent(row.negative),
            percent(row.neutral),
            percent(row.positive),
            bounded(row.balance),
            interval(row.balance_low, row.balance_high, bounded),
            probability(row.p),
            probability(row.q),
        )
    )


def _trust(study, table: pd.DataFrame, kept, level: str, sizes: list[str]) -> str:
    """Say what intervals and tests are, and what is withheld and why."""
    settings = study.config.statistics
    intervals, tests = _has(kept, level), _has(kept, _P)
    said = []
    if intervals:
        said.append(f"{level} over articles, from {settings.min_articles_interval} articles a group.")
    else:
        least = int(table[sizes].min().min())
        said.append(
            f"No interval is given: it takes {settings.min_articles_interval} articles a group, and the smallest "
            f"here has {least}."
        )
    if tests:
        said.append("p: two-sided permutation test over articles; q: Benjamini-Hochberg over the family.")
    else:
        floor = pd.to_numeric(table["attainable_p"], errors="coerce").min()
        reached = f": so few articles cannot reach a p below {bounded(floor)}" if floor == floor else ""
        reason = f"{reached} (alpha = {bounded(settings.alpha)})" if floor > settings.alpha else ""
        said.append(f"p and q are withheld{reason}; the numbers describe these articles.")
    return " ".join(said) + " "


def _level(study) -> str:
    """Name the interval."""
    return f"{100 * (1 - study.config.statistics.alpha):g}% CI"


def _has(columns, start: str) -> bool:
    return any(column.head.startswith(start) for column in columns)


def _missing(rows: tuple[PaperRow, ...]) -> str:
    """Explain the dash where one is printed."""
    if not any(MISSING in row.cells for row in rows if not row.heading):
        return ""
    return f"{MISSING} not defined, or withheld for too few articles. "


def _unknown(rows: tuple[PaperRow, ...]) -> str:
    """Explain the dash in a table of what was received."""
    return f"{MISSING} not known. " if any(MISSING in row.cells for row in rows) else ""
