"""`framing score`: rows in order, every bad line named, resumed to the same bytes."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import score as score_module
from analysis.cli import main
from analysis.errors import ParameterError, ScorerError, StudyError
from analysis.offsets import offset_error
from analysis.registry import list_scorers, load_scorer
from analysis.score import read_targets, score_file
from analysis.sentiment.benchmark import evaluate_scorer, load_targets, summarise_labels

ROOT = Path(__file__).resolve().parents[1]
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAGS = "\U0001f1fa\U0001f1f8\U0001f1f7\U0001f1fa"


class Length:
    """A scorer whose scores follow from the sentence, and that can be made to stop."""

    name, version, benchmark = "length", "v1", {"summary": "none"}

    def __init__(self, stop_after=None):
        self.stop_after = stop_after
        self.seen = []

    def score(self, mentions):
        if self.stop_after is not None and len(self.seen) >= self.stop_after:
            raise KeyboardInterrupt
        self.seen += mentions.to_dict("records")
        negative = mentions["text"].str.len() % 7 / 10
        positive = mentions["start"] % 4 / 10
        return pd.DataFrame({"negative": negative, "neutral": 1 - negative - positive, "positive": positive})


def target(text, words, at=0, **more):
    start = text.index(words, at)
    return {"from": start, "to": start + len(words), "mention": words, **more}


def record(text, *names):
    return {"text": text, "targets": [target(text, name) for name in names]}


def write(path, lines):
    data = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_bytes((data + "\n").encode("utf-8", "surrogatepass"))
    return path


def problems_of(tmp_path, *lines):
    with pytest.raises(StudyError) as caught:
        score_file(write(tmp_path / "in.jsonl", lines), tmp_path / "out.csv", Length())
    assert list(tmp_path.iterdir()) == [tmp_path / "in.jsonl"], "nothing is written"
    return [str(problem) for problem in caught.value.problems]


def test_one_row_per_target_in_order(tmp_path):
    lines = [
        record("Russia met China.", "China", "Russia"),
        "",
        {"sentence_normalized": "Iran left.", "text": "no", "targets": [target("Iran left.", "Iran")]},
        {"text": "nobody", "targets": []},
        record("Russia", "Russia"),
    ]
    done = score_file(write(tmp_path / "in.jsonl", lines), tmp_path / "deep/out.csv", Length())
    assert (done.targets, done.problems) == (4, ())
    assert (tmp_path / "deep/out.csv").read_text(encoding="utf-8") == (
        "line,target,mention,negative,neutral,positive,label\n"
        "1,1,China,0.3,0.4,0.3,neutral\n"
        "1,2,Russia,0.3,0.7,0,neutral\n"
        "3,1,Iran,0.3,0.7,0,neutral\n"
        "5,1,Russia,0.6,0.4,0,negative\n"
    )
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out.csv"]


def test_names_of_the_sentence_are_the_actors_own_and_those_that_would_colour_the_score():
    text = "Xi met Putin; Putin and President Putin liked him, Trump and Russia."
    places = [target(text, "Xi", further_mentions=[{"from": 46, "to": 49}]), target(text, "Putin")]
    places += [target(text, "Putin", 13), target(text, "Trump")]
    targets, problems = read_targets("x", 2, json.dumps({"text": text, "targets": places}).encode())
    assert problems == []
    words = [
        ([text[slice(*place)] for place in one["same"]], [text[slice(*place)] for place in one["names"]])
        for one in targets
    ]
    # Trump, of whom the training data say well and ill, stays; states and their people are hidden
    assert words[0] == (["him"], ["Xi", "Putin", "Putin", "Putin", "him", "Russia"])
    assert words[1] == (["Putin", "Putin"], ["Xi", "Putin", "Putin", "Putin", "Russia"])
    assert words[3] == ([], ["Xi", "Putin", "Putin", "Putin", "Trump", "Russia"])


def test_every_bad_line_is_named_and_nothing_is_written(tmp_path):
    assert problems_of(
        tmp_path,
        record("Russia met China.", "Russia"),
        '{"text": ',
        "[1]",
        "[" * 100_000,
        {"targets": []},
        {"text": 3, "targets": []},
        {"text": " \n", "targets": []},
        {"text": "Russia"},
        {"text": "Russia", "targets": {}},
        {"text": "Russia", "targets": ["Russia", {"from": 0}]},
        {"text": "Russia", "targets": [{"from": 0, "to": 99, "mention": "Russia"}]},
        {"text": "Russia", "targets": [{"from": -1, "to": 2, "mention": "Ru"}]},
        {"text": "Russia", "targets": [{"from": 0.5, "to": True, "mention": "Ru"}]},
        {"text": "Russia", "targets": [{"from": 0, "to": 6, "mention": "China"}]},
        {"text": "Russia", "targets": [{"from": 0, "to": 6, "mention": "Russia", "further_mentions": [{"from": 9}]}]},
        {"text": "Russia", "targets": [{"from": 0, "to": 6, "mention": "Russia", "further_mentions": 5}]},
        {"text": "Russia  x", "targets": [{"from": 6, "to": 8, "mention": "  "}]},
        '{"text": "Russia \\ud800", "targets": []}',
    ) == [
        "in.jsonl:2: found no JSON: Expecting value; allowed: one JSON object. Correct the line.",
        "in.jsonl:3: found '[1]' instead of an object; allowed: an object with text (or sentence_normalized) and "
        "targets. Correct the line.",
        "in.jsonl:4: found no JSON: a number or a nesting that is too long; allowed: one JSON object. "
        "Correct the line.",
        "in.jsonl:5: found no text; allowed: an object with text (or sentence_normalized) and targets. "
        "Correct the line.",
        "in.jsonl:6: found the text '3'; allowed: an object with text (or sentence_normalized) and targets. "
        "Correct the line.",
        "in.jsonl:7: found an empty text; allowed: an object with text (or sentence_normalized) and targets. "
        "Correct the line.",
        "in.jsonl:8: found no targets; allowed: an object with text (or sentence_normalized) and targets. "
        "Correct the line.",
        "in.jsonl:9: found the targets '{}'; allowed: an object with text (or sentence_normalized) and targets. "
        "Correct the line.",
        "in.jsonl:10 (target 1): found 'Russia' instead of an object; allowed: an object with from, to and mention. "
        "Correct the target.",
        "in.jsonl:10 (target 2): found no to, mention; allowed: an object with from, to and mention. "
        "Correct the target.",
        "in.jsonl:11 (target 1): found offsets 0 to 99 in a text of 6 characters; allowed: whole characters of the "
        "text, 0 <= from < to <= 6. Correct the target.",
        "in.jsonl:12 (target 1): found offsets -1 to 2 in a text of 6 characters; allowed: whole characters of the "
        "text, 0 <= from < to <= 6. Correct the target.",
        "in.jsonl:13 (target 1): found the offset '0.5'; allowed: whole characters of the text, 0 <= from < to <= 6. "
        "Correct the target.",
        "in.jsonl:14 (target 1): found the mention 'China'; allowed: the words at these offsets, 'Russia'. "
        "Correct the target.",
        "in.jsonl:15 (target 1): found in further_mentions the offset 'None'; allowed: whole characters of the "
        "text, 0 <= from < to <= 6. Correct the target.",
        "in.jsonl:16 (target 1): found the further_mentions '5'; allowed: a list of objects with from and to. "
        "Correct the target.",
        "in.jsonl:17 (target 1): found a blank target at 6 to 8; allowed: whole characters of the text, "
        "0 <= from < to <= 9. Correct the target.",
        "in.jsonl:18: found half a character (a lone surrogate) in the text; allowed: an object with text (or "
        "sentence_normalized) and targets. Correct the line.",
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Cafe\u0301 x", 4), (f"a{FAMILY}b", 2), (f"a{FAMILY}b", 3), (f"a{FLAGS}", 2), (f"a{FLAGS}", 4),
        ("👍🏽 x", 1), ("❤\ufe0f x", 1), ("कि x", 1), ("\ud83d\ude42 x", 1),
    ],
)  # fmt: skip
def test_no_offset_may_part_a_character(text, at):
    assert offset_error(text, 0, at) == f"the offset {at} inside a character"
    assert offset_error(text, 0, len(text)) is None


def test_whole_characters_may_be_parted():
    assert [offset_error(f"a{FLAGS}b", 1, at) for at in (3, 5)] == [None, None]
    assert offset_error(f"a{FAMILY}b", 0, 6) is None
    assert offset_error("\u200fروسيا\u200f x", 1, 6) is None


def test_the_rest_is_scored_on_request(tmp_path, capsys):
    lines = [record("Russia met China.", "Russia"), "{", record("Iran left.", "Iran")]
    source, out = write(tmp_path / "in.jsonl", lines), tmp_path / "out.csv"
    assert main(["score", str(source), str(out), "--scorer", "lexicon.v1"]) == 1
    message = (
        "1 problem found:\n  in.jsonl:2: found no JSON: Expecting property name enclosed in double quotes; "
        "allowed: one JSON object. Correct the line.\n"
    )
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", message) and not out.exists()
    assert main(["score", str(source), str(out), "--scorer", "lexicon.v1", "--keep-going"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{out}: 2 targets scored by lexicon.v1\n", message)
    assert pd.read_csv(out)["line"].tolist() == [1, 3]
    source = write(source, lines[::2])
    assert main(["score", str(source), str(out), "--scorer", "lexicon.v1"]) == 0
    assert pd.read_csv(out)["line"].tolist() == [1, 2]


def test_an_input_of_which_nothing_can_be_used_is_told(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"

    def message(keep_going=True):
        with pytest.raises(StudyError) as caught:
            score_file(source, out, Length(), keep_going=keep_going)
        return str(caught.value).split("\n  ")[1]

    assert message() == "in.jsonl: found no such file; allowed: JSON lines. Correct the path."
    write(source, [""])
    assert message() == "in.jsonl: found no target; allowed: at least one target. Check the file."
    source.write_bytes(b"\xe9")
    assert message() == "in.jsonl:1: found bytes that are not UTF-8; allowed: UTF-8. Save the file as UTF-8."
    for place, why in ((source, "the input"), (tmp_path, "a folder")):
        with pytest.raises(ParameterError) as caught:
            score_file(source, place, Length())
        assert str(caught.value) == f"cannot write to {place}: it is {why}; name a file"


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (gzip.compress(b'{"text": "Iran", "targets": []}\n', mtime=0), "a gzip file"),
        (b"PK\x03\x04", "a ZIP file"),
        ("{}".encode("utf-16"), "a file in UTF-16"),
    ],
)  # fmt: skip
def test_a_packed_input_is_one_problem(tmp_path, start, what):
    source = tmp_path / "in.jsonl"
    source.write_bytes(start + b"\n\xff" * 50)
    with pytest.raises(StudyError) as caught:
        score_file(source, tmp_path / "out.csv", Length(), keep_going=True)
    [problem] = caught.value.problems
    assert str(problem) == f"in.jsonl: found {what}; allowed: JSON lines in UTF-8. Unpack or convert it."


def test_a_scorer_that_cannot_be_loaded_leaves_nothing(tmp_path):
    class Broken(Length):
        def score(self, mentions):
            raise ScorerError("model file encoder.v1.onnx is not the one that was measured")

    source = write(tmp_path / "in.jsonl", [record("Iran left.", "Iran")])
    with pytest.raises(ScorerError, match="^model file encoder.v1.onnx is not the one that was measured$"):
        score_file(source, tmp_path / "out.csv", Broken())
    assert list(tmp_path.iterdir()) == [source]


def test_pipes_and_devices_are_neither_read_nor_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = write(tmp_path / "in.jsonl", [record("Iran left.", "Iran")])
    with pytest.raises(ParameterError) as caught:
        score_file(source, pipe, Length())
    assert str(caught.value) == f"cannot write to {pipe}: it is a device or a pipe; name a file"
    assert pipe.is_fifo()
    # a pipe is empty when it is read again, so that no row would be written
    for place, what in ((pipe, "a pipe or a device"), (tmp_path, "a folder")):
        with pytest.raises(StudyError) as refused:
            score_file(place, tmp_path / "out.csv", Length())
        [problem] = refused.value.problems
        expected = f"found {what}; allowed: a file, which is read twice. Save it as a file."
        assert str(problem) == f"{place.name}: {expected}"


def test_offsets_that_are_text_are_told_from_numbers(tmp_path):
    assert problems_of(tmp_path, {"text": "Russia", "targets": [{"from": "0", "to": "6", "mention": "Russia"}]}) == [
        "in.jsonl:1 (target 1): found the offset '0', which is text; allowed: whole characters of the text, "
        "0 <= from < to <= 6. Correct the target."
    ]


def test_odd_texts_are_scored_and_cells_are_guarded(tmp_path):
    texts = [
        "=cmd|' /C calc'!A0", "Россия 俄罗斯 🇷🇺", "\u200fروسيا\u200f", "a\x00\x07b", "Putin\nXi", "x" * 50_000,
        f"{FAMILY} met", 'say "hi", ok',
    ]  # fmt: skip
    lines = [record(text, text) for text in texts]
    score_file(write(tmp_path / "in.jsonl", lines), tmp_path / "out.csv", load_scorer("lexicon.v1"))
    table = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert len(table) == len(texts)
    assert table["mention"][0] == "'=cmd|' /C calc'!A0"
    assert table["mention"][2:5].tolist() == ["روسيا", "ab", "Putin\nXi"]


def test_a_mark_of_byte_order_and_windows_line_ends_are_read(tmp_path):
    source = tmp_path / "in.jsonl"
    line = json.dumps(record("Russia met China.", "Russia")).encode()
    source.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + line)
    assert score_file(source, tmp_path / "out.csv", Length()).targets == 2


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(score_module, "CHUNK", 3)


@pytest.mark.parametrize("stop_after", [0, 1, 7, 24])
def test_a_stopped_run_goes_on_to_the_same_bytes(tmp_path, small_chunks, stop_after):
    lines = [record(f"Russia{'!' * (i % 9)} met\nChina.", "Russia", "met\nChina") for i in range(20)]
    source, out = write(tmp_path / "in.jsonl", [*lines, "{"]), tmp_path / "out.csv"
    score_file(source, tmp_path / "whole.csv", Length(), keep_going=True)
    out.write_text("what was there before")
    with pytest.raises(KeyboardInterrupt):
        score_file(source, out, Length(stop_after), keep_going=True)
    assert out.read_text() == "what was there before"
    # a chunk was being written when the power went
    with open(tmp_path / "out.csv.partial", "ab") as partial:
        partial.write(b"7,1,Rus")
    rest = Length()
    assert score_file(source, out, rest, keep_going=True).targets == 40
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    # whole chunks of 6 targets are kept
    assert len(rest.seen) == 40 - -(-stop_after // 6) * 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.csv", "whole.csv"]


@pytest.mark.parametrize("change", ["input", "scorer", "model", "state", "table"])
def test_what_is_not_the_same_run_starts_afresh(tmp_path, small_chunks, change):
    lines = [record(f"Russia met China{'!' * i}", "Russia") for i in range(10)]
    source, out = write(tmp_path / "in.jsonl", lines), tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        score_file(source, out, Length(6))
    again = Length()
    if change == "input":
        write(source, lines[::-1])
    elif change == "scorer":
        again.version = "v2"
    elif change == "model":
        again.benchmark = {"sha256": "0"}
    elif change == "state":
        (tmp_path / "out.csv.state.partial").write_text("[]")
    else:
        (tmp_path / "out.csv.partial").write_text("line")
    score_file(source, out, again)
    assert len(again.seen) == 10
    assert len(pd.read_csv(out)) == 10


def test_a_killed_command_goes_on(tmp_path):
    lines = [record(f"Russia met China {i}", "Russia") for i in range(2000)]
    source = write(tmp_path / "in.jsonl", lines)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom analysis import score\n"
        "from analysis.registry import load_scorer\nscorer, count = load_scorer('lexicon.v1'), [0]\n"
        "write = score.write_bytes\n"
        "def save(path, data):\n    write(path, data)\n    count[0] += 1\n    count[0] < 3 or os._exit(9)\n"
        "score.write_bytes = save\nscore.score_file(Path(sys.argv[1]), Path(sys.argv[2]), scorer)\n"
    )
    out = tmp_path / "out.csv"
    done = subprocess.run([sys.executable, "-c", code, source, out], check=False)
    assert done.returncode == 9 and not out.exists()
    assert json.loads((tmp_path / "out.csv.state.partial").read_text())["targets"] == 3 * score_module.CHUNK
    score_file(source, out, load_scorer("lexicon.v1"))
    score_file(source, tmp_path / "whole.csv", load_scorer("lexicon.v1"))
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_memory_is_flat(tmp_path, small_chunks):
    import tracemalloc

    def peak(n):
        source = tmp_path / f"{n}.jsonl"
        with source.open("w") as file:
            line = json.dumps(record("Russia met China " + "and China " * 50, "Russia"))
            file.writelines(f"{line}\n" for _ in range(n))
        scorer = Length()
        scorer.seen = type("Forget", (list,), {"__iadd__": lambda self, other: self})()
        tracemalloc.start()
        score_file(source, tmp_path / "out.csv", scorer)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    # the alias table is loaded, and a chunk filled, once
    peak(30)
    # keeping the lines or the rows would take a megabyte more
    assert peak(1200) < peak(300) + 400_000


def test_the_scorers_are_listed(capsys):
    assert main(["scorers"]) == 0
    listed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert listed["lexicon.v1"] == load_scorer("lexicon.v1").benchmark["summary"]
    assert sorted(listed) == list_scorers()


def test_the_command_and_the_benchmark_agree(tmp_path):
    data = Path(os.environ.get("FRAMING_SHARED") or ROOT.parent / "shared") / "data" / "newsmtsc" / "dev_mt.jsonl"
    if not data.is_file():
        pytest.skip("dev_mt.jsonl of NewsMTSC is not here: set FRAMING_SHARED to the folder that holds data/newsmtsc")
    scorer = load_scorer("lexicon.v1")
    assert score_file(data, tmp_path / "out.csv", scorer).problems == ()
    found = pd.read_csv(tmp_path / "out.csv")["label"].to_numpy()
    coded = load_targets(data)["label"].to_numpy()
    # the command leaves persons of US politics visible, the benchmark hides every annotated target
    expected = evaluate_scorer(scorer, data)
    assert abs(summarise_labels(coded, found)["macro_f1"] - expected["macro_f1"]) < 0.02
