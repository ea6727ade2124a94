"""Writes all that a paper needs into one folder: figures, tables, methods, references, for LaTeX and for Word."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, StudyError, shorten_list
from analysis.figures.export import FORMATS, figure_content, render_figure, write_manifest
from analysis.figures.fit import fitting_widths
from analysis.figures.registry import find_figure, list_figures
from analysis.figures.spec import FigureSpec
from analysis.methods_text import cited_keys, draft_methods, write_bibtex, write_methods
from analysis.paper.latex import tex_figure, tex_methods, tex_table, unusual_signs, with_signs
from analysis.paper.model import PaperTable, words_of
from analysis.paper.readme import write_example, write_readme
from analysis.paper.trust import make_tables
from analysis.paper.word import WordFigure, word_figures, word_tables, word_text
from analysis.paths import check_writable
from analysis.tables import clean_text, hash_file, write_bytes

MANIFEST = "paper.json"
"""Names every file of the folder with its SHA-256: by it a folder is known as one's own."""

_SYSTEM_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class PaperFigure:
    """One figure as it was written.

    Parameters
    ----------
    spec : FigureSpec
        What it is.
    caption, alt : str
        Plain text.
    widths : tuple of float
        Inches at which it was drawn.
    png : bytes
        The image at its own width, for Word.
    height : float
        Inches.
    """

    spec: FigureSpec
    caption: str
    alt: str
    widths: tuple[float, ...]
    png: bytes
    height: float

    @property
    def name(self) -> str:
        """The id without its number, for labels."""
        return self.spec.figure_id.partition("_")[2]

    def file(self, width: float, kind: str = "pdf") -> str:
        """Name its file at a width.

        Parameters
        ----------
        width : float
            Inches.
        kind : str
            One of the formats.

        Returns
        -------
        str
            Within the folder.
        """
        return f"figures/{f'{width:g}'.replace('.', '_')}in/{self.spec.figure_id}.{kind}"


def export_paper(study, folder: Path, *, only: Iterable[str] | None = None, progress: bool = False) -> Path:
    """Write the folder: whole, or not at all.

    Parameters
    ----------
    study : analysis.study.Study
        The study; results that are not there yet are computed.
    folder : pathlib.Path
        Where to. It must not be there, or be empty, or hold what this function wrote and nothing else.
    only : iterable of str, optional
        Some figure_ids; the numbers may be left out.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pathlib.Path
        `folder`.

    Raises
    ------
    StudyError
        The folder holds something else, or cannot be written to.
    UnknownName
        There is no such figure.
    """
    folder = folder.resolve()
    specs = [find_figure(name) for name in dict.fromkeys(list_figures() if only is None else only)]
    check_folder(study, folder)
    partial, before = (folder.with_name(f".{folder.name}.{end}") for end in ("partial", "before"))
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _write_folder(study, partial, specs, progress=progress)
        # what was changed meanwhile is not lost
        check_folder(study, folder)
        if folder.exists():
            shutil.rmtree(before, ignore_errors=True)
            folder.rename(before)
        partial.rename(folder)
        shutil.rmtree(before, ignore_errors=True)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        if before.exists() and not folder.exists():
            before.rename(folder)
        raise
    return folder


def check_folder(study, folder: Path) -> None:
    """Find out before any work is done whether a folder may be written, and replaced.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    folder : pathlib.Path
        Where to.

    Raises
    ------
    StudyError
        It is a file, the folder one is in, among the seeds, or holds something else.
    """
    found, allowed = "", "a folder that is not there, is empty, or was written by this command"
    remedy = "Name another folder, or move what is there elsewhere."
    here = Path.cwd().resolve()
    if folder.exists() and not folder.is_dir():
        found = "a file"
    elif folder == here or folder in here.parents:
        found, remedy = "the folder you are in, or one above it", "Name a folder below it, such as paper."
    elif study.paths.seeds.resolve() in (folder, *folder.parents):
        found, remedy = "a folder of the seeds, which are read-only to programs", "Name another folder."
    elif folder.is_dir():
        strange = _strange_files(folder)
        if strange:
            found = f"a folder that holds something else: {shorten_list(strange, 3)}"
    if found:
        raise StudyError([Problem(folder.as_posix(), found, allowed, remedy)])
    check_writable(folder.parent)


