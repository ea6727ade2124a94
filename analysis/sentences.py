"""Sentences of news text, told by the words on both sides of a stop.

Public entry: `analysis.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.typography import Span, find_paragraphs


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Written without the last full stop. A name, a number or the rest of the phrase follows: no split.
_TITLES = _words(
    """
    Mr Mrs Ms Messrs Dr Prof Gen Lt Col Maj Capt Cmdr Adm Sgt Cpl Pvt Brig Sen Sens Rep Reps Gov Govs Pres
    Amb Hon Rev Fr Msgr Supt Mt Ft vs i.e e.g I.e E.g viz cf ca Cf
    """
)
# These may end a sentence, but only a word that rarely continues a name (_OPENERS) shows it.
_ABBREVIATIONS = _words(
    """
    St Jr Sr Inc Ltd Co Corp Cos Bros LLC Assn Dept Dist Univ Ave Blvd Rd Esq Ph.D Ph.Ds al est approx dept
    min max Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Ariz Calif
    Colo Conn Fla Ga Ind Kan Ky La Mass Md Mich Minn Mo Mont Nev Okla Ore Pa Tenn Tex Va Vt Wis Wyo Ont Que
    """
)
_BEFORE_NUMBER = _words("No Nos no nos p pp Art Arts Vol vol Fig Figs fig Ch ch Sec Para")
_NEVER_GLUED = _TITLES | _ABBREVIATIONS | _BEFORE_NUMBER
_CLOCK = _words("a.m p.m A.M P.M am pm")
_AFTER_CLOCK = _words(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
    August September October November December Eastern Pacific Central Moscow London Beijing Greenwich GMT
    UTC EST EDT ET PT CET BST MSK
    """
)
_OPENERS = _words(
    """
    The He She It They We You I But In And Or So This That These Those A An However Meanwhile His Her Its
    Their Our My There Then Thus Therefore Although Though While When Where Whether Which Who What Why How
    If As At On By For From To With Without Within Since Until After Before Because During Despite Under
    Over Among Between Yet Still Also Both Not No Now Once Only Even Indeed Instead Moreover Nevertheless
    Furthermore Additionally Some Many Most Such Is Are Was Were Do Does Did Can Could Will Would Should
    """
)
_SPEECH = "said|says|asked|asks|wrote|writes|added|replied|told|tweeted|exclaimed|wondered|demanded|shouted"
_FILE_ENDINGS = _words("com net org edu gov int eu uk ru cn js pdf txt doc docx xls xlsx html htm")

_STOP = re.compile(
    # An address is passed over, but not the stop after it.
    r"(?:https?://|www\.)(?:[^\s<>\"“”.!?…]|[.!?…]++(?=[^\s<>\"“”.!?…)\]'’]))+"
    r"|(?P<stop>[.!?…。！？।؟]+(?:[ \t\xa0][.…]++(?!\w))*)"
)
_CLOSE = re.compile(r"(?:[\"'”’»›)\]}」』]|\[\d{1,3}\]|[“‘](?=\s|\Z)|[ \xa0][”»](?=\s|\Z))*")
# the classes of characters that `analysis.sentence_engine` needs, too
WORD = r"[^\W_]"
OPEN = r"[\s\"'“”‘’„‚«»‹›(\[{¿¡–—―•*\-]"
PART = r"[\s\"'“”‘’«»‹›(\[{)\]}–—/\-,;:!?…]"
STOP = r"[.!?…。！？।؟]"
LISTS = (_TITLES, _ABBREVIATIONS, _BEFORE_NUMBER, _CLOCK, _AFTER_CLOCK, _OPENERS, _FILE_ENDINGS)
LISTS += (_words(_SPEECH.replace("|", " ")),)
_OPEN = re.compile(rf"{OPEN}*+")
_WORD = re.compile(rf"{WORD}+")
_LAST_WORD = re.compile(rf"[^{PART[1:]}+\Z")
_INITIALISM = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\Z")
_ATTRIBUTION = re.compile(rf"(?:[^\W\d_a-z][\w.'’\-]{{0,30}}\s{{1,3}}){{1,4}}(?:{_SPEECH})\b")
_LOOK_BACK = 40
_SHORT_START = 20  # "At 6 p.m. Putin left" is one sentence


def find_sentences(text: str) -> list[Span]:
    """Locate the sentences of each paragraph.

    Written for news: abbreviations, initials, ellipses, questions inside a sentence and a missing blank
    after the stop are told apart by the words on both sides. Every character that is not blank is in exactly
    one sentence.

    Parameters
    ----------
    text : str
        The text, raw or normalised.

    Returns
    -------
    list of Span
        In order; none crosses a paragraph.

    Examples
    --------
    >>> text = "Mr. Putin met the U.S. envoy. “Why?” he asked."
    >>> [text[span.start:span.end] for span in find_sentences(text)]
    ['Mr. Putin met the U.S. envoy.', '“Why?” he asked.']
    """
    return [span for paragraph in find_paragraphs(text) for span in split_paragraph(text, paragraph)]


