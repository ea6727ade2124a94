"""The coding desk in a notebook: one item on the screen, buttons and keys, saved after every code."""

from __future__ import annotations

from pathlib import Path

from analysis.codebook import UNCLEAR, CodingTask, Variable
from analysis.coding.desk_page import KEYS, STYLE, key_script
from analysis.coding.session import Session
from analysis.errors import FramingError
from analysis.tables import clean_text, escape_html

WIDEST = 34
"""Buttons that are wider together, in em, stand below their question."""
_PLAIN = 'class="mathjax_ignore tex2jax_ignore"'


def open_desk(path: str | Path) -> None:
    """Open the desk for a sheet, at the first item that is not coded.

    Parameters
    ----------
    path : path
        ``sheet-NAME.csv``, with ``codebook.json`` beside it.

    Raises
    ------
    StudyError
        The sheet, or its codebook, cannot be used.
    """
    from IPython.display import HTML, Javascript, display

    desk = Desk(Session(Path(path)))
    display(HTML(desk.static_note()))
    display(desk.root)
    # the page's own keys (cells, menus) stay out of the desk; without scripts the buttons still work
    display(Javascript(key_script(desk.name)))


class Desk:
    """The widgets of a desk; each button does what its handler here does.

    Parameters
    ----------
    session : Session
        The sheet that is coded.

    Attributes
    ----------
    root : ipywidgets.VBox
        What is displayed.
    position : int
        The item on the screen.
    current : int
        The question that keys answer.
    """

    def __init__(self, session: Session):
        import ipywidgets

        self.session = session
        self.name = f"framing-desk-{session.sample}-{session.coder}"
        self.task = session.task
        self.position = session.next_open()
        self.current = 0
        self._steps = 0
        self._message = ""
        self._widgets = ipywidgets
        self.progress = self._html("framing-desk-progress")
        self.text = self._html("framing-desk-text")
        self.status = self._html("framing-desk-status")
        self.note = ipywidgets.Text(placeholder="note", continuous_update=False, layout={"width": "100%"})
        self.note.add_class("framing-desk-note")
        self.rows, self.codes = [], {}
        for variable in self.task.variables:
            self.rows.append(self._row(variable))
        questions = ipywidgets.VBox(self.rows)
        questions.add_class("framing-desk-questions")
        if len(self.rows) > 4:
            questions.add_class("framing-desk-many")
        self.buttons = self._navigation()
        self.root = ipywidgets.VBox(
            [
                self._html("framing-desk-style", f"<style>{STYLE}</style>"),
                self.progress,
                self._html("framing-desk-codebook", _instructions(self.task)),
                self.text,
                questions,
                self.note,
                ipywidgets.HBox(list(self.buttons.values())),
                self.status,
                self._html("framing-desk-help", KEYS),
            ]
        )
        self.root.add_class("framing-desk")
        self.root.add_class(self.name)
        self._show()
        self.note.observe(self._note_changed, names="value")

    @property
    def item(self) -> str:
        """The item on the screen."""
        return self.session.item_ids[self.position]

    def static_note(self) -> str:
        """Say what an export cannot show.

        Returns
        -------
        str
            HTML.
        """
        done, count = self.session.done, len(self.session)
        text = (
            f"Coding desk of {self.session.path.name}: {done} of {count} items were coded when it was opened. The "
            "desk works in a running notebook only; in an export this line is all there is."
        )
        return f'<p {_PLAIN}><span class="framing-desk-static">{escape_html(text)}</span></p>'

    def give(self, variable: str, code: str) -> None:
        """Give the item on the screen a code, or take it back; after its last code go to the next open item.

        Parameters
        ----------
        variable : str
            The question.
        code : str
            The code; empty to take it back.
        """
        self.current = self.task.variable_ids.index(variable)
        self._give({variable: code})

    def give_rest(self, code: str = "no") -> None:
        """Give every question of the item that is still open one code.

        Parameters
        ----------
        code : str
            The code, which questions without it do not get.
        """
        open_now = set(self.session.open_variables(self.item))
        rest = [
            v.variable_id for v in self.task.variables if v.variable_id in open_now and code in v.code_ids
        ]
        if rest:
            self._give(dict.fromkeys(rest, code))

    def move(self, steps: int) -> None:
        """Go to another item.

        Parameters
        ----------
        steps : int
            Forward, or backward if negative; it stops at the first and the last.
        """
        self._go(min(max(self.position + steps, 0), len(self.session) - 1))

    def move_open(self) -> None:
        """Go to the next item that is not coded."""
        after = self.position + 1
        self._go(self.session.next_open(after if after < len(self.session) else 0))

    def ask(self, steps: int) -> None:
        """Go to another question of the item.

        Parameters
        ----------
        steps : int
            Down, or up if negative; it stops at the first and the last.
        """
        self.current = min(max(self.current + steps, 0), len(self.rows) - 1)
        self._show()

    def _give(self, codes: dict[str, str]) -> None:
        was_open = bool(self.session.open_variables(self.item))
        if not self._try(self.session.set_codes, self.item, codes):
            self._show()
            return
        left = self.session.open_variables(self.item)
        if was_open and not left:
            message = self._message
            self.move_open()
            self._message = message
        elif left and any(codes.values()):
            ids = self.task.variable_ids
            later = [ids.index(name) for name in left if ids.index(name) > self.current]
            self.current = later[0] if later else ids.index(left[0])
        self._show()

    def _go(self, position: int) -> None:
        self.position = position
        self._message = ""
        left = self.session.open_variables(self.item)
        self.current = self.task.variable_ids.index(left[0]) if left else 0
        self._show()

    def _try(self, call, *arguments) -> bool:
        """Save; say what went wrong, or what happened elsewhere."""
        try:
            self._message = call(*arguments)
        except FramingError as error:
            self._message = str(error)
            return False
        return True

    def _note_changed(self, change: dict) -> None:
        if change["new"].strip() != self.session.note(self.item):
            self._try(self.session.set_note, self.item, change["new"])
            self._show()

    def _show(self) -> None:
        """Bring everything on the screen up to date."""
        self._steps += 1
        session, count = self.session, len(self.session)
        done = session.done
        self.text.value = _passage(session.context(self.item))
        self.status.value = (
            f'<div role="status" {_PLAIN}>{escape_html(self._message) or "Every code is saved at once."}</div>'
        )
        for number, variable in enumerate(self.task.variables):
            given = session.code(self.item, variable.variable_id)
            for code, button in self.codes[variable.variable_id].items():
                button.description = f"✓ {code}" if code == given else _button_text(variable, code)
                button.button_style = "success" if code == given else ""
            change = self.rows[number].add_class if number == self.current else self.rows[number].remove_class
            change("framing-desk-current")
        self.note.value = session.note(self.item)
        self.buttons["previous"].disabled = self.position == 0
        self.buttons["next"].disabled = self.position == count - 1
        # last: the page takes the new step for a sign that all else is up to date
        state = f'data-step="{self._steps}" data-item="{escape_html(self.item)}"'
        left = "all coded" if done == count else f"{count - done} open"
        self.progress.value = (
            f"<div {_PLAIN}><span {state}>Item {self.position + 1} of {count} ({escape_html(self.item)}), coder "
            f"{escape_html(session.coder)}: {done} coded, {left}</span> "
            f'<progress max="{count}" value="{done}" aria-label="{done} of {count} items coded"></progress></div>'
        )

    def _row(self, variable: Variable):
        """Make the row of one question: its definition, one click away, and its codes."""
        question = self._html("framing-desk-question", _definition(variable))
        buttons = {}
        for code in variable.code_ids:
            button = self._widgets.Button(
                description=_button_text(variable, code),
                tooltip=clean_text(dict(variable.codes)[code]),
                layout={"width": f"{_button_width(variable, code):g}em"},
            )
            button.add_class("framing-desk-code")
            button.add_class(f"framing-desk-code-{code}")
            button.on_click(lambda _, name=variable.variable_id, code=code: self.give(name, code))
            buttons[code] = button
        self.codes[variable.variable_id] = buttons
        codes = self._widgets.HBox(list(buttons.values()))
        codes.add_class("framing-desk-codes")
        row = self._widgets.VBox([question, codes])
        row.add_class("framing-desk-row")
        if _codes_width(variable) > WIDEST:
            row.add_class("framing-desk-wide")
        row.add_class(f"framing-desk-variable-{variable.variable_id}")
        return row

    def _navigation(self) -> dict:
        """Make the buttons below the questions."""
        wanted = {
            "previous": ("← previous", lambda _: self.move(-1)),
            "next": ("next →", lambda _: self.move(1)),
            "open": ("next open (n)", lambda _: self.move_open()),
            "clear": (
                "take back (backspace)",
                lambda _: self.give(self.task.variable_ids[self.current], ""),
            ),
        }
        if len(self.rows) > 1:
            wanted |= {
                "up": ("↑ question", lambda _: self.ask(-1)),
                "down": ("↓ question", lambda _: self.ask(1)),
            }
            if any("no" in variable.code_ids for variable in self.task.variables):
                wanted["rest"] = ("all others: no (0)", lambda _: self.give_rest())
        made = {}
        for name, (text, call) in wanted.items():
            made[name] = self._widgets.Button(description=text, layout={"width": "auto"})
            made[name].add_class(f"framing-desk-{name}")
            made[name].on_click(call)
        return made

    def _html(self, name: str, value: str = ""):
        widget = self._widgets.HTML(value)
        widget.add_class(name)
        return widget


