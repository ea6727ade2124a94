"""Libraries of the reading room: a planted study, a hostile one, and the barest ones."""

from __future__ import annotations

import pandas as pd
import pytest
from hostile import HOSTILE, IMAGE, SCRIPT
from planted import build_planted

from analysis.new_study import create_study
from analysis.reading_room.library import Library
from analysis.study import load_study


@pytest.fixture(scope="session")
def planted_library(tmp_path_factory):
    """Three blocs of two outlets with three articles each, in a study's form."""
    made = build_planted(tmp_path_factory.mktemp("room") / "planted", articles=3)
    return Library(load_study(made.root))


@pytest.fixture(scope="session")
def hostile_library(tmp_path_factory):
    """A study whose titles, outlets, blocs, actors and texts try to run scripts and formulas."""
    folder = tmp_path_factory.mktemp("room-hostile")
    rows = [
        {
            "article_id": f"a{number}",
            "outlet": (f"=cmd|' /C calc'!A0 {SCRIPT}", f"_hidden $outlet$ {IMAGE}")[number % 2],
            "bloc": (f"@East {SCRIPT}", "+West & $co$")[number % 2],
            "published": "2020-01",
            "title": f'=HYPERLINK("http://x") {SCRIPT} {number}',
            "text": "\n\n".join(
                f"The government of Evil and Russia said that it will praise {HOSTILE} scripty in the spring, "
                f"number {number}, part {part}."
                for part in range(3)
            ),
        }
        for number in range(4)
    ]
    pd.DataFrame(rows).to_csv(folder / "t.csv", index=False)
    create_study(folder / "study", folder / "t.csv")
    actors = folder / "study" / "seeds" / "actors.csv"
    actors.write_text(
        "actor_id,label,kind,country,alias,match,not_before,not_after,note\n"
        f'evil,"Evil {SCRIPT} {IMAGE} $a$",state,EVL,Evil,exact,,,\nrussia,Russia,state,RUS,Russia,exact,,,\n',
        encoding="utf-8",
    )
    return Library(load_study(folder / "study"))


@pytest.fixture(scope="session")
def small_library(tmp_path_factory):
    """Return the maker of a library from rows of a table of articles."""

    def make(rows):
        folder = tmp_path_factory.mktemp("room-small")
        pd.DataFrame(rows).to_csv(folder / "t.csv", index=False)
        create_study(folder / "study", folder / "t.csv")
        return Library(load_study(folder / "study"))

    return make


@pytest.fixture()
def without_drawing(monkeypatch):
    """Leave the figure out where a test is about the way, not about the figure: drawing takes most of the time."""
    from analysis.reading_room import view
    from analysis.reading_room.picture import Picture

    monkeypatch.setattr(
        view, "draw_picture", lambda library, choice, numbers: Picture(b"", "none", "none", ())
    )
    keep = Library.keep
    # nothing that was not drawn may be kept for other tests
    monkeypatch.setattr(
        Library, "keep", lambda self, key, make: make() if key[0] == "picture" else keep(self, key, make)
    )