def split_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    """Locate the sentences of one paragraph.

    Parameters
    ----------
    text : str
        The text.
    paragraph : Span
        One of its paragraphs.

    Yields
    ------
    Span
        In order.
    """
    begin = read = paragraph.start
    has_word = False
    for match in _STOP.finditer(text, paragraph.start, paragraph.end):
        has_word = has_word or _WORD.search(text, read, match.end()) is not None
        read = match.end()
        if match["stop"] is None or not has_word:
            continue
        close = _CLOSE.match(text, match.end(), paragraph.end).end()
        following = _OPEN.match(text, close, paragraph.end).end()
        if following < paragraph.end and _ends_sentence(text, begin, match, (close, following)):
            yield Span(begin, close)
            begin = close
            while text[begin].isspace():
                begin += 1
            has_word = False
    yield Span(begin, paragraph.end)


def _ends_sentence(text: str, begin: int, stop: re.Match[str], after: tuple[int, int]) -> bool:
    """Decide on one stop; `after` holds the end of its closing marks and the start of the next word."""
    close, following = after
    run = stop["stop"]
    if run[-1] in "。！？।":
        return True
    word = (_WORD.match(text, following) or [""])[0]
    if word[:1].islower() and word.islower():  # "iPhone" begins a sentence, "he" does not
        return False
    before = text[stop.start() - 1] if stop.start() > begin else ""
    if before and before in "([" and text[stop.end() : stop.end() + 1] in (")", "]"):
        return False  # (?), [...]
    glued = following == close
    if glued and close == stop.end() and not _glued_word_begins(text, following, word):
        return False
    if len(run) == 1 and run == ".":
        if glued and close == stop.end():
            return _splits_glued(text, begin, stop.start(), following)
        return _is_final(text, begin, stop.start(), following, word)
    dots = run.count(".") + 3 * run.count("…")
    elided = dots == 2 and glued or dots == 3 and before.isspace()
    if elided and not set(run) & set("!?؟"):
        return False  # "the two ... Russia": words left out, not an end
    quoted = any(mark in text[stop.end() : close] for mark in "\"'”’»")
    return not (quoted and word not in _OPENERS and _ATTRIBUTION.match(text, following))


def _glued_word_begins(text: str, following: int, word: str) -> bool:
    """Say whether a word right after a stop looks like the start of a sentence, not part of a name."""
    if not word[:1].isupper() or word.lower() in _FILE_ENDINGS:
        return False
    if len(word) == 1:
        return word in "AI" and text[following + 1 : following + 2] in (" ", "'", "’")
    end = following + len(word)
    return word[1].islower() or text[end : end + 1] in (" ", "'", "’", "-")


def _splits_glued(text: str, begin: int, stop: int, following: int) -> bool:
    """Decide on "ends.The": not in addresses, abbreviations and initials."""
    # Two letters or digits before the stop also make sure that no token reaches over it.
    if stop - begin < 2 or not (text[stop - 1].isalnum() and text[stop - 2].isalnum()):
        return False
    piece = text[max(begin, stop - _LOOK_BACK) : stop]
    left = _LAST_WORD.search(piece)
    around = piece.split()[-1] + text[following : following + _LOOK_BACK].split()[0]
    if left is None or "@" in around or "." in left[0]:
        return False
    return not _known(left[0], _NEVER_GLUED)


def _known(word: str, words: frozenset[str]) -> bool:
    return word in words or (len(word) > 1 and word.isupper() and word.capitalize() in words)


def _is_final(text: str, begin: int, stop: int, following: int, word: str) -> bool:
    """Decide on a single full stop with a blank or closing mark after it."""
    piece = text[max(begin, stop - _LOOK_BACK) : stop]
    match = _LAST_WORD.search(piece)
    if match is None:
        return True
    last = match[0]
    number = not word or word[0].isdigit()
    after = text[following + len(word) : following + len(word) + 1]
    opener = word in _OPENERS and after != "-" and not (len(word) == 1 and after == ".")
    if _known(last, _TITLES):
        return False
    if last in _BEFORE_NUMBER:
        return not number
    if last in _CLOCK:
        return opener or word not in _AFTER_CLOCK and stop - begin > _SHORT_START
    if last.isdigit() and len(last) <= 3 and stop - len(last) == begin:
        return False  # "1. The first point"
    if _known(last, _ABBREVIATIONS) or ("." in last or last.isupper()) and _INITIALISM.match(last):
        return opener and not number
    return True
