"""Codings: sheets are read against the mentions, and refused with reasons."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.codings import coded_places, load_codings
from analysis.errors import StudyError

MENTIONS = pd.DataFrame(
    {"article_id": ["a", "a", "b"], "start": [0, 10, 5], "end": [6, 12, 11], "actor_id": ["russia", "us", "china"]}
)
HEADER = "article_id,start,end,actor_id,code,note\n"


def write(folder, name, *rows):
    (folder / f"{name}.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def problems(folder):
    with pytest.raises(StudyError) as error:
        load_codings(folder, MENTIONS)
    return [str(problem) for problem in error.value.problems]


def test_sheets_come_in_the_order_of_the_mentions(tmp_path):
    write(tmp_path, "one", "b,5,11,china,positive,", "a,0,6,russia,negative,torn")
    write(tmp_path, "two", "a,0,6,russia,neutral,", "a,10,12,us,,")
    codes = load_codings(tmp_path, MENTIONS)
    assert codes["one"].tolist() == ["negative", "", "positive"], "a mention that is not coded is missing"
    assert codes["two"].tolist() == ["neutral", "", ""]


def test_a_study_without_sheets(tmp_path):
    assert load_codings(tmp_path / "none", MENTIONS).shape == (3, 0)


def test_what_is_refused(tmp_path):
    write(tmp_path, "one", "a,0,6,russia,bad,", "a,0,7,russia,neutral,", "a,10,12,us,neutral,", "a,10,12,us,positive,")
    write(tmp_path, "two", "a,x,12,us,neutral,")
    assert problems(tmp_path) == [
        "seeds/codings/one.csv:2 (code): found 'bad'; allowed: negative, neutral, positive or empty. Correct it.",
        "seeds/codings/one.csv:3: found a mention that is not in the corpus: russia at 0 in 'a'; allowed: a row of "
        "`framing mentions`. Code the corpus as it is now; a sheet of other texts does not fit.",
        "seeds/codings/one.csv:5: found the mention of row 4 again; allowed: each mention once. "
        "Keep one of the two codes.",
        "seeds/codings/two.csv:2 (start, end): found 'x' and '12'; allowed: whole numbers. Correct them.",
    ]


def test_a_sheet_without_its_columns(tmp_path):
    (tmp_path / "one.csv").write_text("article_id,code\na,neutral\n", encoding="utf-8")
    assert len(problems(tmp_path)) == 4


def test_the_seed_codings_cover_every_mention(seed_study_dir):
    from analysis.study import load_study

    study = load_study(seed_study_dir)
    mentions = study.result("mentions").table
    codes = load_codings(study.paths.codings, mentions)
    assert list(codes.columns) == ["pass_a", "pass_b"]
    assert (codes != "").all().all()
    assert len(codes) == len(mentions) == 367


def test_items_are_found_among_the_mentions():
    items = MENTIONS.iloc[[2, 0]].assign(actor_id=["china", "us"])
    assert coded_places(items, MENTIONS).tolist() == [2, -1]
