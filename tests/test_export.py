"""Export: the same bytes every time, exact sizes, redrawn from the CSV alone, a true manifest."""

import hashlib
import io
import json
import re
import struct

import pandas as pd
import pytest
from planted import build_planted

from analysis.figures.export import (
    FORMATS,
    draw_figure,
    export_figures,
    export_tables,
    render_figure,
    show_figure,
    write_manifest,
)
from analysis.figures.registry import FIGURES, find_figure
from analysis.study import Study, load_study
from analysis.tables import round_table


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    root = tmp_path_factory.mktemp("planted") / "study"
    settings = "[statistics]\nbootstrap = 100\npermutations = 100\n"
    build_planted(root, articles=5, outlets=1, settings=settings)
    return {"seed": None, "planted": root}


@pytest.fixture(scope="module", params=["seed", "planted"])
def exported(request, roots, tmp_path_factory):
    """Export a study once: (study, folder)."""
    study, folder = load_study(roots[request.param]), tmp_path_factory.mktemp(request.param) / "figures"
    written = export_figures(study, folder)
    write_manifest(study, folder / "manifest.json", written)
    return study, folder


@pytest.fixture(params=[spec.figure_id for spec in FIGURES])
def spec(request):
    return find_figure(request.param)


def test_every_file_is_there_and_no_other(exported):
    _, folder = exported
    kinds = [*FORMATS, "csv", "alt.txt"]
    expected = {f"{spec.figure_id}.{kind}" for spec in FIGURES for kind in kinds} | {
        "captions.md",
        "manifest.json",
    }
    assert {file.name for file in folder.iterdir()} == expected


def test_a_second_export_has_the_same_bytes(exported, spec):
    study, folder = exported
    data = round_table(spec.data(study))
    fig = draw_figure(spec, data)
    # the PNG is compared in the next test, drawn alone and from the CSV
    for kind in ("pdf", "svg"):
        assert render_figure(fig, kind) == (folder / f"{spec.figure_id}.{kind}").read_bytes(), kind


def test_a_figure_is_redrawn_from_its_csv_alone(exported, spec):
    _, folder = exported
    # an empty cell is empty text in a column of text, and no number in a column of numbers
    data = pd.read_csv(folder / f"{spec.figure_id}.csv", dtype=dict.fromkeys(TEXT, str))
    for column in set(TEXT) & set(data):
        data[column] = data[column].fillna("")
    again = render_figure(draw_figure(spec, data), "png")
    assert again == (folder / f"{spec.figure_id}.png").read_bytes()
    assert (spec.alt(data) + "\n") == (folder / f"{spec.figure_id}.alt.txt").read_text(encoding="utf-8")


TEXT = ("published", "published_from", "published_to", "shown", "flag", "driven_by", "confidence", "term")


def test_the_width_is_exact(exported, spec):
    _, folder = exported
    data = (folder / f"{spec.figure_id}.png").read_bytes()
    width, _ = struct.unpack(">II", data[16:24])
    assert width == spec.width * 300
    svg = (folder / f"{spec.figure_id}.svg").read_text(encoding="utf-8")
    assert re.search(r'width="([\d.]+)pt"', svg).group(1) == f"{spec.width * 72:g}"
    pdf = (folder / f"{spec.figure_id}.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf)
    assert float(box.group(1)) == spec.width * 72


def test_no_date_and_no_program_is_left_in_the_files(exported, spec):
    _, folder = exported
    pdf, svg, png = ((folder / f"{spec.figure_id}.{kind}").read_bytes() for kind in ("pdf", "svg", "png"))
    assert b"CreationDate" not in pdf and b"/Producer" not in pdf
    assert b"<dc:date>" not in svg and b"Matplotlib v" not in svg
    assert b"Software" not in png and b"tIME" not in png


def test_pdf_fonts_can_be_edited(exported, spec):
    _, folder = exported
    pdf = (folder / f"{spec.figure_id}.pdf").read_bytes()
    assert b"/Type3" not in pdf
    assert b"/CIDFontType2" in pdf


def test_the_manifest_is_true(exported):
    study, folder = exported
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(manifest["outputs"]) == {file.name for file in folder.iterdir()} - {"manifest.json"}
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((study.paths.root / name).read_bytes()).hexdigest() == digest
    assert {"study.toml", "seeds/articles.csv", "seeds/outlets.csv", "seeds/actors.csv"} <= set(
        manifest["inputs"]
    )
    assert manifest["parameters"] == json.loads(json.dumps(study.config.as_dict()))
    assert not any(str(study.paths.root) in value for value in map(str, manifest.values()))


def test_captions_are_numbered_and_escaped(exported):
    _, folder = exported
    text = (folder / "captions.md").read_text(encoding="utf-8")
    assert re.findall(r"\*\*Figure (\d+)\. (.*?)\.\*\*", text) == [
        (str(number), spec.title) for number, spec in enumerate(FIGURES, start=1)
    ]


def test_alt_text_files_are_one_line(exported, spec):
    _, folder = exported
    text = (folder / f"{spec.figure_id}.alt.txt").read_text(encoding="utf-8")
    assert text.count("\n") == 1 and text.endswith(".\n")


def test_only_some_figures(exported, tmp_path):
    study, folder = exported
    written = export_figures(study, tmp_path, only=["corpus"])
    assert sorted(file.name for file in written) == sorted(
        f"1_corpus.{kind}" for kind in (*FORMATS, "csv", "alt.txt")
    )
    assert (tmp_path / "1_corpus.svg").read_bytes() == (folder / "1_corpus.svg").read_bytes()


def test_tables_are_written_with_what_was_excluded(exported, tmp_path):
    study, _ = exported
    written = export_tables(study.run(), tmp_path)
    assert [file.stem for file in written] == [*Study.steps, "excluded"]
    again = export_tables(study.run(), tmp_path / "again")
    assert [file.read_bytes() for file in written] == [file.read_bytes() for file in again]
    excluded = pd.read_csv(tmp_path / "excluded.csv")
    assert list(excluded.columns) == ["result", "what", "n", "why"]
    assert {"themes", "contrasts"} <= set(excluded["result"])


def test_a_figure_in_a_notebook_has_its_alt_text(exported):
    study, _ = exported
    shown = show_figure(study, "voice")
    assert 'alt="Bars of own and quoted mentions' in shown._repr_html_()
    assert "data:image/png;base64," in shown._repr_html_()


def test_png_is_read_by_others(exported, spec):
    from matplotlib.image import imread

    _, folder = exported
    image = imread(io.BytesIO((folder / f"{spec.figure_id}.png").read_bytes()))
    # not an empty page: a hundredth of it at least is inked, or a line that says why there is nothing
    table = pd.read_csv(folder / f"{spec.figure_id}.csv")
    assert (0.01 if len(table) else 0.002) < (image[:, :, :3].mean(axis=2) < 0.95).mean() < 0.9
