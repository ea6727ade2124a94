"""Notebooks: execution, normalising, caching, comparing, and the report."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from analysis import notebooks as runner
from analysis.errors import FramingError
from analysis.notebooks import (
    NotebookError,
    compare_notebooks,
    dump_notebook,
    execute_all,
    execute_notebook,
    find_notebooks,
    load_notebook,
    normalise_notebook,
)
from analysis.report import clean_html, export_report

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

FIGURE = f"""from IPython.display import HTML
HTML('<figure><img alt="Russia is named 5 times" src="data:image/png;base64,{PIXEL}">'
     '<figcaption>Figure 1</figcaption></figure>')"""


def write_notebook(path: Path, *sources: str, prose: str = "# Title") -> Path:
    """Write a notebook of one Markdown cell and code cells."""
    cells = [v4.new_markdown_cell(prose), *(v4.new_code_cell(source) for source in sources)]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def make_notebook(*outputs: dict, prose: str = "# Title", source: str = "x = 1") -> nbformat.NotebookNode:
    """Make a notebook with outputs, without running it."""
    cells = [v4.new_markdown_cell(prose), v4.new_code_cell(source, outputs=list(outputs))]
    return v4.new_notebook(cells=cells)


def make_html(markup: str, **options: str) -> nbformat.NotebookNode:
    """Make a notebook with one HTML output."""
    return make_notebook(v4.new_output("display_data", data={"text/html": markup}), **options)


@pytest.fixture
def report(tmp_path):
    """Return a function that exports notebooks and gives the page."""

    def export(*notebooks: nbformat.NotebookNode, **options: str) -> str:
        paths = []
        for number, notebook in enumerate(notebooks):
            paths.append(tmp_path / "notebooks" / f"{number:02d}_part.ipynb")
            paths[-1].parent.mkdir(exist_ok=True)
            nbformat.write(notebook, paths[-1])
        options.setdefault("title", "A report")
        page = export_report(paths, tmp_path / "report.html", **options)
        return page.read_text(encoding="utf-8")

    return export


# finding, reading, writing


def test_notebooks_are_found_in_reading_order_without_checkpoints(tmp_path):
    for name in ("02_b.ipynb", "00_a.ipynb", ".ipynb_checkpoints/00_a-checkpoint.ipynb", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in find_notebooks(tmp_path)] == ["00_a.ipynb", "02_b.ipynb"]
    assert find_notebooks(tmp_path / "none") == []


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"nbformat": 3, "cells": []}', "\x00"])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotebookError) as error:
        load_notebook(path)
    assert str(error.value).startswith(f"{path}: no readable notebook (")
    assert str(error.value).endswith("Write it again with JupyterLab, or restore it.")


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(FramingError, match="gone.ipynb: no readable notebook"):
        load_notebook(tmp_path / "gone.ipynb")


def test_writing_and_reading_gives_the_same_bytes(tmp_path):
    text = dump_notebook(normalise_notebook(make_html("<p>é “x”</p>\n<p>2</p>")))
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    assert dump_notebook(load_notebook(tmp_path / "a.ipynb")) == text
    assert dump_notebook(normalise_notebook(load_notebook(tmp_path / "a.ipynb"))) == text
    assert "é “x”" in text
    assert text.endswith("}\n")


# normalising


def test_what_differs_between_runs_is_removed():
    noisy = make_notebook(
        v4.new_output("stream", name="stderr", text="a progress bar"),
        v4.new_output("stream", name="stdout", text="one\n"),
        v4.new_output("stream", name="stdout", text="<a.B object at 0x7f00deadbeef>\n"),
        v4.new_output(
            "execute_result",
            execution_count=7,
            data={
                "text/html": '<div id="sk-container-id-9">x</div><p>sk-container-id-9 sk-estimator-id-4</p>',
                "application/vnd.jupyter.widget-view+json": {"model_id": "5f3a"},
            },
        ),
    )
    noisy.metadata = {"widgets": {"state": 1}, "language_info": {"name": "python", "version": "3.99"}}
    noisy.cells[1].metadata = {"execution": {"iopub": "today"}, "collapsed": True, "tags": ["b", "a"]}
    noisy.cells[1].execution_count = 7
    before = json.dumps(noisy)
    result = normalise_notebook(noisy)
    assert json.dumps(noisy) == before
    assert result.metadata == {"kernelspec": runner_kernelspec(), "language_info": {"name": "python"}}
    cell = result.cells[1]
    assert (cell.id, cell.execution_count, cell.metadata) == ("cell-01", None, {"tags": ["a", "b"]})
    assert [output.output_type for output in cell.outputs] == ["stream", "execute_result"]
    assert cell.outputs[0].text == "one\n<a.B object at 0x0>\n"
    assert cell.outputs[1].execution_count is None
    assert cell.outputs[1].data == {
        "text/html": '<div id="sk-container-id-1">x</div><p>sk-container-id-1 sk-estimator-id-2</p>'
    }
    assert normalise_notebook(result) == result
    nbformat.validate(result)


def runner_kernelspec() -> dict[str, str]:
    """Return the only kernel that a committed notebook names."""
    return {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


# running


def test_two_runs_give_the_same_bytes_whatever_the_environment(tmp_path, monkeypatch):
    path = write_notebook(
        tmp_path / "a folder with blanks" / "a.ipynb",
        "import sys, time, warnings\nprint('out')\nprint('err', file=sys.stderr)\nwarnings.warn('careful')",
        "print({'b', 'a', 'c', 'd'}, time.tzname[0], time.localtime(0).tm_hour)\nobject()",
        "import pandas\npandas.DataFrame({'a': [1, 2]})",
    )
    source = path.read_bytes()
    texts = []
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        texts.append(dump_notebook(execute_notebook(path)))
    assert texts[0] == texts[1]
    assert "UTC 0" in texts[0]
    assert not any("stderr" in str(cell.get("outputs")) for cell in json.loads(texts[0])["cells"])
    assert path.read_bytes() == source
    assert [file.name for file in path.parent.iterdir()] == ["a.ipynb"]


def test_a_notebook_runs_in_its_folder_with_its_study_in_this_python(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_STUDY", "/somewhere/else")
    source = "import os, sys\nprint(os.getcwd(), os.environ.get('FRAMING_STUDY'), sys.prefix, sep='\\n')"
    path = write_notebook(tmp_path / "notebooks" / "a.ipynb", source)
    text = execute_notebook(path, study_dir=tmp_path).cells[1].outputs[0].text
    assert text.splitlines() == [str(path.parent.resolve()), str(tmp_path.resolve()), sys.prefix]
    assert execute_notebook(path).cells[1].outputs[0].text.splitlines()[1] == "None"


def test_a_failing_cell_is_told_with_its_source_and_error(tmp_path):
    path = write_notebook(tmp_path / "bad.ipynb", "x = 0", "y = 1\ny / x", "print('never')")
    with pytest.raises(NotebookError) as error:
        execute_notebook(path)
    lines = str(error.value).splitlines()
    assert lines[:5] == [
        f"{path}, cell 3 of 4: ZeroDivisionError: division by zero",
        "the cell:",
        "    y = 1",
        "    y / x",
        "the end of the traceback:",
    ]
    assert lines[-1] == "    ZeroDivisionError: division by zero"
    assert "\x1b" not in str(error.value)


def test_a_cell_that_does_not_end_is_stopped(tmp_path):
    path = write_notebook(tmp_path / "slow.ipynb", "import time\ntime.sleep(60)")
    with pytest.raises(NotebookError) as error:
        execute_notebook(path, timeout=1)
    assert str(error.value) == (
        f"{path}, cell 2 of 2: took longer than 1 seconds\nthe cell:\n    import time\n    time.sleep(60)"
    )


def test_a_dead_kernel_is_told(tmp_path):
    path = write_notebook(tmp_path / "dead.ipynb", "import os\nos._exit(1)")
    with pytest.raises(NotebookError) as error:
        execute_notebook(path)
    assert str(error.value).splitlines()[0] == (
        f"{path}, cell 2 of 2: the kernel died (out of memory, or the cell ended its process)"
    )


# running all, and the cache


def run_all(paths: list[Path], tmp_path: Path, key: str = "k") -> list[bool]:
    """Run notebooks and say which were reused."""
    runs = execute_all(paths, study_dir=None, cache_dir=tmp_path / ".cache" / "notebooks", key=key)
    assert [run.path for run in runs] == paths
    return [run.reused for run in runs]


def test_a_notebook_is_run_again_only_if_something_changed(tmp_path):
    paths = [write_notebook(tmp_path / f"{name}.ipynb", f"print('{name}')") for name in "ab"]
    assert run_all(paths, tmp_path) == [False, False]
    written = [path.read_bytes() for path in paths]
    assert load_notebook(paths[1]).cells[1].outputs[0].text == "b\n"
    assert run_all(paths, tmp_path) == [True, True]
    # another key: inputs, code or parameters
    assert run_all(paths, tmp_path, key="k2") == [False, False]
    assert [path.read_bytes() for path in paths] == written
    # an output changed by hand
    paths[0].write_bytes(written[0].replace(b'"a\\n"', b'"z\\n"'))
    assert run_all(paths, tmp_path, key="k2") == [False, True]
    assert paths[0].read_bytes() == written[0]
    # a changed source, and a damaged stamp
    write_notebook(paths[1], "print('c')")
    next((tmp_path / ".cache" / "notebooks").glob("a-*.json")).write_text("{", encoding="utf-8")
    assert run_all(paths, tmp_path, key="k2") == [False, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cache", "a.ipynb", "b.ipynb"]


def test_one_failing_notebook_keeps_its_file_and_does_not_stop_the_others(tmp_path):
    paths = [
        write_notebook(tmp_path / "a.ipynb", "raise ValueError('first')"),
        write_notebook(tmp_path / "b.ipynb", "print('fine')"),
        write_notebook(tmp_path / "c.ipynb", "raise ValueError('second')"),
    ]
    before = paths[0].read_bytes()
    with pytest.raises(NotebookError) as error:
        run_all(paths, tmp_path)
    heads = [line for line in str(error.value).splitlines() if ", cell " in line]
    assert heads == [
        f"{paths[0]}, cell 2 of 2: ValueError: first",
        f"{paths[2]}, cell 2 of 2: ValueError: second",
    ]
    assert paths[0].read_bytes() == before
    assert run_all(paths[1:2], tmp_path) == [True]


def is_running(process: int) -> bool:
    """Whether a process lives, zombies aside."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.is_file() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.slow
