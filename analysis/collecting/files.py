"""Lists the files of a source, and gives each to its reader."""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.collecting import documents, factiva, nexis, plain, proquest, tables, web
from analysis.collecting.found import Found, not_read
from analysis.decoding import decode_any
from analysis.errors import Problem, StudyError, shorten
from analysis.table_files import FORMS, table_form

KINDS = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".rtf", ".txt.gz", *FORMS)
"""What a file's name may end in."""
SINGLE = ("plain text", "Markdown", "web page", "Word document", "RTF document", "PDF")
"""The readers of files that hold one article, and no field that names its outlet."""
MAX_BYTES = 200 * 10**6
_CONVERT = {
    ".doc": "Save it as .docx.",
    ".odt": "Save it as .docx.",
    ".pages": "Save it as .docx.",
    ".xls": "Save it as .xlsx.",
    ".ods": "Save it as .xlsx.",
    ".tsv": "Save it as .csv, with commas.",
    ".json": "Write it as JSON lines (.jsonl), one object a line.",
    ".xml": "Convert it to a table (.csv).",
    ".zip": "Unpack it, and add the folder.",
    ".epub": "Convert it to .html.",
    ".eml": "Save the article as .txt.",
    ".mht": "Save the page as .html.",
    ".mhtml": "Save the page as .html.",
}
"""What may hold articles, but is not read."""


@dataclass(frozen=True)
class Item:
    """A file to read.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str
        How messages name it: from the source on.
    folders : tuple of str
        The folders between the source and the file.
    size : int
        In bytes.
    """

    path: Path
    shown: str
    folders: tuple[str, ...]
    size: int


