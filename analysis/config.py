"""study.toml: the parameters of every measure, as frozen dataclasses with their allowed values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from analysis.errors import Problem, StudyError, shorten


def _setting(default: Any, allowed: str, check) -> Any:
    """Declare one setting: its default, what is allowed in words, and the test of it."""
    return field(default=default, metadata={"allowed": allowed, "check": check})


def _whole(low: int, high: int = 10**9) -> tuple[str, Any]:
    return f"a whole number from {low} to {high:,}", lambda value: low <= value <= high


def _words(value: tuple) -> bool:
    return all(isinstance(item, str) and item for item in value)


def _names(value: dict) -> bool:
    """Say whether a table gives each of its keys a name of its own."""
    names = [name.strip() if isinstance(name, str) else "" for name in value.values()]
    return all(key.strip() for key in value) and all(names) and len(set(names)) == len(names)


@dataclass(frozen=True)
class StudySettings:
    """What the study is called and asks."""

    title: str = _setting("A comparative framing study", "text", lambda value: bool(value.strip()))
    question: str = _setting("", "text", lambda value: True)
    claims: str = _setting("show", '"strict" or "show"', lambda value: value in ("strict", "show"))


@dataclass(frozen=True)
class CorpusSettings:
    """How articles are admitted."""

    language: str = _setting(
        "en", 'a two-letter language code, such as "en"', lambda value: len(value) == 2 and value.isalpha()
    )
    check_language: bool = _setting(True, "true or false", lambda value: True)
    on_bad_article: str = _setting("stop", '"stop" or "exclude"', lambda value: value in ("stop", "exclude"))
    duplicates: str = _setting(
        "keep",
        '"keep", "one" or "weight"',
        lambda value: value in ("keep", "one", "weight"),
    )
    partitions: str = _setting(
        "",
        'a pattern of Parquet files below the study, such as "corpus/*.parquet", or ""',
        lambda value: not value or value.endswith(".parquet") and value[0] not in "/\\" and ".." not in value,
    )


@dataclass(frozen=True)
class GroupSettings:
    """The order of the blocs."""

    blocs: tuple = _setting((), "a list of names", _words)


@dataclass(frozen=True)
class TermParameters:
    """Which tokens become terms, and which terms are tested."""

    keep_case: tuple = _setting(("US",), "a list of words", _words)
    min_count: int = _setting(3, *_whole(1))
    min_articles: int = _setting(2, *_whole(1))
    stop_words: str = _setting("english", '"english" or "none"', lambda value: value in ("english", "none"))
    more_stop_words: tuple = _setting((), "a list of words", _words)
    lemmas: bool = _setting(False, "true or false", lambda value: True)
    ngrams: int = _setting(1, *_whole(1, 3))


@dataclass(frozen=True)
class ThemeParameters:
    """The theme model."""

    k: int | str = _setting(
        "auto",
        '"auto" or a whole number from 2 to 200',
        lambda value: value == "auto" or (isinstance(value, int) and 2 <= value <= 200),
    )
    k_max: int = _setting(12, *_whole(2, 200))
    resamples: int = _setting(20, *_whole(5, 1000))
    curve_paragraphs: int = _setting(1000, *_whole(50, 10**6))
    sample: int = _setting(5000, *_whole(100, 10**6))
    min_paragraphs: int = _setting(2, *_whole(1))
    max_share: float = _setting(0.5, "a share above 0 and up to 1", lambda value: 0 < value <= 1)
    min_tokens: int = _setting(15, *_whole(1, 10_000))
    top_terms: int = _setting(6, *_whole(1, 50))
    labels: dict = field(
        default_factory=dict,
        hash=False,
        metadata={
            "allowed": 'a table of terms to names, no name twice: { "term, term" = "Name" }',
            "check": _names,
        },
    )


@dataclass(frozen=True)
class ContrastParameters:
    """The term contrasts."""

    prior_tokens: float = _setting(500.0, "a number above 0", lambda value: 0 < value < float("inf"))
    reference: str = _setting(
        "",
        'a file under seeds/, such as "seeds/reference.csv", or ""',
        lambda value: not value or value.startswith("seeds/") and ".." not in value,
    )


@dataclass(frozen=True)
class SentimentParameters:
    """The sentiment toward actors."""

    scorer: str = _setting("lexicon.v1", "the name of a scorer", lambda value: bool(value))
    min_mentions: int = _setting(3, *_whole(1))


@dataclass(frozen=True)
class StatisticsParameters:
    """Resampling, and what a sample may support."""

    random_state: int = _setting(0, *_whole(0, 2**32 - 1))
    bootstrap: int = _setting(1000, *_whole(100, 100_000))
    permutations: int = _setting(5000, *_whole(100, 1_000_000))
    permuted_articles: int = _setting(2000, *_whole(2))
    multiverse_articles: int = _setting(2000, *_whole(2))
    alpha: float = _setting(0.05, "a number above 0 and below 1", lambda value: 0 < value < 1)
    min_articles_interval: int = _setting(5, *_whole(2, 1000))


@dataclass(frozen=True)
class FigureParameters:
    """How much a figure shows."""

    actors: int = _setting(10, *_whole(1, 40))
    terms: int = _setting(8, *_whole(1, 25))


@dataclass(frozen=True)
class StudyConfig:
    """All settings of a study; each attribute is a section of ``study.toml``.

    Examples
    --------
    >>> StudyConfig().statistics.bootstrap
    1000
    """

    study: StudySettings = StudySettings()
    corpus: CorpusSettings = CorpusSettings()
    groups: GroupSettings = GroupSettings()
    terms: TermParameters = TermParameters()
    themes: ThemeParameters = ThemeParameters()
    contrasts: ContrastParameters = ContrastParameters()
    sentiment: SentimentParameters = SentimentParameters()
    statistics: StatisticsParameters = StatisticsParameters()
    figures: FigureParameters = FigureParameters()

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return the settings as plain nested dictionaries.

        Returns
        -------
        dict
            Section to setting to value.
        """
        return {
            section.name: {
                setting.name: getattr(getattr(self, section.name), setting.name)
                for setting in fields(getattr(self, section.name))
            }
            for section in fields(self)
        }


