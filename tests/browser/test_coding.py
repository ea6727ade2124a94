"""The coding desk, live: a click and a key each code an item, the file has it, and a killed browser loses nothing."""

from __future__ import annotations

import contextlib
import csv
import os
import signal
from pathlib import Path

import pytest
from conftest import FLAGS, SECONDS, framing
from playwright.sync_api import Error, Page, expect


@pytest.fixture(scope="module")
def sample(seed_study) -> Path:
    """Draw a small sample of mentions."""
    folder = seed_study / "coding" / "sentiment"
    framing(
        "sample",
        "--task",
        "sentiment",
        "--n",
        "8",
        "--coders",
        "anna,ben",
        "--overlap",
        "1",
        study=seed_study,
    )
    return folder


def codes(folder: Path) -> dict[str, str]:
    """Read what is on disk: item to code."""
    with (folder / "sheet-anna.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["item_id"]: row["sentiment"] for row in csv.DictReader(file)}


def open_desk(lab, page: Page, folder: Path):
    """Open the coder's notebook, run it, and return the desk."""
    notebook = lab.open(page, (folder / "code-anna.ipynb").relative_to(lab.root).as_posix())
    notebook.run_all()
    desk = page.locator(".framing-desk")
    expect(desk).to_be_visible()
    # the script that hears the keys has found the desk
    page.wait_for_function("() => document.querySelector('.framing-desk[data-keys]')", timeout=SECONDS * 1000)
    return desk


def item_on(desk) -> str:
    return desk.locator("[data-item]").get_attribute("data-item")


def coded(folder: Path) -> dict[str, str]:
    """Return the items on disk that have a code."""
    return {item: code for item, code in codes(folder).items() if code}


def browsers_of(folder: Path) -> list[int]:
    """List the processes of the browser whose files lie in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--user-data-dir={folder}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture
def doomed(playwright, chromium, tmp_path, traffic):
    """Start a browser of its own: its page, and what kills it."""
    user = tmp_path / "user"
    context = playwright.chromium.launch_persistent_context(user, executable_path=chromium, args=FLAGS)
    context.set_default_timeout(SECONDS * 1000)
    traffic.watch(context)

    def kill() -> None:
        processes = browsers_of(user)
        assert processes
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    yield context.pages[0], kill
    with contextlib.suppress(Error):
        context.close()


def test_every_code_is_on_disk_whatever_happens_to_the_browser(lab, sample, doomed, page):
    assert list(codes(sample).values()) == [""] * 8
    victim, kill = doomed
    desk = open_desk(lab, victim, sample)
    state = desk.locator("[data-item]")

    # the passage is shown with its target, and no outlet is named
    expect(desk.locator("mark.framing-desk-target")).to_be_visible()
    with (sample / "key.csv").open(encoding="utf-8-sig", newline="") as file:
        outlets = {row["outlet_id"] for row in csv.DictReader(file)}
    assert outlets and not [outlet for outlet in outlets if outlet in desk.inner_text()]

    # a click codes
    given = {item_on(desk): "negative"}
    desk.locator("button.framing-desk-code-negative").click()
    expect(state).not_to_have_attribute("data-item", list(given)[-1])
    assert coded(sample) == given

    # a key codes
    desk.focus()
    for key, code in (("3", "positive"), ("u", "unclear")):
        item = item_on(desk)
        victim.keyboard.press(key)
        expect(state).not_to_have_attribute("data-item", item)
        given[item] = code
        assert coded(sample) == given

    # one step back, and the code is taken back
    victim.keyboard.press("ArrowLeft")
    expect(state).to_have_attribute("data-item", item)
    victim.keyboard.press("Backspace")
    expect(desk.locator(".framing-desk-progress")).to_contain_text("2 coded")
    del given[item]
    assert coded(sample) == given

    # the browser dies with an item on the screen: what was coded is on disk, and nothing else
    kill()
    assert coded(sample) == given

    # another browser goes on at the item that was open
    again = open_desk(lab, page, sample)
    assert item_on(again) == item
    expect(again.locator(".framing-desk-progress")).to_contain_text("2 coded")
    again.locator("button.framing-desk-code-neutral").click()
    expect(again.locator("[data-item]")).not_to_have_attribute("data-item", item)
    assert coded(sample) == given | {item: "neutral"}


def test_hostile_texts_stay_texts_on_the_desk(lab, hostile_study, page, traffic, assert_harmless):
    framing("sample", "--task", "sentiment", "--n", "6", "--coders", "anna", study=hostile_study)
    desk = open_desk(lab, page, hostile_study / "coding" / "sentiment")
    seen = ""
    for _ in range(3):
        seen += desk.locator(".framing-desk-text").inner_text()
        before = item_on(desk)
        desk.locator("button.framing-desk-next").click()
        expect(desk.locator("[data-item]")).not_to_have_attribute("data-item", before)
    assert "Russia <script>" in seen or "<script>window.harmed" in seen, seen
    assert desk.locator("mjx-container, .MathJax").count() == 0
    assert_harmless(page, traffic)
