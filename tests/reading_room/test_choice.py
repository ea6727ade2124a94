"""What can be chosen, and what a change of one choice does to the others."""

from __future__ import annotations

import pytest

from analysis.errors import UnknownName
from analysis.reading_room.choice import Catalogue, Choice

CATALOGUE = Catalogue(
    blocs=("East", "West"),
    outlets={"Alpha": "East", "Beta": "West", "Gamma": "West"},
    articles={"a1": "Alpha", "b1": "Beta"},
    actors={"us": ("United States", 3)},
    themes={"T1": "trade"},
)


def test_an_outlet_outside_of_the_new_bloc_is_let_go():
    chosen = CATALOGUE.changed(Choice(outlet="Alpha", actor_id="us"), bloc="West")
    assert chosen == Choice(bloc="West", actor_id="us")


def test_a_bloc_that_does_not_hold_the_new_outlet_is_let_go():
    assert CATALOGUE.changed(Choice(bloc="East"), outlet="Beta") == Choice(outlet="Beta")
    assert CATALOGUE.changed(Choice(bloc="West"), outlet="Beta") == Choice(bloc="West", outlet="Beta")


def test_an_article_leads_to_itself_and_leaves_with_its_outlet():
    chosen = CATALOGUE.changed(Choice(bloc="West", outlet="Gamma"), article_id="a1")
    assert chosen == Choice(article_id="a1")
    assert CATALOGUE.changed(chosen, outlet="Beta") == Choice(outlet="Beta")


def test_the_narrowest_group_is_the_place():
    assert Choice(bloc="West", outlet="Beta").place == ("outlet", "Beta")
    assert Choice(outlet="Beta", article_id="b1").place == ("article", "b1")
    assert Choice(actor_id="us").place == ("", "")
    assert Choice(bloc="West", outlet="Beta").filters == {"bloc": "West", "outlet": "Beta"}


def test_a_term_is_taken_on_one_line():
    assert CATALOGUE.changed(Choice(), term="  cold \n war ").term == "cold war"


@pytest.mark.parametrize(
    ("name", "value"),
    [("bloc", "North"), ("outlet", "alpha"), ("article_id", "x"), ("actor_id", "u"), ("theme_id", "T9")],
)
def test_what_the_study_does_not_have_is_refused(name, value):
    with pytest.raises(UnknownName) as caught:
        CATALOGUE.changed(Choice(), **{name: value})
    assert repr(value) in str(caught.value)


def test_a_choice_has_no_other_fields():
    with pytest.raises(UnknownName):
        CATALOGUE.changed(Choice(), colour="red")