def load_config(path: Path, *, shown: str | None = None) -> StudyConfig:
    """Read ``study.toml``.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str, optional
        How messages name it.

    Returns
    -------
    StudyConfig
        Settings that are not in the file have their defaults.

    Raises
    ------
    StudyError
        The file is missing, is no TOML, or holds unknown or impossible settings; all are listed.
    """
    config, problems = read_config(path, shown=shown)
    if problems:
        raise StudyError(problems)
    return config


def read_config(path: Path, *, shown: str | None = None) -> tuple[StudyConfig, list[Problem]]:
    """Read what can be used of ``study.toml``, so that its problems do not hide those of other files.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str, optional
        How messages name it.

    Returns
    -------
    config : StudyConfig
        With defaults for all that is missing or cannot be used.
    problems : list of Problem
        What cannot be used.
    """
    name = shown or path.name
    try:
        content = read_toml(path, shown=name)
    except StudyError as error:
        return StudyConfig(), list(error.problems)
    sections = {section.name: section for section in fields(StudyConfig)}
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key in content:
        if key not in sections:
            problems.append(
                Problem(f"{name} [{key}]", "an unknown section", ", ".join(sections), "Correct or remove it.")
            )
    for key, section in sections.items():
        table = content.get(key, {})
        if not isinstance(table, dict):
            problems.append(Problem(f"{name} [{key}]", shorten(table), "a section", "Write it as [section]."))
            continue
        values[key] = _load_section(type(section.default), table, f"{name} [{key}]", problems)
    return StudyConfig(**values), problems


def read_toml(path: Path, *, shown: str) -> dict[str, Any]:
    """Read a TOML file, with errors that name the file and the line.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str
        How messages name it.

    Returns
    -------
    dict
        The content.

    Raises
    ------
    StudyError
        The file is missing, is not UTF-8, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problem = Problem(shown, "no such file", "a TOML file", "Create it, or correct the study's folder.")
    except IsADirectoryError:
        problem = Problem(shown, "a folder", "a TOML file", "Put the file in its place.")
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        problem = Problem(shown, found, "a TOML file", "Make it readable.")
    except UnicodeDecodeError as error:
        problem = Problem(
            shown, f"a byte that is not UTF-8 at position {error.start}", "UTF-8", "Save the file as UTF-8."
        )
    except tomllib.TOMLDecodeError as error:
        problem = Problem(shown, f"invalid TOML: {error}", "valid TOML", "Correct the line it names.")
    raise StudyError([problem])


def _load_section(kind: type, table: dict, where: str, problems: list[Problem]):
    """Build one section's dataclass, adding to `problems` what cannot be used."""
    hints = get_type_hints(kind)
    known = {setting.name: setting for setting in fields(kind)}
    values = {}
    for key, value in table.items():
        if key not in known:
            problems.append(
                Problem(f"{where} {key}", "an unknown setting", ", ".join(known), "Correct or remove it.")
            )
            continue
        wanted, found = hints[key], value
        if wanted is tuple and isinstance(value, list):
            value = tuple(value)
        elif wanted is float and type(value) is int:
            value = float(value)
        # bool is an int to Python, not to a reader of study.toml
        valid = type(value) in (get_args(wanted) or (wanted,)) and known[key].metadata["check"](value)
        if valid:
            values[key] = value
        else:
            problems.append(
                Problem(
                    f"{where} {key}", shorten(found), known[key].metadata["allowed"], "Correct the value."
                )
            )
    return kind(**values)
