"""Who does the work: this process, processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from analysis.errors import FramingError, Problem, StudyError

_ATTEMPTS = 5
_START_SECONDS = 60


class WorkerError(FramingError):
    """The work was given out again and again, and the workers died of it."""


class Executor(Protocol):
    """Applies a function to many items."""

    def run(self, function: Callable, job: Any, items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Apply a function to every item, in any order.

        Parameters
        ----------
        function : callable
            A function of a module, which takes the job and an item.
        job : object
            What all items have in common.
        items : sequence
            The work.

        Yields
        ------
        (int, object)
            The item's number, and what the function returned for it.
        """


class Inline:
    """Does the work in this process."""

    def run(self, function: Callable, job: Any, items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Apply a function to every item; see `Executor.run`.

        Parameters
        ----------
        function : callable
            Takes the job and an item.
        job : object
            What all items have in common.
        items : sequence
            The work.

        Yields
        ------
        (int, object)
            In order.
        """
        for number, item in enumerate(items):
            yield number, function(job, item)


class Processes:
    """Gives the work to processes of this machine, which stay for all that is given; one that dies is replaced.

    Parameters
    ----------
    workers : int
        How many.
    least : int
        A study of fewer articles is quicker done in this process.
    """

    def __init__(self, workers: int, least: int = 1000):
        self.workers = workers
        self.least = least
        self._pool = None

    def close(self) -> None:
        """Let the processes go."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _open(self):
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, mp_context=multiprocessing.get_context("spawn"))
        return self._pool

    def run(self, function: Callable, job: Any, items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Apply a function to every item; see `Executor.run`.

        Parameters
        ----------
        function : callable
            Takes the job and an item.
        job : object
            What all items have in common.
        items : sequence
            The work.

        Yields
        ------
        (int, object)
            As they are done.

        Raises
        ------
        WorkerError
            Processes die one after the other, and nothing gets done.
        """
        from concurrent.futures import as_completed
        from concurrent.futures.process import BrokenProcessPool

        left, idle = dict(enumerate(items)), 0
        while left:
            done = 0
            try:
                pool = self._open()
                futures = {pool.submit(function, job, item): number for number, item in left.items()}
                for future in as_completed(futures):
                    number = futures.pop(future)
                    result = future.result()
                    del left[number]
                    done += 1
                    yield number, result
            except BrokenProcessPool:
                # killed, perhaps for want of memory: what was done is kept
                self.close()
                idle = 0 if done else idle + 1
                if idle >= _ATTEMPTS:
                    raise WorkerError(
                        f"worker processes were killed {idle} times without getting anything done; is there "
                        "enough memory? what was finished is kept"
                    ) from None
            except BaseException:
                self.close()
                raise


class Cluster:
    """Gives the work to the workers of a Dask cluster; a worker that dies is replaced, and its work done again.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    """

    def __init__(self, client: Any):
        self.client = client

    def run(self, function: Callable, job: Any, items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Apply a function to every item; see `Executor.run`.

        Parameters
        ----------
        function : callable
            Takes the job and an item.
        job : object
            What all items have in common.
        items : sequence
            The work.

        Yields
        ------
        (int, object)
            As they are done.

        Raises
        ------
        WorkerError
            Workers died of one item several times.
        """
        from distributed import KilledWorker, as_completed

        # the job goes with every item: what is shared would be lost with the workers that hold it
        futures = [self.client.submit(function, job, item, pure=False) for item in items]
        numbers = {future.key: number for number, future in enumerate(futures)}
        try:
            for future in as_completed(futures):
                yield numbers[future.key], future.result()
                future.release()
        except KilledWorker as error:
            raise WorkerError(f"workers of the cluster died again and again: {error}") from None
        finally:
            for future in futures:
                future.release()


@contextmanager
def open_executor(*, workers: int | None = None, scheduler: str | None = None) -> Iterator[Executor]:
    """Choose who does the work.

    Parameters
    ----------
    workers : int, optional
        Start a Dask cluster of so many worker processes on this machine.
    scheduler : str, optional
        Use the cluster of this scheduler, such as ``tcp://192.168.0.7:8786``.

    Yields
    ------
    Executor
        Without either: two processes of this machine, without Dask.

    Raises
    ------
    StudyError
        Dask is not installed, or the scheduler cannot be reached.
    """
    if workers is None and scheduler is None:
        processes = Processes(2)
        try:
            yield processes
        finally:
            processes.close()
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        where = "--scheduler" if scheduler else "--workers"
        remedy = (
            "Install the extra: pip install 'comparative-framing-study[cluster]'; or leave the option out."
        )
        raise StudyError(
            [Problem(where, "no Dask on this machine", "the package distributed", remedy)]
        ) from None
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=_START_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            remedy = "Correct the address, or start one with: dask scheduler."
            found = f"no scheduler at {scheduler!r} ({type(error).__name__})"
            raise StudyError(
                [Problem("--scheduler", found, "an address such as tcp://host:8786", remedy)]
            ) from None
        with client:
            yield Cluster(client)
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            memory_limit=0,
            silence_logs=40,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield Cluster(client)
