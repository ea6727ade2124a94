"""Keeps results that take long on disk, for as long as nothing that made them changes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis.config import StudyConfig
from analysis.paths import StudyPaths, project_root
from analysis.results import Result
from analysis.tables import hash_file, write_bytes

KEPT_STEPS = ("theme_stability", "multiverse", "calibration")
"""The results that take longest and have no sentences of their own: the notebooks share them."""
_LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy")
_META = b"result"
_LOADED = time.time()


def study_key(paths: StudyPaths, config: StudyConfig) -> str:
    """Hash all that results depend on.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.

    Returns
    -------
    str
        Of inputs, parameters, the package's code and data, the lock, Python and the numerical libraries.
    """
    # strings, since paths of many articles are slow to compare
    seeds = sorted(os.path.join(folder, name) for folder, _, names in os.walk(paths.seeds) for name in names)
    files = [paths.config, *map(Path, seeds)]
    if config.contrasts.reference:
        files.append(paths.root / config.contrasts.reference)
    digest = hashlib.sha256(_hash_code().encode())
    digest.update(json.dumps(config.as_dict(), sort_keys=True).encode())
    for file in files:
        if file.is_file():
            name = file.relative_to(paths.root).as_posix() if file.is_relative_to(paths.root) else file.name
            digest.update(f"{name}\0{hash_file(file)}\n".encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _hash_code() -> str:
    """Hash the package, the lock, and the versions that are installed."""
    root = project_root()
    lock = [file for file in (root / "requirements.lock", root / "pyproject.toml") if file.is_file()]
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in [*_code(), *lock]:
        digest.update(f"{file.relative_to(root).as_posix()}\0{hash_file(file)}\n".encode())
    return digest.hexdigest()


def _code() -> list[Path]:
    """List the files of the package."""
    files = (project_root() / "analysis").rglob("*")
    return sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _is_edited() -> bool:
    """Say whether the package changed since it was loaded: then this process runs other code than it would hash."""
    return any(file.stat().st_mtime > _LOADED for file in _code())


def compute_once(name: str, compute: Callable[[], Result], key: Callable[[], str], *, cache: Path) -> Result:
    """Compute a result, or take it from disk where all that made it is the same.

    Parameters
    ----------
    name : str
        Of the result; only `KEPT_STEPS` are kept.
    compute : callable
        Makes the result; called only if it is needed.
    key : callable
        Gives the hash of all that the result depends on.
    cache : pathlib.Path
        Folder of kept results; may be deleted at any time.

    Returns
    -------
    Result
        The same, bit for bit, from either way.
    """
    if name not in KEPT_STEPS or _is_edited():
        return compute()
    path = cache / f"{name}-{key()[:32]}.parquet"
    kept = _read(path)
    if kept is not None:
        return kept
    result = compute()
    data = _dump(result)
    if data is not None:
        # a full disk or a read-only folder: the result stands, and is computed again next time
        with suppress(OSError):
            write_bytes(path, data)
    return result


def _dump(result: Result) -> bytes | None:
    """Write a result as one Parquet file; None if it could not be read back as it is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if result.evidence is not None:
        return None
    try:
        rest = {
            "name": result.name,
            "params": dict(result.params),
            "provenance": dict(result.provenance),
            "excluded": result.excluded.to_dict("records"),
        }
        table = pa.Table.from_pandas(result.table, preserve_index=False)
        meta = {**(table.schema.metadata or {}), _META: json.dumps(rest).encode()}
        buffer = io.BytesIO()
        pq.write_table(table.replace_schema_metadata(meta), buffer)
    except (TypeError, ValueError, pa.ArrowException):
        return None
    back = _load(buffer.getvalue())
    same = (
        back.table.equals(result.table)
        and list(back.table.dtypes) == list(result.table.dtypes)
        and dict(back.params) == dict(result.params)
        and dict(back.provenance) == dict(result.provenance)
        and back.excluded.to_dict("records") == result.excluded.to_dict("records")
    )
    return buffer.getvalue() if same else None


def _load(data: bytes) -> Result:
    """Read a result back."""
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    rest = json.loads(table.schema.metadata[_META])
    excluded = pd.DataFrame(rest.pop("excluded"), columns=["what", "n", "why"])
    return Result(table=table.to_pandas(), excluded=excluded, **rest)


def _read(path: Path) -> Result | None:
    """Read a kept result; a file that is not whole counts as none."""
    try:
        return _load(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None
