"""Finds what recurs in an outlet's articles without being their prose, and proposes cleaning rules; removes nothing."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

from analysis.corpus import Article, Corpus
from analysis.duplicates.copies import Copies
from analysis.duplicates.recurring import HEAD, TAIL, find_passages
from analysis.duplicates.templates import BYLINE, CUE, PLACE, SPOKEN, as_pattern, escape, make_template

FEWEST_ARTICLES = 3
"""A rule is proposed from so many different articles of an outlet on; copies of one text are one article."""
LOWEST_SHARE = 0.05
"""Least share of the outlet's articles for lines that say what they are (`analysis.duplicates.templates.CUE`)."""
PLAIN_SHARE = 0.2
"""Least share for other short lines, which must stand at the articles' ends."""
SENTENCE_SHARE = 0.5
"""Least share for longer lines and for sentences, which might be a story's."""
AT_ENDS = 0.8
"""Least share of the places at an end, for all that does not say itself what it is."""
LONG_WORDS = 8
"""A line of so many words is a longer one."""
REST_WORDS = 20
"""After a heading such as `Read more:` the rest of the line goes with it, if it is usually no longer than this."""
MOST_PER_ARTICLE = 3
"""What stands in an article more often is part of its form, such as the name of a speaker."""
MUCH = 0.2
"""A rule that takes a larger share out of any article says so."""

_DATELINE = re.compile(
    rf"{PLACE}?(?:, [A-Z][a-z]{{2,8}}\.? \d{{1,2}})?,? \((?P<agency>[A-Z][\w .&/-]{{1,30}})\) ?[-–]{{1,2}} ?"
)
_HEADING = re.compile(r"[^\w\n]{0,3}[A-Z][\w' ]{1,40}(?::|\s\||\s[-–])(?=\s)")
_BRACKET = re.compile(r"[(\[][^()\[\]\n]{3,200}[)\]]")
_TAIL = re.compile(r"[^\S\n]\|[^\S\n]+[^|\n]{2,40}\Z")
_KINDS = ("line", "names", "heading", "dateline", "sentence", "bracket", "tail")


class Place(NamedTuple):
    """Where a candidate stands: position of the article, offsets into its cleaned text, and whether at its end."""

    article: int
    start: int
    end: int
    at_end: bool


@dataclass(frozen=True)
class Proposal:
    """One cleaning rule that a person may adopt.

    Parameters
    ----------
    rule_id, pattern, reason, example : str
        As in ``cleaning.toml``.
    outlets : tuple of str
        Labels of the outlets in whose articles it recurs.
    n_articles : int
        Articles of these outlets that it matches.
    n_others : int
        Articles of other outlets that it matches.
    places : tuple of (str, int)
        Examples: article_id and line, counted from 1 in the cleaned text.
    largest : tuple of (str, float)
        The article of which it removes most, and that share of its characters.
    """

    rule_id: str
    pattern: str
    reason: str
    example: str
    outlets: tuple[str, ...]
    n_articles: int
    n_others: int
    places: tuple[tuple[str, int], ...]
    largest: tuple[str, float]


def propose_rules(corpus: Corpus, copies: Copies) -> tuple[Proposal, ...]:
    """Find boilerplate and propose a cleaning rule for each kind of it.

    Parameters
    ----------
    corpus : Corpus
        Articles as the rules at hand leave them.
    copies : Copies
        Groups of copies among them: what copies share is no boilerplate.

    Returns
    -------
    tuple of Proposal
        Those that match most articles first. Each matches its own example and all places that it was made from.
    """
    same_text = {}
    for group in copies.groups:
        same_text |= dict.fromkeys(group.members, group.kept)
    found: dict[str, dict[str, list[Place]]] = defaultdict(dict)
    for outlet, positions in corpus.grouping("outlet").members.items():
        texts = {int(position): same_text.get(int(position), int(position)) for position in positions}
        if len(set(texts.values())) >= FEWEST_ARTICLES:
            for pattern, places in _outlet_patterns(corpus.articles, texts):
                found[pattern][outlet] = places
    made = [_propose(corpus, pattern, outlets) for pattern, outlets in sorted(found.items())]
    made.sort(key=lambda proposal: (-proposal.n_articles, proposal.pattern))
    return _name_rules(made)


