"""Reads, normalises, writes and compares notebook files; runs nothing.

Normalising is apart from running, so that a notebook saved from JupyterLab can be normalised as it is.
Two notebooks that say the same have the same bytes afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import FramingError, shorten

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}
WIDGET_TYPES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
LIVE = {"framing": {"live": True}}
"""Metadata of an output that only a running notebook can use; it is not kept."""

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_ESTIMATOR = re.compile(r"sk-(container|estimator)-id-\d+")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_IMAGE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=\s]+")


class NotebookError(FramingError):
    """A notebook could not be read or run; names the notebook, the cell, its source and the error."""


def find_notebooks(folder: Path) -> list[Path]:
    """List the notebooks of a folder in the order in which they are read.

    Parameters
    ----------
    folder : pathlib.Path
        Looked at itself, not below it: checkpoints lie deeper.

    Returns
    -------
    list of pathlib.Path
        Sorted by name; empty if there are none.

    Examples
    --------
    >>> find_notebooks(Path("no-such-folder"))
    []
    """
    return sorted(path for path in Path(folder).glob("*.ipynb") if not path.name.startswith("."))


def load_notebook(path: Path) -> NotebookNode:
    """Read a notebook file.

    Parameters
    ----------
    path : pathlib.Path
        The notebook, of any nbformat 4 version.

    Returns
    -------
    NotebookNode

    Raises
    ------
    NotebookError
        The file is missing or is no notebook.
    """
    import nbformat

    try:
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
        notebook = nbformat.from_dict(raw)
        if raw.get("nbformat") != 4 or not all("cell_type" in cell for cell in notebook.cells):
            raise ValueError("not in notebook format 4")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise NotebookError(
            f"{path}: no readable notebook ({error}). Write it again with JupyterLab, or restore it."
        ) from error
    return _join_lines(notebook)


def dump_notebook(notebook: NotebookNode) -> str:
    """Write a notebook as text: same notebook, same bytes.

    Parameters
    ----------
    notebook : NotebookNode
        Usually from :func:`normalise_notebook`.

    Returns
    -------
    str
        JSON as JupyterLab writes it, one line of source a line, a newline at the end.

    Examples
    --------
    >>> from nbformat import v4
    >>> dump_notebook(v4.new_notebook()).splitlines()[:2]
    ['{', ' "cells": [],']
    """
    import nbformat

    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def normalise_notebook(notebook: NotebookNode) -> NotebookNode:
    """Remove from a notebook whatever differs between two runs that found the same.

    Kept are the sources, the tags, and the outputs but for standard error. Counters, times, widget state,
    memory addresses and the running numbers of scikit-learn's HTML go; cells are named by their position.

    Parameters
    ----------
    notebook : NotebookNode
        Left as it is.

    Returns
    -------
    NotebookNode
        A new one.

    Examples
    --------
    >>> from nbformat import v4
    >>> cell = v4.new_code_cell("x = 1\\n", execution_count=7)
    >>> kept = normalise_notebook(v4.new_notebook(cells=[cell])).cells[0]
    >>> kept.id, kept.source, kept.execution_count
    ('cell-00', 'x = 1', None)
    """
    from nbformat import v4

    numbers: dict[str, str] = {}
    cells = []
    for position, cell in enumerate(notebook.cells):
        source = _joined(cell.source).rstrip()
        make = getattr(v4, f"new_{cell.cell_type}_cell")
        kept = make(source, id=f"cell-{position:02d}")
        if tags := sorted(cell.metadata.get("tags", [])):
            kept.metadata["tags"] = tags
        if cell.cell_type == "code":
            kept.execution_count = None
            kept.outputs = _normalise_outputs(cell.get("outputs", []), numbers)
        cells.append(kept)
    metadata = {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE)}
    result = v4.new_notebook(cells=cells, metadata=metadata)
    result.nbformat_minor = 5
    return result


def compare_notebooks(
    committed: NotebookNode, executed: NotebookNode, *, name: str = "notebook", images: bool = True
) -> list[str]:
    """Say where two notebooks differ, as a reader would look for it.

    Parameters
    ----------
    committed, executed : NotebookNode
        What is expected and what came out; both are normalised first.
    name : str
        How the notebook is called in the lines.
    images : bool
        Whether the bytes of images count. They depend on the version of matplotlib.

    Returns
    -------
    list of str
        One line for each differing source or output; empty if they are equal.

    Examples
    --------
    >>> from nbformat import v4
    >>> one, two = (v4.new_notebook(cells=[v4.new_code_cell(source)]) for source in ("x = 1", "x = 2"))
    >>> compare_notebooks(one, two, name="01_corpus.ipynb")
    ["01_corpus.ipynb, cell 1, source: line 1: committed 'x = 1', executed 'x = 2'"]
    """
    old, new = normalise_notebook(committed).cells, normalise_notebook(executed).cells
    differences = []
    if len(old) != len(new):
        differences.append(f"{name}: {len(old)} cells committed, {len(new)} executed")
    for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        parts = {"type": lambda cell: cell.cell_type, "source": lambda cell: cell.source}
        place = f"{name}, cell {number}"
        for part, get in parts.items():
            if get(before) != get(after):
                differences.append(f"{place}, {part}: {_first_difference(get(before), get(after))}")
        outputs = before.get("outputs", []), after.get("outputs", [])
        if len(outputs[0]) != len(outputs[1]):
            differences.append(f"{place}: {len(outputs[0])} outputs committed, {len(outputs[1])} executed")
        for index, pair in enumerate(zip(*outputs, strict=False), start=1):
            shown = [_parts_of_output(output, images) for output in pair]
            for part in sorted(shown[0].keys() | shown[1].keys()):
                texts = [one.get(part, "") for one in shown]
                if texts[0] != texts[1]:
                    differences.append(f"{place}, output {index}, {part}: {_first_difference(*texts)}")
    return differences


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader finds the old one or the new one, never a half.

    Parameters
    ----------
    path : pathlib.Path
        Replaced, or left alone if it holds the text already.
    text : str
        Written as UTF-8 with plain newlines.
    """
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _joined(text: str | list[str]) -> str:
    """Join what a notebook file may hold as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _join_lines(notebook: NotebookNode) -> NotebookNode:
    """Join all lists of lines, as they stand in files, to texts."""
    for cell in notebook.cells:
        cell.source = _joined(cell.get("source", ""))
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = _joined(output.text)
            for kind, value in output.get("data", {}).items():
                if isinstance(value, list) and not kind.endswith("json"):
                    output.data[kind] = _joined(value)
    return notebook


def _normalise_outputs(outputs: list[NotebookNode], numbers: dict[str, str]) -> list[NotebookNode]:
    """Normalise the outputs of one cell; `numbers` renumbers scikit-learn's ids over the whole notebook."""
    from nbformat import v4

    def clean(text: str) -> str:
        text = _ADDRESS.sub("at 0x0", text)
        return _ESTIMATOR.sub(
            lambda match: numbers.setdefault(match[0], f"sk-{match[1]}-id-{len(numbers) + 1}"), text
        )

    kept: list[NotebookNode] = []
    for output in outputs:
        kind = output.output_type
        if kind == "stream":
            if output.name == "stderr":
                continue
            text = clean(_joined(output.text))
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += text
            else:
                kept.append(v4.new_output("stream", name=output.name, text=text))
        elif kind == "error":
            told = {"ename": output.ename, "evalue": clean(output.evalue)}
            kept.append(v4.new_output("error", **told, traceback=[clean(line) for line in output.traceback]))
        elif not _is_live(output):
            data = {
                mime: clean(_joined(value)) if mime.startswith("text/") else value
                for mime, value in sorted(output.data.items())
                if mime not in WIDGET_TYPES
            }
            metadata = json.loads(json.dumps(output.get("metadata", {}), sort_keys=True))
            kept.append(v4.new_output(kind, data=data, metadata=metadata))
    return kept


