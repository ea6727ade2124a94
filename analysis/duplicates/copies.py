"""Groups of articles that are copies of one text: exact, edited, cut, or in another frame."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.copy_weights import CopyWeights
from analysis.corpus import Article, Corpus
from analysis.duplicates.recurring import find_recurring, remove_spans
from analysis.duplicates.shingles import (
    WordHasher,
    find_candidates,
    find_same,
    find_shared,
    hash_pairs,
    hash_triples,
)
from analysis.errors import counted

SAME = 0.6
"""Two texts are copies if at least this share of one is the same text in the other ..."""
OTHER = 0.4
"""... and at least this share of the other one;"""
WHOLE = 0.8
"""or at least this share of one, however much longer the other is: a cut copy."""
FEWEST_WORDS = 20
"""Shorter texts (words without closed classes) are copies only if they are identical."""
MOST_WORDS = 50_000
"""Of longer texts the first so many words are compared, unless they are identical."""
LOOKED_AT = 0.25
"""Pairs of which the shorter text shares a smaller part of its word pairs, as estimated, are not compared."""
OVERLAP = 0.25
"""Any two copies of a group's centre share at least this part of what the smaller one takes from it."""
FULL = 2 / 3
"""The kept article is at least so long as this share of the longest of its group."""


@dataclass(frozen=True)
class Likeness:
    """What two articles share.

    Parameters
    ----------
    similarity : float
        Share of the words of both that stand in the other, too, in the same company: about 1 minus the share edited.
    share : float
        Share of the first one's words that are in stretches of the same text, edited or not.
    share_other : float
        Share of the second one's.
    """

    similarity: float
    share: float
    share_other: float

    @property
    def is_copy(self) -> bool:
        """Whether the two are copies of one text."""
        low, high = sorted((self.share, self.share_other))
        return high >= WHOLE or (high >= SAME and low >= OTHER)


@dataclass(frozen=True)
class CopyGroup:
    """Articles that are copies of one text.

    Parameters
    ----------
    kept : int
        Position of the article that stands for the group.
    members : tuple of int
        Positions of all articles, that of the kept one first, then ascending.
    likeness : tuple of Likeness
        Of the kept article and each member, in that order.
    """

    kept: int
    members: tuple[int, ...]
    likeness: tuple[Likeness, ...]


@dataclass(frozen=True)
class Copies:
    """All groups of copies of a corpus.

    Parameters
    ----------
    groups : tuple of CopyGroup
        No article is in two groups; sorted by the article kept.
    recurring : tuple of tuple of (int, int)
        For each article the passages that recur at the ends of its outlet's articles; they were not compared.
    """

    groups: tuple[CopyGroup, ...]
    recurring: tuple[tuple[tuple[int, int], ...], ...]


class _Texts:
    """The prose of articles as hashes; triples are made when they are needed."""

    def __init__(self, articles: Sequence[Article]):
        hasher = WordHasher()
        self.words: list[np.ndarray] = []
        self.keys: list[bytes] = []
        self.recurring = []
        for article, spans in zip(articles, find_recurring(articles), strict=True):
            prose = remove_spans(article.text, spans) if spans else article.text
            words = hasher.hash_words(prose)
            if spans and len(words) < FEWEST_WORDS:
                # what is left of a text in a frame of boilerplate may be one word that many have
                prose, spans = article.text, []
                words = hasher.hash_words(prose)
            self.recurring.append(tuple(spans))
            self.words.append(words if len(words) <= MOST_WORDS else words[:MOST_WORDS].copy())
            whole = " ".join(prose.casefold().split())
            self.keys.append(hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest())
        self.triples = lru_cache(maxsize=256)(self._triples)

    def _triples(self, position: int) -> tuple[np.ndarray, np.ndarray]:
        triples = hash_triples(self.words[position])
        return triples, np.sort(triples, axis=None)

    def compare(self, first: int, second: int) -> tuple[Likeness, np.ndarray]:
        """Compare two texts; also say which words of the first are the same text in the second."""
        if self.keys[first] == self.keys[second]:
            return Likeness(1.0, 1.0, 1.0), np.ones(len(self.words[first]), dtype=bool)
        (triples, sorted_triples), (others, sorted_others) = self.triples(first), self.triples(second)
        shared, shared_back = find_shared(triples, sorted_others), find_shared(others, sorted_triples)
        same, back = find_same(shared), find_same(shared_back)
        total = len(same) + len(back)
        likeness = Likeness(
            float(shared.sum() + shared_back.sum()) / total if total else 0.0,
            float(same.mean()) if len(same) else 0.0,
            float(back.mean()) if len(back) else 0.0,
        )
        return likeness, same


def find_copies(articles: Sequence[Article]) -> Copies:
    """Group the articles that are copies of one text.

    Every group has a centre, and every member is verified against it (`Likeness.is_copy`). Any two members must
    share the same part of the centre (at least `OVERLAP` of the smaller part): two stories that both stand in a
    digest are copies of its parts, not of each other, and A and C are not joined by a B that resembles both.

    Parameters
    ----------
    articles : sequence of Article
        Any number, sorted by article_id.

    Returns
    -------
    Copies
        Groups of two articles and more.
    """
    texts = _Texts(articles)
    equal: dict[bytes, list[int]] = defaultdict(list)
    for position, key in enumerate(texts.keys):
        equal[key].append(position)
    first = {positions[0]: positions for positions in equal.values()}
    nodes = sorted(first)
    links = _find_links(texts, [node for node in nodes if len(texts.words[node]) >= FEWEST_WORDS])
    strength = {node: round(sum(links[node].values()), 6) for node in nodes}
    grouped: set[int] = set()
    groups = []
    for centre in sorted(nodes, key=lambda node: (-strength[node], -len(texts.words[node]), node)):
        if centre in grouped:
            continue
        members = [centre, *_members(texts, centre, links, grouped)]
        grouped.update(members)
        positions = sorted(position for member in members for position in first[member])
        if len(positions) > 1:
            groups.append(_as_group(articles, texts, positions))
    return Copies(tuple(sorted(groups, key=lambda group: group.kept)), tuple(texts.recurring))


