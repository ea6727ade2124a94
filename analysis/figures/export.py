"""Exports figures: PDF, SVG, PNG, CSV, alt text and captions, the same to the byte at every run, with a manifest."""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pandas as pd

from analysis.display import Shown, figure_html
from analysis.duplicates.copies import describe_copies
from analysis.figures.glyphs import drawable_table
from analysis.figures.registry import find_figure, list_figures
from analysis.figures.spec import FigureSpec
from analysis.plots.style import RC
from analysis.results import Result
from analysis.tables import clean_text, hash_file, round_table, write_bytes, write_table

_OF_NO_ARTICLE = ("17_scorer_benchmark", "18_confusion", "20_calibration")
_PADDING = 0.07  # inches around and between axes
FORMATS = ("pdf", "svg", "png")
_WITHOUT_DATES = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
_LIBRARIES = ("matplotlib", "numpy", "pandas", "scikit-learn", "scipy", "vaderSentiment", "ahocorasick_rs")


def draw_figure(spec: FigureSpec, data: pd.DataFrame):
    """Draw a figure from its table alone.

    Parameters
    ----------
    spec : FigureSpec
        The figure.
    data : pandas.DataFrame
        Its table.

    Returns
    -------
    matplotlib.figure.Figure
        Of exact width, with constrained layout, not known to pyplot.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **RC, "backend": "agg"}):
        fig = Figure(figsize=(spec.width, spec.height(data)), layout="constrained")
        fig.get_layout_engine().set(w_pad=_PADDING, h_pad=_PADDING, rect=(0.01, 0.005, 0.98, 0.99))
        if data.empty:
            fig.text(0.5, 0.5, "nothing to show: see the caption", ha="center", va="center")
        else:
            spec.draw(fig, data)
        # drawing under these settings fixes layout and tick labels; the layout is then frozen, since every
        # further pass would move it a little and the PNG would depend on what was rendered before it
        fig.draw_without_rendering()
        fig.draw_without_rendering()
        fig.set_layout_engine("none")
        for ax in fig.axes:
            # the solver's last digits change with memory addresses, and an SVG names its clip paths by them
            bounds = [round(bound, 6) for bound in ax.get_position(original=True).bounds]
            ax.set_position(bounds, which="original")
    return fig


def render_figure(fig, kind: str, *, dpi: int = 300) -> bytes:
    """Render a figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        From `draw_figure`.
    kind : {"pdf", "svg", "png"}
        The format.
    dpi : int
        Resolution of a PNG.

    Returns
    -------
    bytes
        Without dates: equal for equal figures.
    """
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **RC, "backend": "agg"}):
        fig.savefig(buffer, format=kind, dpi=dpi, metadata=_WITHOUT_DATES[kind])
    return buffer.getvalue()


def show_figure(study, figure_id: str) -> Shown:
    """Draw a figure for a notebook.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    figure_id : str
        One of `analysis.figures.registry.list_figures`; its number may be left out.

    Returns
    -------
    analysis.display.Shown
        With alt text and caption.
    """
    spec = find_figure(figure_id)
    data, caption = figure_content(spec, study)
    png = render_figure(draw_figure(spec, data), "png", dpi=150)
    return figure_html(png, alt=spec.alt(data), caption=f"{spec.title}. {caption}", width=spec.width)


def figure_content(spec: FigureSpec, study) -> tuple[pd.DataFrame, str]:
    """Return what a figure is drawn from, and its caption.

    Parameters
    ----------
    spec : FigureSpec
        The figure.
    study : analysis.study.Study
        The study.

    Returns
    -------
    data : pandas.DataFrame
        Its table, rounded, with names that the font can draw.
    caption : str
        Plain text; it says which names stand for others.
    """
    data, note = drawable_table(round_table(spec.data(study)), study)
    about = "" if spec.figure_id in _OF_NO_ARTICLE else describe_copies(study.corpus)
    return data, " ".join(filter(None, (spec.caption(data), note, about)))


def export_figures(
    study, folder: Path, *, only: Iterable[str] | None = None, progress: bool = False
) -> list[Path]:
    """Write the figures of a study and, if all are written, their captions.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    folder : pathlib.Path
        Where to; made if needed.
    only : iterable of str, optional
        Some figure_ids; the captions stay as they are then.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    from tqdm import tqdm

    specs = [find_figure(name) for name in (list_figures() if only is None else only)]
    written = []
    for spec in tqdm(specs, desc="figures", unit="", disable=not progress, dynamic_ncols=True):
        written += export_figure(spec, study, folder)
    if only is None:
        captions = [
            f"**Figure {number}. {spec.title}.** {_markdown(figure_content(spec, study)[1])}"
            for number, spec in enumerate(specs, start=1)
        ]
        written.append(
            write_bytes(folder / "captions.md", ("# Captions\n\n" + "\n\n".join(captions) + "\n").encode())
        )
    return written


