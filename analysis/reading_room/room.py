"""The reading room in JupyterLab: widgets around a desk, and a static view of the same beside them.

What stands on the page can be found by these classes: ``framing-room`` holds all; ``framing-choice-bloc``,
``-outlet``, ``-article``, ``-actor``, ``-theme`` and ``-term`` are the choices; ``framing-order``,
``framing-form``, ``framing-back``, ``framing-clear`` and ``framing-save`` the tools; ``framing-status``,
``framing-figure``, ``framing-table``, ``framing-evidence`` and ``framing-article`` show the screen. What can be
pressed in them is ``button.framing-go``. ``framing-static`` is the static view.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.display import Shown, shown_text
from analysis.errors import FramingError
from analysis.notebook_format import LIVE
from analysis.reading_room.choice import Choice
from analysis.reading_room.desk import Desk
from analysis.reading_room.library import Library
from analysis.reading_room.markup import PLAIN
from analysis.reading_room.places import ORDERS
from analysis.reading_room.screen import FORMS
from analysis.reading_room.view import static_markup
from analysis.tables import clean_text, escape_html

MOST_OFFERED = 3000
"""Terms offered while one is typed; any other can be typed as well."""
_CHOICES = ("bloc", "outlet", "article", "actor", "theme")


class Room:
    """The reading room: what is chosen, figure, numbers and sentences side by side.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        Where to begin.
    """

    def __init__(self, library: Library, choice: Choice):
        self.desk = Desk(library, choice)
        self._first = choice
        self._busy = False
        self.widgets = _make_widgets(library)
        self.box = _arrange(self.widgets)
        self._listen()
        self._show()

    def __repr__(self) -> str:
        return f"Room({self.desk.view.status!r})"

    def _ipython_display_(self) -> None:
        """Show the live room and its static view; `analysis.notebook_format` keeps the second only."""
        from IPython.display import display

        script = Path(__file__).with_name("bridge.js").read_text(encoding="utf-8")
        display({"application/javascript": script}, raw=True, metadata=LIVE)
        display(self.box)
        markup = static_markup(self.desk.library, self._first)
        display({"text/html": markup, "text/plain": clean_text(repr(self))}, raw=True)

    def _listen(self) -> None:
        widgets = self.widgets
        for name in (*_CHOICES, "term"):
            field = f"{name}_id" if name in ("article", "actor", "theme") else name
            widgets[name].observe(self._on_choice(field), names="value")
        widgets["order"].observe(
            lambda change: self._do(lambda: self.desk.sort(change["new"])), names="value"
        )
        widgets["form"].observe(
            lambda change: self._do(lambda: self.desk.show_as(change["new"])), names="value"
        )
        widgets["signal"].observe(
            lambda change: self._do(lambda: self.desk.press(change["new"].partition(" ")[0])), names="value"
        )
        widgets["back"].on_click(lambda _: self._do(self.desk.back))
        widgets["clear"].on_click(lambda _: self._do(self.desk.clear))
        widgets["save"].on_click(lambda _: self._save())

    def _on_choice(self, field: str) -> Callable:
        return lambda change: self._do(lambda: self.desk.choose(**{field: change["new"] or ""}))

    def _do(self, step: Callable) -> None:
        """Take one step, unless it is the room itself that sets the widgets."""
        if self._busy:
            return
        try:
            step()
        except FramingError as error:
            self._show(str(error))
        else:
            self._show()

    def _save(self) -> None:
        try:
            written = self.desk.save()
        except (FramingError, OSError) as error:
            self._tell(f"Nothing was saved: {error}")
            return
        paths = self.desk.library.study.paths
        self._tell(f"Saved: {', '.join(paths.shown(path) for path in written)}")

    def _tell(self, text: str) -> None:
        self.widgets["status"].value = f'<div class="{PLAIN}">{escape_html(text)}</div>'

    def _show(self, told: str = "") -> None:
        """Bring every widget to the screen at once; a part that is the same is not sent again."""
        view, widgets = self.desk.view, self.widgets
        choice = view.screen.choice
        self._busy = True
        try:
            widgets["outlet"].options = _outlets(self.desk.library, choice)
            widgets["article"].options = _articles(self.desk.library, choice)
            values = (choice.bloc, choice.outlet, choice.article_id, choice.actor_id, choice.theme_id)
            for name, value in zip(_CHOICES, values, strict=True):
                widgets[name].value = value
            widgets["term"].value = choice.term
            widgets["order"].options = [(ORDERS[name], name) for name in view.orders]
            widgets["order"].value = view.screen.order
            widgets["form"].value = view.screen.form
        finally:
            self._busy = False
        parts = {
            "figure": view.figure,
            "table": view.numbers,
            "evidence": view.evidence,
            "article_text": view.article,
        }
        # before its text comes: what is hidden can neither scroll nor have the focus
        widgets["article_text"].layout.display = None if view.article else "none"
        for name, markup in parts.items():
            widgets[name].value = f'<div class="{PLAIN}">{markup}</div>' if markup else ""
        self._tell(told or view.status)


def explore(study, **choice: str) -> Room:
    """Open the reading room.

    Parameters
    ----------
    study : analysis.study.Study
        The study; results that were not computed before are computed now.
    **choice : str
        Where to begin, as the fields of `analysis.reading_room.choice.Choice`; by default the actor that is
        mentioned most.

    Returns
    -------
    Room
        For the last line of a cell.

    Raises
    ------
    UnknownName
        The study has no such bloc, outlet, article, actor or theme.
    """
    library = library_of(study)
    return Room(library, _begin(library, choice))


def read(study, *, rows: int = 8, form: str = "kwic", **choice: str) -> Shown:
    """Show one screen of the reading room, without anything to press.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    rows : int
        Places shown.
    form : {"kwic", "sentences"}
        Words in context, or whole sentences.
    **choice : str
        As in `explore`.

    Returns
    -------
    analysis.display.Shown
        For the last line of a cell.

    Raises
    ------
    UnknownName
        The study has no such bloc, outlet, article, actor or theme.
    """
    library = library_of(study)
    begin = _begin(library, choice)
    markup = static_markup(library, begin, rows=rows, form=form)
    return Shown(markup, shown_text(Desk(library, begin).view.status).text)


def library_of(study) -> Library:
    """Return the library of a study, made once.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    Library
        Kept with the study.
    """
    if "reading_room" not in study.__dict__:
        study.__dict__["reading_room"] = Library(study)
    return study.__dict__["reading_room"]


def _begin(library: Library, choice: dict[str, str]) -> Choice:
    """Return where to begin: as asked, or at the actor mentioned most."""
    if not choice and library.catalogue.actors:
        choice = {"actor_id": next(iter(library.catalogue.actors))}
    return library.catalogue.changed(Choice(), **choice)


def _make_widgets(library: Library) -> dict:
    """Make the widgets, with the options that never change."""
    import ipywidgets

    catalogue = library.catalogue
    style = {"description_width": "initial"}

    def choice(name: str, title: str, options: list[tuple[str, str]]) -> ipywidgets.Dropdown:
        widget = ipywidgets.Dropdown(options=options, value="", description=title, style=style)
        widget.layout.width = "20em"
        widget.add_class(f"framing-choice-{name}")
        return widget

    actors = [(f"{clean_text(label)} ({n})", key) for key, (label, n) in catalogue.actors.items()]
    themes = [(f"{key}: {clean_text(label)}", key) for key, label in catalogue.themes.items()]
    terms = sorted(set(library.table("contrasts")["term"]))
    widgets = {
        "bloc": choice("bloc", "Bloc", [("all", ""), *((clean_text(bloc), bloc) for bloc in catalogue.blocs)]),
        "outlet": choice("outlet", "Outlet", _outlets(library, Choice())),
        "article": choice("article", "Article", _articles(library, Choice())),
        "actor": choice("actor", "Actor", [("none chosen", ""), *actors]),
        "theme": choice("theme", "Theme", [("none chosen" if themes else "there are no themes", ""), *themes]),
        "term": ipywidgets.Combobox(
            options=terms[:MOST_OFFERED], description="Term", placeholder="sanctions, or sanction*",
            ensure_option=False, continuous_update=False, style=style,
        ),
        "order": ipywidgets.Dropdown(options=[(ORDERS["place"], "place")], description="Sorted by", style=style),
        "form": ipywidgets.Dropdown(
            options=[(said, name) for name, said in FORMS.items()], description="Shown as", style=style
        ),
        "back": ipywidgets.Button(description="Back", tooltip="Back to the screen before"),
        "clear": ipywidgets.Button(description="Clear", tooltip="Choose nothing"),
        "save": ipywidgets.Button(
            description="Save the screen", tooltip="Write numbers, places and figure to results/reading-room"
        ),
        "signal": ipywidgets.Text(value="", layout={"display": "none"}, continuous_update=True),
        **{name: ipywidgets.HTML() for name in ("status", "figure", "table", "evidence", "article_text")},
    }  # fmt: skip
    for name in ("order", "form", "back", "clear", "save", "signal", "status", "figure", "table", "evidence"):
        widgets[name].add_class(f"framing-{name}")
    widgets["term"].add_class("framing-choice-term")
    widgets["article_text"].add_class("framing-article")
    for name, width in (("term", "20em"), ("order", "22em"), ("form", "17em")):
        widgets[name].layout.width = width
    return widgets


def _arrange(widgets: dict):
    """Put the widgets in their places."""
    import ipywidgets

    def row(name: str, *parts: str) -> ipywidgets.HBox:
        box = ipywidgets.HBox([widgets[part] for part in parts])
        box.add_class(f"framing-{name}")
        return box

    look = Path(__file__).with_name("room.css").read_text(encoding="utf-8")
    room = ipywidgets.VBox(
        [
            ipywidgets.HTML(f"<style>{look}</style>", layout={"display": "none"}),
            row("choices", "bloc", "outlet", "article", "actor", "theme", "term"),
            row("tools", "order", "form", "back", "clear", "save", "signal"),
            widgets["status"],
            row("top", "figure", "table"),
            row("bottom", "evidence", "article_text"),
        ]
    )
    room.add_class("framing-room")
    return room


def _outlets(library: Library, choice: Choice) -> list[tuple[str, str]]:
    """List the outlets of the bloc chosen."""
    outlets = library.catalogue.outlets
    fitting = [name for name, bloc in outlets.items() if choice.bloc in ("", bloc)]
    return [("all", ""), *((clean_text(name), name) for name in fitting)]


def _articles(library: Library, choice: Choice) -> list[tuple[str, str]]:
    """List the articles of the outlet or bloc chosen."""
    catalogue = library.catalogue
    fitting = [
        name
        for name, outlet in catalogue.articles.items()
        if choice.outlet in ("", outlet) and choice.bloc in ("", catalogue.outlets[outlet])
    ]
    return [("all", ""), *((name, name) for name in fitting)]
