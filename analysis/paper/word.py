"""Writes tables, figures and paragraphs as Word documents, with alt texts and the same bytes at every run."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analysis.office import package_bytes
from analysis.paper.model import PaperTable
from analysis.tables import clean_text

FONT = "Times New Roman"
PAGE = (8.5, 11.0)
"""Inches of the page."""

MARGIN = 0.75
_LONG_AGO = datetime(2000, 1, 1)  # python-docx wants a date of making, and a date would differ at every run
_WIDEST = PAGE[0] - 2 * MARGIN
_TALLEST = PAGE[1] - 2 * MARGIN - 2.0  # a caption stands below


@dataclass(frozen=True)
class WordFigure:
    """One figure as it stands in a document.

    Parameters
    ----------
    title, caption, alt : str
        Plain text.
    png : bytes
        The image.
    size : tuple of float
        Inches: width and height.
    """

    title: str
    caption: str
    alt: str
    png: bytes
    size: tuple[float, float]


def word_tables(tables: Iterable[PaperTable], *, title: str) -> bytes:
    """Write all tables as one document.

    Parameters
    ----------
    tables : iterable of PaperTable
        In their order.
    title : str
        The document's title.

    Returns
    -------
    bytes
        A .docx file: real tables with repeated head rows, numbered captions, notes and alt texts.
    """
    document = _document(title)
    for place, table in enumerate(tables):
        _caption(document, "Table", table.title, new_page=place > 0)
        _table(document, table)
        _note(document, table.note)
    return package_bytes(document)


def word_figures(figures: Iterable[WordFigure], *, title: str) -> bytes:
    """Write all figures as one document.

    Parameters
    ----------
    figures : iterable of WordFigure
        In their order.
    title : str
        The document's title.

    Returns
    -------
    bytes
        A .docx file: images at their size, with alt texts and numbered captions.
    """
    from docx.shared import Inches

    document = _document(title)
    for place, figure in enumerate(figures):
        _caption(document, "Figure", figure.title, new_page=place > 0)
        # only a figure higher than the page is made smaller
        shrink = min(1.0, _WIDEST / figure.size[0], _TALLEST / figure.size[1])
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(figure.png), width=Inches(figure.size[0] * shrink))
        properties = shape._inline.docPr
        properties.set("name", f"Figure {place + 1}")
        properties.set("title", _plain(figure.title))
        properties.set("descr", _plain(figure.alt))
        _note(document, figure.caption)
    return package_bytes(document)


def word_text(text: str, *, title: str) -> bytes:
    """Write paragraphs as a document.

    Parameters
    ----------
    text : str
        Plain text; a blank line ends a paragraph, and lines that start with ``- `` are works of a list.
    title : str
        The document's title and heading.

    Returns
    -------
    bytes
        A .docx file.
    """
    from docx.shared import Inches

    document = _document(title)
    document.add_heading(_plain(title), level=1)
    for part in text.strip().split("\n\n"):
        if part == "References":
            document.add_heading(part, level=2)
        elif part.startswith("- "):
            for line in part.splitlines():
                work = document.add_paragraph(_plain(line.removeprefix("- ")))
                work.paragraph_format.left_indent = Inches(0.5)
                work.paragraph_format.first_line_indent = Inches(-0.5)
        else:
            document.add_paragraph(_plain(part))
    return package_bytes(document)


def _document(title: str):
    """Start a document in a plain type on one kind of page."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Inches(size) for size in PAGE)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Inches(MARGIN))
    for name, size in (("Normal", 11), ("Caption", 11), ("Heading 1", 14), ("Heading 2", 12)):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in list(fonts.attrib):
            del fonts.attrib[kind]
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
        style.paragraph_format.space_after = Pt(6)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _plain(title)[:255], "", ""
    properties.language, properties.last_modified_by, properties.revision = "en", "", 1
    properties.created = properties.modified = _LONG_AGO
    return document


