"""What the tests in a real browser share: studies to look at, a JupyterLab as `make lab` starts it, and chromium.

Everything happens in temporary folders. The browser resolves no name, and every address that a page asks for is
written down; so is every address that the server or a kernel connects to.
"""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
SECONDS = 60
"""How long a state may take to come about: far more than it takes, for a busy machine."""
expect.set_options(timeout=SECONDS * 1000)

HERE = ("127.0.0.1", "localhost", "::1")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip

# what would leave a trace in the page if any of it were taken for more than text
SCRIPT = "<script>window.harmed='script'</script>"
IMAGE = "<img src=x onerror=\"window.harmed='image'\">"
HOSTILE = f"{SCRIPT} {IMAGE} [click](javascript:window.harmed='link') **bold** $$x^2$$ US$5 and $10"
NAMES = {"title": f"Title {HOSTILE}", "outlet": f"Outlet {SCRIPT}{IMAGE}", "bloc": f"East {IMAGE}"}
ACTOR = f"Russia {SCRIPT}{IMAGE}"
THEME = f"Trade {SCRIPT}{IMAGE}"
SUBJECTS = (
    "The tariff on soybeans was raised, and the customs office wanted an invoice from every importer.",
    "The missile treaty bans each warhead, and the inspectors were shown an airbase by the generals.",
)

# Python reads this at its start: it writes down every connection to another machine
_WATCH = """
import os, socket
_connect = socket.socket.connect
def connect(self, address):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in {here!r}:
        with open({log!r}, "a") as file:
            file.write(repr(address) + "\\n")
    return _connect(self, address)
socket.socket.connect = connect
"""


