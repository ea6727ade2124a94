"""A table to search and sort: escaped, without a request, and with a static view that alone is kept."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hostile import HOSTILE, SCRIPT

from analysis.errors import UnknownName
from analysis.reading_room.browse import Browser, browse


@pytest.fixture()
def hostile_table():
    return pd.DataFrame(
        {"group": [HOSTILE, "</script><script>alert(4)</script>"], "n": [1, 2], "x": [0.5, float("nan")]}
    )


def test_the_live_table_runs_nothing_of_the_text_and_fetches_nothing(hostile_table):
    markup = Browser(hostile_table, f"The table {SCRIPT}", 5).live_markup()
    for script in re.findall(r"<script[^>]*>(.*?)</script>", markup, re.DOTALL):
        assert "alert(1)" not in script or '"' in script.partition("alert(1)")[0], (
            "only inside a text of the data"
        )
    assert not re.search(r"<script[^>]*\bsrc=|<link|import\s*\(?\s*['\"]http", markup)
    soup = BeautifulSoup(markup, "html.parser")
    assert not [script for script in soup.find_all("script") if script.get_text().strip().startswith("alert")]
    assert not soup.find_all("img")
    assert not re.search("[\x00-\x08\u202a-\u202e]", markup)


def test_the_static_view_is_escaped_and_always_the_same(hostile_table):
    one, two = (Browser(hostile_table, f"The table {SCRIPT}", 1) for _ in range(2))
    assert one.static_markup() == two.static_markup()
    soup = BeautifulSoup(one.static_markup(), "html.parser")
    assert not soup.find_all(["script", "img", "a"])
    assert "First 1 of 2 rows" in soup.get_text()


def test_rows_and_columns_can_be_chosen(planted_library):
    shown = browse(planted_library.study, "attention", columns=("group", "actor", "n_mentions"), level="bloc")
    assert list(shown.table.columns) == ["group", "actor", "n_mentions"]
    assert set(shown.table["group"]) == {"Chinese", "Russian", "Western"}
    with pytest.raises(UnknownName):
        browse(planted_library.study, "atention")
