"""The codebook: what it must hold, what is refused, and that its examples stand in the texts."""

from __future__ import annotations

import re

import pytest

from analysis import codebook
from analysis.codebook import check_examples, load_codebook
from analysis.errors import StudyError, UnknownName
from analysis.new_study import create_study
from analysis.study import check_study, load_study

SMALL = """title = "Small"

[[task]]
id = "tone"
label = "Tone"
unit = "paragraph"

[task.codes]
low = "calm"
high = "loud"
unclear = "neither can be said"

[[task.variable]]
id = "tone"
label = "Tone of the paragraph"
level = "ordinal"
definition = "How loud it is."
includes = ["shouting"]
excludes = ["whispers"]
example = "They met in  the city — and said little."
example_from = "a1"
example_code = "low"
"""


def write(tmp_path, text):
    path = tmp_path / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(tmp_path, text):
    with pytest.raises(StudyError) as caught:
        load_codebook(write(tmp_path, text))
    return [str(problem) for problem in caught.value.problems]


def test_the_codebook_of_the_study(seed_study_dir):
    book = load_codebook(seed_study_dir / "seeds" / "codebook.toml")
    assert [(task.task_id, task.unit) for task in book.tasks] == [
        ("sentiment", "mention"),
        ("frames", "paragraph"),
    ]
    sentiment = book.task("sentiment").variables[0]
    assert sentiment.level == "ordinal"
    assert sentiment.scale == ("negative", "neutral", "positive")
    assert sentiment.code_ids == ("negative", "neutral", "positive", "unclear")
    families = {}
    for variable in book.task("frames").variables:
        families.setdefault(variable.family, []).append(variable.variable_id)
        assert variable.code_ids == ("no", "yes", "unclear")
        assert variable.includes and variable.excludes and variable.definition and variable.example
    assert len(families["generic"]) == 5
    assert len(families["function"]) == 4
    assert len(families["study"]) >= 4
    assert families["other"] == ["other"]
    # the published questions: 5 + 5 + 4 + 3 + 3
    assert sum(len(variable.indicators) for variable in book.task("frames").variables) == 20


def test_the_readme_counts_the_real_examples(seed_study_dir):
    variables = load_codebook(seed_study_dir / "seeds" / "codebook.toml").task("frames").variables
    real = sum(bool(variable.example_from) for variable in variables)
    text = " ".join((seed_study_dir / "seeds" / "README.md").read_text(encoding="utf-8").split())
    assert f"{real} of the {len(variables)} examples of frames are sentences of the seed texts" in text


def test_a_task_that_is_not_there(tmp_path):
    with pytest.raises(UnknownName) as caught:
        load_codebook(write(tmp_path, SMALL)).task("frames")
    assert str(caught.value) == "unknown coding task 'frames'; allowed: tone"


def test_an_example_is_found_across_blanks_and_marks_and_missed_elsewhere(tmp_path):
    book = load_codebook(write(tmp_path, SMALL))
    assert check_examples(book, {"a1": "Then. They met\nin the city – and said little."}) == []
    found = check_examples(book, {"a1": "They met."})
    assert [str(problem) for problem in found] == [
        "seeds/codebook.toml task tone variable tone example: found 'They met in  the city — and "
        "said little.', which is not "
        "in the text of a1; allowed: words of the text. Correct the example, or its article."
    ]
    found = check_examples(book, {"b1": ""})
    assert [str(problem) for problem in found] == [
        "seeds/codebook.toml task tone variable tone example_from: found 'a1', which is no article "
        "of the study; allowed: "
        "an article_id. Correct it, or leave example_from out if the example is made up."
    ]
    assert check_examples(book, {"b1": ""}, complete=False) == []


