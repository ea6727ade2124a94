"""The command `framing`: parses, calls, prints. Heavy modules are imported by the subcommand that needs them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import FramingError, Problem, StudyError, shorten

_EPILOG = """examples:
  framing check                          validate the study in this folder
  framing study                          tables, figures, notebooks and report
  framing run --study DIR --out OUT      tables, figures and manifest of another study
  framing new DIR --from articles.csv    start a study of your own
  framing kwic 'sanction*'               a term in its sentences
  framing contrasts articles.csv --by outlet --out contrasts.csv
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        Exit code: 0 done, 1 the study or a value cannot be used, 2 the command was not understood.
    """
    arguments = _parser().parse_args(argv)
    try:
        return arguments.call(arguments) or 0
    except StudyError as error:
        print(error, file=sys.stderr)
        return 1
    except FramingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        print(f"error: {error.strerror or error}{name}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was finished is kept, and the next run goes on from there", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    """Build the parser."""
    parser = argparse.ArgumentParser(
        prog="framing",
        description="Compare how outlets and blocs frame the same events: themes, term contrasts, sentiment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.set_defaults(call=_no_command)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, call, about: str) -> argparse.ArgumentParser:
        # what only reads may be tried on the seed study from anywhere; what writes needs a study to write to
        elsewhere = "" if call in _WRITING else "; outside of any: the seed study"
        command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.add_argument(
            "--study", metavar="DIR", help=f"the study's folder (default: the one you are in{elsewhere})"
        )
        command.set_defaults(call=call)
        return command

    check = add(
        "check", _check, "validate a study: every problem by file and row, exit code 1 if there is any"
    )
    check.add_argument(
        "--aliases", action="store_true", help="list every alias with its places in the corpus, as CSV"
    )
    add("study", _study, "run everything: tables, figures, executed notebooks and the HTML report")
    run = add("run", _run, "compute the results: OUT/tables, OUT/figures and OUT/manifest.json")
    run.add_argument(
        "--out", metavar="OUT", type=Path, help="folder to write to (default: results/ of the study)"
    )
    run.add_argument("--only", metavar="STEP", nargs="+", help="some results only, and no figures")
    figures = add("figures", _figures, "write the figures: PDF, SVG, PNG, CSV, alt text, captions")
    figures.add_argument("ids", metavar="ID", nargs="*", help="some figures only, such as 3_contrasts")
    figures.add_argument("--out", metavar="DIR", type=Path, help="folder (default: figures/ of the study)")
    report = add("report", _report, "write one self-contained HTML page of the executed notebooks")
    report.add_argument("--out", metavar="FILE", type=Path, help="the page (default: results/report.html)")
    kwic = add("kwic", _kwic, "show a term or phrase in context; * stands for any ending")
    kwic.add_argument("query", metavar="TERM", help="words, such as 'sanctions' or 'arms control'")
    kwic.add_argument("--width", type=int, default=50, help="characters of context on each side (default 50)")
    kwic.add_argument("--csv", action="store_true", help="print CSV instead of lines")
    mentions = add("mentions", _mentions, "list the mentions of actors, in context")
    mentions.add_argument("--actor", metavar="ID", help="one actor only, such as russia")
    mentions.add_argument("--csv", action="store_true", help="print CSV instead of lines")
    _add_scoring(commands)
    _add_contrasts(commands)
    new = commands.add_parser(
        "new",
        help="start a study from a table or a folder of .txt files",
        description="Start a study from a CSV, JSON-lines or Parquet table with article_id, outlet, bloc, published, "
        "title and text, or from a folder of .txt files.",
    )
    new.add_argument(
        "dir", metavar="DIR", type=Path, help="the new study's folder; it must not hold a study yet"
    )
    new.add_argument(
        "--from", dest="source", metavar="SOURCE", type=Path, required=True, help="table or folder"
    )
    new.set_defaults(call=_new)
    return parser


def _add_scoring(commands) -> None:
    """Add the commands that need no study."""
    about = (
        "score the targets of a JSON-lines file: one row per target. Text in any language is scored; the benchmark "
        "speaks for its own language only. A run that was stopped goes on from there."
    )
    score = commands.add_parser("score", help=about.partition(":")[0], description=f"S{about[1:]}")
    score.add_argument(
        "source", metavar="IN.jsonl", type=Path, help='"text" and "targets": [{"from", "to", "mention"}]'
    )
    score.add_argument(
        "out", metavar="OUT.csv", type=Path, help="line, target, mention, three classes, label"
    )
    score.add_argument(
        "--scorer", metavar="NAME", default="encoder.v1", help="see `framing scorers` (default encoder.v1)"
    )
    score.add_argument(
        "--keep-going",
        action="store_true",
        help="score the rest where lines cannot be used; the exit code is 1",
    )
    score.set_defaults(call=_score)
    scorers = commands.add_parser("scorers", help="list the sentiment scorers with their benchmarks")
    scorers.set_defaults(call=_scorers)


def _add_contrasts(commands) -> None:
    """Add the command that contrasts any table."""
    about = (
        "contrast the terms of groups of articles: every group against the rest, and every pair. INPUT is a study's "
        "folder, or a CSV, JSON-lines or Parquet table with article_id, text and the column that groups them."
    )
    command = commands.add_parser("contrasts", help=about.partition(":")[0], description=f"C{about[1:]}")
    command.add_argument("source", metavar="INPUT", type=Path, help="a study's folder or a table")
    command.add_argument("--by", metavar="COLUMN", required=True, help="the column of groups, such as outlet")
    command.add_argument("--out", metavar="FILE.csv", type=Path, required=True, help="the file to write")
    command.add_argument("--target", metavar="A", help="one group only")
    command.add_argument("--reference", metavar="B", help="what it is set against: a group, or rest")
    command.add_argument("--list", metavar="LIST.csv", type=Path, help="a word list (term,count) as reference, too")
    command.add_argument("--lemmas", action="store_const", const=True, help="count dictionary forms")
    command.add_argument("--ngrams", metavar="N", type=int, choices=(1, 2, 3), help="longest term in tokens")
    for name in ("count", "articles"):
        what = "occurrences" if name == "count" else "articles"
        command.add_argument(f"--min-{name}", metavar="N", type=_natural, help=f"{what} that a term needs")
    command.set_defaults(call=_contrasts)


def _natural(text: str) -> int:
    """Read a whole number from 1."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 10**9):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 1,000,000,000")
    return int(text)


