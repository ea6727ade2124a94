"""Measures the alias table and the sentiment scorers on published data; writes docs/accuracy.md.

    .venv/bin/python benchmarks/accuracy.py DATA [--cards]

DATA holds newsmtsc/ and newswcl50/. With --cards what was measured is written into the cards beside the scorers, too.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import pandas as pd
from scorer_page import scorer_lines
from scorers import measure_scorers, write_cards

from analysis.actors import load_actors, project_actors
from analysis.mentions import measure_alias_recall
from analysis.paths import project_root
from analysis.tables import write_bytes

COUNTRIES = ("USA", "RUS", "CHN")
# when the articles of events 0 to 4 were published
PUBLISHED = (date(2018, 4, 1), date(2018, 5, 31))


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with newsmtsc/ and newswcl50/")
    parser.add_argument("--cards", action="store_true", help="write the scorers' cards, too")
    parsed = parser.parse_args()
    folder = parsed.data
    measured = measure_scorers(folder / "newsmtsc")
    if parsed.cards:
        write_cards(measured)
    lines = [
        "# Accuracy",
        "",
        "Written by `benchmarks/accuracy.py`; the data are not part of the project.",
        "",
    ]
    lines += alias_lines(folder / "newswcl50" / "actor_mentions_events_0_4.csv")
    lines += scorer_lines(measured)
    write_bytes(project_root() / "docs" / "accuracy.md", ("\n".join(lines) + "\n").encode())


def alias_lines(path: Path) -> list[str]:
    """Describe the alias table's recall, with every miss."""
    summary, misses = measure_alias_recall(pd.read_csv(path), load_actors(project_actors()), PUBLISHED)
    lines = [
        "## Actors: coded mentions mapped to their country",
        "",
        "NewsWCL50 (Hamborg et al. 2019, CC BY-SA 4.0), events 0 to 4. *Named* mentions have a capitalised word that "
        "no coded mention has in lower case. The table was written with these events in view: expect less elsewhere.",
        "",
        "| country | mentions | recall | named | recall, named | precision |",
        "|---|---|---|---|---|---|",
    ]
    for row in summary[summary["country"].isin(COUNTRIES)].itertuples():
        shares = f"{row.recall:.3f} | {row.n_named} | {row.recall_named:.3f} | {row.precision:.3f}"
        lines.append(f"| {row.country} | {row.n} | {shares} |")
    lines += ["", "Every miss, with its number:", ""]
    for country in COUNTRIES:
        missed = misses[misses["country"] == country]
        listed = "; ".join(f"{' '.join(str(row.mention).split())} ({row.n})" for row in missed.itertuples())
        lines.append(f"- {country}: {listed or 'none'}")
    return [*lines, ""]


if __name__ == "__main__":
    main()
