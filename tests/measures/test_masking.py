"""What a name adds: by hand, planted, with intervals where articles allow, and a fair sample."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import StatisticsParameters
from analysis.measures.masking import measure_masking, no_masking, sample_mentions

ACTORS = pd.DataFrame(
    {
        "actor_id": ["ru", "us", "putin"],
        "actor": ["Russia", "US", "Putin"],
        "kind": ["state", "state", "person"],
    }
)
STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)


def scores_of(keys, balances):
    balances = np.asarray(balances, dtype=float)
    return pd.DataFrame(keys, columns=["article_id", "actor_id"]).assign(
        negative=np.clip(-balances, 0, 1), neutral=1 - np.abs(balances), positive=np.clip(balances, 0, 1)
    )


def measure(keys, masked, visible):
    hits = pd.DataFrame(keys, columns=["article_id", "actor_id"]).assign(
        outlet="", bloc="", voice="own", sentence=[f"s{n}" for n in range(len(keys))]
    )
    return measure_masking(
        scores_of(keys, masked), scores_of(keys, visible), ACTORS, hits, statistics=STATISTICS
    )


def test_by_hand():
    keys = [("a", "ru"), ("a", "ru"), ("b", "us"), ("b", "putin")]
    result = measure(keys, [0.2, -0.8, 0.4, 0.0], [-0.6, -0.8, 0.4, 0.9])
    table = result.table.set_index("item")
    assert table.index.tolist() == ["all actors", "person", "state", "Russia", "Putin", "US"]
    assert table.loc["Russia", ["balance_masked", "balance_visible", "difference"]].tolist() == pytest.approx(
        [-0.3, -0.7, -0.4]
    )
    assert table.loc["Russia", "turned"] == 0.5
    assert table.loc["US", ["difference", "turned"]].tolist() == [0, 0]
    assert table.loc["state", "difference"] == pytest.approx(-0.8 / 3)
    assert table.loc["all actors", "difference"] == pytest.approx(0.1 / 4)
    assert table["difference_low"].isna().all()
    assert table.loc["Russia", "flag"] == "descriptive: 1 article"
    assert result.evidence_for()["sentence"].tolist() == ["s3", "s0", "s1", "s2"]
    assert result.evidence_for(actor_id="ru")["moved"].tolist() == [-0.8, 0]


def test_a_planted_prejudice_is_found_with_its_interval():
    generator = np.random.default_rng(2)
    keys = [(f"a{n % 8}", actor) for n in range(160) for actor in ("ru", "us")]
    masked = generator.uniform(-0.5, 0.5, len(keys))
    moved = np.where([actor == "ru" for _, actor in keys], -0.2, 0.0) + generator.normal(0, 0.02, len(keys))
    table = measure(keys, masked, masked + moved).table.set_index("item")
    assert table.loc["Russia", "difference"] == pytest.approx(-0.2, abs=0.01)
    assert table.loc["Russia", "difference_high"] < -0.18
    assert abs(table.loc["US", "difference"]) < 0.01
    assert set(table.loc[["Russia", "US"], "flag"]) == {""}


def test_the_sample_does_not_depend_on_the_order_or_on_other_mentions():
    mentions = pd.DataFrame({"article_id": [f"a{n % 7}" for n in range(50)], "start": range(50)})
    chosen = sample_mentions(mentions, 10)
    assert len(chosen) == 10 and (np.diff(chosen) > 0).all()
    assert sample_mentions(mentions, 50).tolist() == list(range(50))
    turned = mentions.iloc[::-1].reset_index(drop=True)
    again = sample_mentions(turned, 10)
    assert set(turned.loc[again, "start"]) == set(mentions.loc[chosen, "start"])
    fewer = sample_mentions(mentions.iloc[:40], 10)
    kept = {place for place in chosen if place < 40}
    assert kept <= set(fewer)


def test_scorers_without_a_visible_variant_and_no_mentions():
    result = no_masking("lexicon.v1", 12)
    assert result.table.empty
    assert result.excluded.to_dict("records") == [
        {
            "what": "mentions",
            "n": 12,
            "why": "the scorer lexicon.v1 cannot leave the actor's name visible, so nothing can be compared",
        }
    ]
    assert measure([], [], []).table.empty
