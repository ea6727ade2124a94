"""Word and PDF files: their text, what is lifted, and what cannot be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document

from analysis.collecting.documents import join_lines, read_document, read_paragraphs, read_pdf
from analysis.errors import StudyError

SENTENCE = "The government of Russia said that it will meet the leaders of China and the US in the spring."


def make_pdf(path: Path, lines: list[str], info: str = "", encrypt: str = "") -> Path:
    """Write a PDF of one page by hand."""
    words = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 10 Tf 12 TL 50 750 Td {words} ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    trailer = f"trailer << /Size {len(parts) + 1} /Root 1 0 R /Info 6 0 R {encrypt} >>"
    data += f"{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def test_the_paragraphs_of_a_document_and_its_heading(tmp_path):
    document = Document()
    document.add_paragraph("Talks resume", style="Title")
    document.add_paragraph(SENTENCE)
    document.add_table(1, 2).rows[0].cells[1].text = "In a table."
    document.add_paragraph("").add_run("Two\nlines\tand a tab.")
    document.core_properties.author = "The scholar"
    document.save(tmp_path / "a.docx")
    found = read_document(read_paragraphs(tmp_path / "a.docx", "a.docx"), "a.docx")
    assert found.text == f"Talks resume\n\n{SENTENCE}\n\nIn a table.\n\nTwo\nlines\tand a tab."
    assert (found.title, found.author, found.lifted) == ("Talks resume", "", {"title": "the document's heading"})


def problems_of(path: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_paragraphs(path, path.name)
    return [str(problem) for problem in caught.value.problems]


def test_documents_that_cannot_be_read_are_named(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1")
    remedy = "allowed: an article. Open it in Word, and save it"
    assert problems_of(path) == [
        f"a.docx: found an encrypted document, or one of Word 97; {remedy} as .docx without a password."
    ]
    path.write_bytes(b"not a zip")
    assert len(problems_of(path)) == 1 and problems_of(path)[0].endswith(f"; {remedy} again.")
    document = Document()
    document.add_paragraph(SENTENCE * 50)
    document.save(path)
    whole = path.read_bytes()
    for end in range(100, len(whole), 3000):
        path.write_bytes(whole[:end])
        assert problems_of(path)[0].startswith("a.docx: found no Word document: "), end
    for place in range(30, len(whole), 2500):
        path.write_bytes(whole[:place] + b"\xff\x00\xff" + whole[place + 3 :])
        try:
            read_paragraphs(path, "a.docx")
        except StudyError as error:
            assert str(error.problems[0]).startswith("a.docx: found no Word document: ")


def test_an_archive_that_would_fill_the_memory_is_not_opened(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.xml", "w") as file:
        for _ in range(110):
            file.write(b"\0" * 10**6)
    packed = path.stat().st_size
    assert problems_of(path) == [
        f"a.docx: found an archive of {packed:,} bytes that unpacks to 110,000,000; allowed: an ordinary document. "
        "Export it again, or remove it."
    ]


def test_entities_are_not_unfolded(tmp_path):
    document = Document()
    document.add_paragraph("PLACE")
    document.save(tmp_path / "a.docx")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    ) + "]>"
    with zipfile.ZipFile(tmp_path / "a.docx") as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                head, body = data.split("?>", 1)
                data = f"{head}?>{bomb}{body.replace('PLACE', '&j;')}"
            new.writestr(name, data.encode("utf-8", "surrogateescape"))
    try:
        paragraphs = read_paragraphs(tmp_path / "b.docx", "b.docx")
    except StudyError:
        return
    assert sum(len(text) for _, text in paragraphs) < 1000


def test_the_text_of_a_pdf(tmp_path):
    divided = [SENTENCE.replace("spring.", "sum-"), "mer."]
    lines = ["Talks resume", "By Jane Roe", SENTENCE, *divided, "It was late.", SENTENCE]
    path = make_pdf(tmp_path / "a.pdf", lines, "/Title (Talks resume) /Author (Word 2016)")
    found = read_pdf(path, "a.pdf")
    assert (found.title, found.author) == ("Talks resume", "")
    assert found.lifted == {"title": "the file's properties, and the text"}
    assert "in the summer. It was late.\n\nThe government" in found.text


@pytest.mark.parametrize(
    ("lines", "encrypt", "message"),
    [
        ([], "", "a.pdf: found a PDF without text (images of pages); allowed: an article. Run character recognition "
         "(OCR) on it, and add the text."),
        (["x"], f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00> <00>]",
         "a.pdf: found an encrypted PDF; allowed: an article. Save it without a password."),
    ],
)  # fmt: skip
def test_pdf_files_without_text_or_with_a_password(tmp_path, lines, encrypt, message):
    assert str(read_pdf(make_pdf(tmp_path / "a.pdf", lines, encrypt=encrypt), "a.pdf")) == message


def test_a_broken_pdf_is_named_or_read(tmp_path):
    whole = make_pdf(tmp_path / "a.pdf", [SENTENCE]).read_bytes()
    for end in range(0, len(whole), 60):
        (tmp_path / "b.pdf").write_bytes(whole[:end])
        found = read_pdf(tmp_path / "b.pdf", "b.pdf")
        assert getattr(found, "where", "b.pdf") == "b.pdf"


def test_lines_of_a_page_become_paragraphs():
    first = "The talks of the two sides went on for many long\r\ndays in the co\ufffe\r\nuntry house.\r\n\r\n"
    assert join_lines(f"{first}The state-\r\nment said so. A statement.") == (
        "The talks of the two sides went on for many long days in the country house.\n\n"
        "The statement said so. A statement."
    )
