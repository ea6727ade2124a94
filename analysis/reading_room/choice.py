"""What a reader has chosen, and what can be chosen in a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from analysis.errors import UnknownName

SUBJECTS = ("actor_id", "term", "theme_id")
GROUPS = ("bloc", "outlet", "article_id")


@dataclass(frozen=True)
class Choice:
    """What is looked at, and where; an empty text chooses all.

    Parameters
    ----------
    bloc, outlet, article_id : str
        Where: a bloc, an outlet's label, an article.
    actor_id, term, theme_id : str
        What: an actor, a term (or words with ``*``), a theme. Several together are looked for together.
    """

    bloc: str = ""
    outlet: str = ""
    article_id: str = ""
    actor_id: str = ""
    term: str = ""
    theme_id: str = ""

    @property
    def subjects(self) -> list[str]:
        """The fields of `SUBJECTS` that are chosen."""
        return [name for name in SUBJECTS if getattr(self, name)]

    @property
    def place(self) -> tuple[str, str]:
        """Level and name of the narrowest group chosen; two empty texts for the whole corpus."""
        for name in reversed(GROUPS):
            if getattr(self, name):
                return name.removesuffix("_id"), getattr(self, name)
        return "", ""

    @property
    def filters(self) -> dict[str, str]:
        """The groups chosen, as columns of evidence and their values."""
        return {name: getattr(self, name) for name in GROUPS if getattr(self, name)}


@dataclass(frozen=True)
class Catalogue:
    """What can be chosen.

    Parameters
    ----------
    blocs : tuple of str
        In the study's order.
    outlets : mapping of str to str
        Outlet's label to its bloc, ordered by bloc and label.
    articles : mapping of str to str
        article_id to its outlet's label, sorted.
    actors : mapping of str to tuple
        actor_id to its label and mentions, the most mentioned first.
    themes : mapping of str to str
        theme_id to the theme's label.
    """

    blocs: tuple[str, ...]
    outlets: Mapping[str, str]
    articles: Mapping[str, str]
    actors: Mapping[str, tuple[str, int]]
    themes: Mapping[str, str]

    def check(self, choice: Choice) -> None:
        """Refuse what the study does not have.

        Parameters
        ----------
        choice : Choice
            Any choice; a term need not occur.

        Raises
        ------
        UnknownName
            A bloc, outlet, article, actor or theme is not in the study.
        """
        known = {
            "bloc": self.blocs,
            "outlet": self.outlets,
            "article_id": self.articles,
            "actor_id": self.actors,
            "theme_id": self.themes,
        }
        for name, allowed in known.items():
            value = getattr(choice, name)
            if value and value not in allowed:
                raise UnknownName(name.removesuffix("_id"), value, list(allowed))

    def changed(self, choice: Choice, **values: str) -> Choice:
        """Change a choice, and let go of what does not fit the change.

        Parameters
        ----------
        choice : Choice
            What is chosen now.
        **values : str
            Fields of `Choice`.

        Returns
        -------
        Choice
            An outlet outside of the new bloc is dropped, and an article outside of the new outlet.

        Raises
        ------
        UnknownName
            As in `check`; also for a field that a choice does not have.
        """
        names = [field.name for field in fields(Choice)]
        for name in values:
            if name not in names:
                raise UnknownName("choice", name, names)
        new = replace(choice, **{name: " ".join(value.split()) if name == "term" else value
                                 for name, value in values.items()})  # fmt: skip
        self.check(new)
        if new.bloc and new.outlet and self.outlets[new.outlet] != new.bloc:
            new = replace(new, **({"bloc": ""} if "outlet" in values else {"outlet": ""}))
        if new.article_id:
            outlet = self.articles[new.article_id]
            fits = new.outlet in ("", outlet) and new.bloc in ("", self.outlets[outlet])
            if not fits and "article_id" in values:
                new = replace(new, bloc="", outlet="")
            elif not fits:
                new = replace(new, article_id="")
        return new
