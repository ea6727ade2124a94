"""Runs notebooks, skips those that have nothing to do, and says in which cell one failed.

A notebook runs in a kernel of the Python that runs this module: no kernel has to be installed, and the
user's own Jupyter and IPython settings stay out. The names of :mod:`analysis.notebook_format` can be had from
here too.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from analysis.notebook_format import (
    NotebookError,
    compare_notebooks,
    dump_notebook,
    find_notebooks,
    load_notebook,
    normalise_notebook,
    write_text,
)
from analysis.paths import STUDY_VARIABLE

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config

__all__ = [
    "NotebookError",
    "NotebookRun",
    "compare_notebooks",
    "dump_notebook",
    "execute_all",
    "execute_notebook",
    "find_notebooks",
    "load_notebook",
    "normalise_notebook",
    "write_text",
]

# Set for every kernel, whoever starts it: the same seed, clock and threads, so the same bytes.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # figures are closed into images by the package; no notebook needs a window or the inline backend
    "MPLBACKEND": "Agg",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    # no colours, and one width of line, whatever terminal the study is started from
    "TERM": "dumb",
    "COLUMNS": "100",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

# The longest path of a socket is 104 bytes on macOS and 108 on Linux; jupyter_client adds a number to ours.
LONGEST_SOCKET = 96

_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class NotebookRun:
    """What became of one notebook of :func:`execute_all`.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    seconds : float
        How long it ran; 0 if it was not run.
    reused : bool
        Whether the outputs in the file were still good.
    """

    path: Path
    seconds: float
    reused: bool


def execute_notebook(path: Path, *, study_dir: Path | None = None, timeout: float = 600) -> NotebookNode:
    """Run one notebook from top to bottom; the file is not changed.

    Parameters
    ----------
    path : pathlib.Path
        The notebook; it runs in its own folder.
    study_dir : pathlib.Path, optional
        The study that the notebook reads, given to it as ``FRAMING_STUDY``.
    timeout : float
        Seconds that one cell may take.

    Returns
    -------
    NotebookNode
        Normalised.

    Raises
    ------
    NotebookError
        A cell failed, took too long, or the kernel died.
    """
    return _in_own_loop(lambda: _execute(Path(path), study_dir, timeout))


def execute_all(
    paths: Iterable[Path], *, study_dir: Path | None, workers: int = 2, cache_dir: Path, key: str
) -> list[NotebookRun]:
    """Run notebooks in place, with a progress bar, and skip those that have nothing to do.

    A notebook is skipped if its sources, `key` and the file as it lies there are those of its last run. Each
    is written to a temporary file, renamed, and remembered as soon as it is done: a run that was stopped goes
    on where it was. One that fails keeps its old file and does not stop the others.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        The notebooks.
    study_dir : pathlib.Path or None
        See :func:`execute_notebook`.
    workers : int
        How many kernels run at a time.
    cache_dir : pathlib.Path
        Where it is remembered what was run; may be deleted at any time.
    key : str
        A hash of all that the outputs depend on beside the notebook: inputs, code, parameters, versions.

    Returns
    -------
    list of NotebookRun
        In the order of `paths`.

    Raises
    ------
    NotebookError
        Some failed: all of them, in the order of `paths`.
    """
    from tqdm import tqdm

    paths = [Path(path) for path in paths]
    stamps = [_Stamp(path, Path(cache_dir), key) for path in paths]
    done: dict[int, NotebookRun | NotebookError] = {}

    async def run_one(number: int, slots: asyncio.Semaphore, bar: Any) -> None:
        async with slots:
            start = perf_counter()
            try:
                if stamps[number].holds():
                    done[number] = NotebookRun(paths[number], 0.0, True)
                else:
                    notebook = await _execute(paths[number], study_dir, 600)
                    write_text(paths[number], dump_notebook(notebook))
                    stamps[number].set()
                    done[number] = NotebookRun(paths[number], perf_counter() - start, False)
            except NotebookError as error:
                done[number] = error
        bar.set_postfix_str(paths[number].stem, refresh=False)
        bar.update()

    async def run() -> None:
        slots = asyncio.Semaphore(max(1, workers))
        with tqdm(total=len(paths), desc="notebooks", unit="", dynamic_ncols=True) as bar:
            jobs = [run_one(number, slots, bar) for number in range(len(paths))]
            # exceptions are gathered too: at Ctrl-C, all kernels are waited for, not only the first
            for unforeseen in filter(None, await asyncio.gather(*jobs, return_exceptions=True)):
                raise unforeseen

    _in_own_loop(run)
    outcomes = [done[number] for number in range(len(paths))]
    failed = [outcome for outcome in outcomes if isinstance(outcome, NotebookError)]
    if failed:
        raise failed[0] if len(failed) == 1 else NotebookError("\n\n".join(map(str, failed)))
    return outcomes


class _Stamp:
    """Remembers with which sources, key and result a notebook was last run."""

    def __init__(self, path: Path, cache_dir: Path, key: str):
        self.path, self.key = path, key
        place = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
        self.file = cache_dir / f"{path.stem}-{place}.json"

    def holds(self) -> bool:
        try:
            return json.loads(self.file.read_text(encoding="utf-8")) == self._state()
        except (OSError, ValueError):
            return False

    def set(self) -> None:
        write_text(self.file, json.dumps(self._state(), indent=1, sort_keys=True) + "\n")

    def _state(self) -> dict[str, str]:
        bare = normalise_notebook(load_notebook(self.path))
        for cell in bare.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        return {
            "source": hashlib.sha256(dump_notebook(bare).encode("utf-8")).hexdigest(),
            "key": self.key,
            "file": hashlib.sha256(self.path.read_bytes()).hexdigest(),
        }


async def _execute(path: Path, study_dir: Path | None, timeout: float) -> NotebookNode:
    """Run a notebook in a kernel of its own and normalise what comes out."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = normalise_notebook(load_notebook(path))
    running = {"cell": 0}
    with tempfile.TemporaryDirectory(prefix="framing-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "stderr.txt"
        client = NotebookClient(
            notebook,
            config=_kernel_config(Path(folder)),
            kernel_name="python3",
            timeout=timeout,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            extra_arguments=["--HistoryManager.enabled=False"],
            resources={"metadata": {"path": str(path.resolve().parent)}},
            on_cell_start=lambda cell, cell_index: running.update(cell=cell_index),
        )
        try:
            # what the kernel itself complains about is read only if it dies
            with log.open("wb") as stderr:
                environment = _kernel_environment(Path(folder), study_dir)
                await client.async_execute(env=environment, stderr=stderr)
        except CellExecutionError as error:
            raise NotebookError(_told(path, notebook, running["cell"], error)) from None
        except CellTimeoutError:
            reason = f"took longer than {timeout:g} seconds"
            raise NotebookError(_told(path, notebook, running["cell"], reason)) from None
        except DeadKernelError:
            reason = "the kernel died (out of memory, or the cell ended its process)"
            complaint = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
            reason = "\n".join([reason, *(f"    {line}" for line in complaint)])
            raise NotebookError(_told(path, notebook, running["cell"], reason)) from None
    return normalise_notebook(notebook)


def _kernel_config(folder: Path) -> Config:
    """Configure the kernel's manager: sockets in a folder of its own, and only this Python's kernel."""
    from traitlets.config import Config

    config = Config()
    # an empty list leaves the kernel of the running Python; a kernelspec of the user's would come before it
    config.KernelSpecManager.kernel_dirs = []
    config.KernelManager.connection_file = str(folder / "kernel.json")
    socket = str(folder / "k")
    if os.name == "posix" and len(os.fsencode(socket)) <= LONGEST_SOCKET:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = socket
    return config


def _kernel_environment(folder: Path, study_dir: Path | None) -> dict[str, str]:
    """Return the kernel's environment: ours, the fixed settings, and the study."""
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    for name in ("PYTHONSTARTUP", "PYTHONWARNINGS", "MATPLOTLIBRC", "LINES", "IPYTHON", STUDY_VARIABLE):
        environment.pop(name, None)
    environment["IPYTHONDIR"] = str(folder / "ipython")
    environment["JUPYTER_RUNTIME_DIR"] = str(folder)
    if study_dir is not None:
        environment[STUDY_VARIABLE] = str(Path(study_dir).resolve())
    return environment


def _told(path: Path, notebook: NotebookNode, index: int, error: Any) -> str:
    """Tell in which cell a notebook failed, and how."""
    source = notebook.cells[index].source
    lines = [f"{path}, cell {index + 1} of {len(notebook.cells)}: "]
    if isinstance(error, str):
        lines[0] += error
    else:
        evalue = error.evalue.strip().splitlines() or [""]
        lines[0] += f"{error.ename}: {evalue[0]}".rstrip(": ")
    lines += ["the cell:", *(f"    {line}" for line in source.splitlines()[:20])]
    if not isinstance(error, str):
        # nbclient puts the cell, its output and a ruler before the kernel's traceback
        traceback = re.split(r"^-{20,}\n", _TERMINAL.sub("", error.traceback), flags=re.MULTILINE)[-1]
        traceback = [line for line in traceback.splitlines() if line.strip()]
        lines += ["the end of the traceback:", *(f"    {line}" for line in traceback[-8:])]
    return "\n".join(lines)


def _in_own_loop(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run a coroutine in a thread with an event loop of its own, and cancel it at Ctrl-C.

    A thread, because the caller may itself run in a loop (a notebook does), and because nbclient would take
    over the signals of the main thread: cancelling lets each kernel be shut down instead.
    """
    outcome: dict[str, Any] = {}
    finished = threading.Event()

    async def main() -> None:
        outcome["cancel"] = asyncio.current_task().cancel
        outcome["loop"] = asyncio.get_running_loop()
        outcome["result"] = await work()

    def body() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            outcome["error"] = error
        finally:
            finished.set()

    threading.Thread(target=body, name="notebooks").start()
    try:
        # not join(): interrupted once, it takes the thread for ended
        finished.wait()
    except KeyboardInterrupt:
        if "loop" in outcome and not finished.is_set():
            outcome["loop"].call_soon_threadsafe(outcome["cancel"])
        finished.wait()
        raise
    if "error" in outcome:
        raise outcome["error"]
    return outcome["result"]
