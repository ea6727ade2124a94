"""Writes a study: tables, figures, manifest, executed notebooks and report; reuses only what is still true."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from analysis.errors import Problem, StudyError, UnknownName
from analysis.figures.export import export_figures, export_tables, write_manifest
from analysis.kept_results import study_key
from analysis.methods_text import write_bibtex, write_methods
from analysis.paths import StudyPaths, check_writable, project_root
from analysis.results import Result
from analysis.tables import clean_text, write_bytes


def run_results(study, out: Path, *, only: Iterable[str] | None = None) -> list[Path]:
    """Write tables, figures and manifest to a folder.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    out : pathlib.Path
        Gets ``tables/``, ``figures/``, ``methods.md``, ``references.bib`` and ``manifest.json``.
    only : iterable of str, optional
        Some results; then no figures are drawn, and the manifest keeps what it says of the others if they were made of
        the same.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    check_writable(out / "tables")
    written = export_tables(compute(study, only=only), out / "tables")
    if only is None:
        written += export_figures(study, out / "figures", progress=True)
        written += _write_methods(study, out)
    return [*written, write_manifest(study, out / "manifest.json", written, keep=only is not None)]


def run_figures(study, folder: Path, *, only: Iterable[str] | None = None) -> list[Path]:
    """Write figures, and the manifest of those in the folder; for some figures, only if there is one.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    folder : pathlib.Path
        Where to.
    only : iterable of str, optional
        Some figure_ids.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    check_writable(folder)
    written = export_figures(study, folder, only=only, progress=True)
    manifest = folder / "manifest.json"
    if only is None or manifest.exists():
        written.append(write_manifest(study, manifest, written, keep=only is not None))
    return written


def run_study(study, *, workers: int = 2) -> list[str]:
    """Write everything: tables, figures, executed notebooks and report.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    workers : int
        Notebooks executed at a time.

    Returns
    -------
    list of str
        Lines that say where to look.
    """
    paths = study.paths
    for folder in (paths.tables, paths.figures, paths.notebooks, paths.cache):
        check_writable(folder)
    tables = export_tables(compute(study), paths.tables)
    methods = _write_methods(study, paths.results)
    write_manifest(study, paths.results / "manifest.json", [*tables, *methods])
    run_figures(study, paths.figures)
    report = run_report(study, None, workers=workers)
    return [
        "",
        "The study is done. Where to look:",
        f"  report     {report}",
        f"  figures    {paths.figures} (captions.md, manifest.json)",
        f"  tables     {paths.tables}",
        f"  methods    {paths.results / 'methods.md'} (the paragraph for a paper, with references.bib)",
        f"  notebooks  {paths.notebooks} (make lab opens them)",
    ]


def run_report(study, out: Path | None = None, *, workers: int = 2) -> Path:
    """Execute the notebooks that are not up to date, and write the report.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    out : pathlib.Path, optional
        The page; by default ``results/report.html`` of the study.
    workers : int
        Notebooks executed at a time.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    StudyError
        The study has no notebooks, or the page cannot be written.
    """
    from analysis.notebooks import execute_all, find_notebooks
    from analysis.report import export_report

    paths = study.paths
    out = (out or paths.report).resolve()
    if out.is_dir():
        remedy = "Name the page, such as report.html in that folder."
        raise StudyError([Problem(out.as_posix(), "a folder", "the name of a file", remedy)])
    check_writable(out.parent)
    copy_notebooks(paths)
    notebooks = find_notebooks(paths.notebooks)
    if not notebooks:
        problem = Problem(
            paths.shown(paths.notebooks), "no notebooks", "notebooks", "Restore the folder notebooks/."
        )
        raise StudyError([problem])
    execute_all(
        notebooks,
        study_dir=paths.root,
        workers=workers,
        cache_dir=paths.cache / "notebooks",
        key=study_key(paths, study.config),
    )
    lead = f"<p>{_escape(study.config.study.question)}</p>"
    return export_report(notebooks, out, title=study.config.study.title, lead_html=lead)


def compute(study, *, only: Iterable[str] | None = None) -> Mapping[str, Result]:
    """Compute results with a progress bar.

    Parameters
    ----------
    study : analysis.study.Study
        The study; it keeps the results.
    only : iterable of str, optional
        Some of its steps.

    Returns
    -------
    mapping of str to Result
        In the order of the steps.

    Raises
    ------
    UnknownName
        There is no such step.
    """
    from tqdm import tqdm

    names = list(study.steps) if only is None else list(only)
    for name in names:
        if name not in study.steps:
            raise UnknownName("step", name, study.steps)
    bar = tqdm(names, desc="results", unit="", dynamic_ncols=True)
    study.progress = partial(tqdm, leave=False, unit="", dynamic_ncols=True)
    for name in bar:
        bar.set_postfix_str(name, refresh=False)
        study.result(name)
    study.progress = iter
    for row in study.result("themes").excluded.itertuples() if "themes" in names else ():
        if row.what == "themes":
            tqdm.write(f"no themes: {row.why}")
    return study.run(only=names)


def _write_methods(study, folder: Path) -> list[Path]:
    """Write the methods paragraph of this run and the works that it cites."""
    texts = {"methods.md": write_methods(study), "references.bib": write_bibtex(study)}
    for name, text in texts.items():
        write_bytes(folder / name, clean_text(text).encode("utf-8"))
    return [folder / name for name in texts]


def copy_notebooks(paths: StudyPaths) -> None:
    """Give a study that has no notebooks of its own a copy of this project's, without their outputs.

    Parameters
    ----------
    paths : StudyPaths
        The study; notebooks that are there are left alone.
    """
    from analysis.notebooks import dump_notebook, find_notebooks, load_notebook, write_text

    source = project_root() / "notebooks"
    if paths.notebooks.exists() or paths.notebooks.resolve() == source.resolve() or not source.is_dir():
        return
    partial = paths.notebooks.with_name(".notebooks.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for path in find_notebooks(source):
        notebook = load_notebook(path)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        write_text(partial / path.name, dump_notebook(notebook))
    partial.rename(paths.notebooks)


def _escape(text: str) -> str:
    import html

    return html.escape(text)
