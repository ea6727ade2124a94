"""Prints the report as a tagged PDF, where a browser is at hand that can: chromium, without a window or a network."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from analysis.tables import write_bytes

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120
"""How long the browser may take: a page of a hundred figures takes about ten seconds."""

_OPTIONS = (
    "--headless",
    "--no-sandbox",  # it cannot be had as root or in a container; the page runs nothing and fetches nothing
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",  # the page's own style numbers the pages
    "--generate-pdf-document-outline",
)
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}([^)]*)\)")


def find_browser() -> str | None:
    """Find a browser that prints to PDF.

    Returns
    -------
    str or None
        Its path; None if there is none.
    """
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def print_report(page: Path, *, seconds: float = SECONDS) -> tuple[Path | None, str]:
    """Print an HTML report to a PDF beside it.

    The PDF is tagged, with the alt texts, and has an outline of the headings. The same browser makes the same
    bytes of the same page; another version may not. A report without its PDF is a report all the same:
    nothing is raised. An older PDF, which may say something else than the page, does not stay.

    Parameters
    ----------
    page : pathlib.Path
        The report.
    seconds : float
        How long the browser may take.

    Returns
    -------
    pdf : pathlib.Path or None
        The PDF, written in one step; None if there is none.
    reason : str
        Why there is none; else empty.
    """
    page = page.resolve()
    pdf = page.with_suffix(".pdf")
    browser, data = find_browser(), b""
    reason = f"no browser to print it with ({' or '.join(BROWSERS[::2])})"
    if browser:
        # chromium of a distribution may see no hidden folder and no /tmp but its own: the page's folder is the user's
        with tempfile.TemporaryDirectory(prefix="report-pdf.", ignore_cleanup_errors=True) as folder:
            made = Path(folder) / "report.pdf"
            reason = _run(
                [
                    browser,
                    *_OPTIONS,
                    f"--user-data-dir={folder}/user",
                    f"--print-to-pdf={made}",
                    page.as_uri(),
                ],
                seconds,
            )
            if not reason:
                data = made.read_bytes() if made.is_file() else b""
                if not (data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")):
                    data, reason = b"", f"{Path(browser).name} wrote no PDF"
    if reason:
        pdf.unlink(missing_ok=True)
        return None, reason
    return write_bytes(pdf, _DATES.sub(rb"/\1 (D:20000101000000\2)", data)), ""


def _run(command: list[str], seconds: float) -> str:
    """Run a browser and all that it starts; say what went wrong, if anything did."""
    name = Path(command[0]).name
    try:
        # a group of its own, so that what it started ends with it
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"{name} cannot be started ({error.strerror})"
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"{name} was stopped after {seconds:g} seconds"
    finally:
        _end(process)
    return f"{name} failed (exit code {code})" if code else ""


def _end(process: subprocess.Popen) -> None:
    """End a browser and what it started, if any of it is left."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
