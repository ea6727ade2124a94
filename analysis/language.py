"""Tells a text that is surely in another language than the study's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

# The commonest words of English prose: a fifth of the tokens of any English text, and hardly any of another
# language's. Only a text that fails this is sent to the language model.
_FUNCTION_WORDS = frozenset(
    "the of and to in a is that for it on was with as by at from be are this has have not an or its "
    "their they he his we you i which will would but were been had who more about if there".split()
)
_ENGLISH_SHARE = 0.2
_MIN_TOKENS = 20
_CHARACTERS = 5000
_SURELY_NOT = 0.02
# letters beyond the Latin blocks: Greek and Cyrillic onwards
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2c00-\ua71f\ua800-\ufaff\U00010000-\U0003ffff]")


def find_other_language(text: str, words: Sequence[str], language: str) -> str:
    """Return the language of a text if it is surely not the one expected.

    Short texts are not judged, and a doubtful text counts as the language expected: a false alarm would
    stop a study.

    Parameters
    ----------
    text : str
        The text.
    words : sequence of str
        Its tokens, case folded.
    language : str
        The two-letter code expected.

    Returns
    -------
    str
        A two-letter code; empty if the text may be in the language expected.

    Examples
    --------
    >>> words = "the talks in the city were of use and it is said that they will be held there".split() * 2
    >>> find_other_language(" ".join(words), words, "en")
    ''
    """
    # scripts without blanks between words have few tokens, but need few letters to be told
    foreign = len(_NOT_LATIN.findall(text[:_CHARACTERS]))
    if len(words) < _MIN_TOKENS and foreign < _MIN_TOKENS:
        return ""
    if language == "en" and sum(map(_FUNCTION_WORDS.__contains__, words)) >= _ENGLISH_SHARE * len(words):
        return ""
    ranked = _language_model().rank(text[:_CHARACTERS])
    # the best guess may be unsure between close relatives (Mandarin and Wu) and still rule out the one expected
    return ranked[0][0] if dict(ranked).get(language, 1.0) < _SURELY_NOT else ""


@cache
def _language_model():
    """Load the language model, once, and only when a text asks for it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
