"""The PDF of the report: made where a browser is, and never in the way where there is none."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from analysis import report_pdf
from analysis.report import export_report
from analysis.report_pdf import find_browser, print_report

PDF = b"%PDF-1.4\n/CreationDate (D:20261122065034+00'00')\n/ModDate (D:20261122065034+00'00')>>\n%%EOF\n"


@pytest.fixture
def page(tmp_path) -> Path:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "report.html").write_text("<p>x</p>", encoding="utf-8")
    (folder / "report.pdf").write_bytes(b"older")
    return folder / "report.html"


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Put a chromium in the way that does what it is told in Python."""

    def make(code: str) -> Path:
        path = tmp_path / "bin" / "chromium"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"#!{sys.executable}\nimport pathlib, subprocess, sys, time\n{code}\n", encoding="utf-8"
        )
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(path.parent))
        return path

    return make


WRITE = "pathlib.Path([a for a in sys.argv if 'print-to-pdf=' in a][0].partition('=')[2]).write_bytes(%r)"


def test_no_browser_is_said_in_one_line(page, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert print_report(page) == (None, "no browser to print it with (chromium or google-chrome)")
    assert not page.with_suffix(".pdf").exists(), "an older PDF says something else"


def test_the_pdf_stands_beside_the_page_without_the_time(page, browser):
    browser(WRITE % PDF)
    pdf, reason = print_report(page)
    assert (pdf, reason) == (page.with_suffix(".pdf"), "")
    assert pdf.read_bytes() == PDF.replace(b"20261122065034", b"20000101000000")
    assert sorted(path.name for path in page.parent.iterdir()) == ["report.html", "report.pdf"]


def test_it_is_asked_for_offline_and_tagged_with_an_outline(page, browser, tmp_path):
    browser(f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(chr(10).join(sys.argv[1:]))\n{WRITE % PDF}")
    print_report(page)
    seen = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in seen
    assert "--generate-pdf-document-outline" in seen
    assert not [option for option in seen if "tagged" in option], (
        "tagged is what chromium does if nothing is said"
    )
    assert seen[-1] == page.as_uri()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("sys.exit(3)", "chromium failed (exit code 3)"),
        ("pass", "chromium wrote no PDF"),
        (WRITE % b"%PDF-1.4 half", "chromium wrote no PDF"),
        (WRITE % b"", "chromium wrote no PDF"),
    ],
)
def test_a_browser_that_fails_is_said_in_one_line(page, browser, code, reason):
    browser(code)
    assert print_report(page) == (None, reason)
    assert sorted(path.name for path in page.parent.iterdir()) == ["report.html"]


def test_a_browser_that_cannot_be_started(page, browser):
    path = browser("pass")
    path.write_bytes(b"#!/nowhere/at/all\n")
    pdf, reason = print_report(page)
    assert pdf is None
    assert reason.startswith("chromium cannot be started (")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_browser_that_hangs_is_ended_with_all_that_it_started(page, browser, tmp_path):
    child = "import time; time.sleep(60)"
    note = f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(p.pid))"
    browser(f"p = subprocess.Popen([sys.executable, '-c', {child!r}])\n{note}\ntime.sleep(60)")
    start = time.monotonic()
    assert print_report(page, seconds=5) == (None, "chromium was stopped after 5 seconds")
    assert time.monotonic() - start < 30
    state = Path("/proc", (tmp_path / "child").read_text(encoding="utf-8"), "stat")
    assert not state.exists() or ") Z " in state.read_text(encoding="utf-8"), "it runs no more"


def test_the_options_are_the_same_at_every_run():
    assert not [option for option in report_pdf._OPTIONS if re.search(r"port|proxy|log", option)]


@pytest.mark.skipif(find_browser() is None, reason="there is no chromium here")
def test_a_real_browser_prints_tagged_pages_with_alt_texts(tmp_path):
    import nbformat

    markup = '<figure><img alt="Bars of 7 terms" src="data:image/png;base64,{}"></figure>'.format(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    wide = "".join(f"<td>a cell of words {place}</td>" for place in range(30))
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": html})
        for html in (markup, f"<table><tr>{wide}</tr></table>")
    ]
    cells = [nbformat.v4.new_markdown_cell("# A question"), nbformat.v4.new_code_cell("1", outputs=outputs)]
    paths = []
    for name in ("00_a", "01_b"):
        paths.append(tmp_path / f"{name}.ipynb")
        nbformat.write(nbformat.v4.new_notebook(cells=cells), paths[-1])
    page = export_report(paths, tmp_path / "report.html", title="A study")
    pdf, reason = print_report(page)
    assert reason == ""
    data = pdf.read_bytes()
    assert b"/MarkInfo <</Type /MarkInfo\n/Marked true" in data or b"/Marked true" in data
    assert b"/Alt (Bars of 7 terms)" in data
    assert b"/Outlines" in data
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        assert len(texts) == 3, "the contents, and each notebook on a page of its own"
        assert "1 / 3" in texts[0] and "3 / 3" in texts[2]
        # every word of the widest table stands within the page, whatever it takes
        flat = "".join(texts[1].split())
        assert all(f"words{place}" in flat for place in range(30))
        text_page = document[1].get_textpage()
        right = max(text_page.get_charbox(number)[2] for number in range(text_page.count_chars()))
        assert right <= document[1].get_width() - 30
    finally:
        document.close()
    assert print_report(page)[0].read_bytes() == data
