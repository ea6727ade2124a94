"""The benchmarks: what they write from what they measured, the kept twin, and the page of the committed card."""

import copy
import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.config import StatisticsParameters
from analysis.measures.contrast_trust import log_ratio_intervals
from analysis.sentiment.benchmark import load_targets
from analysis.sentiment.contract import CLASSES
from analysis.sentiment.validation import validate_scores

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = (
    ("Putin praised Smith, who lied to Trump.", ("Putin", 4), ("Smith", 2)),
    ("Critics say Jones failed Moscow again.", ("Jones", 2), ("Moscow", 4)),
    ("Brown is a generous man, he said.", ("Brown", 6)),
)


@pytest.fixture(scope="module")
def load():
    """Import a module of benchmarks/, which is no package."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module
    sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture
def folder(tmp_path):
    """Write two small sets in NewsMTSC's form, and a twin that always says neutral."""
    rows = []
    for cut in ("dev_rw", "dev_mt"):
        lines = []
        for number, (text, *targets) in enumerate(SENTENCES * 4, start=1):
            places = [
                {
                    "from": text.index(name),
                    "to": text.index(name) + len(name),
                    "mention": name,
                    "polarity": polarity,
                }
                for name, polarity in targets
            ]
            gid = f"polusa_v1_{number}_-1_3_{targets[0][0]}_1_2"
            lines.append(json.dumps({"primary_gid": gid, "sentence_normalized": text, "targets": places}))
            rows += [[cut, number, n, 0.1, 0.8, 0.1] for n in range(1, len(places) + 1)]
        (tmp_path / f"{cut}.jsonl").write_text("\n".join(lines) + "\n")
    pd.DataFrame(rows, columns=["set", "line", "target", *CLASSES]).to_csv(tmp_path / "twin.csv", index=False)
    return tmp_path


def words(table):
    """List the hidden words of each target."""
    return [
        sorted({row.text[a:b] for a, b in row.names} - {row.text[row.start : row.end]})
        for row in table.itertuples()
    ]


def test_every_reading_hides_what_it_says(load, folder):
    scorers = load("scorers")
    path = folder / "dev_rw.jsonl"
    hidden = {reading: words(scorers.read_set(reading, path).head(5)) for reading in scorers.READINGS}
    # the alias table holds Putin, Moscow and Trump; Smith, Jones and Brown are coded targets only
    assert hidden["study"][0] == ["Smith", "Trump"] and hidden["study"][2] == ["Moscow"]
    assert hidden["study"][4] == []
    # the command knows only the alias table, and leaves US actors
    assert (
        hidden["command"][0] == []
        and hidden["command"][1] == ["Putin"]
        and hidden["command"][2] == ["Moscow"]
    )
    assert hidden["target"] == hidden["visible"] == [[]] * 5


def test_what_is_measured_is_written(load, folder):
    scorers, page = load("scorers"), load("scorer_page")
    measured = scorers.measure_scorers(folder, {}, folder / "twin.csv")
    assert sorted(measured) == ["lexicon.v1", "target-blind twin"]
    twin = measured["target-blind twin"]["readings"]["study"]["dev_mt"]
    assert twin["n"] == 20 and twin["articles"] == 12
    coded = [sum(row) for row in twin["confusion"]]
    assert coded == [8, 8, 4] and twin["macro_f1"][0] == round(scorers.always_neutral(twin["confusion"]), 1)
    assert twin["macro_f1"][0] == pytest.approx(100 * (2 * 0.4 / 1.4) / 3, abs=0.051)
    lines = page.scorer_lines(measured)
    table = [line for line in lines if line.startswith("| lexicon.v1 | as in a study")]
    assert len(table) == 2
    study = measured["lexicon.v1"]["readings"]["study"]["dev_rw"]
    assert f"| dev_rw | {page.interval(study['macro_f1'])} |" in table[0]
    card = scorers.benchmark_card(measured, "lexicon.v1")
    assert card["confusion"]["rw"] == study["confusion"] and card["dev_rw"] == study["macro_f1"][0]
    assert card["against"]["target-blind twin"]["mt"]["macro_f1"] == twin["macro_f1"]
    kept = json.loads(scorers.dump_card(card))
    assert kept["readings"] == card["readings"] and kept["against"] == card["against"]


