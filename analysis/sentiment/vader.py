"""VADER's compound score, computed where a sentence has a word of its lexicon; the same number as the library's."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

_BEFORE, _AFTER = 3, 2  # words around a word of the lexicon that its valence depends on


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

    class Analyzer(vader.SentimentIntensityAnalyzer):
        """The library's analyser: valences, negations, idioms and punctuation are its own methods."""

        def compound(self, text: str) -> float:
            """Return the compound score of a text, -1 to 1, as ``polarity_scores`` does.

            The library looks at every word of a sentence, and lowers all of them for each word of the lexicon.
            A word that is not in the lexicon has the valence 0. One that is has that of the lexicon, unless one
            of the words beside it can change it: then these, and no others, are handed to the library.
            """
            if not text.isascii() and not self.emojis.keys().isdisjoint(text):
                return float(self.polarity_scores(text)["compound"])
            text = text.strip()
            said = vader.SentiText(text)
            words = said.words_and_emoticons
            lower = [word.lower() for word in words]
            valences = [0.0] * len(words)
            for place, word in enumerate(lower):
                if word not in self.lexicon or word in boosters:
                    continue
                if word == "kind" and lower[place + 1 : place + 2] == ["of"]:
                    continue
                first, last = max(0, place - _BEFORE), place + _AFTER + 1
                beside = lower[first:last]
                plain = touching.isdisjoint(beside) and "n't" not in " ".join(beside)
                if plain and not words[place].isupper():
                    valences[place] = self.lexicon[word]
                    continue
                near = SimpleNamespace(words_and_emoticons=words[first:last], is_cap_diff=said.is_cap_diff)
                valences[place] = self.sentiment_valence(0, near, words[place], place - first, [])[0]
            if "but" in lower:
                valences = self._but_check(words, valences)
            total = float(sum(valences))
            emphasis = self._punctuation_emphasis(text)
            total += emphasis if total > 0 else -emphasis if total < 0 else 0.0
            return round(vader.normalize(total), 4)

    return Analyzer()
