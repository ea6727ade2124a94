"""What the coding desk is made of in the page: its look, the help on its keys, and the script that hears them."""

from __future__ import annotations

import json

STYLE = """
.framing-desk {border: 1px solid var(--jp-border-color1, #999); padding: 0.8em; max-width: 60em; overflow: visible}
.framing-desk:focus {outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: -2px}
.framing-desk .widget-html, .framing-desk .jupyter-widgets.widget-html {height: auto; line-height: 1.5}
.framing-desk .widget-html-content {line-height: 1.5; font-size: 1em; white-space: normal}
.framing-desk-text .widget-html-content {font-size: 1.15em; white-space: pre-line; overflow-wrap: anywhere}
.framing-desk-text .widget-html-content {max-height: 60vh; overflow-y: auto}
.framing-desk-text p {margin: 0.3em 0}
.framing-desk-target {background: #ffe08a; color: #000; font-weight: bold; text-decoration: underline}
.framing-desk-row {display: block; position: relative; border-left: 0.3em solid transparent; padding-left: 0.4em}
.framing-desk-row .framing-desk-question {width: auto; margin: 0}
.framing-desk-codes {position: absolute; top: 0; right: 0; margin: 0}
.framing-desk-question summary {min-height: 2.3em}
.framing-desk-wide .framing-desk-codes {position: static; flex-wrap: wrap}
.framing-desk-row.framing-desk-current {border-left-color: var(--jp-brand-color1, #1976d2)}
.framing-desk summary {cursor: pointer}
.framing-desk-many {display: block; columns: 27em 2; column-gap: 1.2em}
.framing-desk-many .framing-desk-row {break-inside: avoid; border-bottom: 1px solid var(--jp-border-color2, #ddd)}
.framing-desk-code {padding: 0 0.2em}
.framing-desk button:focus-visible {outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px}
.framing-desk-progress progress {vertical-align: middle; width: 10em}
.framing-desk-help {color: var(--jp-ui-font-color2, #555); font-size: 0.9em}
"""

KEYS = (
    "<div>Click into the desk, then: <kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> … codes, <kbd>u</kbd> unclear, "
    "<kbd>Backspace</kbd> take back, <kbd>→</kbd> <kbd>←</kbd> items, <kbd>↓</kbd> <kbd>↑</kbd> questions, "
    "<kbd>n</kbd> next open item, <kbd>0</kbd> no for all other questions, <kbd>?</kbd> definition, "
    "<kbd>Esc</kbd> leaves the note. Or the mouse, or Tab and Enter.</div>"
)

# Keys are kept in order and handed on one at a time: the next only when the last has been answered, and none to an
# item that was not yet on the screen when the key was pressed.
_SCRIPT = """
(function (name) {
  let tries = 0;
  function attach() {
    const root = Array.from(document.getElementsByClassName(name)).filter((node) => !node.dataset.keys).pop();
    if (!root) { if (tries++ < 1200) { setTimeout(attach, 50); } return; }
    root.dataset.keys = "on";
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "coding desk");
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    const queue = [];
    let waiting = "", item = "", since = 0;
    const state = () => root.querySelector("[data-step]");
    const moves = {ArrowRight: "next", ArrowLeft: "previous", ArrowDown: "down", ArrowUp: "up",
                   Backspace: "clear", n: "open", "0": "rest"};
    function button(key) {
      if (moves[key]) { return root.querySelector("button.framing-desk-" + moves[key]); }
      const row = root.querySelector(".framing-desk-current");
      if (!row) { return null; }
      if (key === "u") { return row.querySelector("button.framing-desk-code-unclear"); }
      const codes = row.querySelectorAll("button.framing-desk-code:not(.framing-desk-code-unclear)");
      return codes[Number(key) - 1] || null;
    }
    function refresh() {
      const now = state();
      if (now && now.dataset.item !== item) { item = now.dataset.item; queue.length = 0; }
      return now;
    }
    function pump() {
      const now = refresh();
      if (!now) { return; }
      if (waiting && now.dataset.step === waiting && Date.now() - since < 5000) { return; }
      waiting = "";
      const key = queue.shift();
      if (key === undefined) { return; }
      if (key === "?") {
        const shown = root.querySelector(".framing-desk-current details");
        if (shown) { shown.open = !shown.open; }
        pump();
        return;
      }
      const target = button(key);
      if (!target || target.disabled) { pump(); return; }
      waiting = now.dataset.step;
      since = Date.now();
      target.click();
    }
    new MutationObserver(pump).observe(root, {subtree: true, childList: true, characterData: true, attributes: true});
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) { return; }
      if (event.target.closest("input, textarea")) {
        if (event.key === "Escape") { root.focus({preventScroll: true}); }
        return;
      }
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!/^([0-9un?]|Arrow(Left|Right|Up|Down)|Backspace)$/.test(key)) { return; }
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat && !key.startsWith("Arrow")) { return; }
      refresh();
      if (queue.length < 50) { queue.push(key); }
      pump();
    }, true);
    root.addEventListener("click", (event) => {
      if (!event.target.closest("button, input, textarea, summary")) { root.focus({preventScroll: true}); }
    });
    root.focus({preventScroll: true});
  }
  attach();
})(%s);
"""


def key_script(name: str) -> str:
    """Return the script that hears the desk's keys.

    Parameters
    ----------
    name : str
        The class of the desk that is meant.

    Returns
    -------
    str
        JavaScript that clicks the desk's own buttons; it holds no text of an article and asks for nothing.
    """
    return _SCRIPT % json.dumps(name)
