"""The figure registry: data, drawing, caption and alt text of each figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.display import Shown, show_figure
from analysis.errors import UnknownName
from analysis.measures.headlines import G2_FILTER, top_actors, top_contrasts
from analysis.plots.style import ordered

FULL_WIDTH = 7.0
_MOST_COLUMNS = 12


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


def list_figures() -> list[str]:
    """List the figures.

    Returns
    -------
    list of str
        figure_ids, in the order of the study.
    """
    return [spec.figure_id for spec in FIGURES]


def find_figure(figure_id: str) -> FigureSpec:
    """Return one figure's specification.

    Parameters
    ----------
    figure_id : str
        One of `list_figures`, or its name without the number.

    Returns
    -------
    FigureSpec
        The figure.

    Raises
    ------
    UnknownName
        There is no such figure.
    """
    for spec in FIGURES:
        if figure_id in (spec.figure_id, spec.figure_id.partition("_")[2]):
            return spec
    raise UnknownName("figure", figure_id, list_figures())


def show_registered(study, figure_id: str) -> Shown:
    """Draw a figure for a notebook.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    figure_id : str
        One of `list_figures`.

    Returns
    -------
    analysis.display.Shown
        With alt text and caption.
    """
    from analysis.export import draw_figure, render_figure
    from analysis.tables import round_table

    spec = find_figure(figure_id)
    data = round_table(spec.data(study))
    png = render_figure(draw_figure(spec, data), "png", dpi=150)
    return show_figure(png, alt=spec.alt(data), caption=f"{spec.title}. {spec.caption(data)}", width=spec.width)


def _corpus_data(study) -> pd.DataFrame:
    table = study.result("articles").table
    outlets = study.corpus.grouping("outlet").labels
    columns = ["article_id", "outlet", "bloc", "published", "published_from", "published_to", "n_tokens", "confidence"]
    table = table.assign(_order=table["outlet"].map(outlets.index)).sort_values(["_order", "published_from", "article_id"])
    return table[columns].reset_index(drop=True)


def _draw_corpus(fig, data: pd.DataFrame) -> None:
    from analysis.plots.corpus import draw_corpus

    draw_corpus(fig, data)


def _corpus_caption(data: pd.DataFrame) -> str:
    blocs = [f"{name} {count}" for name, count in data.groupby("bloc", sort=False)["article_id"].size().items()]
    low = int((data["confidence"] == "low").sum())
    doubt = f" The outlet of {_count(low, 'article')} is coded with low confidence." if low else ""
    return (
        f"{_count(len(data), 'article')} from {_count(data['outlet'].nunique(), 'outlet')}, {data['n_tokens'].sum():,} tokens after "
        f"cleaning; articles by bloc: {', '.join(blocs)}. A bar spans the days that a date known only to the "
        f"month or year may mean.{doubt}"
    )


def _corpus_alt(data: pd.DataFrame) -> str:
    return (
        f"Timeline and lengths of {_count(len(data), 'article')} from {_count(data['outlet'].nunique(), 'outlet')}: "
        f"the shortest has {data['n_tokens'].min():,} tokens and the longest {data['n_tokens'].max():,}."
    )


def _column_level(study) -> str:
    """Outlets side by side as long as they can be read; else blocs."""
    return "outlet" if len(study.corpus.grouping("outlet").labels) <= _MOST_COLUMNS else "bloc"


def _with_bloc(table: pd.DataFrame, study) -> pd.DataFrame:
    """Add the bloc of each group (of an outlet coded in two blocs, the first)."""
    blocs = {article.outlet: article.bloc for article in reversed(study.corpus.articles)}
    blocs |= {article.article_id: article.bloc for article in study.corpus.articles}
    blocs |= {label: label for label in study.corpus.grouping("bloc").labels}
    return table.assign(bloc=table["group"].map(blocs))


def _themes_data(study) -> pd.DataFrame:
    table = study.result("themes").table
    table = _with_bloc(table[table["level"] == _column_level(study)], study)
    ids = ordered(table["theme_id"])
    table = table.assign(
        theme=table["theme_id"] + "  " + table["top_terms"].str.split(", ").str[:4].str.join(", "),
        shown=[f"{100 * weight:.0f}" if pd.notna(weight) else "–" for weight in table["weight"]],
        _order=table["theme_id"].map(ids.index),
    )
    table = table.sort_values("_order", kind="stable")
    columns = ["theme_id", "theme", "top_terms", "stability", "level", "group", "bloc", "n_articles", "n_paragraphs", "weight", "shown"]
    return table[columns].reset_index(drop=True)


def _draw_themes(fig, data: pd.DataFrame) -> None:
    from analysis.plots.heatmap import draw_heatmap

    percent = data.assign(percent=100 * data["weight"])
    draw_heatmap(fig, percent, row="theme", value="percent", text="shown", unit="% of theme weight", row_width=52)


def _themes_caption(data: pd.DataFrame) -> str:
    stability = data.drop_duplicates("theme_id").set_index("theme_id")["stability"]
    shown = ", ".join(f"{name} {value:.2f}" for name, value in stability.items())
    return (
        f"TF-IDF and non-negative matrix factorisation on {_paragraphs(data)} paragraphs; each cell is the theme's "
        f"share, in percent, of the theme weight of an {data['level'].iloc[0]}'s paragraphs. Stability when one article is left "
        f"out (average Jaccard, 1 is unchanged): {shown}. {_small_sample(data['n_articles'])}"
    )


def _paragraphs(data: pd.DataFrame) -> int:
    return int(data.drop_duplicates("group")["n_paragraphs"].sum())


def _themes_alt(data: pd.DataFrame) -> str:
    top = data.loc[data["weight"].idxmax()]
    return (
        f"Heat map of {data['theme_id'].nunique()} themes by {_count(data['group'].nunique(), data['level'].iloc[0])}; the largest "
        f"share is {100 * top['weight']:.0f} percent, theme {top['theme_id']} in {top['group']}."
    )


def _contrasts_data(study) -> pd.DataFrame:
    table = top_contrasts(study.result("contrasts").table, terms=study.config.figures.terms)
    columns = [
        "target", "reference", "term", "count_target", "count_reference", "articles_target", "articles_reference",
        "n_articles_target", "n_articles_reference", "log_ratio", "log_ratio_low", "log_ratio_high", "g2", "z", "dp_target",
        "q", "driven_by", "flag",
    ]  # fmt: skip
    return table[columns]


def _draw_contrasts(fig, data: pd.DataFrame) -> None:
    from analysis.plots.contrasts import draw_contrasts

    draw_contrasts(fig, data)


def _contrasts_caption(data: pd.DataFrame) -> str:
    if data.empty:
        return f"No term passes the filter (|G2| of at least {G2_FILTER}, in two articles)."
    groups = data.drop_duplicates("target")
    sizes = ", ".join(
        f"{row.target} {row.n_articles_target} against {row.n_articles_reference}" for row in groups.itertuples()
    )
    interval = " Bars are 95 % intervals over articles." if data["log_ratio_low"].notna().any() else ""
    return (
        f"Log ratio (log2 of the ratio of rates, 0.5 added) against all other blocs pooled; at the right, occurrences in the "
        f"bloc : in the rest. Ranked by size among terms with G2 (four-term) of at least {G2_FILTER} that stand in "
        f"two of the bloc's articles, or in its only one. A larger mark is more evenly spread (DP); a hollow mark is driven by one "
        f"article: without it the sign turns or the size halves.{interval} Articles: {sizes}. "
        f"{_small_sample(groups['n_articles_target'])}"
    )


def _contrasts_alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty contrast plot: 0 terms of the corpus pass the filter that the caption states."
    first = data.groupby("target", sort=False).head(1)
    tops = ", ".join(f"{row.target} {row.term} {row.log_ratio:.1f}" for row in first.head(6).itertuples())
    return f"Dot plots of the terms that set each bloc apart; the largest log ratio of each: {tops}."


def _attention_data(study) -> pd.DataFrame:
    config = study.config
    table = study.result("attention").table
    shown = top_actors(table, actors=config.figures.actors + 4, min_mentions=config.sentiment.min_mentions)
    table = table[(table["level"] == _column_level(study)) & table["actor_id"].isin(shown)]
    table = _with_bloc(table, study).assign(_order=table["actor_id"].map(shown.index)).sort_values("_order", kind="stable")
    columns = ["actor_id", "actor", "kind", "level", "group", "bloc", "n_mentions", "n_articles", "n_group_articles", "per_1000"]
    return table[columns].reset_index(drop=True)


def _draw_attention(fig, data: pd.DataFrame) -> None:
    from analysis.plots.heatmap import draw_heatmap

    data = data.assign(shown=data["n_mentions"].astype(str))
    draw_heatmap(fig, data, row="actor", value="per_1000", text="shown", unit="mentions per 1,000 tokens", row_width=26)


def _attention_caption(data: pd.DataFrame) -> str:
    groups = data.drop_duplicates("group")
    return (
        f"Mentions of each actor by {data['level'].iloc[0] if len(data) else 'outlet'}: the number is the count, the shade the rate per "
        f"1,000 tokens. Names, metonyms, demonyms and dated offices count; pronouns do not. "
        f"{_small_sample(groups['n_group_articles'])}"
    )


def _attention_alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty heat map: 0 actors are mentioned often enough in this corpus to be shown."
    totals = data.groupby("actor", sort=False)["n_mentions"].sum()
    first = f"{totals.index[0]} has {totals.iloc[0]} mentions"
    second = f" and {totals.index[1]} {totals.iloc[1]}" if len(totals) > 1 else ""
    return f"Heat map of mentions of {_count(len(totals), 'actor')} by {_count(data['group'].nunique(), data['level'].iloc[0])}: {first}{second}."


def _sentiment_data(study) -> pd.DataFrame:
    config, result = study.config, study.result("sentiment")
    shown = top_actors(study.result("attention").table, actors=config.figures.actors, min_mentions=config.sentiment.min_mentions)
    table = result.table
    table = table[(table["voice"] == "all") & table["level"].isin(["bloc", "article"]) & table["actor_id"].isin(shown)]
    table = _with_bloc(table, study)
    blocs = study.corpus.grouping("bloc").labels
    table = table.assign(_actor=table["actor_id"].map(shown.index), _bloc=table["bloc"].map(blocs.index))
    table = table.sort_values(["_actor", "_bloc", "level", "group"], ascending=[True, True, False, True])
    columns = [
        "actor_id", "actor", "level", "group", "bloc", "n_mentions", "n_articles", "negative", "neutral", "positive", "balance",
        "balance_low", "balance_high", "baseline",
    ]  # fmt: skip
    return _with_benchmark(table[columns].reset_index(drop=True), study)


def _with_benchmark(table: pd.DataFrame, study) -> pd.DataFrame:
    scores = study.result("scores")
    return table.assign(scorer=scores.params["scorer"], benchmark=str(scores.provenance["benchmark"]["summary"]))


def _draw_sentiment(fig, data: pd.DataFrame) -> None:
    from analysis.plots.sentiment import draw_sentiment

    draw_sentiment(fig, data)


def _benchmark(data: pd.DataFrame) -> str:
    if data.empty:
        return ""
    return f"Scorer: {data['scorer'].iloc[0]}; {data['benchmark'].iloc[0]}."


def _sentiment_caption(data: pd.DataFrame) -> str:
    bars = " Bars are 95 % intervals over articles." if data["balance_low"].notna().any() else ""
    return (
        f"Balance of positive and negative mentions of each actor: a filled mark for a bloc, a hollow one for each of its "
        f"articles.{bars} {_benchmark(data)} Compare outlets on the same actor, not actors with each other. "
        f"{_small_sample(data.loc[data['level'] == 'bloc', 'n_articles'])}"
    )


def _sentiment_alt(data: pd.DataFrame) -> str:
    groups = data[(data["level"] == "bloc") & data["balance"].notna()]
    if groups.empty:
        return "Empty dot plot: 0 actors are mentioned often enough in this corpus to be shown."
    actor = groups["actor"].iloc[0]
    values = ", ".join(f"{row.group} {row.balance:+.2f}" for row in groups[groups["actor"] == actor].head(6).itertuples())
    return f"Dot plot of sentiment balance toward {_count(groups['actor'].nunique(), 'actor')} by bloc; toward {actor}: {values}."


def _voice_data(study) -> pd.DataFrame:
    config = study.config
    shown = top_actors(study.result("attention").table, actors=config.figures.actors, min_mentions=config.sentiment.min_mentions)
    table = study.result("sentiment").table
    table = table[(table["level"] == "bloc") & (table["voice"] != "all") & table["actor_id"].isin(shown)]
    sums = table.assign(sum_balance=(table["balance"] * table["n_mentions"]).fillna(0.0))
    sums = sums.groupby(["actor_id", "actor", "voice"], as_index=False)[["n_mentions", "n_articles", "sum_balance"]].sum()
    sums["balance"] = np.where(sums["n_mentions"] > 0, sums["sum_balance"] / sums["n_mentions"].clip(lower=1), np.nan)
    sums = sums.assign(_actor=sums["actor_id"].map(shown.index)).sort_values(["_actor", "voice"])
    columns = ["actor_id", "actor", "voice", "n_mentions", "n_articles", "balance"]
    return _with_benchmark(sums[columns].reset_index(drop=True), study)


def _draw_voice(fig, data: pd.DataFrame) -> None:
    from analysis.plots.sentiment import draw_voice

    draw_voice(fig, data)


def _voice_caption(data: pd.DataFrame) -> str:
    quoted = int(data.loc[data["voice"] == "quoted", "n_mentions"].sum())
    return (
        f"Left: mentions of each actor in the outlet's own words and inside quotation marks (own + quoted). Right: balance in each "
        f"voice, all blocs together. {quoted} of {int(data['n_mentions'].sum())} mentions are quoted; indirect speech counts as the "
        f"outlet's own. {_benchmark(data)} Articles are described, not tested."
    )


def _voice_alt(data: pd.DataFrame) -> str:
    quoted = int(data.loc[data["voice"] == "quoted", "n_mentions"].sum())
    return (
        f"Bars of own and quoted mentions of {_count(data['actor'].nunique(), 'actor')}, with the balance in each voice: "
        f"{quoted} of {int(data['n_mentions'].sum())} mentions are quoted."
    )


def _small_sample(articles: pd.Series) -> str:
    """Say what so many articles a group support."""
    least = int(articles.min()) if len(articles) else 0
    if least >= 5:
        return f"At least {least} articles a group."
    return f"Descriptive: the smallest group has {_count(least, 'article')}, which supports no interval and no test."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _rows(column: str, base: float, row: float) -> Callable[[pd.DataFrame], float]:
    """Height that grows with the number of rows drawn, to the quarter inch."""
    return lambda data: round(4 * (base + row * max(1, data[column].nunique()))) / 4


FIGURES = (
    FigureSpec("1_corpus", "Articles by date, outlet and length", "01_corpus", _corpus_data, _draw_corpus, _rows("outlet", 1.1, 0.3), _corpus_caption, _corpus_alt),
    FigureSpec("2_themes", "Themes by outlet", "02_themes", _themes_data, _draw_themes, _rows("theme", 1.2, 0.33), _themes_caption, _themes_alt),
    FigureSpec(
        "3_contrasts",
        "The terms that set each bloc apart",
        "03_contrasts",
        _contrasts_data,
        _draw_contrasts,
        lambda data: round(4 * (1.0 + 0.23 * max(1, data.groupby("target").size().max() if len(data) else 1))) / 4,
        _contrasts_caption,
        _contrasts_alt,
    ),
    FigureSpec("4_attention", "Who is mentioned", "04_sentiment", _attention_data, _draw_attention, _rows("actor", 1.2, 0.24), _attention_caption, _attention_alt),
    FigureSpec("5_sentiment", "Sentiment toward each actor by bloc", "04_sentiment", _sentiment_data, _draw_sentiment, _rows("actor", 1.2, 0.42), _sentiment_caption, _sentiment_alt),
    FigureSpec("6_voice", "Own and quoted words by actor", "04_sentiment", _voice_data, _draw_voice, _rows("actor", 1.1, 0.26), _voice_caption, _voice_alt),
)
