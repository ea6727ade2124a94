"""Figure 7: sentiment toward each actor as coded, beside the scorers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.copy_weights import weighted_mean
from analysis.errors import counted
from analysis.figures.spec import FigureSpec, benchmark_sentence, row_height, signed, with_benchmark
from analysis.measures.headlines import top_actors
from analysis.plots.sentiment import draw_codes

CODERS = "coders"


def _data(study) -> pd.DataFrame:
    config, result = study.config, study.result("agreement")
    columns = ["actor_id", "actor", "source", "n_mentions", "balance", "alpha", "n_coders"]
    if result.table.empty:
        return with_benchmark(pd.DataFrame(columns=columns), study)
    hits = result.evidence.find({})
    coders = sorted(set(result.table["first"]) | set(result.table["second"]))
    coders = [name for name in hits.columns if name in coders and name not in study.compared_scorers]
    number = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
    coded = hits[coders].apply(lambda column: column.map(number)).mean(axis=1)
    balances = {CODERS: coded}
    for name in study.compared_scorers:
        scores = study.scored(name)
        balances[name] = scores["positive"] - scores["negative"]
    shown = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    labels = study.actor_labels.set_index("actor_id")["actor"]
    agreement = result.table[result.table["first"].isin(coders) & result.table["second"].isin(coders)]
    rows = []
    weight = study.corpus.copies.weights(hits["article_id"].tolist())
    for actor_id in shown:
        chosen = (hits["actor_id"] == actor_id).to_numpy() & coded.notna().to_numpy()
        for source, values in balances.items():
            rows.append(
                {
                    "actor_id": actor_id,
                    "actor": labels[actor_id],
                    "source": source,
                    "n_mentions": int(chosen.sum()),
                    "balance": weighted_mean(values.to_numpy()[chosen], weight[chosen]) if chosen.any() else np.nan,
                    "alpha": agreement["alpha"].min() if len(agreement) else np.nan,
                    "n_coders": len(coders),
                }
            )
    return with_benchmark(pd.DataFrame(rows, columns=columns), study)


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No codings: the study has no sheets in seeds/codings/."
    alpha = data["alpha"].iloc[0]
    agreement = f", Krippendorff's alpha {alpha:.2f}" if pd.notna(alpha) else ""
    return (
        f"Balance over the coded mentions of each actor: the mean of {counted(data['n_coders'].iloc[0], 'coding')} "
        f"of the same sentences{agreement}, and each scorer. How the codings were made is told in "
        f"seeds/codings/README.md. "
        f"{benchmark_sentence(data)}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty dot plot: 0 mentions of the corpus have been coded by readers."
    first = data[data["actor"] == data["actor"].iloc[0]]
    values = ", ".join(f"{row.source} {signed(row.balance)}" for row in first.itertuples())
    actors = counted(data["actor"].nunique(), "actor")
    return f"Dot plot of the balance toward {actors}; toward {first['actor'].iloc[0]}: {values}."


FIGURE = FigureSpec(
    "7_codes",
    "Sentiment as coded and as scored",
    "04_sentiment",
    _data,
    draw_codes,
    row_height("actor", 1.1, 0.28),
    _caption,
    _alt,
)
