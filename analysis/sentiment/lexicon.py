"""`lexicon.v1`: VADER on the sentence around a mention, names masked; the transparent baseline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.sentiment.contract import CLASSES, mask_names

THRESHOLD = 0.05
"""VADER's published bounds: a compound score of at least .05 is positive, of at most -.05 negative."""

_MASK = "it"


class LexiconScorer:
    """VADER (Hutto & Gilbert 2014) on the whole sentence.

    It is not about the mention: every actor of a sentence gets the same score. It is kept because each of
    its scores can be followed by hand. Names are masked first, since the lexicon holds some of their words
    ("United" in United States is a positive word to it).

    Examples
    --------
    >>> frame = pd.DataFrame({"text": ["Russia praised the deal."], "start": [0], "end": [6], "names": [[(0, 6)]]})
    >>> LexiconScorer().score(frame)["positive"].tolist()
    [1.0]
    """

    name = "lexicon"
    version = "v1"

    @cached_property
    def benchmark(self) -> Mapping[str, Any]:
        """Measured accuracy, from the card beside this module; a test measures it again."""
        return json.loads(Path(__file__).with_name("lexicon_card.json").read_text(encoding="utf-8"))

    @cached_property
    def _analyzer(self):
        from analysis.sentiment.vader import load_analyzer

        return load_analyzer()

    def compound(self, text: str) -> float:
        """Return VADER's compound score of a text, -1 to 1.

        Parameters
        ----------
        text : str
            A sentence, names already masked.

        Returns
        -------
        float
            0 where no word of the lexicon stands in it.
        """
        return self._analyzer.compound(text)

    def score(self, mentions: pd.DataFrame) -> pd.DataFrame:
        """Label each mention by its sentence.

        Parameters
        ----------
        mentions : pandas.DataFrame
            As in `analysis.sentiment.contract.Scorer`.

        Returns
        -------
        pandas.DataFrame
            One of the three classes is 1, the others 0.
        """
        known: dict[str, float] = {}
        compounds, last, masked = [], None, ""
        columns = (mentions[name].tolist() for name in ("text", "names", "start", "end"))
        for sentence, names, start, end in zip(*columns, strict=True):
            asked = (sentence, names if (start, end) in names else [*names, (start, end)])
            # the mentions of a sentence follow each other, and have the same names masked
            if asked != last:
                last, masked = asked, mask_names(*asked, _MASK)
                if masked not in known:
                    known[masked] = self.compound(masked)
            compounds.append(known[masked])
        found = np.array(compounds, dtype=float)
        negative, positive = (found <= -THRESHOLD).astype(float), (found >= THRESHOLD).astype(float)
        shares = np.column_stack([negative, 1.0 - negative - positive, positive])
        return pd.DataFrame(shares, columns=list(CLASSES), index=mentions.index)