@dataclass
class Listing:
    """The files of all sources, what cannot be read among them, and what is no article."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def list_files(sources: list[Path], study: Path) -> Listing:
    """List the files of some sources.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files and folders; folders are walked, sorted.
    study : pathlib.Path
        The study's folder; what it holds itself is no source.

    Returns
    -------
    Listing
        Each file once.

    Raises
    ------
    StudyError
        A source is not there.
    """
    missing = [
        Problem(
            source.as_posix(), "no such file or folder", "a file or folder of articles", "Correct the path."
        )
        for source in sources
        if not source.exists()
    ]
    own = {os.path.realpath(study / name) for name in ("seeds", "results", "figures", "notebooks", ".cache")}
    missing += [
        Problem(
            source.as_posix(),
            "the study's own folder",
            "a source outside of it",
            "Name where the articles are.",
        )
        for source in sources
        if any(
            os.path.realpath(source) == one or os.path.realpath(source).startswith(one + os.sep)
            for one in own
        )
    ]
    if missing:
        raise StudyError(missing)
    listing, seen = Listing(), set()
    others: Counter[str] = Counter()
    for source in sources:
        base = Path(os.path.abspath(source))
        for path, folders in _walk(base, own, listing):
            shown = _decodable("/".join((base.name, *folders, path.name)) if base.is_dir() else path.name)
            real = os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            _sort_file(listing, others, Item(path, shown, tuple(map(_decodable, folders)), 0))
    if others:
        kinds = ", ".join(f"{ending or 'no ending'} ({number})" for ending, number in sorted(others.items()))
        number = sum(others.values())
        listing.notes.append(f"left out {number} file{'' if number == 1 else 's'} of other kinds: {kinds}")
    return listing


def read_file(item: Item, notes: list[str]) -> Iterator[Found | Problem]:
    """Read the articles of a file.

    Parameters
    ----------
    item : Item
        The file.
    notes : list of str
        Gets what the user should know of how it was read.

    Yields
    ------
    Found or Problem
        At least one.
    """
    kind = _kind(item.path)
    try:
        if kind in FORMS:
            yield from tables.read_table(item.path, item.shown, notes)
        elif item.size > MAX_BYTES:
            found = f"a file of {item.size:,} bytes"
            yield not_read(
                item.shown, found, "Divide it into articles.", f"an article, up to {MAX_BYTES:,} bytes"
            )
        elif kind == ".docx":
            yield from _read_docx(item)
        elif kind == ".pdf":
            yield documents.read_pdf(item.path, item.shown)
        else:
            yield from _read_text(item, kind)
    except StudyError as error:
        yield from error.problems
    except OSError as error:
        yield not_read(
            item.shown, f"a file that cannot be read ({error.strerror or error})", "Make it readable."
        )
    except (MemoryError, RecursionError) as error:
        found = f"a file that is too large or too deep to be read ({type(error).__name__})"
        yield not_read(item.shown, found, "Divide it into articles.")


def _read_docx(item: Item) -> Iterator[Found | Problem]:
    paragraphs = documents.read_paragraphs(item.path, item.shown)
    lines = [text for _, text in paragraphs]
    if nexis.is_nexis(lines):
        yield from nexis.read_nexis(lines, item.shown)
        return
    found = documents.read_document(paragraphs, item.shown)
    if not found.text.strip():
        yield not_read(item.shown, "a document without text", "Add its text, or leave it out.")
        return
    yield _complete(found)


def _read_text(item: Item, kind: str) -> Iterator[Found | Problem]:
    """Read a file of text: plain, Markdown, a web page, or the export of a database."""
    data = _read_bytes(item)
    if not data.strip():
        yield not_read(item.shown, "an empty file", "Add its text, or leave it out.")
        return
    try:
        text, note = decode_any(data, page=kind in (".html", ".htm"))
    except ValueError as error:
        yield not_read(item.shown, str(error), "Save the text as UTF-8.", "text")
        return
    notes = (note,) if note else ()
    if kind in (".html", ".htm"):
        articles = factiva.lines_of_page(text)
        if articles is None:
            found = web.read_page(text, item.shown)
            yield replace(found, notes=notes) if isinstance(found, Found) else found
        else:
            yield from factiva.read_factiva(articles, item.shown)
    elif kind == ".rtf":
        yield from _read_rtf(item, data)
    elif proquest.is_proquest(text):
        yield from proquest.read_proquest(text, item.shown)
    else:
        found = _complete(plain.read_plain(text, item.shown, markdown=kind == ".md"))
        # bytes that can be kept are kept
        keep = data if not note and found.text == text and kind == ".txt" else None
        yield replace(found, notes=notes, data=keep)


def _read_rtf(item: Item, data: bytes) -> Iterator[Found | Problem]:
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        yield not_read(item.shown, "no RTF", "Export it again.")
        return
    try:
        # signs beyond ASCII are escaped in RTF
        text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")
    except (ValueError, IndexError, KeyError, TypeError, LookupError) as error:
        yield not_read(item.shown, f"an RTF file that is broken: {shorten(error)}", "Export it again.")
        return
    articles = factiva.lines_of_rtf(text)
    if articles is not None:
        yield from factiva.read_factiva(articles, item.shown)
    elif text.strip():
        yield _complete(
            replace(plain.read_plain(text.replace("|\n", "\n"), item.shown), reader="RTF document")
        )
    else:
        yield not_read(item.shown, "a document without text", "Add its text, or leave it out.")


def _read_bytes(item: Item) -> bytes:
    if not item.path.name.lower().endswith(".gz"):
        return item.path.read_bytes()
    try:
        with gzip.open(item.path) as file:
            data = file.read(MAX_BYTES + 1)
    except EOFError:
        found = "a gzip file that ends too early"
    except (OSError, ValueError) as error:
        found = f"no gzip file: {shorten(error)}"
    else:
        if len(data) <= MAX_BYTES:
            return data
        found = f"a gzip file that unpacks to more than {MAX_BYTES:,} bytes"
    raise StudyError([not_read(item.shown, found, "Fetch or compress it again.", "a whole .gz file")])


def _complete(found: Found) -> Found:
    """Lift what the name of the file and the first line say, where the file itself says nothing."""
    if not found.title:
        found = plain.lift_first_line(found)
    printed = "" if found.published else plain.date_of_name(found.place)
    if printed:
        found = replace(found, published=printed, lifted={**found.lifted, "published": "the file's name"})
    return found


def _walk(base: Path, own: set[str], listing: Listing) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Walk a source, sorted; what begins with a dot and the study's own folders are passed over."""
    if not base.is_dir():
        yield base, ()
        return

    def refuse(error: OSError) -> None:
        shown = _decodable(os.path.relpath(error.filename, base.parent).replace(os.sep, "/"))
        found = f"a folder that cannot be read ({error.strerror})"
        listing.problems.append(not_read(shown, found, "Make it readable.", "a folder of articles"))

    for folder, inner, names in os.walk(base, onerror=refuse):
        folders = Path(folder).relative_to(base).parts
        links = sorted(name for name in inner if os.path.islink(os.path.join(folder, name)))
        if links:
            # a link may lead in a circle, or out of the source
            listed = ", ".join(map(shorten, links[:5]))
            listing.notes.append(f"passed over links to folders: {listed}")
        inner[:] = sorted(
            name
            for name in inner
            if not name.startswith((".", "~")) and os.path.realpath(os.path.join(folder, name)) not in own
        )
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(folder) / name, folders


def _sort_file(listing: Listing, others: Counter[str], item: Item) -> None:
    """Put a file among those to read, those that cannot be read, or those of other kinds."""
    kind = _kind(item.path)
    ending = item.path.suffix.lower()
    try:
        # reading a pipe or a device would wait for ever
        if not item.path.is_file():
            found = "no file, or a link that leads nowhere"
            listing.problems.append(not_read(item.shown, found, "Leave it out."))
        elif kind:
            listing.items.append(replace(item, size=item.path.stat().st_size))
        elif ending in _CONVERT or not item.folders and item.shown == item.path.name:
            remedy = _CONVERT.get(ending, "Convert it.")
            what = f"a file that ends in {ending!r}" if ending else "a name without an ending"
            listing.problems.append(not_read(item.shown, what, remedy, ", ".join(KINDS)))
        else:
            others[ending] += 1
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        listing.problems.append(not_read(item.shown, found, "Make it readable."))


def _kind(path: Path) -> str:
    name = path.name.lower()
    if table_form(path):
        return table_form(path)
    if name.endswith(".txt.gz"):
        return ".txt.gz"
    return path.suffix.lower() if path.suffix.lower() in KINDS else ""


def _decodable(name: str) -> str:
    """Make a name that may hold bytes which are no text into text."""
    return re.sub(r"[\x00-\x1f\x7f]", "?", os.fsencode(name).decode("utf-8", "replace"))
