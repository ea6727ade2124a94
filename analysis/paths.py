"""Where a study's folders are. Nothing is looked up at import."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, StudyError

STUDY_FILE = "study.toml"
STUDY_VARIABLE = "FRAMING_STUDY"


@dataclass(frozen=True)
class StudyPaths:
    """The folders and files of one study.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds ``study.toml``.

    Examples
    --------
    >>> StudyPaths(Path("my-study")).actors.as_posix()
    'my-study/seeds/actors.csv'
    """

    root: Path

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.root / STUDY_FILE

    @property
    def seeds(self) -> Path:
        """The read-only, human-made inputs."""
        return self.root / "seeds"

    @property
    def articles(self) -> Path:
        """One row per article."""
        return self.seeds / "articles.csv"

    @property
    def outlets(self) -> Path:
        """One row per outlet."""
        return self.seeds / "outlets.csv"

    @property
    def actors(self) -> Path:
        """One row per alias of an actor."""
        return self.seeds / "actors.csv"

    @property
    def cleaning(self) -> Path:
        """The cleaning rules."""
        return self.seeds / "cleaning.toml"

    @property
    def codebook(self) -> Path:
        """What coders are asked; may be missing where nothing is coded."""
        return self.seeds / "codebook.toml"

    @property
    def codings(self) -> Path:
        """What coders made of the mentions; may be missing."""
        return self.seeds / "codings"

    @property
    def same_outlets(self) -> Path:
        """Which outlets are others under another name; may be missing."""
        return self.seeds / "same_outlets.csv"

    @property
    def added(self) -> Path:
        """What `framing add` keeps of where articles came from, and what it set aside; may be missing."""
        return self.root / "added"

    @property
    def coding(self) -> Path:
        """Where samples for coding are written: one folder for each task."""
        return self.root / "coding"

    @property
    def notebooks(self) -> Path:
        """The notebooks of the study."""
        return self.root / "notebooks"

    @property
    def figures(self) -> Path:
        """The exported figures."""
        return self.root / "figures"

    @property
    def results(self) -> Path:
        """What is generated and not committed: tables and report."""
        return self.root / "results"

    @property
    def tables(self) -> Path:
        """The exported tables."""
        return self.results / "tables"

    @property
    def report(self) -> Path:
        """The HTML report."""
        return self.results / "report.html"

    @property
    def cache(self) -> Path:
        """What may be deleted at any time."""
        return self.root / ".cache"

    def shown(self, path: Path) -> str:
        """Name a path relative to the study, for messages.

        Parameters
        ----------
        path : pathlib.Path
            A path inside or outside the study.

        Returns
        -------
        str
            With forward slashes.
        """
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def project_root() -> Path:
    """Return the checkout that holds this package and the seed study.

    Returns
    -------
    pathlib.Path
        The parent of the package folder.
    """
    return Path(__file__).resolve().parent.parent


def find_study(start: str | os.PathLike | None = None) -> StudyPaths:
    """Find the study to work on.

    Parameters
    ----------
    start : path, optional
        A study's folder, or its ``study.toml``. Without it: the folder in the environment variable
        ``FRAMING_STUDY``, else the nearest folder upward of the current one that holds a
        ``study.toml``, else the seed study beside this package.

    Returns
    -------
    StudyPaths
        With an absolute root.

    Raises
    ------
    StudyError
        The folder named holds no ``study.toml``; or none is named, and there is no seed study.
    """
    found = nearest_study(start)
    if found is None:
        found = StudyPaths(project_root())
        if not found.config.is_file():
            raise no_study_here()
    return found


def nearest_study(start: str | os.PathLike | None = None) -> StudyPaths | None:
    """Find the study that is named, or that the current folder belongs to.

    Parameters
    ----------
    start : path, optional
        As in `find_study`.

    Returns
    -------
    StudyPaths or None
        None where no study is named, and none holds the current folder.

    Raises
    ------
    StudyError
        The folder named holds no ``study.toml``.
    """
    named = start or os.environ.get(STUDY_VARIABLE)
    if named:
        root = Path(named).expanduser().resolve()
        if root.name == STUDY_FILE:
            root = root.parent
        if not (root / STUDY_FILE).is_file():
            raise StudyError(
                [
                    Problem(
                        root.as_posix(),
                        "no study.toml" if root.is_dir() else "no such folder",
                        "a folder that holds study.toml",
                        "Name the study's folder, or make one with `framing new DIR --from TABLE`.",
                    )
                ]
            )
        return StudyPaths(root)
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / STUDY_FILE).is_file():
            return StudyPaths(folder)
    return None


def no_study_here() -> StudyError:
    """Make the error of a command that needs a study and is run outside any.

    Returns
    -------
    StudyError
        It names the current folder.
    """
    return StudyError(
        [
            Problem(
                Path.cwd().as_posix(),
                "no study.toml, here or in a folder above",
                "a folder of a study",
                f"Name the study with --study DIR (or {STUDY_VARIABLE}), or change to its folder with cd.",
            )
        ]
    )


def check_writable(folder: Path) -> None:
    """Find out before any work is done whether a folder can be made and written to.

    Parameters
    ----------
    folder : pathlib.Path
        Where files are to be written; it need not be there yet.

    Raises
    ------
    StudyError
        The folder, or the nearest one above it that is there, cannot be written to.
    """
    nearest = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    found = ""
    if not nearest.is_dir():
        found = "a file" if nearest == folder else f"a file above it, {nearest.as_posix()}"
    else:
        try:
            # permissions alone do not tell: a disk may be full or read-only
            with tempfile.TemporaryDirectory(dir=nearest, prefix=".framing."):
                pass
        except OSError as error:
            place = "a folder" if nearest == folder else f"no such folder, and above it {nearest.as_posix()}"
            found = f"{place} that cannot be written to ({error.strerror})"
    if found:
        remedy = "Name another folder, or make it writable."
        raise StudyError([Problem(folder.as_posix(), found, "a folder that can be written to", remedy)])