def _strange_files(folder: Path) -> list[str]:
    """List what lies in a folder and was not written there, or was changed since."""
    try:
        known = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["outputs"]
        known = {str(name): str(digest) for name, digest in known.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = {}
    strange = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name in _SYSTEM_FILES or (path.is_dir() and not path.is_symlink()):
            continue
        if name == MANIFEST and known:
            continue
        if name not in known:
            strange.append(name)
        elif path.is_symlink() or hash_file(path) != known[name]:
            strange.append(f"{name} (changed since it was written)")
    return strange


def _write_folder(study, folder: Path, specs: list[FigureSpec], *, progress: bool) -> None:
    """Write every file into a folder that nobody sees yet."""
    figures = _write_figures(study, folder, specs, progress=progress)
    tables = make_tables(study)
    title = study.config.study.title
    draft, methods = draft_methods(study), write_methods(study)
    texts = {
        "figures.tex": _figures_tex(figures),
        "tables.tex": "\n".join(rf"\input{{\framingfolder/tables/{table.table_id}}}" for table in tables)
        + "\n",
        "methods.tex": tex_methods(draft, cited_keys(draft)),
        "methods.txt": methods,
        "references.bib": write_bibtex(study),
        "captions.txt": _captions(figures, tables),
        "example.tex": write_example(title),
    }
    texts |= {f"tables/{table.table_id}.tex": tex_table(table) for table in tables}
    texts |= {name: with_signs(text) for name, text in texts.items() if name.endswith(".tex")}
    signs = unusual_signs(texts["captions.txt"] + methods + "".join(words_of(table) for table in tables))
    texts["README.txt"] = write_readme(
        title, [(figure.spec.figure_id, figure.widths) for figure in figures], tables, signs
    )
    for name, text in texts.items():
        write_bytes(folder / name, clean_text(text).encode("utf-8"))
    documents = {
        "figures.docx": word_figures(
            [
                WordFigure(
                    figure.spec.title,
                    figure.caption,
                    figure.alt,
                    figure.png,
                    (figure.spec.width, figure.height),
                )
                for figure in figures
            ],
            title=f"Figures: {title}",
        ),
        "tables.docx": word_tables(tables, title=f"Tables: {title}"),
        "methods.docx": word_text(methods, title="Methods"),
    }
    for name, data in documents.items():
        write_bytes(folder / name, data)
    write_manifest(study, folder / MANIFEST, [path for path in folder.rglob("*") if path.is_file()])


def _write_figures(study, folder: Path, specs: list[FigureSpec], *, progress: bool) -> list[PaperFigure]:
    """Draw every figure at every width that it bears."""
    from tqdm import tqdm

    made = []
    for spec in tqdm(specs, desc="paper", unit="", disable=not progress, dynamic_ncols=True):
        data, caption = figure_content(spec, study)
        drawn = fitting_widths(spec, data)
        images = {width: {kind: render_figure(fig, kind) for kind in FORMATS} for width, fig in drawn.items()}
        figure = PaperFigure(
            spec,
            " ".join(clean_text(caption).split()),
            " ".join(clean_text(spec.alt(data)).split()),
            tuple(drawn),
            images[spec.width]["png"],
            float(drawn[spec.width].get_figheight()),
        )
        for width, kinds in images.items():
            for kind, content in kinds.items():
                write_bytes(folder / figure.file(width, kind), content)
        made.append(figure)
    return made


def _figures_tex(figures: list[PaperFigure]) -> str:
    """Write all figures, each at its own width, with its other widths named."""
    # the key alt is known to graphicx from 2021 on
    start = (
        r"\providecommand{\framingfolder}{.}" + "\n" + r"\makeatletter\ifcsname KV@Gin@alt\endcsname\else"
        r"\define@key{Gin}{alt}{}\fi\makeatother" + "\n"
    )
    parts = [start]
    for number, figure in enumerate(figures, start=1):
        widths = ", ".join(figure.file(width) for width in figure.widths)
        parts.append(
            f"% Figure {number}: {widths}\n"
            + tex_figure(
                figure.name, figure.file(figure.spec.width), (figure.spec.title, figure.caption), figure.alt
            )
        )
    return "\n".join(parts)


def _captions(figures: list[PaperFigure], tables: list[PaperTable]) -> str:
    """Write captions, notes and alt texts as plain text."""
    parts = [
        f"Figure {number}. {figure.spec.title}. {figure.caption}\nAlt text: {figure.alt}\n"
        f"Widths in inches: {', '.join(f'{width:g}' for width in figure.widths)}"
        for number, figure in enumerate(figures, start=1)
    ]
    parts += [
        f"Table {number}. {table.title}.\nNote. {table.note}\nAlt text: {table.alt}"
        for number, table in enumerate(tables, start=1)
    ]
    return "\n\n".join(parts) + "\n"