def _no_command(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(f"framing {version('comparative-framing-study')}")
        return 0
    _parser().print_help()
    return 2


def _checked(arguments: argparse.Namespace):
    """Load the study that is meant, and stop with every problem if it has any.

    Outside of any study, only a command that writes nothing takes the seed study.
    """
    from analysis.paths import find_study, nearest_study, no_study_here
    from analysis.study import check_study

    paths = nearest_study(arguments.study)
    if paths is None:
        if arguments.call in _WRITING:
            raise no_study_here()
        paths = find_study()
        print(f"no study.toml here or above: this is the seed study, {paths.root}", file=sys.stderr)
    study, problems = check_study(paths.root)
    if problems:
        raise StudyError(problems)
    return study


def _check(arguments: argparse.Namespace) -> int:
    from analysis.measures.attention import count_aliases

    study = _checked(arguments)
    corpus = study.corpus
    aliases = count_aliases(corpus, study.actors)
    if arguments.aliases:
        return _print_lines(aliases, csv=True, nothing="")
    outlets, blocs = (len(corpus.grouping(level).labels) for level in ("outlet", "bloc"))
    print(f"{study.config.study.title}: no problems found")
    numbers = (
        (len(corpus), "article"),
        (outlets, "outlet"),
        (blocs, "bloc"),
        (len(study.actors.labels), "actor"),
    )
    print(", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in numbers))
    used = int((aliases["n_places"] > 0).sum())
    print(
        f"aliases: {used:,} of {len(aliases):,} occur in the corpus (--aliases lists all with their counts)"
    )
    for row in corpus.excluded.itertuples():
        print(f"excluded: {row.what}: {row.why}")
    return 0


def _workers() -> int:
    """Read how many notebooks may be executed at a time."""
    value = os.environ.get("FRAMING_WORKERS", "2")
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        remedy = "Correct or unset it (with make: WORKERS=2)."
        raise StudyError([Problem("FRAMING_WORKERS", shorten(value), "a whole number from 1", remedy)])
    return int(value)


def _study(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_study

    study = _checked(arguments)
    for line in run_study(study, workers=_workers()):
        print(line)
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_results

    study = _checked(arguments)
    out = (arguments.out or study.paths.results).resolve()
    run_results(study, out, only=arguments.only)
    print(f"tables:   {out / 'tables'}")
    if not arguments.only:
        print(f"figures:  {out / 'figures'}")
        print(f"methods:  {out / 'methods.md'}")
    print(f"manifest: {out / 'manifest.json'}")
    return 0


def _figures(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_figures

    study = _checked(arguments)
    out = (arguments.out or study.paths.figures).resolve()
    run_figures(study, out, only=arguments.ids or None)
    print(f"figures: {out}")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_report

    study = _checked(arguments)
    out = run_report(study, arguments.out, workers=_workers())
    print(f"report: {out}")
    return 0


def _kwic(arguments: argparse.Namespace) -> int:
    study = _checked(arguments)
    try:
        lines = study.kwic(arguments.query, width=arguments.width)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return _print_lines(lines, csv=arguments.csv, nothing=f"no place of {arguments.query!r}")


def _mentions(arguments: argparse.Namespace) -> int:
    from analysis.errors import UnknownName

    study = _checked(arguments)
    evidence = study.result("mentions").evidence
    if arguments.actor and arguments.actor not in study.actors.labels:
        raise UnknownName("actor", arguments.actor, study.actors.labels)
    lines = evidence.find({"actor_id": arguments.actor} if arguments.actor else {})
    return _print_lines(lines, csv=arguments.csv, nothing="no mention", names=("actor_id", "voice"))


def _new(arguments: argparse.Namespace) -> int:
    from analysis.new_study import create_study

    paths, notes = create_study(arguments.dir, arguments.source)
    for note in notes:
        print(note)
    print(f"made the study {paths.root}")
    print(f"next: framing check --study '{paths.root}', then framing run --study '{paths.root}'")
    return 0


def _contrasts(arguments: argparse.Namespace) -> int:
    from analysis.contrast_table import ContrastQuestion, write_contrasts

    names = ("lemmas", "ngrams", "min_count", "min_articles")
    given = ((name, getattr(arguments, name)) for name in names)
    question = ContrastQuestion(
        arguments.by,
        arguments.target,
        arguments.reference,
        settings=tuple((name, value) for name, value in given if value is not None),
        word_list=arguments.list,
    )
    _, notes = write_contrasts(arguments.source, arguments.out, question)
    print("\n".join(notes))
    return 0


def _score(arguments: argparse.Namespace) -> int:
    from analysis.registry import load_scorer
    from analysis.score import score_file

    scorer = load_scorer(arguments.scorer)
    done = score_file(arguments.source, arguments.out, scorer, keep_going=arguments.keep_going, progress=True)
    print(
        f"{arguments.out}: {done.targets} target{'s' if done.targets != 1 else ''} scored by {arguments.scorer}"
    )
    if done.problems:
        raise StudyError(done.problems)
    return 0


def _scorers(arguments: argparse.Namespace) -> int:
    from analysis.registry import list_scorers, load_scorer

    names = list_scorers()
    for name in names:
        print(f"{name.ljust(max(map(len, names)))}  {load_scorer(name).benchmark['summary']}")
    return 0


def _print_lines(lines, *, csv: bool, nothing: str, names: tuple[str, ...] = ()) -> int:
    """Print evidence as aligned lines or as CSV; article text is stripped of control characters."""
    from analysis.tables import clean_text, safe_cell

    if csv:
        table = lines.copy()
        for column in table.columns:
            if table[column].dtype == object or str(table[column].dtype) in ("str", "string"):
                table[column] = [safe_cell(value) for value in table[column]]
        print(table.to_csv(index=False, lineterminator="\n"), end="")
        return 0
    if lines.empty:
        print(nothing)
        return 0
    left = max(len(text) for text in lines["left"])
    place = max(len(f"{row.article_id}:{row.sentence_id}") for row in lines.itertuples())
    for row in lines.to_dict("records"):
        head = f"{row['article_id']}:{row['sentence_id']}".ljust(place)
        extra = "".join(f" {row[name]}" for name in names)
        print(clean_text(f"{head}{extra}  {row['left']:>{left}} [{row['match']}] {row['right']}"))
    print(f"{len(lines)} place{'s' if len(lines) != 1 else ''}")
    return 0


_WRITING = (_study, _run, _figures, _report)
"""The commands that write into a study, or write down what it says."""

if __name__ == "__main__":
    sys.exit(main())
