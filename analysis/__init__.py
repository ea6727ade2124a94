"""Comparative framing: how outlets and blocs write about the same events.

The nouns: an *article* is published by an *outlet*, which belongs to a *bloc*; a *corpus* is all
articles of a *study*. An article has *paragraphs*, *sentences* and *tokens*; folded tokens are
*terms*. An *actor* (a state, person or organisation) has *aliases*; an alias found in a sentence is a
*mention*, in the outlet's own *voice* or quoted. A *theme* is a group of terms that occur together, a
*contrast* sets the terms of one outlet or bloc against others, and *sentiment* is scored per mention.
Every number is backed by *evidence*: the sentences it was counted in.

Examples
--------
>>> from analysis import load_study
>>> study = load_study()
>>> results = study.run(only=["articles"])
>>> len(results["articles"].table) > 0
True
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_EXPORTS = {
    "FramingError": "analysis.errors",
    "StudyError": "analysis.errors",
    "Result": "analysis.results",
    "attainable_p": "analysis.resampling",
    "contrast_statistics": "analysis.measures.keyness",
    "dispersion": "analysis.measures.dispersion",
    "load_scorer": "analysis.registry",
    "load_study": "analysis.study",
    "show_evidence": "analysis.display",
    "show_figure": "analysis.figures.export",
    "show_methods": "analysis.methods_text",
    "show_table": "analysis.display",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str):
    """Import a public name when it is first used, so that ``import analysis`` stays light."""
    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}; public names: {', '.join(__all__)}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