def test_undefined_values_are_written_as_null_and_said(load):
    scorers, page = load("scorers"), load("scorer_page")
    assert scorers.dump_card({"a": [float("nan"), 1.5, -2], "b": [[1, 2], [3, 4]]}) == (
        '{\n "a": [null, 1.5, -2],\n "b": [\n  [1, 2],\n  [3, 4]\n ]\n}'
    )
    assert page.interval([float("nan")] * 3) == page.interval([None] * 3) == "undefined"


def test_a_twin_of_another_set_is_refused(load, folder):
    scorers = load("scorers")
    with pytest.raises(
        ValueError, match=r"^twin\.csv holds 20 targets of dev_rw, the set 7: it is another set$"
    ):
        scorers.read_twin(folder / "twin.csv", "dev_rw", 7)


def test_the_twins_table_is_made_of_its_logits(load, folder):
    measure, scorers = load("measure_encoder"), load("scorers")
    generator = np.random.default_rng(1)
    logits = {part: generator.normal(size=(20, 3)) for part in ("rw", "mt")}
    (folder / "twin").mkdir()
    np.savez(folder / "twin" / "predictions.npz", **logits)
    (folder / "twin" / "card.json").write_text('{"temperature": 2.0}')
    measure.keep_twin(folder, folder / "twin", folder / "new.csv")
    found = scorers.read_twin(folder / "new.csv", "dev_mt", 20).to_numpy()
    expected = np.exp(logits["mt"] / 2)
    np.testing.assert_allclose(found, expected / expected.sum(axis=1, keepdims=True), atol=1e-4)


def test_a_planted_bias_is_found_and_taken_back(load):
    from analysis.sentiment.encoder import favour_positive

    calibrate = load("calibrate")
    generator = np.random.default_rng(3)
    true = generator.dirichlet([1.0, 1.5, 0.8], 6000)
    labels = np.array(CLASSES)[(generator.random(len(true))[:, None] > true.cumsum(axis=1)).sum(axis=1)]
    seen = favour_positive(true, -0.4)
    assert calibrate.fit_bias(seen, labels) == pytest.approx(0.4, abs=0.08)
    assert calibrate.fit_bias(true, labels) == pytest.approx(0.0, abs=0.08)
    cut = slice(0, 2500), slice(2500, None)
    targets = {
        name: pd.DataFrame({"label": labels[part], "article": [f"{n // 3}" for n in range(len(true))[part]]})
        for name, part in zip(("dev_rw", "dev_mt"), cut, strict=True)
    }
    scores = {
        name: pd.DataFrame(seen[part], columns=list(CLASSES))
        for name, part in zip(("dev_rw", "dev_mt"), cut, strict=True)
    }
    assert calibrate.calibrate(targets, scores) == pytest.approx(0.4, abs=0.08)
    for name, found in calibrate.cross_fit(targets, scores).items():
        plain = validate_scores(targets[name], scores[name])
        assert abs(found["balance"] - found["balance_coded"]) < 0.03
        assert abs(plain["balance"] - plain["balance_coded"]) > 0.05
        assert found["rmse_100"] < plain["rmse_100"]


def test_a_bias_that_cannot_be_found_ends_at_its_bound(load):
    calibrate = load("calibrate")
    shares = np.array([[0.3, 0.4, 0.3]] * 4)
    assert calibrate.fit_bias(shares, np.array(["positive"] * 4)) == calibrate.MOST
    assert calibrate.fit_bias(shares, np.array(["negative"] * 4)) == -calibrate.MOST


def test_the_kept_twin_is_whole(load):
    table = pd.read_csv(load("scorers").KEPT_TWIN)
    assert table["set"].value_counts().to_dict() == {"dev_mt": 442, "dev_rw": 343}
    assert not table.duplicated(["set", "line", "target"]).any()
    np.testing.assert_allclose(table[list(CLASSES)].sum(axis=1), 1, atol=2e-4)


@pytest.mark.parametrize("name", ["encoder", "encoder-small"])
def test_the_model_card_is_made_of_the_committed_card(load, name):
    card = json.loads((ROOT / f"analysis/sentiment/{name}_card.json").read_text(encoding="utf-8"))
    page = load("model_card").card_page(card, name)
    assert (ROOT / f"docs/model-card-{name}.md").read_text(encoding="utf-8") == page
    for part in ("data and licence", "settings", "accuracy", "name swap", "file", "limits"):
        assert f"\n## {part}\n" in page.lower()
    changed = copy.deepcopy(card)
    changed["readings"]["command"]["mt"]["macro_f1"] = [12.3, 4.5, 67.8]
    assert "12.3 [4.5, 67.8]" in load("model_card").card_page(changed, name)


