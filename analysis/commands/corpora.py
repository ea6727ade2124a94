"""The commands that bring articles into a study: new, add."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

_SHOWN = 20


def add_commands(commands) -> None:
    """Add the commands that bring articles into a study.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    new = commands.add_parser(
        "new",
        help="start a study from a table or a folder of .txt files",
        description="Start a study from a table (CSV, JSON lines, Excel, Parquet) with article_id, outlet, bloc, "
        "published, title and text, or from a folder of .txt files.",
    )
    new.add_argument(
        "dir", metavar="DIR", type=Path, help="the new study's folder; it must not hold a study yet"
    )
    new.add_argument(
        "--from", dest="source", metavar="SOURCE", type=Path, required=True, help="table or folder"
    )
    new.set_defaults(call=_new)
    add = commands.add_parser(
        "add",
        help="add articles from files, folders, tables and exports of Nexis Uni, Factiva, ProQuest, Media Cloud",
        description="Add articles to a study: folders and files of .txt, .md, .html, .docx, .pdf and .rtf, tables, and "
        "exports of Nexis Uni (.docx), Factiva (.html, .rtf), ProQuest (.txt) and Media Cloud (.csv). An article that "
        "is there already is not added again, and no file of the study is overwritten: see docs/adding-articles.md.",
    )
    add.add_argument("sources", metavar="SOURCE", nargs="+", type=Path, help="a file or folder of articles")
    add.add_argument(
        "--study",
        metavar="DIR",
        help="the study's folder (default: the one you are in); a new or empty one is started",
    )
    add.add_argument(
        "--outlet", metavar="NAME", default="", help="the outlet of articles whose file has no field for it"
    )
    add.add_argument(
        "--date-order",
        choices=("dmy", "mdy"),
        default="",
        help="what 9/11/2018 is: day, month, year, or month, day, year (default: set such articles aside)",
    )
    add.set_defaults(call=_add)


def _new(arguments: argparse.Namespace) -> int:
    from analysis.new_study import create_study

    paths, notes = create_study(arguments.dir, arguments.source)
    for note in notes:
        print(note)
    print(f"made the study {paths.root}")
    print(f"next: framing check --study '{paths.root}', then framing run --study '{paths.root}'")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from analysis.collecting.adding import AddOptions, add_articles
    from analysis.collecting.files import list_files
    from analysis.config import load_config
    from analysis.new_study import start_study
    from analysis.paths import nearest_study, no_study_here

    folder = Path(arguments.study).expanduser().resolve() if arguments.study else None
    if folder and (not folder.exists() or folder.is_dir() and not any(folder.iterdir())):
        # nothing is started for a source that is not there
        list_files(arguments.sources, folder)
        paths = start_study(folder)
        print(f"started the study {paths.root}")
    else:
        paths = nearest_study(arguments.study)
        if paths is None:
            raise no_study_here()
    config = load_config(paths.config)
    options = AddOptions(" ".join(arguments.outlet.split()), arguments.date_order, sys.stderr.isatty())
    added = add_articles(paths, config, arguments.sources, options)
    for line in _report(added, paths):
        print(line)
    return 1 if added.set_aside and config.corpus.on_bad_article == "stop" else 0


def _report(added, paths) -> Iterator[str]:
    """Say what became of the articles of some sources, line by line."""
    from analysis.errors import counted, shorten_list
    from analysis.schema.parts import is_uncoded

    yield from added.notes
    yield f"read {counted(added.n_files, 'file')}: added {counted(len(added.added), 'article')}"
    if added.n_known:
        yield f"not added again: {counted(added.n_known, 'article')} that the study has already"
    if added.n_removed:
        what = f"{counted(added.n_removed, 'article')} whose row was removed from articles.csv"
        yield f"not added again: {what} (to have them again, remove their rows of added/log.csv)"
    if added.set_aside:
        yield f"set aside {len(added.set_aside):,}, all of them listed in {paths.added / 'set_aside.csv'}:"
        yield from (f"  {problem}" for problem in added.set_aside[:_SHOWN])
        if len(added.set_aside) > _SHOWN:
            yield f"  and {len(added.set_aside) - _SHOWN:,} more"
    outlets = added.outlets
    for outlet_id, blocs in sorted(outlets.told.items()):
        named = " and ".join(repr(bloc) for bloc in sorted(blocs))
        yield f"the sources code {outlets.label(outlet_id)!r} as {named}; seeds/outlets.csv was left as it is"
    for outlet_id, other in sorted(outlets.hints.items()):
        what = f"{outlets.label(outlet_id)!r} may be {outlets.label(other)!r}: if it is, write"
        yield f"{what} {outlet_id},{other} into seeds/same_outlets.csv, under the header outlet_id,same_as"
    open_rows = [
        row for row in outlets.rows if is_uncoded(row["bloc"]) and row["outlet_id"] not in outlets.same_as
    ]
    if open_rows:
        names = [
            f"{outlets.label(row['outlet_id'])} ({added.n_by_outlet[row['outlet_id']]:,} new)"
            for row in open_rows
        ]
        yield f"write the bloc of these outlets into seeds/outlets.csv: {shorten_list(names, _SHOWN)}"
    yield f"next: framing check --study '{paths.root}'"