def _passage(context: dict[str, str]) -> str:
    """Mark the target in its sentence; all text is escaped."""
    if "target" not in context:
        return f"<div {_PLAIN}>{escape_html(context['text'])}</div>"
    actor = f'<p class="framing-desk-actor">Actor: <b>{escape_html(context["actor"])}</b></p>'
    before, target, after = (escape_html(context[name]) for name in ("before", "target", "after"))
    return (
        f'<div {_PLAIN}>{actor}<p>{before}<mark class="framing-desk-target">{target}</mark>{after}</p></div>'
    )


def _instructions(task: CodingTask) -> str:
    """Show what holds for all questions, closed at first."""
    title = f"{escape_html(task.label)}: how to code"
    return f"<details {_PLAIN}><summary>{title}</summary><p>{escape_html(task.instructions)}</p></details>"


def _definition(variable: Variable) -> str:
    """Show a question with its definition, closed at first."""
    parts = [f"<p>{escape_html(variable.definition)}</p>"]
    for title, items in (
        ("Published questions", variable.indicators),
        ("Belongs to it", variable.includes),
        ("Does not", variable.excludes),
        ("Codes", [f"{code}: {meaning}" for code, meaning in variable.codes]),
    ):
        if items:
            listed = "".join(f"<li>{escape_html(item)}</li>" for item in items)
            parts.append(f"<p>{title}:</p><ul>{listed}</ul>")
    example = f"<p>Example ({escape_html(variable.example_code)}): “{escape_html(variable.example)}”</p>"
    space = _codes_width(variable)
    # the codes stand at the right of the label, or below it
    style = f' style="padding-right: {space:.1f}em"' if space <= WIDEST else ""
    head = f"<summary{style}>{escape_html(variable.label)}</summary>"
    return f"<details {_PLAIN}>{head}{''.join(parts)}{example}</details>"


def _button_text(variable: Variable, code: str) -> str:
    """Name a code with its key."""
    if code == UNCLEAR:
        return f"{code} (u)"
    number = variable.scale.index(code) + 1
    return f"{code} ({number})" if number <= 9 else code


def _codes_width(variable: Variable) -> float:
    """Say how wide the buttons of a question are together, in em."""
    return sum(_button_width(variable, code) + 0.4 for code in variable.code_ids)


def _button_width(variable: Variable, code: str) -> float:
    """Say how wide a button is in em, whether its code is given or not."""
    return 0.5 * len(_button_text(variable, code)) + 1.4
