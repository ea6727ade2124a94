"""The folder for a paper: whole or not at all, the same bytes twice, and nothing of anybody else's is replaced."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.errors import StudyError, UnknownName
from analysis.paper import folder as paper_folder
from analysis.paper.folder import MANIFEST, export_paper
from analysis.tables import hash_file

FIGURES = ["1_corpus", "18_confusion"]
ALLOWED = "allowed: a folder that is not there, is empty, or was written by this command"


@pytest.fixture(scope="module")
def study(small_study):
    return small_study


@pytest.fixture(scope="module")
def made(study, tmp_path_factory) -> Path:
    return export_paper(study, tmp_path_factory.mktemp("made") / "paper", only=FIGURES)


@pytest.fixture
def copied(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "paper"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_everything_a_co_author_needs_is_there(made):
    names = set(files_of(made))
    tables = ["1_corpus", "2_contrasts", "3_themes", "4_sentiment", "6_robustness", "7_multiverse"]
    figures = {f"figures/7in/{name}.{kind}" for name in FIGURES[:1] for kind in ("pdf", "svg", "png")}
    assert {f"tables/{name}.tex" for name in tables} | figures | {
        "README.txt", "figures.tex", "figures.docx", "tables.tex", "tables.docx", "methods.tex", "methods.docx",
        "methods.txt", "references.bib", "captions.txt", "example.tex", MANIFEST,
    } <= names  # fmt: skip
    assert (made / "methods.txt").read_text(encoding="utf-8").startswith("The corpus holds four articles")
    readme = (made / "README.txt").read_text(encoding="utf-8")
    for name in re.findall(r"^([\w.]+\.(?:tex|docx|txt|bib|json))", readme, re.MULTILINE):
        assert name in names
    assert [path.name for path in made.parent.iterdir()] == ["paper"], "nothing is left beside it"


def test_figures_have_the_width_of_their_folder(made):
    images = sorted(made.glob("figures/*/*.png"))
    assert {path.stem for path in images} == set(FIGURES)
    for path in images:
        width, _ = struct.unpack(">II", path.read_bytes()[16:24])
        assert width == round(float(path.parent.name.removesuffix("in").replace("_", ".")) * 300)


def test_what_is_included_is_there(made):
    for name in ("figures.tex", "tables.tex", "example.tex"):
        source = (made / name).read_text(encoding="utf-8")
        included = re.findall(r"\{\\framingfolder/([^}]+)\}", source)
        assert included
        for path in included:
            assert any((made / f"{path}{end}").is_file() for end in ("", ".tex", ".bib")), path
    source = (made / "figures.tex").read_text(encoding="utf-8")
    assert source.count(r"\begin{figure}") == source.count(r"\end{figure}") == source.count("alt={") == 2


def test_every_citation_has_its_entry(made):
    cited = re.findall(r"\\cite\{([^}]+)\}", (made / "methods.tex").read_text(encoding="utf-8"))
    keys = set(
        re.findall(r"^@\w+\{([^,]+),", (made / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {key for keys in cited for key in keys.split(",")} == keys


def test_captions_name_alt_texts(made):
    text = (made / "captions.txt").read_text(encoding="utf-8")
    assert len(re.findall(r"^Alt text: \S.*\.$", text, re.MULTILINE)) == 2 + 6


def test_a_second_run_replaces_its_own_folder_with_the_same_bytes(study, made, copied):
    before = files_of(copied)
    assert before == files_of(made)
    (copied / ".DS_Store").write_bytes(b"x")
    # what a run that was killed has left
    (copied.parent / ".paper.partial").mkdir()
    (copied.parent / ".paper.before").mkdir()
    assert export_paper(study, copied, only=FIGURES) == copied
    assert files_of(copied) == before
    assert [path.name for path in copied.parent.iterdir()] == ["paper"]
    outputs = json.loads(before[MANIFEST])["outputs"]
    assert set(outputs) == set(before) - {MANIFEST}
    assert all(hash_file(copied / name) == digest for name, digest in outputs.items())


def refusal(study, folder: Path) -> str:
    with pytest.raises(StudyError) as caught:
        export_paper(study, folder, only=FIGURES)
    return str(caught.value)


def test_a_folder_that_holds_something_else_is_refused(study, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (folder / name).write_text("mine", encoding="utf-8")
    found = "found 'a folder that holds something else: a.txt, b.txt, c.txt and 1 more'"
    assert found.replace("'", "") in refusal(study, folder).replace("'", "")
    assert ALLOWED in refusal(study, folder)
    assert len(list(folder.iterdir())) == 4


def test_what_was_changed_or_added_since_is_not_lost(study, copied):
    (copied / "notes.docx").write_bytes(b"mine")
    (copied / "methods.txt").write_text("edited", encoding="utf-8")
    said = refusal(study, copied)
    assert "methods.txt (changed since it was written), notes.docx" in said
    assert (copied / "notes.docx").read_bytes() == b"mine"


def test_figures_of_a_study_are_not_taken_for_a_paper(study, tmp_path):
    (tmp_path / "manifest.json").write_text('{"outputs": {"1_corpus.png": "0"}}', encoding="utf-8")
    (tmp_path / "1_corpus.png").write_bytes(b"x")
    assert "holds something else: 1_corpus.png, manifest.json" in refusal(study, tmp_path)


def test_a_file_the_seeds_and_the_folder_one_is_in_are_refused(study, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    assert "a file" in refusal(study, tmp_path / "file")
    assert "a folder of the seeds" in refusal(study, study.paths.seeds / "paper")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert "the folder you are in, or one above it" in refusal(study, tmp_path / "here")
    with pytest.raises(UnknownName):
        export_paper(study, tmp_path / "new", only=["nothing"])
    assert not (tmp_path / "new").exists()


def test_a_failure_leaves_what_was_there(study, copied, monkeypatch):
    before = files_of(copied)

    def fail(study, folder, specs, *, progress):
        (folder / "tables").mkdir(parents=True)
        raise OSError("the disk is full")

    monkeypatch.setattr(paper_folder, "_write_folder", fail)
    for folder in (copied, copied.parent / "new"):
        with pytest.raises(OSError, match="the disk is full"):
            export_paper(study, folder)
        assert files_of(copied) == before
        assert [path.name for path in copied.parent.iterdir()] == ["paper"]


def test_a_folder_that_cannot_be_put_in_place_leaves_what_was_there(study, copied, monkeypatch):
    before, rename = files_of(copied), Path.rename
    monkeypatch.setattr(
        paper_folder, "_write_folder", lambda study, folder, specs, *, progress: folder.mkdir()
    )

    def fail_once(path, target):
        if path.name.endswith(".partial"):
            raise OSError("no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="no"):
        export_paper(study, copied)
    assert files_of(copied) == before
    assert [path.name for path in copied.parent.iterdir()] == ["paper"]


def test_a_file_added_while_it_is_written_is_kept(study, copied, monkeypatch):
    def write_and_disturb(study, folder, specs, *, progress):
        folder.mkdir()
        (copied / "meanwhile.txt").write_text("mine", encoding="utf-8")

    monkeypatch.setattr(paper_folder, "_write_folder", write_and_disturb)
    assert "meanwhile.txt" in refusal(study, copied)
    assert (copied / "meanwhile.txt").read_text(encoding="utf-8") == "mine"


def test_the_command_refuses_before_it_computes(study, tmp_path, capsys):
    (tmp_path / "a.txt").touch()
    assert main(["export-paper", str(tmp_path), "--study", str(study.paths.root)]) == 1
    captured = capsys.readouterr()
    assert "holds something else: a.txt" in captured.err
    assert "results" not in captured.err.splitlines()[0]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
def test_the_example_compiles(copied):
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "example.tex"]
    done = subprocess.run(command, cwd=copied, capture_output=True, text=True, timeout=60, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
