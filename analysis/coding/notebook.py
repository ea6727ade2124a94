"""Writes the notebook in which a coder codes: a few cells that open the desk of `analysis.coding.desk`."""

from __future__ import annotations

import json

from analysis.codebook import CodingTask

_INTRODUCTION = """# Coding desk: {label}

This notebook codes `sheet-{coder}.csv`, which lies beside it with `codebook.json`. Run the cell below (Shift+Enter),
click once into the desk, and code; the keys are listed below it. Every code is saved at once. After a crash or a closed
browser, run the cell again: the desk opens at the first item that is not coded.

Use one copy at a time: the workbook `sheet-{coder}.xlsx` is another way to do the same, not an addition.
You are not told which outlet wrote what you read, and should not look it up."""

_CODE = """from analysis.coding.desk import open_desk

open_desk("sheet-{coder}.csv")"""


def notebook_bytes(coder: str, task: CodingTask) -> bytes:
    """Write one coder's notebook.

    Parameters
    ----------
    coder : str
        Names the sheet.
    task : CodingTask
        What is coded.

    Returns
    -------
    bytes
        The notebook as JSON: same coder and task, same bytes.
    """
    cells = [
        _cell("introduction", "markdown", _INTRODUCTION.format(label=_plain(task.label), coder=coder)),
        _cell("desk", "code", _CODE.format(coder=coder)),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _cell(name: str, kind: str, source: str) -> dict:
    cell = {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True)}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


def _plain(text: str) -> str:
    """Keep a label of the codebook from being markup."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|$&" else letter for letter in " ".join(text.split())
    )
