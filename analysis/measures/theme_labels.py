"""What a theme is called: its top terms, those that set it apart, and the names of study.toml."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.errors import Problem, StudyError

DEPTH = 10
"""So many top terms make a theme's identity: they are compared between fits, and its label is among them."""

NO_TERM = "no term"
"""The name of an empty theme: the corpus holds fewer themes than were asked for."""

_LABEL_TERMS = 3
_RELEVANCE = 0.6
_DECIMALS = 6


def rank_terms(component: np.ndarray, terms: tuple[str, ...], depth: int = DEPTH) -> list[str]:
    """Rank a theme's terms by weight, then by name.

    Parameters
    ----------
    component : numpy.ndarray
        Of shape (terms,): the theme's row of H.
    terms : tuple of str
        The columns, sorted.
    depth : int
        How many at most.

    Returns
    -------
    list of str
        Terms with a weight above 0.
    """
    order = np.argsort(-component, kind="stable")[:depth]
    return [terms[column] for column in order if component[column] > 0]


def distinctive_terms(components: np.ndarray, terms: tuple[str, ...]) -> list[list[str]]:
    """Rank each theme's ten top terms by how far they set it apart from the other themes: relevance.

    Relevance is .6 log(rate) + .4 log(rate / mean rate), where a term's rate is its share of the theme's row
    of H and the mean is over themes (in the original: over the corpus); .6 is what readers matched best to
    themes. Only the ten heaviest terms are ranked, so that no rare term can name a theme.

    Parameters
    ----------
    components : numpy.ndarray
        Of shape (k, terms): H.
    terms : tuple of str
        The columns, sorted.

    Returns
    -------
    list of list of str
        For each theme at most ten terms; ties by weight, then name.

    References
    ----------
    Sievert & Shirley (2014), LDAvis: a method for visualizing and interpreting topics.
    """
    sums = components.sum(axis=1, keepdims=True)
    rates = np.divide(components, sums, out=np.zeros_like(components), where=sums > 0)
    mean = rates.mean(axis=0)
    ranked = []
    for row in range(len(components)):
        heaviest = np.argsort(-components[row], kind="stable")[:DEPTH]
        top = heaviest[components[row, heaviest] > 0]
        rate = rates[row, top]
        relevance = (_RELEVANCE * np.log(rate) + (1 - _RELEVANCE) * np.log(rate / mean[top])).round(_DECIMALS)
        ranked.append([terms[top[place]] for place in np.argsort(-relevance, kind="stable")])
    return ranked


def automatic_labels(distinctive: list[list[str]]) -> list[str]:
    """Name each theme by the three terms that set it apart most.

    Parameters
    ----------
    distinctive : list of list of str
        From `distinctive_terms`.

    Returns
    -------
    list of str
        One label a theme.
    """
    return [", ".join(found[:_LABEL_TERMS]) or NO_TERM for found in distinctive]


def name_themes(distinctive: list[list[str]], names: Mapping[str, str]) -> list[str]:
    """Give themes the names of study.toml, the others their automatic label.

    A key lists terms; it names the theme that has all of them among its ten top terms. So a name stays with
    its theme when themes change their order or their number, and is refused when the theme is gone.

    Parameters
    ----------
    distinctive : list of list of str
        From `distinctive_terms`.
    names : mapping of str to str
        Terms, separated by commas, to the name.

    Returns
    -------
    list of str
        One label a theme.

    Raises
    ------
    StudyError
        A key fits no theme or several, or two keys fit one.
    """
    automatic = automatic_labels(distinctive)
    labels, owner, problems = list(automatic), {}, []
    listed = "; ".join(repr(label) for label in automatic if label != NO_TERM)
    for key, name in names.items():
        wanted = {term.strip() for term in key.split(",") if term.strip()}
        fits = [theme for theme, terms in enumerate(distinctive) if wanted and wanted <= set(terms)]
        where = f"study.toml [themes] labels {key!r}"
        if len(fits) != 1:
            found = "terms that no theme has together" if not fits else f"terms of {len(fits)} themes"
            problems.append(
                Problem(
                    where, found, f"top terms of one theme; the themes are {listed}", "Correct the terms."
                )
            )
        elif fits[0] in owner:
            found = f"the theme that {owner[fits[0]]!r} names, too"
            problems.append(Problem(where, found, "one name a theme", "Remove one of them."))
        else:
            owner[fits[0]] = key
            labels[fits[0]] = name.strip()
    if problems:
        raise StudyError(problems)
    return labels
