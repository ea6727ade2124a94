"""The environment, the commands and the citation: what must agree agrees."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {"help", "env", "study", "test", "test-browser", "lab", "figures", "report", "train", "lock", "clean"}


def read(name: str) -> str:
    """Read a file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def load_direct() -> list[str]:
    """List the packages that requirements.in asks for, as they are written."""
    lines = (line.partition("#")[0].strip() for line in read("requirements.in").splitlines())
    return [line for line in lines if line]


def load_lock(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Read a lock: package -> (requirement, hashes)."""
    pinned = {}
    for block in re.sub(r"\\\n", " ", read(name)).splitlines():
        if block.strip() and not block.startswith("#"):
            text, *hashes = block.split("--hash=")
            requirement = Requirement(text.strip())
            pinned[canonicalize_name(requirement.name)] = (requirement, [one.strip() for one in hashes])
    return pinned


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would."""
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )


# the lock


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-bootstrap.lock", "requirements-browser.lock"])
def test_every_locked_package_is_exact_and_hashed_and_names_no_host(name):
    for requirement, hashes in load_lock(name).values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement
    assert not re.search(r"://|--index-url|--find-links|file:|@ ", read(name))


def test_the_bootstrap_holds_uv_alone():
    assert list(load_lock("requirements-bootstrap.lock")) == ["uv"]


def test_the_browser_driver_is_locked_apart_and_agrees_with_the_rest():
    locked, browser = load_lock("requirements.lock"), load_lock("requirements-browser.lock")
    assert {"playwright", "pytest"} <= browser.keys()
    assert "playwright" not in locked
    for name in locked.keys() & browser.keys():
        assert str(browser[name][0].specifier) == str(locked[name][0].specifier), name


def test_every_direct_requirement_is_locked():
    direct = [canonicalize_name(Requirement(line).name) for line in load_direct()]
    assert sorted(set(direct) - load_lock("requirements.lock").keys()) == []
    assert len(direct) == len(set(direct))


