"""Reads the text of Word documents and PDF files."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from zipfile import BadZipFile

from analysis.collecting.found import Found, not_read
from analysis.errors import Problem, StudyError, shorten
from analysis.results import one_line
from analysis.table_files import check_archive

_ENCRYPTED = b"\xd0\xcf\x11\xe0"


def read_paragraphs(path: Path, shown: str) -> list[tuple[str, str]]:
    """Read the paragraphs of a Word document, those of its tables too.

    Parameters
    ----------
    path : pathlib.Path
        A .docx file.
    shown : str
        How messages name it.

    Returns
    -------
    list of (str, str)
        The name of the paragraph's style, and its text.

    Raises
    ------
    StudyError
        It cannot be read.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    bomb = check_archive(path)
    if bomb:
        raise StudyError([Problem(shown, bomb.found, bomb.allowed, bomb.remedy)])
    with path.open("rb") as file:
        if file.read(4) == _ENCRYPTED:
            found = "an encrypted document, or one of Word 97"
            raise StudyError(
                [not_read(shown, found, "Open it in Word, and save it as .docx without a password.")]
            )
    try:
        # from a stream: the library's messages then do not name the whole path
        with path.open("rb") as file:
            document = Document(file)
        nodes = (node for node in document.element.body.iter(_tag("p")) if not _in_box(node))
        return [_read_paragraph(node) for node in nodes]
    except (
        PackageNotFoundError, BadZipFile, LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError,
        EOFError, OSError, RuntimeError, zlib.error,
    ) as error:  # fmt: skip
        # whatever a broken archive leads the library into
        found = f"no Word document: {shorten(_reason(error))}"
        raise StudyError([not_read(shown, found, "Open it in Word, and save it again.")]) from None


def read_document(paragraphs: list[tuple[str, str]], place: str) -> Found:
    """Make one article of the paragraphs of a Word document.

    Parameters
    ----------
    paragraphs : list of (str, str)
        From `read_paragraphs`.
    place : str
        The file, for messages.

    Returns
    -------
    Found
        Its title is the first paragraph in the style of a title or heading. What the file says of its author is not
        used: it names whoever saved it.
    """
    filled = [(style, text) for style, text in paragraphs if text.strip()]
    text = "\n\n".join(text for _, text in filled)
    title = next(
        (one_line(text) for style, text in filled[:5] if re.match(r"(?:Title|Heading ?1)\Z", style, re.I)), ""
    )
    lifted = {"title": "the document's heading"} if title else {}
    return Found(place, text, "Word document", title=title, lifted=lifted)


def read_pdf(path: Path, place: str) -> Found | Problem:
    """Read the text of a PDF file.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    place : str
        How messages name it.

    Returns
    -------
    Found or Problem
        Lines are joined to paragraphs. Title and author are those of the file's properties where the text has the
        same words.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(path)
    except PdfiumError as error:
        if "password" in str(error).lower():
            return not_read(place, "an encrypted PDF", "Save it without a password.")
        return not_read(place, f"no PDF: {shorten(_reason(error))}", "Fetch or export it again.")
    except OSError as error:
        return not_read(place, f"a file that cannot be read ({error.strerror})", "Make it readable.")
    pages = []
    try:
        for number in range(len(document)):
            page = document[number]
            content = page.get_textpage()
            pages.append(content.get_text_range())
            content.close()
            page.close()
        said = document.get_metadata_dict(skip_empty=True)
    except PdfiumError as error:
        return not_read(
            place, f"a PDF that is broken: {shorten(_reason(error))}", "Fetch or export it again."
        )
    finally:
        document.close()
    text = join_lines("\n".join(pages))
    if not text.strip():
        found = "a PDF without text (images of pages)" if pages else "a PDF without pages"
        return not_read(place, found, "Run character recognition (OCR) on it, and add the text.")
    body = one_line(text).casefold()
    parts = {"title": one_line(said.get("Title", "")), "author": one_line(said.get("Author", ""))}
    parts = {name: value for name, value in parts.items() if value and value.casefold() in body}
    lifted = dict.fromkeys(parts, "the file's properties, and the text")
    return Found(place, text, "PDF", lifted=lifted, **parts)


def join_lines(text: str) -> str:
    """Join the lines of printed pages to paragraphs.

    Parameters
    ----------
    text : str
        Lines as they stand on the page.

    Returns
    -------
    str
        Paragraphs with a blank line between them: one ends with a line that is shorter than others and ends a
        sentence. A word divided at the end of a line is joined; its hyphen stays unless the text has the word
        without it.

    Examples
    --------
    >>> join_lines("The talks of the two sides went on for\\nmany days.\\nThen they ended with a state-\\nment.")
    'The talks of the two sides went on for many days.\\n\\nThen they ended with a state-ment.'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # where a word goes on in the next line, the line ends with this sign until lines are joined
    text = re.sub(r"[\ufffe\x02\xad][ \t]*\n", "\x03\n", text)
    text = re.sub("[\ufffe\x02\xad]", "", text)
    words = set(re.findall(r"\w+", text.casefold()))

    def join(match: re.Match) -> str:
        known = (match[1] + match[2]).casefold() in words
        return f"{match[1]}{'' if known else '-'}\x03\n{match[2]}"

    text = re.sub(r"(\w+)-[ \t]*\n[ \t]*(\w+)", join, text)
    lines = [line.strip() for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 3 // 4] if widths else 0
    paragraphs, block = [], []
    for line in lines:
        if line:
            block.append(line)
        ends = re.search(r"[.!?][\"'\u2019\u201d)]*\Z", line) and len(line) < 0.8 * usual
        if block and (not line or ends):
            paragraphs.append(" ".join(block))
            block = []
    joined = "\n\n".join([*paragraphs, *([" ".join(block)] if block else [])])
    return joined.replace("\x03 ", "").replace("\x03", "")


def _tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _in_box(node) -> bool:
    """Say whether a node stands in a text box, which Word stores twice and which is no part of the text's flow."""
    return any(above.tag == _tag("txbxContent") for above in node.iterancestors())


def _read_paragraph(node) -> tuple[str, str]:
    """Read the style and the text of a paragraph; what was deleted with changes tracked is left out."""
    parts = []
    boxes = node.find(f".//{_tag('txbxContent')}") is not None
    for part in node.iter(_tag("t"), _tag("tab"), _tag("br"), _tag("cr"), _tag("noBreakHyphen")):
        if boxes and _in_box(part):
            continue
        name = part.tag.rpartition("}")[2]
        # a tab stop of the paragraph's layout has the same name as a tab in the text
        if name == "tab" and part.getparent().tag == _tag("tabs"):
            continue
        parts.append(
            (part.text or "") if name == "t" else {"tab": "\t", "noBreakHyphen": "-"}.get(name, "\n")
        )
    style = node.find(f"{_tag('pPr')}/{_tag('pStyle')}")
    named = style.get(_tag("val"), "") if style is not None else ""
    return named, "".join(parts)


def _reason(error: Exception) -> str:
    return one_line(str(error)) or type(error).__name__
