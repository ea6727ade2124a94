"""A text in another language is told; a doubtful or short one is not."""

from __future__ import annotations

import pytest

from analysis.language import find_other_language
from analysis.text import find_tokens


def judge(text, language="en"):
    words = [text[token.start : token.end].casefold() for token in find_tokens(text)]
    return find_other_language(text, words, language)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Der Präsident hat den Minister am Dienstag getroffen, und beide haben lange über die neuen Sanktionen "
            "gesprochen, aber sie sind sich nicht einig geworden.",
            "de",
        ),
        (
            "El presidente se reunió el martes con el ministro y los dos hablaron de las sanciones y de la guerra, "
            "pero no llegaron a un acuerdo.",
            "es",
        ),
        ("总统周二会见了外长，双方讨论了制裁问题，但没有达成任何协议。", "zh"),
        ("Президент встретился во вторник с министром и обсудил с ним санкции.", "ru"),
        ("大統領は火曜日に外相と会談し、制裁について話し合いました。", "ja"),
    ],
)
def test_other_languages(text, code):
    assert judge(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Trump Putin Lavrov Pompeo",
        "Bonjour, Moscou.",
        "The president met the minister on Tuesday, and they spoke of the sanctions and of the war in the east. " * 2,
        "He said «да» (“yes”) to it, and the paper Правда wrote of it that it was a good day for all of them there.",
    ],
)
def test_english_and_what_is_too_short_to_tell(text):
    assert judge(text) == ""


def test_another_language_of_the_study():
    english = "The president met the minister on Tuesday, and they spoke of the sanctions and of the war in the east."
    assert judge(english, "fr") == "en"
    french = "Le président a rencontré le ministre mardi et ils ont parlé des sanctions et de la guerre à Moscou."
    assert judge(french, "fr") == ""


def test_a_language_that_the_model_does_not_know_is_not_judged():
    text = "The president met the minister on Tuesday, and they spoke of the sanctions and of the war in the east."
    assert judge(text, "xx") == ""


def test_every_seed_is_english(seed_study_dir):
    for path in sorted((seed_study_dir / "seeds/texts").iterdir()):
        assert judge(path.read_text(encoding="utf-8")) == "", path.name
