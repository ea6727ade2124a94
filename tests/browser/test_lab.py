"""JupyterLab as `make lab` opens it."""

from __future__ import annotations

import subprocess

from conftest import BIN, environment
from playwright.sync_api import expect


def test_lab_opens_at_the_first_notebook_and_it_says_what_the_study_is(lab, seed_study, page, traffic):
    # the address that `make lab` opens: the server leads from its root to the default address
    page.goto(f"http://127.0.0.1:{lab.port}/?token={lab.token}")
    page.wait_for_url("**/lab/tree/notebooks/00_start.ipynb*")
    page.goto("about:blank")
    notebook = lab.open(page, "seed/notebooks/00_start.ipynb")
    expect(page.locator(".jp-NotebookPanel h1").first).to_contain_text("The study in one screen")
    counts, errors = notebook.state()
    assert counts and errors == []
    expect(page.locator(".jp-toast, .Toastify__toast")).to_have_count(0)
    assert any(url.startswith("ws://127.0.0.1") for url in traffic.requests), "the log sees sockets too"


def test_the_log_of_requests_sees_what_would_leave(page, traffic):
    page.evaluate("fetch('http://elsewhere.invalid/a').catch(() => 0)")
    assert traffic.abroad == ["http://elsewhere.invalid/a"]
    traffic.requests.clear()


def test_the_log_of_connections_sees_what_would_leave(lab):
    # an address that is set aside for documents
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9), 0.01)\nexcept OSError: pass"
    watched = environment(PYTHONPATH=str(lab.root / "watch"))
    subprocess.run([str(BIN / "python"), "-c", code], env=watched, check=True, timeout=60)
    assert lab.log.read_text(encoding="utf-8") == "('192.0.2.1', 9)\n"
    lab.log.unlink()
