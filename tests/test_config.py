"""study.toml: defaults, and a whole message for each setting that cannot be used."""

from __future__ import annotations

from dataclasses import fields

import pytest

from analysis.config import StudyConfig, load_config, read_config, read_toml
from analysis.errors import StudyError


def load(folder, content):
    path = folder / "study.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load_config(path)


def problems(folder, content):
    with pytest.raises(StudyError) as caught:
        load(folder, content)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert load(tmp_path, "") == StudyConfig()


def test_settings_replace_defaults(tmp_path):
    config = load(
        tmp_path, '[groups]\nblocs = ["East", "West"]\n[contrasts]\nprior_tokens = 100\n[themes]\nk = 3\n'
    )
    assert config.groups.blocs == ("East", "West")
    assert config.contrasts.prior_tokens == 100.0
    assert isinstance(config.contrasts.prior_tokens, float)
    assert config.themes.k == 3
    assert config.statistics == StudyConfig().statistics


def test_what_can_be_used_is_read_beside_what_cannot(tmp_path):
    (tmp_path / "study.toml").write_text('[themes]\nk = 1\ntop_terms = 9\n[corpus]\nlanguage = "de"\n')
    config, found = read_config(tmp_path / "study.toml")
    assert (config.themes.k, config.themes.top_terms, config.corpus.language) == ("auto", 9, "de")
    assert [str(problem) for problem in found] == [
        "study.toml [themes] k: found '1'; allowed: \"auto\" or a whole number from 2 to 200. Correct the value."
    ]
    (tmp_path / "study.toml").write_text("[themes\n")
    config, found = read_config(tmp_path / "study.toml")
    assert config == StudyConfig()
    assert [problem.where for problem in found] == ["study.toml"]


def test_the_number_of_themes_and_their_names(tmp_path):
    assert load(tmp_path, "").themes.k == "auto"
    themes = load(tmp_path, '[themes]\nk = "auto"\n[themes.labels]\n"nato, europe" = "Security"\n').themes
    assert themes.k == "auto" and themes.labels == {"nato, europe": "Security"}


def test_every_default_is_allowed():
    for section in fields(StudyConfig):
        for setting in fields(section.default):
            assert setting.metadata["check"](getattr(section.default, setting.name)), (
                section.name,
                setting.name,
            )


def test_as_dict_holds_every_setting():
    content = StudyConfig().as_dict()
    assert list(content) == [section.name for section in fields(StudyConfig)]
    assert content["statistics"]["alpha"] == 0.05


def test_the_seed_study_sets_every_setting(seed_study_dir):
    written = read_toml(seed_study_dir / "study.toml", shown="study.toml")
    declared = StudyConfig().as_dict()
    assert {name: set(table) for name, table in written.items()} == {
        name: set(table) for name, table in declared.items()
    }


def test_a_missing_file(tmp_path):
    with pytest.raises(StudyError) as caught:
        load_config(tmp_path / "study.toml")
    assert str(caught.value) == (
        "1 problem found:\n  study.toml: found no such file; allowed: a TOML file. "
        "Create it, or correct the study's folder."
    )


def test_a_folder_in_its_place(tmp_path):
    (tmp_path / "study.toml").mkdir()
    with pytest.raises(StudyError) as caught:
        load_config(tmp_path / "study.toml")
    assert [str(problem) for problem in caught.value.problems] == [
        "study.toml: found a folder; allowed: a TOML file. Put the file in its place."
    ]


def test_another_encoding(tmp_path):
    assert problems(tmp_path, '[study]\ntitle = "Économie"\n'.encode("latin-1")) == [
        "study.toml: found a byte that is not UTF-8 at position 17; allowed: UTF-8. Save the file as UTF-8."
    ]


def test_invalid_toml_names_the_line(tmp_path):
    (message,) = problems(tmp_path, "[themes]\nk = \n")
    assert message.startswith("study.toml: found invalid TOML: Invalid value (at line 2, column 5)")
    assert message.endswith("; allowed: valid TOML. Correct the line it names.")


def test_windows_line_ends(tmp_path):
    assert load(tmp_path, b"[themes]\r\nk = 4\r\n").themes.k == 4