def _caption(document, kind: str, title: str, *, new_page: bool) -> None:
    """Write a number that Word counts itself, and the title below it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    head = document.add_paragraph(style="Caption")
    head.paragraph_format.page_break_before = new_page
    head.paragraph_format.keep_with_next = True
    head.add_run(f"{kind} ").bold = True
    number = sum(
        field.get(qn("w:instr"), "").startswith(f" SEQ {kind} ")
        for field in document.element.iter(qn("w:fldSimple"))
    )
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" SEQ {kind} \\* ARABIC ")
    run = head.add_run(str(number + 1))
    run.bold = True
    field.append(run._r)
    head._p.append(field)
    name = document.add_paragraph(style="Caption")
    name.paragraph_format.keep_with_next = True
    line = name.add_run(_plain(title))
    line.italic, line.bold = True, False


def _table(document, table: PaperTable) -> None:
    """Write a table with rules above, below and under the head."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    grid = document.add_table(rows=0, cols=len(table.columns))
    grid.autofit = False
    settings = grid._tbl.tblPr
    # where these stand among the others is fixed by the format
    _rules(settings, top=8, bottom=8)
    for name, text in (("w:tblCaption", table.title), ("w:tblDescription", table.alt)):
        element = OxmlElement(name)
        element.set(qn("w:val"), _plain(text))
        settings.append(element)
    widths = _widths(table)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    head = grid.add_row()
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, column, width in zip(head.cells, table.columns, widths, strict=True):
        cell.width = width
        _fill(cell, column.head, right=not column.text, italic=column.symbol)
        _cell_rule(cell)
    for row in table.rows:
        line = grid.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = line.cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        if row.heading:
            cell = cells[0].merge(cells[-1])
            _fill(cell, row.cells[0], italic=True, before=4)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
            continue
        for cell, column, text in zip(cells, table.columns, row.cells, strict=True):
            _fill(cell, text, right=not column.text)


def _fill(cell, text: str, *, right: bool = False, italic: bool = False, before: int = 0) -> None:
    """Write a cell."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    for place, line in enumerate(text.split("\n")):
        run = paragraph.add_run(_plain(line))
        run.font.size, run.italic = Pt(9), italic
        if place < text.count("\n"):
            run.add_break()


def _note(document, text: str) -> None:
    """Write the note below a table or a figure."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    word = paragraph.add_run("Note. ")
    word.italic, word.font.size = True, Pt(9.5)
    paragraph.add_run(_plain(text)).font.size = Pt(9.5)


def _rules(settings, **sizes: int) -> None:
    """Draw rules at some sides of a table; the format wants them before its layout."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side, size in sizes.items():
        borders.append(_rule(side, size))
    for later in ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"):
        found = settings.find(qn(later))
        if found is not None:
            found.addprevious(borders)
            return
    settings.append(borders)


def _cell_rule(cell) -> None:
    """Draw the rule below the head."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    borders = OxmlElement("w:tcBorders")
    borders.append(_rule("bottom", 4))
    properties = cell._tc.get_or_add_tcPr()
    # the format wants it before the vertical alignment
    properties.find(qn("w:vAlign")).addprevious(borders)


def _rule(side: str, size: int):
    """Make one rule, in eighths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    return rule


def _widths(table: PaperTable) -> list:
    """Share the width of the page out by what stands in the columns."""
    from docx.shared import Inches

    wanted, least = [], []
    for place, column in enumerate(table.columns):
        cells = [row.cells[place] for row in table.rows if not row.heading]
        head = max(len(word) for word in column.head.split())
        longest = max((len(cell) for cell in cells), default=0)
        parts = [len(word) for cell in cells for word in cell.split()] if column.text else [longest]
        lines = max(len(line) for line in column.head.split("\n"))
        wanted.append(0.2 + 0.064 * max(lines, min(longest, 40 if column.text else 16)))
        # no word of the head or of a cell is broken if it can be helped
        least.append(0.2 + 0.064 * max(head, min(max(parts, default=0), 16)))
    room, short = sum(wanted) - sum(least), max(0.0, sum(wanted) - _WIDEST)
    give = min(1.0, short / room) if room else 0.0
    widths = [want - give * (want - low) for want, low in zip(wanted, least, strict=True)]
    shrink = min(1.0, _WIDEST / sum(widths))
    return [Inches(round(width * shrink, 3)) for width in widths]


def _plain(text: str) -> str:
    """Write untrusted text as one line that XML can hold."""
    return " ".join(clean_text(text).split())