@pytest.mark.parametrize("name", ["encoder", "encoder-small"])
@pytest.mark.parametrize("part", ["rw", "mt"])
def test_the_encoders_card_agrees_with_itself_and_with_the_twin(load, part, name):
    card = json.loads((ROOT / f"analysis/sentiment/{name}_card.json").read_text(encoding="utf-8"))
    matrix = np.array(card["confusion"][part])
    f1 = 2 * np.diag(matrix) / (matrix.sum(axis=0) + matrix.sum(axis=1))
    assert round(100 * f1.mean(), 1) == card[f"dev_{part}"] == card["readings"]["study"][part]["macro_f1"][0]
    folder = Path(os.environ.get("FRAMING_SHARED") or ROOT.parent / "shared") / "data" / "newsmtsc"
    if not all((folder / f"dev_{each}.jsonl").is_file() for each in ("rw", "mt")):
        pytest.skip("NewsMTSC is not here: set FRAMING_SHARED to the folder that holds data/newsmtsc")
    scorers = load("scorers")
    every = {cut: load_targets(folder / f"{cut}.jsonl") for cut in scorers.CUTS}
    twins = {cut: scorers.read_twin(ROOT / "benchmarks/twin.csv", cut, len(every[cut])) for cut in scorers.CUTS}
    targets, twin = every[f"dev_{part}"], scorers.lean(every, twins)[f"dev_{part}"]
    kept = card["against"]["target-blind twin"][part]
    assert validate_scores(targets, twin)["macro_f1"] == kept["macro_f1"]
    # what only one of two has right is the difference of their hits
    hits = int(np.trace(validate_scores(targets, twin)["confusion"]))
    assert kept["only_first"] - kept["only_second"] == matrix.trace() - hits


def test_a_made_corpus_is_a_study_whose_articles_do_not_depend_on_its_size(load, tmp_path, corpus_of):
    made = load("make_corpus")
    one = made.make_article(3, 120)
    made.write_study(tmp_path / "study", 5, words=120)
    corpus = corpus_of(tmp_path / "study")
    assert corpus.ids == [f"made-{number:07d}" for number in range(5)]
    assert corpus.articles[3].received == one.text
    assert corpus.articles[3].bloc == one.bloc
    assert all(120 <= len(article.text.split()) < 200 for article in corpus.articles)
    assert made.make_article(3, 120, random_state=2).text != one.text


def test_the_page_of_speeds_keeps_what_stands_around_the_table(load, tmp_path):
    speed_page = load("speed_page")
    page, begin, end = tmp_path / "page.md", speed_page.BEGIN, speed_page.END
    page.write_text(f"# Title\n\nBefore.\n\n{begin}\nold\n{end}\n\nAfter.\n", encoding="utf-8")
    ours = {"seconds": [1.0, 2.0, 4.0], "megabytes": [10, 30, 20], "added": [1, 3, 2], "size": "3 x 4"}
    other = {"seconds": [5.0, 6.0, 8.0], "megabytes": [50, 50, 50], "added": [None] * 3, "size": "3 x 5"}
    found = {
        "words": {
            "ours": ours | {"version": ""},
            "scikit-learn": other | {"version": "1.9"},
            "textacy": {"missing": "no | module"},
            "": {"articles": 1234},
        }
    }
    compared = [
        {"what": "z", "with": "one", "n": 1000, "of": "words", "apart": 2e-9, "allowed": 1e-6, "holds": True},
        {"what": "z", "with": "two", "n": 9, "of": "words", "apart": 0.5, "allowed": 1e-6, "holds": False},
        {"what": "z", "with": "three", "missing": "not there"},
    ]
    speed_page.write_page(page, found, compared, "")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Title\n\nBefore.\n\n") and text.endswith(f"{end}\n\nAfter.\n")
    assert "old" not in text and "Article-term matrix of words: 1,234 articles" in text
    # the median of the runs' own ratios, not the ratio of medians: 5, 3 and 2
    assert "| ours | 2 [1, 4] |  | 20 | 2 | 3 x 4 |" in text
    assert "| scikit-learn 1.9 | 6 [5, 8] | 3 | 50 |  | 3 x 5 |" in text
    assert "| textacy | not run: no / module | | | | | tokens of" in text
    assert "| z | one | 1,000 words | 2e-09 | 1e-06 | yes |" in text
    assert "| z | two | 9 words | 0.5 | 1e-06 | **no** |" in text
    assert "| z | three | | | | not run: not there |" in text
    card = json.loads((ROOT / "analysis/sentiment/encoder_card.json").read_text(encoding="utf-8"))
    low, value, high = (card["measured"]["rw"]["macro_f1"][place] for place in (1, 0, 2))
    assert f"| encoder.v1 | {value:.1f} [{low:.1f}, {high:.1f}] |" in text


