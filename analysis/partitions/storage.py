"""Partial results on disk: named by what they were made from, whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import Problem, StudyError
from analysis.paths import project_root
from analysis.tables import hash_file

FOLDER = ".partitions"
"""Where partial results are, below the folder of the results; it may be deleted when no run is under way."""



def make_key(*facts: Any) -> str:
    """Hash what a partial result is made from.

    Parameters
    ----------
    *facts : object
        Whatever JSON can write.

    Returns
    -------
    str
        24 hexadecimal digits.
    """
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:24]


@cache
def code_version() -> str:
    """Hash the package's own code and data, and the versions that it is locked to.

    Returns
    -------
    str
        24 hexadecimal digits; partial results of another version are not used.
    """
    root = project_root()
    files = [
        file for file in (root / "analysis").rglob("*") if file.suffix in (".py", ".csv", ".toml", ".json")
    ]
    files += [file for file in [root / "requirements.lock"] if file.is_file()]
    return make_key([(file.relative_to(root).as_posix(), hash_file(file)) for file in sorted(files)])


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Make a folder of partial results that is whole or not there.

    Parameters
    ----------
    folder : pathlib.Path
        Its name.

    Yields
    ------
    pathlib.Path
        A folder to write into; it gets its name at the end, unless another worker was first.
    """
    partial = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    partial.mkdir(parents=True)
    try:
        yield partial
        try:
            os.rename(partial, folder)
        except OSError:
            # two workers may have been given the same work: their results are the same
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Let one run at a time write to a folder, and clear what a killed run left half done.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of partial results; it is made.

    Yields
    ------
    None
        While the folder is this run's.

    Raises
    ------
    StudyError
        Another run is under way.
    """
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            found, remedy = "a run that is under way", "Wait for it, or name another folder with --out."
            raise StudyError([Problem(folder.as_posix(), found, "one run at a time", remedy)]) from None
        for left in folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def save_arrays(folder: Path, **arrays: np.ndarray) -> None:
    """Write arrays, one file each.

    Parameters
    ----------
    folder : pathlib.Path
        Where to.
    **arrays : numpy.ndarray
        By name.
    """
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)


def load_array(folder: Path, name: str) -> np.ndarray:
    """Read an array of partial results, of which only what is used is brought into memory.

    Parameters
    ----------
    folder : pathlib.Path
        A folder of partial results.
    name : str
        The array's name.

    Returns
    -------
    numpy.ndarray
        Mapped, for reading.
    """
    path = folder / f"{name}.npy"
    # an empty array cannot be mapped
    return np.load(path, mmap_mode=None if path.stat().st_size <= 4096 else "r", allow_pickle=False)
