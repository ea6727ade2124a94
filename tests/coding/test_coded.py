"""Coded samples: sheets against the corpus they were drawn from, and what the coder read."""

from __future__ import annotations

import json

import pytest

from analysis.coding.coded import find_coded_mentions, load_coded_sample, place_items
from analysis.errors import StudyError
from analysis.paths import StudyPaths


def fill(folder, rows_of, write_rows, codes, column="sentiment"):
    """Let coders give their codes, in the order of their sheets."""
    for coder, own in codes.items():
        path = folder / f"sheet-{coder}.csv"
        rows = rows_of(path)
        for row, code in zip(rows[1:], own, strict=False):
            row[rows[0].index(column)] = code
        write_rows(path, rows)


def problems_of(call):
    with pytest.raises(StudyError) as caught:
        call()
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def coded_folder(sentiment_folder, rows_of, write_rows):
    """Return a sample that anna and ben have coded."""
    fill(
        sentiment_folder, rows_of, write_rows, {"anna": ["negative", "neutral"] * 6, "ben": ["neutral"] * 12}
    )
    return sentiment_folder


def test_items_stand_as_they_stand_in_the_texts(coding_study, coded_folder):
    coded, sample = load_coded_sample(
        [coded_folder], coded_folder, coding_study.corpus, coding_study.actors.labels
    )
    assert coded.coders == ["anna", "ben"] and sample.task == "sentiment"
    assert [variable.name for variable in coded.variables] == ["sentiment"]
    assert coded.variables[0].codes == ("negative", "neutral", "positive"), "unclear stands on no scale"
    for item in coded.items.itertuples():
        text = coding_study.corpus.article(item.article_id).text
        assert item.target == text[item.start : item.end]
        assert f"{item.before} {item.target}".split()[0] == item.before.split()[0] if item.before else True
        assert item.actor in ("Russia", "United States")
    assert coded.items["weight"].sum() == pytest.approx(len(coding_study.result("mentions").table))
    mentions = coding_study.result("mentions").table
    placed = place_items(coded, mentions, "seeds/actors.csv")
    chosen = mentions.iloc[placed.items["mention"]]
    assert chosen["start"].tolist() == coded.items["start"].tolist()


def test_one_sheet_is_one_coder(coding_study, coded_folder):
    sheets = [coded_folder / "sheet-anna.csv"]
    coded, _ = load_coded_sample(sheets, coded_folder, coding_study.corpus, coding_study.actors.labels)
    assert coded.coders == ["anna"]


def test_a_sample_of_another_corpus_is_refused(coding_study, coded_folder):
    other = coding_study.corpus.subset(coding_study.corpus.ids[1:])
    found = problems_of(lambda: load_coded_sample([coded_folder], coded_folder, other, {}))
    assert found == [
        f"{coded_folder.as_posix()}/sample.json: found a sample of another corpus: articles, cleaning rules or texts "
        "have changed since; allowed: the corpus of this study. Name the study that it was drawn from (--study), or "
        "draw a new sample."
    ]


def test_a_folder_without_sheets_is_refused(coding_study, sentiment_folder):
    for path in sentiment_folder.glob("sheet-*"):
        path.unlink()
    found = problems_of(
        lambda: load_coded_sample([sentiment_folder], sentiment_folder, coding_study.corpus, {})
    )
    assert found == [
        f"{sentiment_folder.as_posix()}: found no coding sheet; allowed: files sheet-<coder>.csv or .xlsx. Name the "
        "folder that `framing sample` wrote, or the sheets."
    ]


def test_items_that_are_no_mention_are_refused(coding_study, coded_folder):
    coded, _ = load_coded_sample([coded_folder], coded_folder, coding_study.corpus, {})
    mentions = coding_study.result("mentions").table.iloc[:0]
    assert problems_of(lambda: place_items(coded, mentions, "seeds/actors.csv")) == [
        "seeds/actors.csv: found 12 of 12 items that are no mention now, such as i0001; allowed: the actors that the "
        "sample was drawn with. Restore the actors, or draw a new sample."
    ]


def test_a_study_reads_a_coded_sample_from_its_seeds(coding_study, coded_folder, tmp_path):
    paths = StudyPaths(tmp_path)
    paths.seeds.mkdir()
    coded_folder.rename(paths.codings)
    mentions = coding_study.result("mentions").table
    coded = find_coded_mentions(paths, coding_study.corpus, mentions, coding_study.actors.labels)
    assert len(coded.items) == 12 and "mention" in coded.items
    assert set(coded.items["weight"]) != {1.0}, "the weights are those of the sample"


def test_a_sample_of_frames_has_no_place_in_the_seeds(coding_study, frames_folder, tmp_path):
    paths = StudyPaths(tmp_path)
    paths.seeds.mkdir()
    frames_folder.rename(paths.codings)
    mentions = coding_study.result("mentions").table
    found = problems_of(lambda: find_coded_mentions(paths, coding_study.corpus, mentions, {}))
    assert found == [
        "seeds/codings/sample.json: found a sample of the task 'frames'; allowed: the task 'sentiment'. Put it "
        "elsewhere, and measure it with `framing agreement`."
    ]
    assert json.loads((paths.codings / "sample.json").read_text(encoding="utf-8"))["task"] == "frames"