def _find_links(texts: _Texts, nodes: list[int]) -> dict[int, dict[int, float]]:
    """Find pairs worth a comparison, with their estimated Jaccard index."""
    sets = [hash_pairs(texts.words[node]) for node in nodes]
    pairs, jaccard = find_candidates(sets)
    sizes = np.array([len(found) for found in sets], dtype=np.int64)
    links: dict[int, dict[int, float]] = defaultdict(dict)
    if len(pairs):
        one, two = sizes[pairs[:, 0]], sizes[pairs[:, 1]]
        contained = jaccard / (1 + jaccard) * (one + two) / np.minimum(one, two)
        for (a, b), value in zip(pairs[contained >= LOOKED_AT], jaccard[contained >= LOOKED_AT], strict=True):
            links[nodes[a]][nodes[b]] = links[nodes[b]][nodes[a]] = float(value)
    return links


def _members(texts: _Texts, centre: int, links: dict[int, dict[int, float]], grouped: set[int]) -> list[int]:
    """Find the articles that are copies of a centre, and of the same part of it."""
    members: list[int] = []
    parts: list[np.ndarray] = []
    near = [node for node in links[centre] if node not in grouped]
    for node in sorted(near, key=lambda node: (-links[centre][node], node)):
        likeness, part = texts.compare(centre, node)
        if not likeness.is_copy:
            # it will not be compared again when the other one is a centre
            del links[centre][node], links[node][centre]
            continue
        if parts:
            both = np.array(parts) @ part.astype(np.float32)
            smaller = np.minimum([other.sum() for other in parts], part.sum())
            if (both < OVERLAP * smaller).any():
                continue
        members.append(node)
        parts.append(part.astype(np.float32))
    return members


def _as_group(articles: Sequence[Article], texts: _Texts, positions: list[int]) -> CopyGroup:
    """Choose the article that stands for a group, and compare the others with it."""
    longest = max(len(texts.words[position]) for position in positions)
    full = [position for position in positions if len(texts.words[position]) >= FULL * longest]
    kept = min(full, key=lambda position: _precedence(articles[position], len(texts.words[position])))
    members = (kept, *(position for position in positions if position != kept))
    return CopyGroup(kept, members, tuple(texts.compare(kept, member)[0] for member in members))


def _precedence(article: Article, length: int) -> tuple:
    """Sort key: the earliest published, then the longest, then the id."""
    published = article.published_range[0] if article.published_range else date.max
    return published, -length, article.article_id


def keep_one(corpus: Corpus, copies: Copies) -> Corpus:
    """Leave out all copies but the one that is kept of each group.

    Parameters
    ----------
    corpus : Corpus
        Whose articles were grouped.
    copies : Copies
        The groups.

    Returns
    -------
    Corpus
        What was left out is listed in its ``excluded``.
    """
    rows, dropped = [], set()
    for group in copies.groups:
        kept = corpus.articles[group.kept]
        for position, likeness in zip(group.members[1:], group.likeness[1:], strict=True):
            article = corpus.articles[position]
            dropped.add(position)
            why = (
                f"{100 * likeness.share_other:.0f} % of it stands in {kept.article_id} ({kept.outlet}"
                f"{f', {kept.published}' if kept.published else ''}), which is kept of {len(group.members)} copies "
                '(corpus.duplicates = "one")'
            )
            rows.append({"what": f"article {article.article_id}", "n": 1, "why": why})
    rows.sort(key=lambda row: row["what"])
    left = tuple(article for position, article in enumerate(corpus.articles) if position not in dropped)
    found = pd.DataFrame(rows, columns=["what", "n", "why"])
    excluded = pd.concat([corpus.excluded, found], ignore_index=True) if len(corpus.excluded) else found
    return replace(corpus, articles=left, excluded=excluded)


def share_weight(corpus: Corpus, copies: Copies) -> Corpus:
    """Keep all copies, and let each of the m copies of a text count 1 / m.

    Parameters
    ----------
    corpus : Corpus
        Whose articles were grouped.
    copies : Copies
        The groups.

    Returns
    -------
    Corpus
        The same articles with their weights; without a group, as it is.
    """
    ids = corpus.ids
    shared = {
        ids[member]: (ids[group.kept], len(group.members)) for group in copies.groups for member in group.members
    }
    return replace(corpus, copies=CopyWeights(shared))


def describe_copies(corpus: Corpus) -> str:
    """Say how many articles share the weight of a text, and how many texts there are.

    Parameters
    ----------
    corpus : Corpus
        The articles.

    Returns
    -------
    str
        One or two sentences; empty where no article shares a weight.
    """
    if not corpus.copies:
        return ""
    texts = np.array(corpus.texts, dtype=object)
    own, sizes = np.unique(texts.astype(str), return_counts=True)
    fewest = min(len(set(texts[rows])) for rows in corpus.grouping("bloc").members.values())
    copied = sizes[[name in corpus.copies.shared for name in own]]
    return (
        f"{int(copied.sum()):,} of {len(corpus):,} articles are copies of {counted(len(copied), 'text')}: each counts "
        f"1 over the number of its copies. Rates, shares, balances, intervals and tests are of "
        f"{counted(len(own), 'text')} (of the smallest bloc {fewest:,}), counts of all that is there."
    )
