"""The report, opened from a file with the network off."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import BIN, HOSTILE, ROOT, environment

_BUILD = """
import sys
from pathlib import Path
from analysis.notebooks import find_notebooks
from analysis.report import export_report
export_report(find_notebooks(Path(sys.argv[1])), Path(sys.argv[2]), title="A study")
"""


@pytest.fixture(autouse=True)
def _forget(traffic):
    """Let each test see its own requests only."""
    traffic.requests.clear()


@pytest.fixture(scope="module")
def report(folder) -> Path:
    """Build the report of the notebooks as they are committed."""
    out = folder / "report.html"
    subprocess.run(
        [str(BIN / "python"), "-c", _BUILD, str(ROOT / "notebooks"), str(out)],
        env=environment(),
        check=True,
        timeout=300,
    )
    return out


@pytest.fixture(scope="module")
def hostile_report(hostile_study, hostile_job) -> Path:
    """Wait for the report of the hostile study."""
    assert hostile_job.wait(timeout=300) == 0, (hostile_study.parent / "hostile.log").read_text(
        encoding="utf-8"
    )
    return hostile_study / "results" / "report.html"


def images(page) -> list[dict]:
    return page.evaluate(
        """async () => {
            const found = Array.from(document.images);
            await Promise.all(found.map((image) => image.decode().catch(() => 0)));
            return found.map((image) => ({alt: image.alt, width: image.naturalWidth, from: image.src.slice(0, 10)}));
        }"""
    )


def test_every_figure_is_shown_without_a_network(report, page, traffic):
    page.context.set_offline(True)
    page.goto(report.as_uri())
    shown = images(page)
    figures = {path.stem for path in (ROOT / "figures").glob("*.svg")}
    assert len(shown) >= len(figures) >= 22
    for image in shown:
        assert image["width"] > 300, image
        assert 8 <= len(image["alt"].split()) <= 40, image
        assert image["from"] == "data:image"
    assert [url for url in traffic.requests if not url.startswith("data:")] == [report.as_uri()]


def test_the_figures_have_the_alt_texts_that_are_exported(report, page):
    page.goto(report.as_uri())
    alts = {image["alt"] for image in images(page)}
    exported = {path.read_text(encoding="utf-8").strip() for path in (ROOT / "figures").glob("*.alt.txt")}
    assert exported <= alts


def test_it_can_be_read_with_the_keyboard(report, page):
    page.goto(report.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    broken = page.evaluate(
        """() => Array.from(document.querySelectorAll("nav a")).map((a) => a.getAttribute("href")).filter(
            (href) => !href.startsWith("#") || !document.getElementById(href.slice(1)))"""
    )
    assert broken == []


def test_on_paper_nothing_is_wider_than_the_page(report, page):
    page.set_viewport_size({"width": 680, "height": 900})  # the width of a page of A4 without its margins
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    wide = page.evaluate(
        """() => Array.from(document.querySelectorAll("main table, main img, main pre")).filter(
            (node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        ).map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert wide == []


def test_a_hostile_study_is_inert_in_its_report(hostile_report, page, traffic, assert_harmless):
    page.goto(hostile_report.as_uri())
    text = page.locator("main").inner_text()
    assert "<script>window.harmed='script'</script>" in text, "the words are shown, as words"
    assert "US$5 and $10" in text
    for node in page.locator("main summary").all()[:5]:
        node.click()
    assert page.locator("main mjx-container, main .MathJax").count() == 0
    assert_harmless(page, traffic)
    assert [url for url in traffic.requests if not url.startswith("data:")] == [hostile_report.as_uri()]
    assert HOSTILE.split("[")[0].strip() in " ".join(text.split())