def _is_live(output: NotebookNode) -> bool:
    """Whether an output is of use to a running notebook only: a widget, whose static twin stands beside it."""
    shown = set(output.data) - set(WIDGET_TYPES)
    marked = bool(output.get("metadata", {}).get("framing", {}).get("live"))
    return marked or (len(shown) < len(output.data) and shown <= {"text/plain"})


def _parts_of_output(output: NotebookNode, images: bool) -> dict[str, str]:
    """Split an output into named texts, images shortened to their hash, or to nothing."""

    def shown(text: str) -> str:
        return _IMAGE.sub(lambda match: _image_mark(match[0], images), text)

    if output.output_type == "stream":
        return {output.name: shown(output.text)}
    if output.output_type == "error":
        return {"error": f"{output.ename}: {output.evalue}"}
    parts = {}
    for kind, value in output.data.items():
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        parts[kind] = _image_mark(text, images) if kind.startswith("image/") else shown(text)
    return parts


def _image_mark(data: str, images: bool) -> str:
    """Stand in for an image's bytes."""
    return f"[image {hashlib.sha256(data.encode()).hexdigest()[:12]}]" if images else "[image]"


def _first_difference(before: str, after: str, width: int = 100) -> str:
    """Show the first place where two texts differ, on one line."""
    old, new = before.splitlines() or [""], after.splitlines() or [""]
    for number in range(max(len(old), len(new))):
        pair = [lines[number] if number < len(lines) else None for lines in (old, new)]
        if pair[0] != pair[1]:
            break
    if None in pair:
        shown = ["nothing" if line is None else shorten(line, width) for line in pair]
    else:
        # long lines are shown from a little before the place, else both ends would look alike
        start = max(0, len(os.path.commonprefix(pair)) - width // 3)
        shown = [shorten(line[start:], width) for line in pair]
    return f"line {number + 1}: committed {shown[0]}, executed {shown[1]}"