def test_unknown_sections_and_settings_are_listed_together(tmp_path):
    assert problems(tmp_path, "[theme]\nk = 3\n[themes]\nn_topics = 3\n") == [
        "study.toml [theme]: found an unknown section; allowed: study, corpus, groups, terms, themes, contrasts, "
        "sentiment, statistics, figures. Correct or remove it.",
        "study.toml [themes] n_topics: found an unknown setting; allowed: k, k_max, resamples, curve_paragraphs, "
        "sample, min_paragraphs, max_share, min_tokens, top_terms, labels. Correct or remove it.",
    ]


def test_a_section_that_is_none(tmp_path):
    assert problems(tmp_path, "themes = 6\n") == [
        "study.toml [themes]: found '6'; allowed: a section. Write it as [section]."
    ]


LABELS = 'a table of terms to names, no name twice: { "term, term" = "Name" }'


@pytest.mark.parametrize(
    ("section", "setting", "value", "found", "allowed"),
    [
        ("themes", "k", "true", "'True'", '"auto" or a whole number from 2 to 200'),
        ("themes", "k", "6.0", "'6.0'", '"auto" or a whole number from 2 to 200'),
        ("themes", "k", '"6"', "'6'", '"auto" or a whole number from 2 to 200'),
        ("themes", "k", "1", "'1'", '"auto" or a whole number from 2 to 200'),
        ("themes", "k_max", "1", "'1'", "a whole number from 2 to 200"),
        ("themes", "resamples", "4", "'4'", "a whole number from 5 to 1,000"),
        ("themes", "curve_paragraphs", "49", "'49'", "a whole number from 50 to 1,000,000"),
        ("themes", "labels", '["Europe"]', "\"['Europe']\"", LABELS),
        ("themes", "labels", '{ "nato" = 3 }', "\"{'nato': 3}\"", LABELS),
        ("themes", "labels", '{ "nato" = " " }', "\"{'nato': ' '}\"", LABELS),
        ("themes", "labels", '{ nato = "A", war = "A" }', "\"{'nato': 'A', 'war': 'A'}\"", LABELS),
        ("themes", "max_share", "0", "'0'", "a share above 0 and up to 1"),
        ("themes", "max_share", "nan", "'nan'", "a share above 0 and up to 1"),
        ("themes", "max_share", "true", "'True'", "a share above 0 and up to 1"),
        ("statistics", "alpha", "1", "'1'", "a number above 0 and below 1"),
        ("statistics", "bootstrap", "99", "'99'", "a whole number from 100 to 100,000"),
        ("statistics", "random_state", "-1", "'-1'", "a whole number from 0 to 4,294,967,295"),
        ("corpus", "check_language", "1", "'1'", "true or false"),
        ("corpus", "check_language", '"yes"', "'yes'", "true or false"),
        ("corpus", "language", '"english"', "'english'", 'a two-letter language code, such as "en"'),
        ("corpus", "on_bad_article", '"ignore"', "'ignore'", '"stop" or "exclude"'),
        ("study", "title", '" "', "' '", "text"),
        ("study", "title", "2019", "'2019'", "text"),
        ("study", "title", "2019-05-01", "'2019-05-01'", "text"),
        ("study", "claims", '"loose"', "'loose'", '"strict" or "show"'),
        ("groups", "blocs", '"East"', "'East'", "a list of names"),
        ("groups", "blocs", '["East", 3]', "\"['East', 3]\"", "a list of names"),
        ("groups", "blocs", '["East", ""]', "\"['East', '']\"", "a list of names"),
        ("terms", "stop_words", '"french"', "'french'", '"english" or "none"'),
        ("contrasts", "prior_tokens", "0", "'0'", "a number above 0"),
        ("sentiment", "scorer", '""', "''", "the name of a scorer"),
    ],
)
def test_an_impossible_value(tmp_path, section, setting, value, found, allowed):
    assert problems(tmp_path, f"[{section}]\n{setting} = {value}\n") == [
        f"study.toml [{section}] {setting}: found {found}; allowed: {allowed}. Correct the value."
    ]
