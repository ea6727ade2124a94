"""What the reading room reads: the study's results, looked up by what was chosen, and nothing of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.corpus import Article
from analysis.counts import LETTERS, stop_words
from analysis.reading_room.choice import Catalogue
from analysis.results import EVIDENCE_COLUMNS, hit_row
from analysis.text import fold_token, kwic

RESULTS = ("articles", "mentions", "attention", "themes", "contrasts", "scores", "sentiment", "actor_themes")
"""The results that are shown."""
KEPT = 200
"""Answers that are kept, so that going back takes no time."""


class Library:
    """The results of a study, ready to be looked up.

    Parameters
    ----------
    study : analysis.study.Study
        Its results are computed now, if they were not before; looking up computes none.
    """

    def __init__(self, study):
        self.study = study
        self.results = study.run(only=RESULTS)
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.catalogue = self._list_all()
        # the index of all terms is built at the first search: here, and not when a reader waits for it
        if self.study.counts.terms:
            self.term_places(self.study.counts.terms[0])
        if not self.table("themes").empty:
            self.results["themes"].evidence.find({})

    def table(self, name: str) -> pd.DataFrame:
        """Return the table of a result.

        Parameters
        ----------
        name : str
            One of `RESULTS`.

        Returns
        -------
        pandas.DataFrame
            As the study has it.
        """
        return self.results[name].table

    def article(self, article_id: str) -> Article:
        """Return an article.

        Parameters
        ----------
        article_id : str
            Its name.

        Returns
        -------
        Article
            With its cleaned text.
        """
        return self.study.corpus.article(article_id)

    @cached_property
    def blocs(self) -> dict[str, str]:
        """Bloc of each article."""
        return {article.article_id: article.bloc for article in self.study.corpus.articles}

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Every mention with its sentence and its score, as the result ``scores`` has it."""
        hits = self.results["scores"].evidence.find({})
        return hits.sort_values(["article_id", "start"], ignore_index=True)

    @cached_property
    def _mentions_of(self) -> dict[str, pd.DataFrame]:
        return dict(tuple(self.mentions.groupby("actor_id", sort=True)))

    def actor_places(self, actor_id: str) -> pd.DataFrame:
        """Find the mentions of an actor.

        Parameters
        ----------
        actor_id : str
            The actor.

        Returns
        -------
        pandas.DataFrame
            Evidence of the result ``sentiment``, by article and place.
        """
        return self._mentions_of.get(actor_id, self.mentions.head(0))

    def theme_places(self, theme_id: str) -> pd.DataFrame:
        """Find the paragraphs that carry a theme.

        Parameters
        ----------
        theme_id : str
            The theme.

        Returns
        -------
        pandas.DataFrame
            Evidence of the result ``themes``, by article and place, with each paragraph's ``weight``.
        """
        return self.keep(
            ("theme", theme_id),
            lambda: (
                self.results["themes"]
                .evidence.find({"theme_id": theme_id})
                .sort_values(["article_id", "start"], ignore_index=True)
            ),
        )

    def counted_term(self, words: str) -> str:
        """Return the term of the study's counts that some words are.

        Parameters
        ----------
        words : str
            As a reader types them.

        Returns
        -------
        str
            The term; empty where the study counts no such term.
        """
        keep = self.study.config.terms.keep_case
        folded = " ".join(fold_token(word, keep_case=keep) for word in words.split())
        return next((term for term in (words, folded) if term in self.study.counts.position), "")

    def why_uncounted(self, words: str) -> str:
        """Say why the study ranks no such term.

        Parameters
        ----------
        words : str
            As a reader types them.

        Returns
        -------
        str
            A phrase.
        """
        terms, term = self.study.config.terms, self.counted_term(words)
        if not term:
            return "words searched for here, no term that the study counts"
        if len(self.study.corpus.grouping("bloc").labels) < 2:
            return "there is no second bloc to set it against"
        parts = (term.partition(" ")[0], term.rpartition(" ")[2])
        if any(part in stop_words(terms) for part in parts):
            return "not ranked in the study: a stop word"
        if any(sum(map(str.isalpha, part)) < LETTERS for part in parts):
            return f"not ranked in the study: fewer than {LETTERS} letters"
        return (
            f"not ranked in the study: fewer than {terms.min_count} occurrences, "
            f"or in fewer than {terms.min_articles} articles"
        )

    def term_places(self, words: str) -> pd.DataFrame:
        """Find the places of a term or of words.

        Parameters
        ----------
        words : str
            A term of the study, or words as `analysis.study.Study.kwic` takes them.

        Returns
        -------
        pandas.DataFrame
            For a term, evidence of the result ``contrasts``: as many rows as it was counted.
        """
        return self.keep(("term", words), lambda: self._find_term(words))

    def _find_term(self, words: str) -> pd.DataFrame:
        term = self.counted_term(words)
        if term:
            return self.results["contrasts"].evidence.find({"term": term})
        if not any(map(str.isalnum, words)):
            # "*" alone would be every word of the corpus
            return pd.DataFrame(columns=list(EVIDENCE_COLUMNS))
        rows = []
        # what every match holds: the longest run of letters and digits that is a piece of the query
        pieces = [piece for piece in words.replace("*", " ").split() if piece.isalnum()]
        piece = max(pieces, key=len, default="").casefold()
        for article in self.study.corpus.articles:
            if piece not in self._folded_texts[article.article_id]:
                continue
            for sentence in article.sentences:
                text = article.text[sentence.start : sentence.end]
                if piece in text.casefold():
                    rows += [
                        hit_row(article, sentence.start + line.start, sentence.start + line.end)
                        for line in kwic(text, words, width=0)
                    ]
        return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))

    @cached_property
    def _folded_texts(self) -> dict[str, str]:
        return {article.article_id: article.text.casefold() for article in self.study.corpus.articles}

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return an answer that was given before, or find it and keep it.

        Parameters
        ----------
        key : hashable
            The question.
        make : callable
            Finds the answer.

        Returns
        -------
        object
            The answer; the ones used least recently are forgotten.
        """
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _list_all(self) -> Catalogue:
        corpus, attention = self.study.corpus, self.table("attention")
        blocs = {article.outlet: article.bloc for article in corpus.articles}
        rows = attention[attention["level"] == "bloc"]
        totals = rows.groupby(["actor_id", "actor"], as_index=False)["n_mentions"].sum()
        totals = totals[totals["n_mentions"] > 0].sort_values(
            ["n_mentions", "actor"], ascending=[False, True]
        )
        themes = self.table("themes").drop_duplicates("theme_id")
        return Catalogue(
            blocs=tuple(corpus.grouping("bloc").labels),
            outlets={label: blocs[label] for label in corpus.grouping("outlet").labels},
            articles={article.article_id: article.outlet for article in corpus.articles},
            actors={row.actor_id: (row.actor, int(row.n_mentions)) for row in totals.itertuples()},
            themes=dict(zip(themes["theme_id"], themes["label"], strict=True)),
        )
