"""Two articles side by side, worked by hand."""

from analysis.duplicates.passages import compare_passages

ONE = "Ministers met in Geneva on Monday. Envoys praised a lasting agreement about missiles. Nobody left early."
TWO = "Ministers met in Geneva on Monday. Envoys hailed a lasting agreement about missiles. Rain fell overnight."


def said(text, other, *spans):
    return [
        (passage.status, text[passage.start : passage.end], other[slice(*passage.counterpart)])
        for passage in compare_passages(text, other, *spans)
    ]


def test_same_edited_and_only_here():
    assert said(ONE, TWO) == [
        ("same", "Ministers met in Geneva on Monday.", "Ministers met in Geneva on Monday."),
        (
            "edited",
            "Envoys praised a lasting agreement about missiles.",
            "Envoys hailed a lasting agreement about missiles.",
        ),
        ("only here", "Nobody left early.", ""),
    ]


def test_another_order_is_the_same():
    turned = " ".join(reversed([f"{sentence}." for sentence in ONE.rstrip(".").split(". ")]))
    assert {status for status, *_ in said(ONE, turned)} == {"same"}


def test_what_recurs_is_not_compared():
    start = ONE.index("Nobody")
    assert said(ONE, ONE, [(start, len(ONE))], [(start, len(ONE))])[-1] == ("recurring", "Nobody left early.", "")


def test_texts_without_words():
    assert compare_passages("", "") == [] == compare_passages("", ONE)
    assert {status for status, *_ in said(ONE, "")} == {"only here"}
    assert said("Of the.", "Of the.") == [("same", "Of the.", "Of the.")]
