"""The frozen `Corpus`: articles with their cleaned text, its offsets into the received text, and their groups."""

from __future__ import annotations

import bisect
import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from analysis.cleaning import Removal, clean_received
from analysis.copy_weights import NO_COPIES, CopyWeights
from analysis.errors import UnknownName
from analysis.kernels.compiled import COMPILED_FROM
from analysis.results import Result
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.sentence_engine import split_texts
from analysis.text import Quote, Span, find_paragraphs, find_quotes, find_sentences, find_tokens, fold_token

Level = Literal["article", "outlet", "bloc"]


@dataclass(frozen=True)
class Article:
    """One article.

    Parameters
    ----------
    article_id, outlet_id, outlet, bloc, bloc_alternative : str
        Its name, its outlet (id and label) and how the outlet is coded.
    title, author, published : str
        As coded; empty where unknown.
    published_range : tuple of datetime.date, optional
        First and last day that `published` may mean.
    received : str
        The text as received, decoded.
    text, typographic : str
        The cleaned text, with quotes and dashes normalised, and the same with the original marks;
        of equal length.
    offsets : numpy.ndarray
        Of shape (len(text),): where each character stands in `received`.
    removals : tuple of Removal
        What cleaning took out; offsets into `received`.
    confidence : str
        Confidence in the outlet's coding.
    """

    article_id: str
    outlet_id: str
    outlet: str
    bloc: str
    bloc_alternative: str
    title: str
    author: str
    published: str
    published_range: tuple[date, date] | None
    received: str = field(repr=False)
    text: str = field(repr=False)
    typographic: str = field(repr=False)
    offsets: np.ndarray = field(repr=False, compare=False)
    removals: tuple[Removal, ...] = field(repr=False, default=())
    confidence: str = ""

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Paragraphs of the cleaned text."""
        return tuple(find_paragraphs(self.text))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences of the cleaned text; a sentence_id is a position in this tuple."""
        return tuple(find_sentences(self.text))

    @cached_property
    def tokens(self) -> tuple[Span, ...]:
        """Tokens of the cleaned text."""
        return tuple(find_tokens(self.text))

    @cached_property
    def quotes(self) -> list[Quote]:
        """Quoted spans, found in the original marks."""
        return find_quotes(self.typographic)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, position: int) -> int:
        """Return the sentence_id of the sentence at an offset, or -1 between sentences.

        Parameters
        ----------
        position : int
            Offset into the cleaned text.

        Returns
        -------
        int
            The sentence_id.
        """
        number = bisect.bisect_right(self._sentence_starts, position) - 1
        return number if number >= 0 and position < self.sentences[number].end else -1

    def terms(self, keep_case: tuple[str, ...] = ("US",)) -> list[str]:
        """Return the folded tokens.

        Parameters
        ----------
        keep_case : tuple of str
            Words whose case is kept.

        Returns
        -------
        list of str
            One term per token.
        """
        return [fold_token(self.text[token.start : token.end], keep_case=keep_case) for token in self.tokens]


def split_large(articles: Sequence[Article]) -> None:
    """Find the paragraphs and sentences of many articles at once, so that none is split on its own later.

    Parameters
    ----------
    articles : sequence of Article
        Few of them are left as they are: their spans are found when they are asked for.
    """
    texts = [article.text for article in articles]
    if sum(map(len, texts)) < COMPILED_FROM:
        return
    found = split_texts(texts)
    for article, paragraphs, sentences in zip(articles, found.paragraphs, found.sentences, strict=True):
        # where cached_property keeps them
        article.__dict__.update(paragraphs=tuple(paragraphs), sentences=tuple(sentences))


@dataclass(frozen=True)
class Grouping:
    """Which articles belong to which group, in the groups' order.

    Parameters
    ----------
    level : {"article", "outlet", "bloc"}
        What a group is.
    members : mapping of str to numpy.ndarray
        Group to the positions of its articles in the corpus, ascending.
    """

    level: str
    members: Mapping[str, np.ndarray]

    @property
    def labels(self) -> list[str]:
        """The groups, in order."""
        return list(self.members)