@dataclass
class Traffic:
    """What the pages of a browser asked for, and what they complained of."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def abroad(self) -> list[str]:
        """The requests that would have left this machine."""
        local = re.compile(
            rf"(?:https?|wss?)://(?:{'|'.join(map(re.escape, HERE[:2]))})[:/]|data:|blob:|about:|file:"
        )
        return [url for url in self.requests if not local.match(url)]

    def watch(self, context: BrowserContext) -> None:
        """Write down everything that the pages of a context ask for."""
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("dialog", self._dismiss)
        context.on("page", self.watch_page)
        for page in context.pages:
            self.watch_page(page)

    def watch_page(self, page: Page) -> None:
        """Write down the sockets of a page, which are no requests."""
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _dismiss(self, dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@dataclass
class Lab:
    """A running JupyterLab whose folder is `root`."""

    root: Path
    port: int
    token: str
    log: Path

    def url(self, path: str) -> str:
        """Return the address of a notebook, in a workspace of its own: no tab of another test is opened with it."""
        return f"http://127.0.0.1:{self.port}/lab/workspaces/{secrets.token_hex(4)}/tree/{path}?token={self.token}"

    def open(self, page: Page, path: str) -> Notebook:
        """Open a notebook, in the JupyterLab of the page if there is one, and wait until its kernel is at hand."""
        if page.url.startswith(f"http://127.0.0.1:{self.port}/lab"):
            page.evaluate("(path) => window.jupyterapp.commands.execute('docmanager:open', {path})", path)
        else:
            page.goto(self.url(path))
        notebook = Notebook(page, path)
        notebook.wait_until_ready()
        return notebook


@dataclass
class Notebook:
    """A notebook that is open in a page."""

    page: Page
    path: str

    def wait_until_ready(self) -> None:
        """Wait for document, session and an idle kernel."""
        self.page.wait_for_function(
            # no promise: it would count as true
            """(path) => {
                const app = window.jupyterapp;
                const panels = app ? Array.from(app.shell.widgets("main")) : [];
                const panel = panels.find((w) => w.context && w.context.path === path);
                if (!panel || !panel.context.isReady || !panel.sessionContext.isReady) return false;
                const session = panel.sessionContext.session;
                return Boolean(session && session.kernel && session.kernel.status === "idle");
            }""",
            arg=self.path,
            timeout=SECONDS * 1000,
        )

    def run_all(self) -> None:
        """Run every cell, and see that every cell has run without an error.

        The command sometimes does nothing if it comes too early; then it is given again.
        """
        for _ in range(3):
            self.page.evaluate(
                """async (path) => {
                    const app = window.jupyterapp;
                    const panels = Array.from(app.shell.widgets("main"));
                    const panel = panels.find((w) => w.context && w.context.path === path);
                    app.shell.activateById(panel.id);
                    await panel.revealed;
                    await app.commands.execute("notebook:run-all-cells");
                }""",
                self.path,
            )
            counts, errors = self.state()
            assert errors == []
            if counts and all(counts):
                return
        raise AssertionError(f"not every cell of {self.path} has run: {counts}")

    def state(self) -> tuple[list[int], list[str]]:
        """Return the execution counts of the code cells (0 for none), and the errors in their outputs."""
        cells = self.page.evaluate(
            """(path) => {
                const app = window.jupyterapp;
                const panel = Array.from(app.shell.widgets("main")).find((w) => w.context && w.context.path === path);
                return panel.context.model.toJSON().cells.filter((cell) => cell.cell_type === "code").map((cell) => [
                    cell.execution_count || 0,
                    cell.outputs.filter((o) => o.output_type === "error").map((o) => o.ename + ": " + o.evalue),
                ]);
            }""",
            self.path,
        )
        return [count for count, _ in cells], [error for _, errors in cells for error in errors]


def framing(*arguments: str, study: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    done = subprocess.run(
        [str(BIN / "framing"), *arguments],
        cwd=study,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def environment(**more: str) -> dict[str, str]:
    """Return this environment without what would lead a command to another study or to a Python of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FRAMING_", "PYTHON", "JUPYTER"))
    }
    return {**kept, "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg", **more}


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Return the folder that holds everything: JupyterLab's root."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def seed_study(folder) -> Path:
    """Return a copy of the seed study with the fast scorer, so that no test waits for the trained one."""
    study = folder / "seed"
    study.mkdir()
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    text = text.replace('scorer = "encoder.v1"', 'scorer = "lexicon.v1"').replace(
        'claims = "strict"', 'claims = "show"'
    )
    assert "lexicon.v1" in text and '"show"' in text
    (study / "study.toml").write_text(text, encoding="utf-8")
    for name in ("seeds", "notebooks"):
        shutil.copytree(ROOT / name, study / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return study


@pytest.fixture(scope="session")
def hostile_study(folder) -> Path:
    """Return a study in which every text and every name tries to be more than text."""
    rows = [
        {
            "article_id": f"a{number}",
            "outlet": f"{NAMES['outlet']} {number % 2}",
            "bloc": (NAMES["bloc"], "West")[number % 2],
            "published": f"2020-0{1 + number % 6}",
            "title": f"{NAMES['title']} {number}",
            "text": "\n\n".join(
                f"The government of Russia said that it will praise the leaders of China and the US in spring. "
                f"{HOSTILE} sanctions sanctions were number {number}, part {part}, and Moscow called them wrong. "
                f"{SUBJECTS[(number + part) % 2]}"
                for part in range(4)
            ),
        }
        for number in range(6)
    ]
    table = folder / "hostile.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    framing("new", "hostile", "--from", "hostile.csv", study=folder)
    study = folder / "hostile"
    actors = study / "seeds" / "actors.csv"
    with actors.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["actor_id"] == "russia":
            line["label"] = ACTOR
    with actors.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    text = (study / "study.toml").read_text(encoding="utf-8")
    # two themes, one with a name; the automatic label of the other is made of words of the texts
    named = f'k = 2\nlabels = {{ "tariff, customs" = {json.dumps(THEME)} }}'
    text, changed = re.subn(r'^k = "auto"', lambda _: named, text, flags=re.MULTILINE)
    assert changed == 1 and text.count("labels = ") == 1
    (study / "study.toml").write_text(text, encoding="utf-8")
    (study / "notebooks").mkdir()
    # notebooks that show names and texts
    for name in ("01_corpus", "03_contrasts"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", study / "notebooks")
    return study


@pytest.fixture(scope="session")
def hostile_job(hostile_study):
    """Start to write the report of the hostile study; other tests go on meanwhile."""
    command = [str(BIN / "framing"), "report", "--no-pdf"]
    with (hostile_study.parent / "hostile.log").open("wb") as out:
        job = subprocess.Popen(
            command,
            cwd=hostile_study,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    yield job
    if job.poll() is None:
        job.kill()
        job.wait()


@pytest.fixture(scope="session")
def lab(folder, seed_study, hostile_job):
    """Start JupyterLab with the command of `make lab`, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, log = secrets.token_hex(16), folder / "abroad.log"
    watch = folder / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(_WATCH.format(here=HERE, log=str(log)), encoding="utf-8")
    options = (
        f"--no-browser --allow-root --ServerApp.ip=127.0.0.1 --ServerApp.port={port} --ServerApp.port_retries=0 "
        f"--IdentityProvider.token={token} --LabApp.expose_app_in_browser=True --ServerApp.root_dir={folder}"
    )
    shown = subprocess.run(
        ["make", "--no-print-directory", "-n", "lab", f"LAB={options}"], cwd=ROOT, env=environment(),
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()[-1]  # fmt: skip
    command = shlex.split(shown)
    assert command[1:3] == ["-m", "jupyterlab"], shown
    command[0] = str(ROOT / command[0])
    own = {
        f"JUPYTER_{name}_DIR": str(folder / f".jupyter-{name.lower()}")
        for name in ("CONFIG", "DATA", "RUNTIME")
    }
    own |= {
        f"JUPYTERLAB_{name}_DIR": str(folder / f".lab-{name.lower()}") for name in ("SETTINGS", "WORKSPACES")
    }
    with (folder / "lab.log").open("wb") as out:
        server = subprocess.Popen(
            command, cwd=folder, env=environment(**own, PYTHONPATH=str(watch), IPYTHONDIR=str(folder / ".ipython")),
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for_server(server, port, folder / "lab.log")
        yield Lab(folder, port, token, log)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for_server(server: subprocess.Popen, port: int, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + 2 * SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(
        f"JupyterLab does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
    )


@pytest.fixture(scope="session")
def playwright():
    """Start the driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Debian's chromium."""
    path = shutil.which("chromium")
    assert path, "no command 'chromium': make test-browser installs it"
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str):
    """Start a browser without a window."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    """Return the log of what the pages of a test file ask for."""
    return Traffic()


@pytest.fixture(scope="module")
def new_page(browser, traffic):
    """Return the opener of pages whose requests are written down, each in a context of its own."""
    contexts = []

    def new_page() -> Page:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(SECONDS * 1000)
        traffic.watch(context)
        contexts.append(context)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page) -> Page:
    """Open a page for one test."""
    page = new_page()
    yield page
    page.context.close()


@pytest.fixture
def assert_harmless():
    """Return the check that nothing hostile has come to life in a page: ``assert_harmless(page, traffic)``."""

    def check(page: Page, traffic: Traffic) -> None:
        assert page.evaluate("window.harmed") is None
        assert traffic.dialogs == []
        assert not [url for url in traffic.requests if url.endswith(("/x", "=x"))], "the image was asked for"
        found = page.evaluate(
            """() => Array.from(document.querySelectorAll("*")).filter((node) =>
                (node.tagName === "IMG" && node.getAttribute("src") === "x") ||
                (node.tagName === "SCRIPT" && node.textContent.trim().startsWith("window.harmed")) ||
                Array.from(node.attributes).some((a) => /^on/i.test(a.name) ||
                    (/^(href|src|action)$/i.test(a.name) && /^\\s*javascript:/i.test(a.value)))
            ).map((node) => node.outerHTML.slice(0, 200))"""
        )
        assert found == []

    return check


@pytest.fixture(autouse=True)
def _nothing_left_this_machine(request, traffic):
    """Fail a test during which a page, the server or a kernel asked another machine for anything."""
    lab = request.getfixturevalue("lab") if "lab" in request.fixturenames else None
    yield
    assert traffic.abroad == []
    assert lab is None or not lab.log.exists() or lab.log.read_text(encoding="utf-8") == ""