@pytest.fixture(scope="module")
def few(load):
    """Make eight short articles."""
    make = load("make_corpus").make_article
    return [{"bloc": one.bloc, "text": one.text} for one in (make(number, 60) for number in range(8))]


MADE = {
    "words": r"8 x \d+",
    "ngrams": r"8 x \d+",
    "kwic": r"\d+ lines|index of 8 articles",
    "aliases": r"\d+ places of 600",
    "mentions": r"\d+ mentions",
    "bootstrap": r"\d+,\d+ intervals",
    "keyness": r"\d+ words(, \d+ intervals)?",
    "sentiment": r"\d+ sentences",
    "scorers": r"\d+ mentions",
}


def test_every_way_of_ours_and_at_home_says_what_it_made(load, few):
    ways, tasks = load("speed_ways"), load("speed_tasks").TASKS
    assert ways.PATTERN == importlib.import_module("analysis.text").TOKEN_PATTERN
    assert sorted(MADE) == sorted(tasks)
    made = {
        (task, way): getattr(ways, task)(way, few)()
        for task, about in tasks.items()
        for way, one in about.ways.items()
        if not one.peer and way != "encoder.v1"
    }
    for (task, _), size in made.items():
        assert re.fullmatch(MADE[task], size), (task, size)
    two = [{"bloc": "Russian", "text": "The talks went on."}, {"bloc": "Western", "text": "No talks."}]
    assert ways.words("ours", two)() == ways.words("scikit-learn", two)() == "2 x 5"
    assert made["kwic", "ours, all lines"] == made["kwic", "re, all lines"]
    assert made["aliases", "automaton"] == made["aliases", "longest-first re"]
    assert made["bootstrap", "ours"] == made["bootstrap", "naive bootstrap"]
    assert made["sentiment", "ours"] == made["sentiment", "VADER"]
    assert made["scorers", "lexicon.v1"] == made["scorers", "VADER"]


def test_memory_is_of_the_process_itself(load):
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux tells the peak of a process apart from that of the one that started it")
    held = np.ones(60_000_000)  # 480 MB
    code = (
        "import json, speed_ways as ways; print(json.dumps(ways.measure_run(lambda: len(b'1' * (40 << 20)))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "benchmarks", capture_output=True, text=True, check=True
    )
    one = json.loads(done.stdout)
    assert one["megabytes"] < 200 < held.nbytes / 2**20
    assert 39 < one["added"] < 45 and one["seconds"] < 5


def test_what_must_agree_is_compared(load, few):
    checks = load("speed_checks")
    ours, given = checks.our_results(few)
    rows = checks.compare_at_home(few, ours)
    assert [row["holds"] for row in rows] == [True] * 6 and all(row["n"] for row in rows)
    assert given["prior"] == 0.1 and len(given["lists"]) == 8
    # a difference is seen, and so are a number that is missing, one too many, and nothing at all
    number = ours["z"]
    some = next(iter(number))
    for other in (
        number | {some: number[some] + 2e-6},
        {key: value for key, value in number.items() if key != some},
        number | {"more": 1.0},
        {},
    ):
        assert not checks._numbers("z", "other", "words", number, {"found": other})["holds"]
    assert not checks._numbers("z", "other", "words", {}, {"found": {}})["holds"]
    assert checks._numbers("z", "other", "words", number, {"found": {**number}})["holds"]


