"""Word documents: real tables, alt texts, numbered captions, valid XML of hostile text, the same bytes twice."""

from __future__ import annotations

import io
import time
import zipfile
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn

from analysis.paper.model import MISSING, PaperColumn, PaperRow, PaperTable
from analysis.paper.word import WordFigure, word_figures, word_tables, word_text

HOSTILE = "<script>alert(1)</script> & \x01\x0b\ud800\ufffe\u202e ]]> {DDE} =cmd|' /C calc'!A0"
SHOWN = "<script>alert(1)</script> & ]]> {DDE} =cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def table() -> PaperTable:
    columns = (PaperColumn("Term", text=True), PaperColumn("Articles\nbloc"), PaperColumn("p", symbol=True))
    rows = (PaperRow((f"Group {HOSTILE}",), heading=True), *(PaperRow((HOSTILE, "1.00", MISSING)),) * 2)
    return PaperTable("2_terms", f"Terms {HOSTILE}", columns, rows, f"p withheld {HOSTILE}")


@pytest.fixture(scope="module")
def png() -> bytes:
    from matplotlib.figure import Figure

    out = io.BytesIO()
    Figure(figsize=(5, 2)).savefig(out, format="png", dpi=100)
    return out.getvalue()


def test_a_table_is_a_table_with_alt_text(table):
    document = Document(io.BytesIO(word_tables([table, table], title=f"T {HOSTILE}")))
    assert len(document.tables) == 2
    grid = document.tables[0]
    cells = [[cell.text for cell in row.cells] for row in grid.rows]
    assert cells == [
        ["Term", "Articles\nbloc", "p"],
        [f"Group {SHOWN}"] * 3,
        [SHOWN, "1.00", MISSING],
        [SHOWN, "1.00", MISSING],
    ]
    settings = grid._tbl.tblPr
    assert settings.find(qn("w:tblCaption")).get(qn("w:val")) == f"Terms {SHOWN}"
    assert settings.find(qn("w:tblDescription")).get(qn("w:val")).startswith("Table of 2 rows: Terms ")
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text[1:3] == [f"Terms {SHOWN}", f"Note. p withheld {SHOWN}"]
    assert document.core_properties.title == f"T {SHOWN}"


def test_the_parts_of_a_table_stand_in_the_order_of_the_format(table):
    grid = Document(io.BytesIO(word_tables([table], title="T"))).tables[0]
    names = [element.tag.partition("}")[2] for element in grid._tbl.tblPr]
    order = ["tblStyle", "tblW", "tblBorders", "tblLayout", "tblLook", "tblCaption", "tblDescription"]
    assert names == [name for name in order if name in names]
    assert {"tblBorders", "tblCaption", "tblDescription"} <= set(names)
    cell = grid.rows[0].cells[0]._tc.tcPr
    assert [element.tag.partition("}")[2] for element in cell] == ["tcW", "tcBorders", "vAlign"]


def test_numbers_count_themselves(table):
    document = Document(io.BytesIO(word_tables([table] * 3, title="T")))
    fields = list(document.element.iter(qn("w:fldSimple")))
    assert [field.get(qn("w:instr")) for field in fields] == [" SEQ Table \\* ARABIC "] * 3
    assert ["".join(node.text for node in field.iter(qn("w:t"))) for field in fields] == ["1", "2", "3"]


def test_no_table_is_wider_than_the_page():
    columns = tuple(PaperColumn(f"A long heading {place}", text=True) for place in range(12))
    table = PaperTable("1_x", "X", columns, (PaperRow(("word " * 20,) * 12),), "n")
    grid = Document(io.BytesIO(word_tables([table], title="T"))).tables[0]
    assert sum(column.width for column in grid.columns) <= 7.0 * 914400 + 12
    assert min(column.width for column in grid.columns) > 0.3 * 914400


def test_a_figure_has_its_size_and_alt_text(png):
    figures = [
        WordFigure("Dots", f"Two dots {HOSTILE}", f"Dots of 2 {HOSTILE}", png, (5.0, 2.0)),
        WordFigure("High", "Too high for a page", "High", png, (5.0, 20.0)),
    ]
    document = Document(io.BytesIO(word_figures(figures, title="F")))
    first, second = document.inline_shapes
    assert first.width / 914400 == pytest.approx(5.0)
    assert second.width / 914400 == pytest.approx(5.0 * 7.5 / 20.0)
    properties = first._inline.docPr
    assert properties.get("descr") == f"Dots of 2 {SHOWN}"
    assert properties.get("title") == "Dots"
    assert f"Note. Two dots {SHOWN}" in [paragraph.text for paragraph in document.paragraphs]


def test_paragraphs_and_references():
    text = "One paragraph.\n\nTwo.\n\nReferences\n\n- A (2020).\n- B (2021)."
    document = Document(io.BytesIO(word_text(text, title="Methods")))
    found = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert found == [
        ("Heading 1", "Methods"),
        ("Normal", "One paragraph."),
        ("Normal", "Two."),
        ("Heading 2", "References"),
        ("Normal", "A (2020)."),
        ("Normal", "B (2021)."),
    ]


def test_the_bytes_are_the_same_at_another_time(table, png, monkeypatch):
    figure = WordFigure("Dots", "Two dots", "Dots of 2", png, (5.0, 2.0))

    def write() -> list[bytes]:
        return [
            word_tables([table], title="T"),
            word_figures([figure], title="F"),
            word_text("One.", title="M"),
        ]

    first = write()
    later = time.time() + 10_000_000
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert write() == first
    for data in first:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.namelist()[0] == "[Content_Types].xml"
            assert not any("vba" in name.lower() for name in archive.namelist())
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
            assert b'TargetMode="External"' not in b"".join(archive.read(name) for name in archive.namelist())
