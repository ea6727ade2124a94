"""Versioned plug-ins: sentiment scorers by name, built in or from another package's entry points."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from analysis.errors import ScorerError, UnknownName

ENTRY_POINT_GROUP = "framing.scorers"

_BUILT_IN = {
    "encoder-small.v1": "analysis.sentiment.encoder:SmallEncoderScorer",
    "encoder.v1": "analysis.sentiment.encoder:EncoderScorer",
    "lexicon.v1": "analysis.sentiment.lexicon:LexiconScorer",
}


def list_scorers() -> list[str]:
    """List the scorers that can be loaded.

    Returns
    -------
    list of str
        Names with version, sorted.
    """
    found = {entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)}
    return sorted(found | set(_BUILT_IN))


def load_scorer(name: str = "lexicon.v1"):
    """Load a sentiment scorer.

    Parameters
    ----------
    name : str
        Name with version, one of `list_scorers`.

    Returns
    -------
    analysis.sentiment.contract.Scorer
        Ready to score.

    Raises
    ------
    UnknownName
        There is no scorer of this name.
    ScorerError
        The scorer cannot be loaded, or lacks a part of the contract.

    Examples
    --------
    >>> load_scorer("lexicon.v1").name
    'lexicon'
    """
    target = _BUILT_IN.get(name)
    if target is None:
        # a third party cannot take the name of a built-in scorer
        target = {entry.name: entry.value for entry in entry_points(group=ENTRY_POINT_GROUP)}.get(name)
    if target is None:
        raise UnknownName("scorer", name, list_scorers())
    module, _, attribute = target.partition(":")
    try:
        scorer = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise ScorerError(
            f"scorer {name!r} ({target}) cannot be loaded: {error}; reinstall its package"
        ) from error
    missing = [part for part in ("name", "version", "benchmark", "score") if not hasattr(scorer, part)]
    if missing:
        raise ScorerError(
            f"scorer {name!r} ({target}) lacks {', '.join(missing)}; see analysis/sentiment/contract.py"
        )
    return scorer


def load_visible_scorer(name: str):
    """Load the variant of a sentiment scorer that sees the actor's name.

    Parameters
    ----------
    name : str
        Name with version, one of `list_scorers`.

    Returns
    -------
    analysis.sentiment.contract.Scorer or None
        The scorer with its attribute ``visible`` set; None if it has no such attribute.
    """
    scorer = load_scorer(name)
    if not hasattr(scorer, "visible"):
        return None
    scorer.visible = True
    return scorer
