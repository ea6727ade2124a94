"""Scores are kept on disk, and made again when anything that made them changes."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from analysis.kept_scores import score_mentions_once
from analysis.paths import project_root
from analysis.registry import load_scorer
from analysis.study import load_study

ROOT = project_root()


@pytest.fixture
def study(tmp_path):
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return load_study(tmp_path)


def test_kept_scores_are_the_same_and_need_no_scorer(study):
    mentions, cache = study.result("mentions").table, study.paths.cache / "scores"

    def load():
        return load_scorer("lexicon.v1")

    def refuse():
        raise AssertionError("the scorer was loaded again")

    first = score_mentions_once(study.corpus, mentions, "lexicon.v1", load, cache=cache)
    pd.testing.assert_frame_equal(first, score_mentions_once(study.corpus, mentions, "lexicon.v1", refuse, cache=cache))
    with pytest.raises(AssertionError, match="loaded again"):
        score_mentions_once(study.corpus, mentions.iloc[1:], "lexicon.v1", refuse, cache=cache)
    with pytest.raises(AssertionError, match="loaded again"):
        score_mentions_once(study.corpus, mentions, "other.v1", refuse, cache=cache)


def test_a_sentence_that_ends_inside_a_name_is_kept_whole(study):
    mentions = study.result("mentions").table
    mentions = mentions[mentions["article_id"] == "neo_2019-05"].reset_index(drop=True)
    assert (mentions["alias"] == "US. Congress").any(), "the misprint that this test is about"
    tables = [
        score_mentions_once(study.corpus, mentions, "lexicon.v1", load_scorer, cache=study.paths.cache / "scores")
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    # every mention of one sentence is given the same sentence, and stands in it
    assert (tables[0].groupby("sentence_id")["sentence"].nunique() == 1).all()
    for row in tables[0].itertuples():
        assert " ".join(row.alias.split()) in row.sentence


def test_a_broken_file_counts_as_none(study):
    mentions, cache = study.result("mentions").table, study.paths.cache / "scores"
    first = score_mentions_once(study.corpus, mentions, "lexicon.v1", lambda: load_scorer(), cache=cache)
    [path] = cache.iterdir()
    path.write_bytes(path.read_bytes()[:200])
    again = score_mentions_once(study.corpus, mentions, "lexicon.v1", lambda: load_scorer(), cache=cache)
    pd.testing.assert_frame_equal(first, again)