def test_one_version_serves_every_supported_python():
    # numbers may differ between two versions of numpy, so a lock that forks by Python version is no lock
    text = re.sub(r"\\\n", " ", read("requirements.lock"))
    names = [canonicalize_name(name) for name in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", text, re.MULTILINE)]
    assert len(names) == len(set(names)) == len(load_lock("requirements.lock"))


def test_the_package_asks_for_what_is_locked():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    asked = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    assert sorted(asked - {canonicalize_name(Requirement(line).name) for line in load_direct()}) == []


def test_the_package_imports_only_what_it_asks_for():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    # what a cluster needs is asked for apart, and is imported where a cluster is asked for
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    providers = metadata.packages_distributions()
    missing = set()
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for name in re.findall(r"^\s*(?:from|import) ([A-Za-z0-9_]+)", source, re.MULTILINE):
            sources = {canonicalize_name(one) for one in providers.get(name, ())}
            if sources and "comparative-framing-study" not in sources and not sources & asked:
                missing.add(f"{path.relative_to(ROOT).as_posix()}: {name}")
    assert sorted(missing) == []


def test_what_is_installed_is_what_is_locked():
    for name, (requirement, _) in load_lock("requirements.lock").items():
        if requirement.marker is None or requirement.marker.evaluate():
            assert metadata.version(name) == str(requirement.specifier).removeprefix("=="), name


def test_each_direct_requirement_says_why_it_is_there():
    reasons = re.findall(r"^- `([^`]+)`: \S", read("CONTRIBUTING.md"), re.MULTILINE)
    named = {canonicalize_name(name) for name in reasons}
    direct = {canonicalize_name(Requirement(line).name) for line in load_direct()}
    assert sorted(direct - named) == []


# conda, Binder and the hosted CI


def test_conda_and_binder_use_the_same_lock():
    environment = yaml.safe_load(read("environment.yml"))
    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"] == ["python=3.11", "pip", {"pip": ["-r requirements.lock"]}]
    commands = [line for line in read("postBuild").splitlines() if line and not line.startswith("#")]
    assert commands == [
        "set -euo pipefail",
        "python -m pip install --no-deps --no-build-isolation -e .",
    ]


def test_the_python_versions_agree():
    project = tomllib.loads(read("pyproject.toml"))
    oldest = re.fullmatch(r">=(3\.\d+)", project["project"]["requires-python"])[1]
    conda = yaml.safe_load(read("environment.yml"))["dependencies"][0]
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    assert conda == f"python={oldest}"
    assert workflow["jobs"]["study"]["strategy"]["matrix"]["python"] == [oldest, "3.13"]
    assert project["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"--python-version {oldest} " in read("Makefile")
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in read("Makefile")


def test_the_hosted_ci_runs_the_two_commands():
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    steps = workflow["jobs"]["study"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make test", "make study"]


def test_the_ci_script_calls_the_tests_and_nothing_else():
    assert read(".ci/run").splitlines() == [
        "#!/usr/bin/env bash",
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "make test",
        "make test-browser",
    ]


@pytest.mark.parametrize("name", [".ci/run", "postBuild"])
def test_scripts_can_be_run(name):
    assert os.stat(ROOT / name).st_mode & stat.S_IXUSR


# make


def test_the_targets_are_there_and_helped():
    made = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert made == TARGETS
    assert set(re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)[1].split()) == TARGETS
    # inside another make it would also say which folder it enters
    result = run("make", "--no-print-directory")
    assert result.returncode == 0, result.stderr
    assert {line.split()[1] for line in result.stdout.splitlines()} == TARGETS
    assert all(re.fullmatch(r"make [a-z-]+ +\S.*", line) for line in result.stdout.splitlines())


def test_the_study_settings_reach_every_command(tmp_path):
    # `env` of the shell stands in for the commands
    makefile = read("Makefile") + "\nshow:\n\t@env\n"
    (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
    theirs = {"PYTHONPATH": "/elsewhere", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    seen = run("make", "-s", "show", cwd=tmp_path, **theirs)
    lines = dict(line.split("=", 1) for line in seen.stdout.splitlines() if re.match(r"[A-Z_]+=", line))
    wanted = {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }
    assert {name: lines.get(name) for name in wanted} == wanted
    assert "PYTHONPATH" not in lines
    assert lines["JUPYTER_CONFIG_DIR"].startswith(str(tmp_path))


def test_an_old_python_is_refused_with_what_to_do(tmp_path):
    old = tmp_path / "python3"
    # a Python that says that it is old
    code = "import sys; sys.version_info = (3, 9, 1, 'final', 0); exec(sys.argv.pop(1))"
    old.write_text(
        f"#!/bin/sh\nshift\nexec '{sys.executable}' -c \"{code}\" \"$@\"\n",
        encoding="utf-8",
    )
    old.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    result = run("make", "env", f"PYTHON={old}", cwd=tmp_path)
    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == (
        f"Python 3.9.1 ({sys.executable}) is too old: the study needs Python 3.11 or newer. "
        "Name one, for example: make env PYTHON=python3.12"
    )
    assert not (tmp_path / ".venv").exists()


def test_a_missing_python_is_told(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    result = run("make", "env", "PYTHON=no-such-python", cwd=tmp_path)
    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == (
        "no command 'no-such-python': the study needs Python 3.11 or newer. "
        "Name one, for example: make env PYTHON=python3.12"
    )


def test_clean_removes_nothing_that_is_committed(tmp_path):
    folder = tmp_path / "a checkout with blanks"
    kept = ["figures/f1.pdf", "seeds/a.csv", "notebooks/00_start.ipynb", "analysis/corpus.py"]
    gone = [".venv/x", ".cache/y", ".pytest_cache/z", "analysis/__pycache__/corpus.pyc"]
    for name in kept + gone:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    shutil.copy(ROOT / "Makefile", folder)
    assert run("make", "clean", cwd=folder).returncode == 0
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {"Makefile", *kept}


# what is installed


def test_the_package_is_installed_editable_with_command_and_scorer(tmp_path):
    distribution = metadata.distribution("comparative-framing-study")
    assert distribution.metadata["License-Expression"] == "BSD-3-Clause"
    entries = {(entry.group, entry.name): entry.value for entry in distribution.entry_points}
    assert entries == {
        ("console_scripts", "framing"): "analysis.cli:main",
        ("framing.scorers", "encoder-small.v1"): "analysis.sentiment.encoder:SmallEncoderScorer",
        ("framing.scorers", "encoder.v1"): "analysis.sentiment.encoder:EncoderScorer",
        ("framing.scorers", "lexicon.v1"): "analysis.sentiment.lexicon:LexiconScorer",
    }
    code = "import analysis; print(analysis.__file__)"
    result = run(sys.executable, "-c", code, cwd=tmp_path)
    assert result.stdout.strip() == str(ROOT / "analysis" / "__init__.py"), result.stderr


def test_every_subpackage_is_installed():
    packages = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["packages"]
    found = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in (ROOT / "analysis").rglob("__init__.py")
    }
    assert sorted(packages) == sorted(found)


def test_jupyterlab_shows_no_news():
    settings = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert json.loads(settings.read_text(encoding="utf-8")) == {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    }


# licences and citation


def test_the_citation_is_valid():
    citation = yaml.safe_load(read("CITATION.cff"))
    schema = json.loads(read("tests/data/cff-schema-1.2.0.json"))
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(citation)] == []
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert [author["name"] for author in citation["authors"]] == [one["name"] for one in project["authors"]]


def test_the_licences_name_every_kind_of_file():
    assert read("LICENSE").startswith("BSD 3-Clause License\n")
    text = read("LICENSES.md")
    for name in ("analysis/", "figures/", "seeds/texts/", "tests/data/cff-schema-1.2.0.json", "notebooks/"):
        assert f"`{name}`" in text, name
        assert (ROOT / name).exists(), name
    assert "**no licence of ours**" in text