def test_interrupting_ends_the_kernels_and_keeps_what_is_done(tmp_path):
    sleeper = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(120)"
    paths = [write_notebook(tmp_path / "a.ipynb", "1"), write_notebook(tmp_path / "b.ipynb", sleeper)]
    code = (
        "import signal, sys; from pathlib import Path; from analysis.notebooks import execute_all\n"
        # a shell that starts the tests in the background has its children ignore Ctrl-C
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "paths = [Path(name) for name in sys.argv[2:]]\n"
        "execute_all(paths, study_dir=None, workers=1, cache_dir=Path(sys.argv[1]), key='k')"
    )
    cache = tmp_path / ".cache" / "notebooks"
    command = [sys.executable, "-c", code, str(cache), *map(str, paths)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        before = paths[1].read_bytes()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    finally:
        process.kill()
        process.communicate()
    assert told.endswith("KeyboardInterrupt\n")
    assert not is_running(int((tmp_path / "pid").read_text()))
    assert paths[1].read_bytes() == before
    assert run_all(paths[:1], tmp_path) == [True]


def test_the_last_half_written_file_does_no_harm(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    runner.write_text(path, "old")

    def fail(*names):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        runner.write_text(path, "new")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text(encoding="utf-8") == "old"


# comparing


def test_equal_notebooks_have_no_differences():
    assert compare_notebooks(make_html("<p>1</p>"), make_html("<p>1</p>")) == []


def test_differences_name_cell_output_and_place():
    old, new = make_html("<p>1</p>\n<p>2</p>"), make_html("<p>1</p>\n<p>3</p>", source="x = 2")
    assert compare_notebooks(old, new, name="a.ipynb") == [
        "a.ipynb, cell 2, source: line 1: committed 'x = 1', executed 'x = 2'",
        "a.ipynb, cell 2, output 1, text/html: line 2: committed '<p>2</p>', executed '<p>3</p>'",
    ]


def test_missing_cells_and_outputs_are_told():
    old, new = make_html("x"), make_notebook()
    assert compare_notebooks(old, new) == ["notebook, cell 2: 1 outputs committed, 0 executed"]
    del new.cells[1]
    assert compare_notebooks(old, new) == ["notebook: 2 cells committed, 1 executed"]


def test_images_are_compared_by_hash_or_left_out():
    old, new = make_html("<img src='data:image/png;base64,AAAA'>"), make_html(
        "<img src='data:image/png;base64,BBBB'>"
    )
    (line,) = compare_notebooks(old, new)
    assert re.search(r"committed .*\[image [0-9a-f]{12}\].*, executed .*\[image [0-9a-f]{12}\]", line)
    assert compare_notebooks(old, new, images=False) == []


# the report


def test_the_report_has_title_contents_and_folded_code(report):
    prose = "# Corpus & more\n\n## Dates\n\n[next](01_part.ipynb) [m](../METHODS.md)"
    first = make_html("<p>1</p>", prose=prose)
    page = report(first, make_html("<p>2</p>", prose="# Themes"), title="A <study>", lead_html="<p>Lead</p>")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>A &lt;study&gt;</title>" in page
    assert '<a class="skip" href="#content">' in page
    assert (
        '<li><a href="#notebook-00-part">Corpus &amp; more</a>'
        '<ul><li><a href="#notebook-00-part-dates">Dates</a></li></ul></li>'
        '<li><a href="#notebook-01-part">Themes</a></li>'
    ) in page
    assert page.count("<h1") == 1
    assert page.index("<h1") < page.index("<nav"), "the title stands before the contents"
    assert page.count('<details class="code"><summary>Code</summary>') == 2
    assert '<a href="#notebook-01-part">next</a> <a href="METHODS.md">m</a>' in page
    order = ["<p>Lead</p>", 'id="notebook-00-part"', 'id="notebook-01-part"']
    assert sorted(order, key=page.index) == order
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_an_executed_figure_and_table_reach_the_report(tmp_path):
    table = "import pandas\npandas.DataFrame({'term': ['<b>war</b>'], 'n': [3]})"
    path = write_notebook(tmp_path / "a.ipynb", FIGURE, table)
    assert run_all([path], tmp_path) == [False]
    page = export_report([path], tmp_path / "report.html", title="T").read_text(encoding="utf-8")
    assert f'<img alt="Russia is named 5 times" src="data:image/png;base64,{PIXEL}">' in page
    assert "<figcaption>Figure 1</figcaption>" in page
    assert "<td>&lt;b&gt;war&lt;/b&gt;</td>" in page
    assert ".dataframe tbody" not in page
    assert export_report([path], tmp_path / "report.html", title="T").read_text(encoding="utf-8") == page


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<img src="http://evil.example/a.png">',
    '<img src="//evil.example/a.png" srcset="http://evil.example/b.png 2x">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<svg onload="alert(1)"><script>alert(1)</script><image href="http://evil.example/c"/></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java&#10;script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="http://evil.example"></iframe>',
    '<div style="background:url(http://evil.example/d.png)">x</div>',
    "<style>@import url(http://evil.example/e.css);</style>",
    '<link rel="stylesheet" href="http://evil.example/f.css">',
    '<form action="http://evil.example"><button formaction="http://evil.example">x</button></form>',
    '<video poster="http://evil.example/g.png" src="http://evil.example/h.mp4"></video>',
    '<base href="http://evil.example/"><meta http-equiv="refresh" content="0;url=http://evil.example">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "</main></body><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    '<p id="content">catches a link</p>',
]


def is_inert(page: str) -> list[str]:
    """List what in a page could run or be fetched, beside the page's own head."""
    from bs4 import BeautifulSoup

    found = []
    for tag in BeautifulSoup(page, "html.parser").body.find_all(True):
        if tag.name in {"script", "style", "iframe", "svg", "math", "form", "object", "link", "base", "meta"}:
            found.append(tag.name)
        for name, value in tag.attrs.items():
            value = " ".join(value) if isinstance(value, list) else value
            inline = name == "src" and value.startswith("data:image/png;base64,")
            if name.startswith("on") or name in {"style", "srcset", "poster", "formaction", "action"}:
                found.append(f"{tag.name} {name}")
            if name in {"src", "background", "data"} and not inline:
                found.append(f"{tag.name} {name}={value}")
            if name == "href" and re.match(r"\s*(javascript|data|vbscript)", value, re.IGNORECASE):
                found.append(f"{tag.name} {name}={value}")
    return found


@pytest.mark.parametrize("markup", HOSTILE)
def test_hostile_markup_is_inert_wherever_it_stands(report, markup):
    plain = v4.new_output("stream", name="stdout", text=markup)
    result = v4.new_output("execute_result", data={"text/plain": markup})
    markdown = v4.new_output("display_data", data={"text/markdown": markup})
    drawing = {"application/javascript": "alert(1)", "image/svg+xml": markup}
    notebook = make_html(markup, prose=f"# {markup}\n\n{markup}", source=f"x = '''{markup}'''")
    notebook.cells[1].outputs += [plain, result, markdown, v4.new_output("display_data", data=drawing)]
    page = report(notebook, lead_html=markup, title=markup)
    assert is_inert(page) == []
    assert len(re.findall(r'<[^>]*\sid="content"', page)) == 1
    assert page.count("</main>") == 1


def test_markdown_links_and_images_are_inert(report):
    prose = "[a](javascript:alert(1)) ![b](http://evil.example/i.png) ![c](//evil.example/j)"
    page = report(make_notebook(prose=prose))
    assert is_inert(page) == []
    assert "evil.example" not in page


def test_the_report_asks_for_nothing_and_forbids_scripts(report):
    page = report(make_html("<p>$5 and $10</p>", prose="Costs $5 and $10."))
    assert "default-src 'none'; img-src data:;" in page
    head = page[: page.index("<body>")]
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link", head)
    assert not re.search(r"<[^>]+\s(src|srcset|poster)\s*=\s*[\"']?(?!data:image/)", page)
    assert "Costs $5 and $10." in page


def test_cleaning_puts_each_image_back_in_its_place():
    first, second = "A" * 400, "B" * 400
    markup = "".join(f'<img alt="{x[0]}" src="data:image/png;base64,{x}">' for x in (first, second))
    assert clean_html(markup) == markup
    forged = '<img alt="" src="data:image/png;base64,HELD7END">'
    assert clean_html(forged) == '<img alt="" src="data:image/png;base64,">'