def test_every_problem_at_once(tmp_path):
    text = SMALL.replace('unit = "paragraph"', 'unit = "page"\ncolour = 1').replace(
        'unclear = "neither can be said"', ""
    )
    text = text.replace('low = "calm"', 'low = "calm"\n"1-2" = "a date"\ntrue = "a truth value"')
    text = text.replace('id = "tone"\nlabel = "Tone of', 'id = "note"\nlabel = "Tone of')
    text = text.replace('level = "ordinal"', 'level = "interval"').replace('["whispers"]', "[]")
    text = text.replace('example_code = "low"', 'example_code = "LOW"').replace('title = "Small"', "")
    codes = "codes: found"
    assert problems_of(tmp_path, text) == [
        "seeds/codebook.toml task 1 ('tone') "
        f"{codes} '1-2'; allowed: lower-case letters and '_', or a whole number; not true or false. "
        "Rename it: a spreadsheet "
        "would turn other codes into dates, formulas or truth values.",
        f"seeds/codebook.toml task 1 ('tone') {codes} 'low', '1-2', 'true', 'high', without "
        "'unclear'; allowed: codes with "
        "'unclear' among them. Add it: a coder who cannot decide must be able to say so.",
        f"seeds/codebook.toml task 1 ('tone') {codes} 'true'; allowed: lower-case letters and '_', or "
        "a whole number; not true "
        "or false. Rename it: a spreadsheet would turn other codes into dates, formulas or truth values.",
        "seeds/codebook.toml task 1 ('tone') colour: found an unknown key; allowed: id, label, unit, "
        "instructions, codes, "
        "variable. Correct or remove it.",
        "seeds/codebook.toml task 1 ('tone') unit: found 'page'; allowed: mention, paragraph, article. Correct it.",
        f"seeds/codebook.toml task 1 ('tone') variable 1 ('note') {codes} low, 1-2, true, high; "
        "allowed: whole numbers on an "
        "interval level. Correct them.",
        "seeds/codebook.toml task 1 ('tone') variable 1 ('note') example_code: found 'LOW'; allowed: "
        "low, 1-2, true, high. "
        "Correct it.",
        "seeds/codebook.toml task 1 ('tone') variable 1 ('note') excludes: found nothing; allowed: a "
        "list of texts. Say what "
        "does not belong to it.",
        "seeds/codebook.toml task 1 ('tone') variable 1 ('note') id: found 'note', a column that "
        "every sheet or key has; "
        "allowed: another name. Rename the variable.",
        "seeds/codebook.toml title: found ''; allowed: text. Give the codebook a title.",
    ]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "task: found none; allowed: [[task]] tables. Write at least one [[task]]."),
        (
            'title = "x"\ntask = 3',
            "task: found no list of tables; allowed: [[task]] tables. Write at least one [[task]].",
        ),
        (
            SMALL + SMALL.partition("\n")[2],
            "task 'tone': found an id used before; allowed: each id once. Rename one of them.",
        ),
        (
            SMALL.replace('low = "calm"\nhigh = "loud"', 'one = "1"'),
            "found 1 besides 'unclear'; allowed: two codes or more.",
        ),
        (
            SMALL.replace('id = "tone"\nlabel = "Tone"', 'id = "T"\nlabel = "Tone"'),
            "id: found 'T'; allowed: a lower-case letter",
        ),
        (
            SMALL.replace('includes = ["shouting"]', "includes = 3"),
            "includes: found '3'; allowed: a list of texts.",
        ),
        (
            SMALL.replace('definition = "How loud it is."', "definition = 3"),
            "definition: found '3'; allowed: text.",
        ),
        (
            re.sub(r"\[task\.codes\](?s:.*?)\n\n", "", SMALL),
            "codes: found none; allowed: a table of codes and their meanings.",
        ),
        (
            re.sub(r"\[\[task\.variable(?s:.*)", "", SMALL),
            "variable: found none; allowed: [[task.variable]] tables.",
        ),
    ],
)
def test_what_is_refused(tmp_path, text, message):
    assert any(message in problem for problem in problems_of(tmp_path, text))


def test_a_study_needs_a_codebook_only_to_code(tmp_path, make_study):
    folder = make_study(tmp_path)
    study, problems = check_study(folder)
    assert problems == []
    with pytest.raises(StudyError) as caught:
        study.codebook  # noqa: B018
    assert str(caught.value.problems[0]) == (
        "seeds/codebook.toml: found no such file; allowed: a codebook, which coding needs. Copy the project's "
        "seeds/codebook.toml and put your own frames in; seeds/README.md explains it."
    )


def test_framing_check_reads_the_codebook_and_its_examples(tmp_path, make_study):
    text = SMALL.replace("They met in  the city — and said little.", "no such words")
    folder = make_study(tmp_path, files={"seeds/codebook.toml": text})
    assert [problem.where for problem in check_study(folder)[1]] == [
        "seeds/codebook.toml task tone variable tone example"
    ]
    make_study(tmp_path, files={"seeds/codebook.toml": "no toml"})
    assert [problem.where for problem in check_study(folder)[1]] == ["seeds/codebook.toml"]


def test_a_new_study_gets_the_general_codebook(tmp_path):
    (tmp_path / "texts").mkdir()
    for name in ("a", "b"):
        text = f"The talks {name} of the ministers were said to be good for all of them, and so it was in the city."
        (tmp_path / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    paths, _ = create_study(tmp_path / "study", tmp_path / "texts")
    book = load_study(paths.root).codebook
    variables = [variable for task in book.tasks for variable in task.variables]
    assert {variable.family for variable in variables} == {"sentiment", "generic", "function", "other"}
    assert not any(variable.example_from for variable in variables)
    text = paths.codebook.read_text(encoding="utf-8")
    assert "Russia relations" not in text.partition("[[task]]")[0]
    assert text.count("the place of your own frames") == 1


def test_reserved_names_are_the_columns_of_sheets():
    assert {"sample", "item_id", "coder", "note", "before", "target", "after", "text", "actor"} <= set(
        codebook.RESERVED
    )