def export_figure(spec: FigureSpec, study, folder: Path) -> list[Path]:
    """Write one figure in every format, with its table and alt text.

    Parameters
    ----------
    spec : FigureSpec
        The figure.
    study : analysis.study.Study
        The study.
    folder : pathlib.Path
        Where to.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    data, _ = figure_content(spec, study)
    fig = draw_figure(spec, data)
    written = [write_bytes(folder / f"{spec.figure_id}.{kind}", render_figure(fig, kind)) for kind in FORMATS]
    written.append(write_table(data, folder / f"{spec.figure_id}.csv"))
    written.append(
        write_bytes(folder / f"{spec.figure_id}.alt.txt", (clean_text(spec.alt(data)) + "\n").encode())
    )
    return written


def export_tables(results: Mapping[str, Result], folder: Path) -> list[Path]:
    """Write the results' tables, and what was excluded.

    Parameters
    ----------
    results : mapping of str to Result
        From `analysis.study.Study.run`.
    folder : pathlib.Path
        Where to.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    written = [write_table(result.table, folder / f"{name}.csv") for name, result in results.items()]
    excluded = [
        result.excluded.assign(result=name) for name, result in results.items() if len(result.excluded)
    ]
    columns = ["result", "what", "n", "why"]
    table = pd.concat(excluded)[columns] if excluded else pd.DataFrame(columns=columns)
    written.append(write_table(table, folder / "excluded.csv"))
    return written


def write_manifest(study, path: Path, outputs: Iterable[Path], *, keep: bool = False) -> Path:
    """Write what made the outputs: SHA-256 of inputs and outputs, versions and parameters.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    path : pathlib.Path
        The manifest.
    outputs : iterable of pathlib.Path
        Files in or below the manifest's folder.
    keep : bool
        Whether other outputs of the manifest that stands there stay in it, if they were made of the same inputs with
        the same parameters and versions, and are as they were.

    Returns
    -------
    pathlib.Path
        `path`.
    """
    inputs = [study.paths.config, *(file for file in study.paths.seeds.rglob("*") if file.is_file())]
    content = {
        "study": study.config.study.title,
        "package": version("comparative-framing-study"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "parameters": study.config.as_dict(),
        "inputs": {study.paths.shown(file): hash_file(file) for file in sorted(inputs)},
    }
    hashes = _read_outputs(path, content) if keep else {}
    hashes |= {file.relative_to(path.parent).as_posix(): hash_file(file) for file in set(outputs)}
    content["outputs"] = {name: hashes[name] for name in sorted(hashes, key=PurePosixPath)}
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=False)
    return write_bytes(path, (text + "\n").encode("utf-8"))


def _read_outputs(path: Path, content: Mapping[str, object]) -> dict[str, str]:
    """Read which outputs a manifest vouches for that was made of the same, and that are as they were."""
    try:
        before = json.loads(path.read_bytes())
        outputs = before.pop("outputs")
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return {}
    if before != json.loads(json.dumps(content)) or not isinstance(outputs, dict):
        return {}
    files = {name: path.parent / name for name in outputs}
    return {
        name: outputs[name]
        for name, file in files.items()
        if file.is_file() and hash_file(file) == outputs[name]
    }


def _markdown(text: str) -> str:
    """Escape what Markdown or HTML would interpret in untrusted text."""
    escaped = clean_text(text).replace("\\", "\\\\")
    for sign in "`*_[]<>|$#":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped
