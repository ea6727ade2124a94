"""VADER's compound score, computed where a sentence has a word of its lexicon; the same number as the library's."""

from __future__ import annotations

from functools import cache, lru_cache
from types import SimpleNamespace

_BEFORE, _AFTER = 3, 2  # words around a word of the lexicon that its valence depends on
_KEPT_WORDS = 1 << 18


@cache
def load_analyzer():
    """Load VADER, as its authors publish it, with a shorter way to the compound score.

    Returns
    -------
    vaderSentiment.vaderSentiment.SentimentIntensityAnalyzer
        With the method ``compound(text)``.
    """
    from vaderSentiment import vaderSentiment as vader

    boosters = vader.BOOSTER_DICT
    phrases = [*boosters, *vader.NEGATE, *vader.SPECIAL_CASES]
    # one word of every phrase that can change the valence of a word beside it: a phrase is there only if that is
    touching = {max(phrase.split(), key=len) for phrase in phrases} | {"no", "least", "so", "this"}

    strip = lru_cache(_KEPT_WORDS)(vader.SentiText._strip_punc_if_word)
    fold = lru_cache(_KEPT_WORDS)(lambda token: strip(token).lower())

    class Analyzer(vader.SentimentIntensityAnalyzer):
        """The library's analyser: words, valences, negations, idioms and punctuation are its own methods."""

        def __init__(self):
            super().__init__()
            self.charged = frozenset(self.lexicon).difference(boosters)

        def compound(self, text: str) -> float:
            """Return the compound score of a text, -1 to 1, as ``polarity_scores`` does.

            The library looks at every word of a sentence, and lowers all of them for each word of the lexicon.
            A word that is not in the lexicon has the valence 0. One that is has that of the lexicon, unless one
            of the words beside it can change it: then these, and no others, are handed to the library.
            """
            if not text.isascii() and not self.emojis.keys().isdisjoint(text):
                return float(self.polarity_scores(text)["compound"])
            tokens = text.split()
            lower = list(map(fold, tokens))
            valences = self._valences(tokens, lower)
            if "but" in lower:
                each = [valences.get(place, 0.0) for place in range(len(lower))]
                total = float(sum(self._but_check(lower, each)))
            else:
                total = float(sum(valences.values()))
            if not total:
                return 0.0
            emphasis = self._punctuation_emphasis(text)
            return round(vader.normalize(total + emphasis if total > 0 else total - emphasis), 4)

        def _valences(self, tokens: list[str], lower: list[str]) -> dict[int, float]:
            """Give each word of the lexicon its valence, by its place."""
            found = {}
            for place in [place for place, word in enumerate(lower) if word in self.charged]:
                word = lower[place]
                if word == "kind" and lower[place + 1 : place + 2] == ["of"]:
                    continue
                first, last = max(0, place - _BEFORE), place + _AFTER + 1
                beside = lower[first:last]
                plain = touching.isdisjoint(beside) and "n't" not in " ".join(beside)
                if plain and not tokens[place].isupper():
                    found[place] = self.lexicon[word]
                    continue
                near = list(map(strip, tokens[first:last]))
                # whether all words of the sentence are capitals is asked only of words that are
                capitals = any(map(str.isupper, near)) and vader.allcap_differential(tokens)
                said = SimpleNamespace(words_and_emoticons=near, is_cap_diff=capitals)
                found[place] = self.sentiment_valence(0, said, near[place - first], place - first, [])[0]
            return found

    return Analyzer()