def test_peers_that_are_not_there_say_so(load, few, tmp_path, monkeypatch):
    speed, checks = load("speed"), load("speed_checks")
    monkeypatch.setattr(speed, "PEERS", tmp_path / "python")
    assert speed.run_way("words", "textacy", tmp_path, {}) == {
        "missing": "the peers' environment is not there; make it with --setup"
    }
    missing = checks.ask_peers({}, tmp_path / "python")
    assert all("--setup" in one["missing"] for one in missing.values()) and len(missing) == 5
    # a way that breaks gives the last line of what it said
    said = speed.run_way("words", "ours", tmp_path / "none.json", {**os.environ})
    assert "none.json" in said["missing"] and said["missing"].startswith("FileNotFoundError")
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "benchmarks/requirements-peers.in").read_text(), re.M)
    asked = {one.package for about in load("speed_tasks").TASKS.values() for one in about.ways.values()}
    assert asked - {"", "scikit-learn"} == set(pinned)


def test_the_peers_agree(load, few, tmp_path):
    speed, tasks = load("speed"), load("speed_tasks").TASKS
    if not speed.PEERS.exists():
        pytest.skip("the peers' environment is not here: benchmarks/speed.py --setup")
    corpus, names = tmp_path / "few.json", tmp_path / "names.json"
    corpus.write_text(json.dumps(few), encoding="utf-8")
    names.write_text(json.dumps(load("speed_ways")._names()), encoding="utf-8")
    rows = load("speed_checks").compare_results(corpus, speed.PEERS)
    assert [row.get("holds") for row in rows] == [True] * 11, rows
    pairs = [(task, way) for task, about in tasks.items() for way, one in about.ways.items() if one.peer]
    # FightingWords leaves out words of fewer than ten articles
    code = (
        "import json, sys, speed_ways\n"
        "few = json.loads(open(sys.argv[1]).read())\n"
        f"made = [getattr(speed_ways, task)(way, few * 8)() for task, way in {pairs!r}]\n"
        "print(json.dumps(made))"
    )
    done = subprocess.run(
        [str(speed.PEERS), "-c", code, str(corpus)],
        cwd=ROOT / "benchmarks",
        env={**os.environ, "SPEED_NAMES": str(names)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    made = json.loads(done.stdout.splitlines()[-1])
    for (task, way), size in zip(pairs, made, strict=True):
        assert re.fullmatch(MADE[task].replace("8 x", "64 x"), size), (task, way, size)


def test_the_naive_bootstrap_has_the_same_bounds(load):
    bootstrap = load("bootstrap")
    counts = bootstrap.plant_corpus(60, 200, 300, 1)
    statistics = StatisticsParameters(bootstrap=50, random_state=3)
    rows = np.arange(30), np.arange(30, 60)
    ours = log_ratio_intervals(counts, *rows, statistics)
    np.testing.assert_allclose(bootstrap.loop_intervals(counts, *rows, statistics), ours, atol=1e-5)
    assert np.isfinite(ours).mean() > 0.9


def test_a_whole_study_is_run_step_by_step(load, tmp_path):
    whole = load("whole_study")
    study = whole.prepare_study(tmp_path / "study", None, 6, 60)
    steps = dict(whole.list_steps(study, tmp_path / "out"))
    assert set(whole.NAMED) < set(steps) and len(steps) == len(set(steps))
    for name in ("articles read and cleaned", "counts", "mentions", "scores", "sentiment"):
        steps[name]()
    assert list((study / ".cache" / "scores").glob("lexicon.v1-*.parquet")) and not (study / "results").exists()


def test_the_page_of_a_whole_study_adds_up(load, tmp_path):
    whole = load("whole_study")
    page = tmp_path / "page.md"
    page.write_text(f"# Speed\n\nBefore.\n\n{whole.BEGIN}\nold\n{whole.END}\n\nAfter.\n", encoding="utf-8")
    steps = [
        {"step": "counts", "seconds": 0.25, "megabytes": 100.0},
        {"step": "themes", "seconds": 20.0, "megabytes": 900.0},
        {"step": "directed", "seconds": 9.0, "megabytes": 950.0},
        {"step": "masking", "seconds": 0.25, "megabytes": 950.0},
    ]
    whole.write_page(page, steps, 10_000, 600)
    text = page.read_text(encoding="utf-8")
    assert "old" not in text and text.startswith("# Speed\n\nBefore.") and text.endswith("\n\nAfter.\n")
    assert "took **20 CPU s**" in text and "`framing run` makes 30." in text.replace("\n", " ")
    assert "| counts* | 0.2 | 100 |" in text and "| directed | 9.0 | 950 |" in text
    assert "| all other steps | 0.2 | |" in text and "| **all** | **29.5** | **950** |" in text