def _outlet_patterns(articles: Sequence[Article], texts: dict[int, int]) -> Iterator[tuple[str, list[Place]]]:
    """Yield the patterns of one outlet with their places; what one takes is not taken by another."""
    candidates: dict[tuple[str, tuple[str, ...]], list[Place]] = defaultdict(list)
    for position in texts:
        for kind, template, place in _candidates(articles[position].text, position):
            candidates[kind, template].append(place)
    wanted = {key: found for key, found in candidates.items() if _is_boilerplate(key, articles, found, texts)}
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    while wanted:
        # the widest first; of equally wide ones the one that leaves least open
        key = min(wanted, key=lambda key: (-_count(wanted[key], texts), _KINDS.index(key[0]), key[1]))
        places = wanted.pop(key)
        pattern = _pattern(*key, articles, places)
        if not pattern:
            continue
        for position, start, end in _matches(pattern, articles, texts):
            taken[position].append((start, end))
        yield pattern, places
        left = {other: _free(found, taken) for other, found in wanted.items()}
        wanted = {other: found for other, found in left.items() if _count(found, texts) >= FEWEST_ARTICLES}


def _count(places: list[Place], texts: dict[int, int]) -> int:
    """Count the different texts in which places stand."""
    return len({texts[place.article] for place in places})


def _free(places: list[Place], taken: dict[int, list[tuple[int, int]]]) -> list[Place]:
    """List the places of which nothing is taken yet."""
    return [
        place
        for place in places
        if not any(start < place.end and place.start < end for start, end in taken.get(place.article, ()))
    ]


def _matches(pattern: str, articles: Sequence[Article], positions) -> Iterator[tuple[int, int, int]]:
    """Yield every match of a pattern."""
    compiled = re.compile(pattern, re.MULTILINE)
    for position in positions:
        for match in compiled.finditer(articles[position].text):
            yield position, *match.span()


def _candidates(text: str, position: int) -> Iterator[tuple[str, tuple[str, ...], Place]]:
    """Yield what might be boilerplate in a text: lines, and the starts and ends of lines."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text) if any(map(str.isalnum, match.group()))]
    for number, (start, end) in enumerate(lines):
        at_end = number < HEAD or number >= len(lines) - TAIL
        line = text[start:end]
        if len(line) > 5000:
            continue
        place = Place(position, start, end, at_end)
        yield "line", make_template(line, "numbers"), place
        if len(line) <= 300 and (CUE.search(line) or BYLINE.match(line)):
            yield "names", make_template(line, "names"), place
        if match := _DATELINE.match(line):
            yield "dateline", (match["agency"],), Place(position, start, start + match.end(), True)
        elif (match := _HEADING.match(line)) and CUE.search(match.group().strip()):
            yield "heading", (match.group(),), place
        parts = find_passages(line)
        for match in _BRACKET.finditer(line):
            if 0 < len(match.group()) < len(line) and CUE.search(match.group()):
                inside = Place(position, start + match.start(), start + match.end(), at_end)
                yield "bracket", make_template(match.group(), "names"), inside
                # what stands behind the bracket may be the next piece of boilerplate
                parts += [
                    (match.end() + low, match.end() + high)
                    for low, high in find_passages(line[match.end() :])
                ]
        if (match := _TAIL.search(line)) and match.start():
            template = make_template(match.group().rstrip(), "numbers")
            yield "tail", template, Place(position, start + match.start(), end, at_end)
        if len(parts) > 1:
            for low, high in sorted({parts[0], parts[-1]}):
                where = number < HEAD if (low, high) == parts[0] else number >= len(lines) - TAIL
                template = make_template(line[low:high], "numbers")
                yield "sentence", template, Place(position, start + low, start + high, where)


def _is_boilerplate(
    key: tuple[str, tuple[str, ...]], articles: Sequence[Article], places: list[Place], texts: dict[int, int]
) -> bool:
    """Say whether a candidate recurs as boilerplate does, and not as a story's sentence may."""
    kind, template = key
    stories = _count(places, texts)
    share = stories / len(set(texts.values()))
    if stories < FEWEST_ARTICLES:
        return False
    if len(places) > MOST_PER_ARTICLE * len({place.article for place in places}):
        return False
    at_ends = sum(place.at_end for place in places) / len(places)
    first = places[0]
    # what follows a heading is different every time, and may be a quotation
    text = template[0] if kind == "heading" else articles[first.article].text[first.start : first.end]
    if kind == "names" and not re.search(r"[^\W\d_]{2}", "".join(template[::2])):
        return False
    if kind == "dateline":
        return share >= LOWEST_SHARE
    if SPOKEN.search(text) and not re.search(r"©|\brights reserved\b|\bpermission\b", text, re.IGNORECASE):
        return share >= SENTENCE_SHARE and at_ends == 1 and bool(CUE.search(text))
    if CUE.search(text) or BYLINE.match(text):
        return share >= LOWEST_SHARE and (
            at_ends >= AT_ENDS or len(text.split()) <= REST_WORDS or kind == "heading"
        )
    lowest = SENTENCE_SHARE if kind == "sentence" or len(text.split()) >= LONG_WORDS else PLAIN_SHARE
    return share >= lowest and at_ends >= AT_ENDS


