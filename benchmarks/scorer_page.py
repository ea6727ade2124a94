"""Writes what `scorers.py` measured as Markdown."""

from __future__ import annotations

import numpy as np
from scorers import CUTS, HEADS, READINGS, STUDY, TWIN, always_neutral


def scorer_lines(measured: dict[str, dict]) -> list[str]:
    """Describe what was measured for docs/accuracy.md.

    Parameters
    ----------
    measured : dict
        From `measure_scorers`.

    Returns
    -------
    list of str
        Lines of Markdown.
    """
    scorers = [name for name in measured if name != TWIN]
    first = measured[scorers[0]]["readings"][STUDY]
    neutral = [always_neutral(first[cut]["confusion"]) for cut in CUTS]
    lines = [
        "## Sentiment toward an actor",
        "",
        "NewsMTSC (Hamborg & Donnay 2021, MIT), the authors' dev cut of the two test sets. Percent; in brackets the "
        "95 % percentile bootstrap over articles "
        f"({' and '.join(str(first[cut]['articles']) for cut in CUTS)} of them). Always neutral: macro-F1 "
        f"{neutral[0]:.1f} and {neutral[1]:.1f}. The calibration error is the expected one, in ten bins; resampling "
        "adds noise to each bin, so that its interval lies high.",
        "",
        f"| scorer | what it reads | set | {' | '.join(HEADS.values())} |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in measured.items():
        for reading, found in one["readings"].items():
            for cut in CUTS:
                cells = " | ".join(interval(found[cut][key]) for key in HEADS)
                lines.append(
                    f"| {name} | {READINGS[reading] if name != TWIN else 'no target'} | {cut} | {cells} |"
                )
    lines += [
        "",
        "A study hides what it finds by name: the targets, as actors that are listed, their named further mentions, "
        "and every actor of the alias table. The twin is the same encoder, trained the same way on sentences in which "
        "no target is marked; what it found is kept in `benchmarks/twin.csv`.",
        "",
        "Per class, as in a study:",
        "",
        "| scorer | set | class | targets | precision | recall | F1 | coded so, found negative / neutral / positive |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in scorers:
        for cut in CUTS:
            found = measured[name]["readings"][STUDY][cut]
            for (kind, values), row in zip(found["classes"].items(), found["confusion"], strict=True):
                cells = " | ".join(interval(values[key]) for key in ("precision", "recall", "f1"))
                lines.append(
                    f"| {name} | {cut} | {kind} | {values['n']} | {cells} | {' / '.join(map(str, row))} |"
                )
    return [*lines, "", *comparison_lines(measured), ""]


def comparison_lines(measured: dict[str, dict]) -> list[str]:
    """Describe how scorers differ, and how far balances miss.

    Parameters
    ----------
    measured : dict
        From `measure_scorers`.

    Returns
    -------
    list of str
        Lines of Markdown.
    """
    lines = [
        "Two scorers on the same targets, as in a study; the difference of macro-F1 in points with the paired "
        "bootstrap interval, and McNemar's exact test (which takes targets for independent):",
        "",
        "| scorer | against | set | difference | only the first right | only the second right | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in measured.items():
        for other, found in one["against"].items():
            for cut in CUTS:
                row = found[cut]
                counts = f"{row['only_first']} | {row['only_second']} | {row['p']:.2g}"
                lines.append(
                    f"| {name} | {other} | {cut} | {interval(row['difference'], '+.1f')} | {counts} |"
                )
    lines += [
        "",
        "Balance (positive minus negative): its mean, and by how much that of 100 targets drawn at random misses the "
        "coded one, root mean square, from probabilities and from labels.",
        "",
        "| scorer | what it reads | set | balance | coded | error of 100 | from labels |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in measured.items():
        for reading, found in one["readings"].items():
            for cut in CUTS:
                row = found[cut]
                words = reading if name != TWIN else "no target"
                cells = f"{row['balance']:+.3f} | {row['balance_coded']:+.3f} | {row['rmse_100']:.3f}"
                lines.append(f"| {name} | {words} | {cut} | {cells} | {row['rmse_100_labels']:.3f} |")
    return lines


def interval(values: list[float], form: str = ".1f") -> str:
    """Write a value with its interval.

    Parameters
    ----------
    values : list of float
        Value, low, high; NaN, or None from a card, where undefined.
    form : str
        Of each number.

    Returns
    -------
    str
        For example ``83.2 [78.7, 87.0]``.

    Examples
    --------
    >>> interval([83.2, 78.7, 87.04])
    '83.2 [78.7, 87.0]'
    """
    if values[0] is None or np.isnan(values[0]):
        return "undefined"
    return f"{values[0]:{form}} [{values[1]:{form}}, {values[2]:{form}}]"
