"""A reader at the desk: what is chosen, what was pressed, the way back, and saving the screen."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from analysis.errors import UnknownName
from analysis.paths import check_writable
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.markup import Links
from analysis.reading_room.places import ORDERS, export_places
from analysis.reading_room.screen import FORMS, Screen
from analysis.reading_room.view import View, build_view
from analysis.tables import clean_text, write_bytes, write_table

FOLDER = "reading-room"
"""Where in ``results/`` the files are written."""
MOST_STEPS = 100


class Desk:
    """One reader's place in a study; knows no widgets.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice, optional
        Where to begin.
    """

    def __init__(self, library: Library, choice: Choice | None = None):
        self.library = library
        self._past: list[Screen] = []
        self._show(Screen(choice or Choice()))

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return self.view.screen.choice

    def choose(self, **values: str) -> View:
        """Change the choice.

        Parameters
        ----------
        **values : str
            Fields of `Choice`; an empty text chooses all.

        Returns
        -------
        View
            The new screen; the article that is open stays open.

        Raises
        ------
        UnknownName
            The study has no such bloc, outlet, article, actor or theme.
        """
        choice = self.library.catalogue.changed(self.choice, **values)
        if choice == self.choice:
            return self.view
        return self._go(replace(self.view.screen, choice=choice, page=0))

    def clear(self) -> View:
        """Choose nothing, and close the article.

        Returns
        -------
        View
            The first screen.
        """
        return self._go(Screen(order=self.view.screen.order, form=self.view.screen.form))

    def sort(self, order: str) -> View:
        """Sort the places.

        Parameters
        ----------
        order : str
            A key of `analysis.reading_room.places.ORDERS`.

        Returns
        -------
        View
            From the first page.

        Raises
        ------
        UnknownName
            There is no such order.
        """
        if order not in ORDERS:
            raise UnknownName("order", order, list(ORDERS))
        return self._show(replace(self.view.screen, order=order, page=0))

    def show_as(self, form: str) -> View:
        """Show words in context, or whole sentences.

        Parameters
        ----------
        form : {"kwic", "sentences"}
            Which.

        Returns
        -------
        View
            The same places.

        Raises
        ------
        UnknownName
            There is no such form.
        """
        if form not in FORMS:
            raise UnknownName("form", form, list(FORMS))
        return self._show(replace(self.view.screen, form=form))

    def press(self, key: str) -> View:
        """Do what a button of the screen says.

        Parameters
        ----------
        key : str
            The button's key; one that is not on the screen does nothing.

        Returns
        -------
        View
            The new screen.
        """
        action, value = self.links.actions.get(key, ("", None))
        if action == "choose":
            return self.choose(**value)
        if action == "order":
            return self.sort(value)
        if action == "page":
            return self._show(replace(self.view.screen, page=value))
        if action == "read":
            return self._go(replace(self.view.screen, reading=value))
        if action == "close":
            return self._go(replace(self.view.screen, reading=None))
        return self.view

    def back(self) -> View:
        """Go back to the screen before.

        Returns
        -------
        View
            The same screen if there was none.
        """
        if not self._past:
            return self.view
        return self._show(self._past.pop())

    def save(self) -> list[Path]:
        """Write what is on the screen: numbers and places as CSV, the figure as PNG with its alt text.

        Returns
        -------
        list of pathlib.Path
            The files, in ``results/reading-room/`` of the study; each written in one step.

        Raises
        ------
        StudyError
            The folder cannot be written.
        """
        folder = self.library.study.paths.results / FOLDER
        check_writable(folder)
        view, name = self.view, self._file_name()
        tables = [
            table.table.drop(columns="chosen", errors="ignore").assign(about=table.about, result=table.source)
            for table in view.tables
        ]
        front = ["result", "about", "level", "group"]
        numbers = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=front)
        numbers = numbers[[*front, *(column for column in numbers if column not in front)]]
        written = [write_table(numbers, folder / f"{name}-numbers.csv")]
        if self.choice.subjects:
            places = export_places(self.library, view.places)
            written.append(write_table(places, folder / f"{name}-places.csv"))
        written.append(write_bytes(folder / f"{name}.png", view.picture.png))
        notes = [table.note for table in view.tables if table.note]
        words = clean_text("\n\n".join([view.picture.alt, view.picture.caption, *notes]) + "\n")
        written.append(write_bytes(folder / f"{name}.alt.txt", words.encode("utf-8")))
        return written

    def _file_name(self) -> str:
        """Name the files after the choice: words that a file may bear, and a hash that tells choices apart."""
        values = [value for value in asdict(self.choice).values() if value]
        words = re.sub(r"[^a-z0-9]+", "-", " ".join(values).lower()).strip("-")[:50].strip("-")
        mark = hashlib.sha256(repr((self.choice, self.view.screen.order)).encode()).hexdigest()[:8]
        return f"{words or 'all'}-{mark}"

    def _go(self, screen: Screen) -> View:
        """Show another screen, from which one can go back."""
        if screen != self.view.screen:
            self._past = [*self._past, self.view.screen][-MOST_STEPS:]
        return self._show(screen)

    def _show(self, screen: Screen) -> View:
        self.links = Links()
        self.view = build_view(self.library, screen, self.links)
        return self.view