def _pattern(kind: str, template: tuple[str, ...], articles: Sequence[Article], places: list[Place]) -> str:
    """Write the regular expression of a candidate; empty where it would not match every place it was made from."""
    if kind == "dateline":
        date = r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
        pattern = rf"^{PLACE}?{date},? \({escape(template[0])}\) ?[-–]{{1,2}} ?"
    elif kind == "heading":
        rest = [
            len(articles[place.article].text[place.start : place.end][len(template[0]) :].split())
            for place in places
        ]
        pattern = f"^{escape(template[0])}" + (r"[^\n]*$" if median(rest) <= REST_WORDS else r"[^\S\n]*")
    elif kind == "bracket":
        pattern = as_pattern(template)
    elif kind == "tail":
        pattern = rf"{as_pattern(template)}$"
    elif kind == "sentence":
        pattern = rf"(?:^|(?<=\s)){as_pattern(template)}(?=\s|$)"
    else:
        pattern = f"^{as_pattern(template)}$"
    compiled = re.compile(pattern, re.MULTILINE)
    for place in places:
        match = compiled.search(articles[place.article].text, place.start)
        if match is None or match.start() != place.start:
            return ""
    return pattern


def _propose(corpus: Corpus, pattern: str, outlets: dict[str, list[Place]]) -> Proposal:
    """Describe a rule: where it matches, and how much it would take out of which article."""
    compiled = re.compile(pattern, re.MULTILINE)
    own, others, places, largest = 0, 0, [], ("", 0.0)
    for article in corpus.articles:
        spans = [match.span() for match in compiled.finditer(article.text)]
        if not spans:
            continue
        inside = article.outlet in outlets
        own, others = own + inside, others + (not inside)
        share = sum(end - start for start, end in spans) / len(article.text)
        if share > largest[1]:
            largest = (article.article_id, share)
        if inside and len(places) < 3:
            places.append((article.article_id, article.text.count("\n", 0, spans[0][0]) + 1))
    first = min((place for found in outlets.values() for place in found), key=lambda place: place[:3])
    text = corpus.articles[first.article].text[first.start : first.end]
    sizes = corpus.grouping("outlet").members
    told = "; ".join(
        f"{len({place.article for place in found})} of {len(sizes[outlet])} articles of {outlet}"
        for outlet, found in list(outlets.items())[:5]
    )
    more = f"; and of {len(outlets) - 5} other outlets" if len(outlets) > 5 else ""
    reason = f"Recurs in {told}{more}."
    if others:
        reason += f" It also matches {others} article{'' if others == 1 else 's'} of other outlets."
    if largest[1] > MUCH:
        reason += f" It removes {100 * largest[1]:.0f} % of {largest[0]}."
    return Proposal("", pattern, reason, text, tuple(outlets), own, others, tuple(places), largest)


def _name_rules(proposals: list[Proposal]) -> tuple[Proposal, ...]:
    """Give every rule an id of its first words."""
    named, seen = [], defaultdict(int)
    for proposal in proposals:
        words = re.findall(r"[a-z]+", proposal.example.casefold())[:3]
        stem = "-".join(["proposed", *words])[:50]
        seen[stem] += 1
        named.append(replace(proposal, rule_id=stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"))
    return tuple(named)


def write_rules(proposals: Sequence[Proposal]) -> str:
    """Write proposals in the form of ``seeds/cleaning.toml``.

    Parameters
    ----------
    proposals : sequence of Proposal
        By `propose_rules`.

    Returns
    -------
    str
        TOML: a person pastes what is right into ``cleaning.toml``.
    """
    lines = [
        "# Proposed cleaning rules: nothing was removed. Paste those that match no prose into seeds/cleaning.toml.",
        "# Numbers, dates and names are left open. Places are lines of the texts as the rules at hand leave them.",
    ]
    for proposal in proposals:
        where = ", ".join(f"{article_id} line {line}" for article_id, line in proposal.places)
        article_id, share = proposal.largest
        count = f"{proposal.n_articles} article{'' if proposal.n_articles == 1 else 's'}"
        lines += [
            "",
            f"# matches {count}, such as {where}; removes at most {100 * share:.1f} % of an article ({article_id})",
            "[[rule]]",
            f"id = {_quote(proposal.rule_id)}",
            f"pattern = {_quote(proposal.pattern)}",
            f"reason = {_quote(proposal.reason)}",
            f"example = {_quote(proposal.example)}",
        ]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Write a TOML string: literal where it can be, so that patterns stay readable."""
    printable = text.isprintable()
    if printable and "'" not in text:
        return f"'{text}'"
    if printable and "'''" not in text and not text.endswith("'"):
        return f"'''{text}'''"
    # the basic strings of TOML escape as JSON does, and DEL, too
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
