"""Decides whether what a reader found becomes an article of the study, and as which row."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from analysis.collecting.dates import AmbiguousDate, read_date
from analysis.collecting.found import Found, not_read
from analysis.collecting.outlets import OutletTable, make_slug
from analysis.columns import parse_published
from analysis.config import CorpusSettings
from analysis.decoding import check_length
from analysis.errors import Problem, shorten
from analysis.language import find_other_language
from analysis.results import one_line
from analysis.schema.parts import ID_PATTERN
from analysis.tables import clean_text
from analysis.text import find_tokens

_CELL = 500
_DATABASES = ("Factiva", "ProQuest", "Media Cloud")


@dataclass(frozen=True)
class Admitted:
    """An article that is to be added.

    Parameters
    ----------
    key : str
        Tells the article again in another run.
    data : bytes
        The text file's content.
    row : dict
        Its row of articles.csv; ``article_id`` and ``file`` are given when it is written.
    stem : str
        What its article_id begins with.
    found : Found
        As the reader found it.
    """

    key: str
    data: bytes
    row: dict[str, str]
    stem: str
    found: Found


@dataclass
class Admission:
    """What an article must be to enter the study.

    Parameters
    ----------
    corpus : CorpusSettings
        The study's settings.
    outlets : OutletTable
        Where outlets are found.
    date_order : {"", "dmy", "mdy"}
        What 9/11/2018 means.
    unread_dates : dict of str to str
        Gets the dates that could not be read, by place.
    """

    corpus: CorpusSettings
    outlets: OutletTable
    date_order: str
    unread_dates: dict[str, str]

    def admit(self, found: Found) -> Admitted | Problem:
        """Take an article, or say why not.

        Parameters
        ----------
        found : Found
            From a reader, with the outlet that it belongs to.

        Returns
        -------
        Admitted or Problem
            The problem names the article.
        """
        text = _encodable(found.text)
        refused = self._refuse(found, text)
        if refused:
            return refused
        try:
            published = read_date(found.published, self.date_order) if found.published.strip() else ""
        except AmbiguousDate as error:
            return not_read(
                found.place,
                f"the date {shorten(found.published)}, which is {error}",
                "Say which with --date-order dmy or --date-order mdy.",
                "a date that means one day",
            )
        except ValueError:
            published = ""
            self.unread_dates[found.place] = found.published
        outlet_id = self.outlets.find(found.outlet, found.bloc, found.url)
        data = found.data if found.data is not None and text == found.text else text.encode("utf-8")
        title = _cell(found.title)
        row = {
            "outlet_id": outlet_id,
            "title": title,
            "author": _cell(found.author),
            "published": published,
            "published_precision": parse_published(published)[2] if published else "",
            "language": self.corpus.language,
            "url": _cell(found.url),
            "rights": _cell(found.rights),
            "sha256": hashlib.sha256(data).hexdigest(),
            "evidence": _evidence(found, published),
            "note": _cell(
                f"from {found.place} ({found.reader})" + "".join(f"; {one}" for one in found.notes)
            ),
        }
        # the file's name without its date, which the id has already
        file = found.place.rpartition("/")[2].rpartition(".")[0]
        name = title or (file.replace(published, "") if published else file)
        stem = "_".join(
            (
                make_slug(outlet_id, set(), "outlet", 24),
                published or "undated",
                make_slug(name, set(), "article", 32),
            )
        )
        return Admitted(make_key(found), data, row, stem, found)

    def _refuse(self, found: Found, text: str) -> Problem | None:
        """Say why a text is no article of the study."""
        long = check_length(found.place, text)
        if long:
            return long
        tokens = find_tokens(text)
        if not tokens:
            return not_read(found.place, "no words", "Add its text, or leave it out.")
        if not self.corpus.check_language:
            return None
        words = [text[token.start : token.end].casefold() for token in tokens[:2000]]
        other = find_other_language(text, words, self.corpus.language)
        if not other:
            return None
        return not_read(
            found.place,
            f"a text in the language {other!r}",
            "Leave it out, or set corpus.check_language = false in study.toml if it is right.",
            f"{self.corpus.language!r}, the language of the study",
        )


def make_key(found: Found) -> str:
    """Tell an article by its number in a database, or else by all that it is made of.

    Parameters
    ----------
    found : Found
        The article.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    if found.source_id and found.reader in _DATABASES:
        parts = (found.reader, found.source_id)
    else:
        text = " ".join(found.text.split())
        parts = (found.outlet.casefold(), one_line(found.title).casefold(), one_line(found.published), text)
    joined = "\0".join(map(_encodable, parts))
    return hashlib.sha256(unicodedata.normalize("NFC", joined).encode("utf-8")).hexdigest()[:16]


def name_article(admitted: Admitted, taken: set[str]) -> str:
    """Give an article its id: the one its table gives it, or one made of outlet, date, title and key.

    Parameters
    ----------
    admitted : Admitted
        The article.
    taken : set of str
        The ids in use, case folded.

    Returns
    -------
    str
        Not taken, and the same whenever the article is added.
    """
    given = admitted.found.article_id
    if given and ID_PATTERN.match(given) and given.casefold() not in taken:
        return given
    stem = make_slug(given, set(), "article", 60) if given else admitted.stem
    for length in (8, 12, 16):
        name = f"{stem}_{admitted.key[:length]}"
        if name.casefold() not in taken:
            return name
    return make_slug(name, taken, "article", 76)


def _evidence(found: Found, published: str) -> str:
    """Say where title, outlet, date and author were lifted from; single quotes, as double ones quote the text."""
    parts = []
    for name in ("title", "outlet", "published", "author"):
        where = found.lifted.get(name)
        if not where:
            continue
        printed = one_line(getattr(found, name))
        said = f" '{printed}'" if name == "published" and printed != published else ""
        parts.append(f"{name if name != 'published' else 'date'}:{said} from {where}")
    return _cell("; ".join(parts).replace('"', "'"))


def _cell(text: str) -> str:
    plain = one_line(clean_text(_encodable(text)))
    return plain if len(plain) <= _CELL else f"{plain[: _CELL - 3]}..."


def _encodable(text: str) -> str:
    """Replace half signs, which no file can hold."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