@dataclass(frozen=True)
class Corpus:
    """All articles of a study.

    Parameters
    ----------
    articles : tuple of Article
        Sorted by article_id.
    bloc_order : tuple of str
        Blocs in the order of the study; others follow, sorted.
    excluded : pandas.DataFrame
        Articles left out: ``what``, ``n``, ``why``.
    copies : CopyWeights
        Which articles share the weight of one text; by default none does.
    """

    articles: tuple[Article, ...]
    bloc_order: tuple[str, ...] = ()
    excluded: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["what", "n", "why"]), compare=False, repr=False
    )
    copies: CopyWeights = field(default=NO_COPIES, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.articles)

    @cached_property
    def ids(self) -> list[str]:
        """The article_ids, in order."""
        return [article.article_id for article in self.articles]

    @property
    def texts(self) -> list[str]:
        """The text of each article: its own id, or that of the article which stands for its copies."""
        return self.copies.texts(self.ids)

    @property
    def weights(self) -> np.ndarray:
        """What each article counts: 1, or 1 / m where m copies share the weight of one text."""
        return self.copies.weights(self.ids)

    def article(self, article_id: str) -> Article:
        """Return one article.

        Parameters
        ----------
        article_id : str
            Its name.

        Returns
        -------
        Article
            The article.

        Raises
        ------
        UnknownName
            There is no such article.
        """
        if article_id not in self._by_id:
            raise UnknownName("article", article_id, self.ids)
        return self._by_id[article_id]

    @cached_property
    def _by_id(self) -> dict[str, Article]:
        return {article.article_id: article for article in self.articles}

    def bloc_rank(self, bloc: str) -> tuple:
        """Return a key that sorts blocs in the study's order.

        Parameters
        ----------
        bloc : str
            A bloc.

        Returns
        -------
        tuple
            Usable as a sort key.
        """
        known = {name: rank for rank, name in enumerate(self.bloc_order)}
        return (known.get(bloc, len(known)), bloc)

    def grouping(self, level: Level) -> Grouping:
        """Group the articles.

        Parameters
        ----------
        level : {"article", "outlet", "bloc"}
            What a group is.

        Returns
        -------
        Grouping
            Outlets ordered by bloc, then label; blocs in the study's order.

        Raises
        ------
        UnknownName
            There is no such level.
        """
        if level not in ("article", "outlet", "bloc"):
            raise UnknownName("level", level, ("article", "outlet", "bloc"))
        members: dict[str, list[int]] = {}
        for position, article in enumerate(self.articles):
            label = article.article_id if level == "article" else getattr(article, level)
            members.setdefault(label, []).append(position)
        if level == "bloc":
            order = sorted(members, key=self.bloc_rank)
        else:
            first = {label: self.articles[positions[0]] for label, positions in members.items()}
            order = sorted(members, key=lambda label: (self.bloc_rank(first[label].bloc), label))
        return Grouping(level, {label: np.array(members[label], dtype=np.int64) for label in order})

    def subset(self, article_ids: Iterable[str]) -> Corpus:
        """Return the corpus with only these articles.

        Parameters
        ----------
        article_ids : iterable of str
            Articles to keep.

        Returns
        -------
        Corpus
            In the same order; what was computed for an article is kept.
        """
        wanted = set(article_ids)
        unknown = wanted - set(self.ids)
        if unknown:
            raise UnknownName("article", sorted(unknown)[0], self.ids)
        return replace(self, articles=tuple(a for a in self.articles if a.article_id in wanted))

    def as_received(self) -> Corpus:
        """Return the corpus with the texts as received: normalised, but without the cleaning rules.

        Returns
        -------
        Corpus
            An article of which cleaning took nothing out is the same one, with what was computed from it.
        """
        articles = list(self.articles)
        cleaned = [place for place, article in enumerate(articles) if article.removals]
        for place in cleaned:
            found, _ = clean_received(articles[place].received, ())
            articles[place] = replace(
                articles[place],
                text=found.text,
                typographic=found.typographic,
                offsets=found.offsets,
                removals=(),
            )
        split_large([articles[place] for place in cleaned])
        return replace(self, articles=tuple(articles))

    def recoded(self, blocs: Mapping[str, str]) -> Corpus:
        """Return the corpus with other blocs for some outlets.

        Parameters
        ----------
        blocs : mapping of str to str
            outlet_id to bloc; outlets not named keep theirs.

        Returns
        -------
        Corpus
            The texts and what was computed from them are shared.
        """
        articles = []
        for article in self.articles:
            # a copy keeps the cached sentences and tokens, which do not depend on the coding
            twin = copy.copy(article)
            object.__setattr__(twin, "bloc", blocs.get(article.outlet_id, article.bloc))
            articles.append(twin)
        return replace(self, articles=tuple(articles))

    def describe(self) -> Result:
        """Describe the corpus, one row per article.

        Returns
        -------
        Result
            The table ``articles``.
        """
        rows = []
        for article in self.articles:
            first, last = article.published_range or ("", "")
            removed = sum(removal.end - removal.start for removal in article.removals)
            rows.append(
                {
                    "article_id": article.article_id,
                    "outlet_id": article.outlet_id,
                    "outlet": article.outlet,
                    "bloc": article.bloc,
                    "bloc_alternative": article.bloc_alternative,
                    "title": article.title,
                    "author": article.author,
                    "published": article.published,
                    "published_from": str(first),
                    "published_to": str(last),
                    "n_paragraphs": len(article.paragraphs),
                    "n_sentences": len(article.sentences),
                    "n_tokens": len(article.tokens),
                    "removed": removed / max(1, len(article.received)),
                    "confidence": article.confidence,
                }
            )
        table = pd.DataFrame(rows, columns=RESULT_TABLES["articles"].names)
        return Result("articles", as_declared(table, "articles"), excluded=self.excluded)
