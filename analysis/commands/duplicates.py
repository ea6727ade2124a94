"""The commands on what articles share: duplicates, boilerplate."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.commands.common import add_command, checked_study


def add_commands(commands) -> None:
    """Add the commands on what articles share.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = "list the articles that are copies of one text, exact or edited, by group; or set two articles side by side"
    duplicates = add_command(commands, "duplicates", _duplicates, about)
    duplicates.add_argument("--csv", action="store_true", help="print CSV instead of lines")
    duplicates.add_argument(
        "--pair",
        metavar="ID",
        nargs=2,
        help="two articles, passage by passage: what is shared and what is not",
    )
    about = "find what recurs in an outlet's articles without being their prose, and propose cleaning rules for it"
    boilerplate = add_command(commands, "boilerplate", _boilerplate, about)
    boilerplate.add_argument(
        "--out", metavar="FILE.toml", type=Path, help="a new file for the rules (default: print)"
    )


def _boilerplate(arguments: argparse.Namespace) -> int:
    from analysis.duplicates.boilerplate import propose_rules, write_rules
    from analysis.errors import Problem, StudyError
    from analysis.paths import check_writable
    from analysis.tables import write_bytes

    study = checked_study(arguments)
    out = arguments.out
    if out is not None and out.exists():
        remedy = "Name another: rules that are there are never replaced."
        raise StudyError([Problem(out.as_posix(), "a file or folder that exists", "a new file", remedy)])
    proposals = propose_rules(study.admitted, study.copies)
    text = write_rules(proposals)
    if out is None:
        print(text, end="")
    else:
        check_writable(out.absolute().parent)
        write_bytes(out, text.encode("utf-8"))
    count = len(proposals)
    said = f"{count} rule{'' if count == 1 else 's'} proposed, nothing removed"
    print(f"{said}{f': {out}' if out else ''}", file=sys.stderr if out is None else sys.stdout)
    return 0


def _duplicates(arguments: argparse.Namespace) -> int:
    from analysis.tables import clean_text

    study = checked_study(arguments)
    if arguments.pair:
        return _pair(study, *arguments.pair, csv=arguments.csv)
    result = study.result("duplicates")
    if arguments.csv:
        _print_csv(result.table)
        return 0
    table = result.table
    for number, rows in table.groupby("group_id", sort=True):
        print(f"group {number}: {len(rows)} articles")
        for row in rows.to_dict("records"):
            mark = "kept" if row["kept"] else "copy"
            said = (
                ""
                if row["kept"]
                else f", similarity {row['similarity']:.2f}, {100 * row['share']:.0f} % of it shared"
            )
            head = f"  {mark}  {row['article_id']}  {row['outlet']}, {row['published'] or 'undated'}"
            print(clean_text(f"{head}{said}: {row['title']}"))
    total, groups = len(table), table["group_id"].nunique()
    noun = "group" if groups == 1 else "groups"
    share = f"{total:,} of {len(study.admitted):,} articles are in {groups:,} {noun} of copies"
    left_out = int(table["left_out"].sum())
    if study.config.corpus.duplicates == "weight":
        print(f'{share}; the copies of a text share its weight (corpus.duplicates = "weight")')
        return 0
    print(f'{share}; {left_out:,} left out (corpus.duplicates = "{study.config.corpus.duplicates}")')
    return 0


def _pair(study, first: str, second: str, *, csv: bool) -> int:
    """Print two articles side by side."""
    from analysis.results import one_line
    from analysis.tables import clean_text

    passages = study.result("duplicates").evidence_for(article_id=first, other_id=second)
    if csv:
        _print_csv(passages)
        return 0
    print(f"= in both, ~ edited, < only in {first}, > only in {second}, . recurs in the outlet's articles")
    marks = {"same": "=", "edited": "~", "recurring": "."}
    for row in passages.to_dict("records"):
        mark = marks.get(row["status"], "<" if row["article_id"] == first else ">")
        print(clean_text(f"{mark} {one_line(row['match'])}"))
        if row["status"] == "edited":
            print(clean_text(f"  {row['counterpart']}"))
    return 0


def _print_csv(table) -> None:
    """Print a table as CSV, with the cells made safe for spreadsheets."""
    from analysis.tables import safe_cell

    table = table.copy()
    for column in table.columns:
        if table[column].dtype == object or str(table[column].dtype) in ("str", "string"):
            table[column] = [safe_cell(value) for value in table[column]]
    table.to_csv(sys.stdout, index=False, lineterminator="\n", float_format="%.6g")
