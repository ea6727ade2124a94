"""Puts executed notebooks together as one HTML page that needs nothing else and runs nothing.

The page holds text that others wrote. So everything is cleaned against a list of what may stand there, and
the page itself forbids scripts and every request, whatever might have been missed.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.notebook_format import load_notebook, write_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-src 'none'"
)

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var".split()
)
ATTRIBUTES = {
    "*": ("class", "id", "lang", "dir", "title"),
    "img": ("alt", "width", "height"),
    "td": ("colspan", "rowspan", "headers"),
    "th": ("colspan", "rowspan", "headers", "scope"),
    "details": ("open",),
    "pre": ("tabindex",),
    "div": ("tabindex",),
}
# What these hold is no text to be shown.
DROPPED = ("script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "link")

_INLINE_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
_DATA = re.compile(r"(data:image/(?:png|jpeg|gif|webp);base64,)([A-Za-z0-9+/=\s]{64,})")
_HELD = re.compile(r"(data:image/(?:png|jpeg|gif|webp);base64,)HELD([0-9]+)END")
_LINK = re.compile(r"(?:https?:|mailto:)[^\s]+|[^:\s]*", re.IGNORECASE)

CELL_TEMPLATE = """{%- extends 'basic/index.html.j2' -%}
{%- block input_group -%}
<details class="code"><summary>Code</summary>{{ super() }}</details>
{%- endblock input_group -%}
"""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
a { color: #0b4f8a; }
:focus-visible { outline: 3px solid #0b4f8a; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 0; top: 0; padding: .6rem 1rem; background: #fff; }
.page { display: grid; grid-template-columns: minmax(0, 1fr); }
.page { max-width: 82rem; margin: 0 auto; padding: 0 1.2rem; }
nav ol, nav ul { padding-left: 1.2rem; }
nav li { margin: .25rem 0; }
main { min-width: 0; max-width: 58rem; }
section.notebook { border-top: 2px solid #bbb; margin-top: 3rem; padding-top: .5rem; }
h1, h2, h3, h4 { line-height: 1.25; }
figure { margin: 1.2rem 0; }
img { max-width: 100%; height: auto; }
figcaption { font-size: .92rem; color: #333; }
.output_html, .output_area { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; margin: .8rem 0; }
th, td { border: 0; border-bottom: 1px solid #ccc; padding: .25rem .6rem; }
th, td { text-align: right; vertical-align: top; }
.text_cell_render th, .text_cell_render td { text-align: left; }
th { background: #f2f2f2; }
td.text, th.text { text-align: left; }
pre { overflow-x: auto; font: .85rem/1.45 ui-monospace, monospace; }
pre { background: #f6f6f6; padding: .6rem .8rem; margin: .4rem 0; }
.highlight .k, .highlight .kn, .highlight .ow { font-weight: bold; }
.highlight .s1, .highlight .s2, .highlight .sa, .highlight .si { color: #7a2e00; }
.highlight .c1 { color: #555; font-style: italic; }
.output_text pre { background: none; padding-left: 0; }
details.code { margin: .5rem 0; }
details.code summary { cursor: pointer; color: #444; font-size: .85rem; }
@media (min-width: 70rem) {
  .page { grid-template-columns: 17rem minmax(0, 1fr); column-gap: 2.5rem; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; align-self: start; }
  nav { font-size: .9rem; padding-bottom: 2rem; }
}
@page { size: A4; margin: 17mm 15mm 18mm; @bottom-center { content: counter(page) " / " counter(pages); } }
@page { @bottom-center { font: 8pt system-ui, sans-serif; color: #333; } }
@media print {
  html { font-size: 9.5pt; }
  .skip, details.code { display: none; }
  .page { display: block; max-width: none; padding: 0; }
  main { max-width: none; }
  a { color: inherit; }
  section.notebook { break-before: page; border: 0; margin: 0; padding: 0; }
  h1, h2, h3, h4, caption { break-after: avoid; }
  figure, tr, li, img { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
  img { max-height: 220mm; object-fit: contain; object-position: left top; }
  figure { margin: .6rem 0; }
  thead { display: table-header-group; }
  table:not(:has(tbody > tr:nth-child(13))) { break-inside: avoid; }
  /* what scrolls on a screen would be cut on paper */
  .output_html, .output_area, pre { overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  table { font-size: 8pt; max-width: 100%; }
  th, td { padding: .15rem .35rem; overflow-wrap: break-word; }
  table:has(tr > :nth-child(8)) { font-size: 7pt; }
  table:has(tr > :nth-child(11)) { font-size: 6pt; }
  table:has(tr > :nth-child(8)) :is(th, td) { overflow-wrap: anywhere; padding: .12rem .2rem; }
}
"""


def export_report(notebooks: Iterable[Path], out_html: Path, *, title: str, lead_html: str = "") -> Path:
    """Write one self-contained page with all notebooks, one after another.

    Parameters
    ----------
    notebooks : iterable of pathlib.Path
        Executed notebooks, in the order of reading.
    out_html : pathlib.Path
        The page; written in one step.
    title : str
        Plain text; the page's title and first heading.
    lead_html : str
        HTML put before the notebooks; cleaned like everything else.

    Returns
    -------
    pathlib.Path
        `out_html`.

    Raises
    ------
    NotebookError
        A notebook cannot be read.
    """
    notebooks, out_html = [Path(path) for path in notebooks], Path(out_html)
    anchors = {path.name: _anchor(path) for path in notebooks}
    contents, sections = [], []
    for path in notebooks:
        soup = _parsed(_rendered(path))
        headings = _number_headings(soup, anchors[path.name])
        _point_links(soup, path, out_html, anchors)
        name = headings[0][2] if headings else path.stem
        contents.append(_contents_entry(anchors[path.name], name, headings[1:]))
        sections.append(
            f'<section class="notebook" id="{anchors[path.name]}">\n{clean_html(str(soup))}\n</section>'
        )
    page = _page(title, clean_html(str(_parsed(lead_html))), contents, sections)
    write_text(out_html, page)
    return out_html


def clean_html(markup: str) -> str:
    """Keep of some HTML what shows text, tables and inline images; the rest goes.

    Parameters
    ----------
    markup : str
        Anything.

    Returns
    -------
    str
        HTML that runs nothing and fetches nothing. Tags that may not stand there are dropped, their text
        is kept.

    Examples
    --------
    >>> clean_html('<b onclick="x()">five</b><script>x()</script>')
    '<b>five</b>x()'
    """
    from bleach import clean

    # images are set aside: parsing megabytes of base64 letter by letter takes longer than all the rest
    held: list[str] = []

    def hold(match: re.Match) -> str:
        held.append(re.sub(r"\s", "", match[2]))
        return f"{match[1]}HELD{len(held) - 1}END"

    def put_back(match: re.Match) -> str:
        number = int(match[2])
        return match[1] + held[number] if number < len(held) else match[1]

    cleaned = clean(
        _DATA.sub(hold, markup),
        tags=TAGS,
        attributes=_may_stand,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        strip_comments=True,
    )
    return _HELD.sub(put_back, cleaned)


def _may_stand(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute may stand; nothing that a browser would fetch may."""
    if tag == "img" and name == "src":
        return bool(_INLINE_IMAGE.fullmatch(value))
    if tag == "a" and name == "href":
        return bool(_LINK.fullmatch(value))
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())


def _rendered(path: Path) -> str:
    """Render one notebook's cells as HTML, not yet cleaned."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic",
        raw_template=CELL_TEMPLATE,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        require_js_url="",
        mathjax_url="",
        mermaid_js_url="",
        jquery_url="",
    )
    body, _ = exporter.from_notebook_node(load_notebook(path))
    return body


def _parsed(markup: str) -> BeautifulSoup:
    """Parse HTML and drop what is no text, so that it does not show as text either.

    The ids go too: an output must not be able to catch a link of the contents.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "html.parser")
    for tag in soup(DROPPED):
        tag.decompose()
    for tag in soup(id=True):
        del tag["id"]
    for block in soup("pre"):
        # wide blocks scroll, so the keyboard must reach them
        block["tabindex"] = "0"
    return soup


def _number_headings(soup: BeautifulSoup, anchor: str) -> list[tuple[int, str, str]]:
    """Move headings one level down; give those of the prose ids, and list them as (level, id, text)."""
    headings: list[tuple[int, str, str]] = []
    taken: dict[str, int] = {}
    for tag in soup(re.compile(r"^h[1-6]$")):
        level = min(6, int(tag.name[1]) + 1)
        tag.name = f"h{level}"
        if _in_prose(tag):
            text = tag.get_text(" ", strip=True)
            place = f"{anchor}-{_slug(text)}" if headings else f"{anchor}-top"
            taken[place] = taken.get(place, 0) + 1
            tag["id"] = place if taken[place] == 1 else f"{place}.{taken[place]}"
            headings.append((level, tag["id"], text))
    return headings


def _in_prose(tag: Tag) -> bool:
    """Whether a tag comes from a Markdown cell."""
    return any("text_cell_render" in (parent.get("class") or ()) for parent in tag.parents)


def _point_links(soup: BeautifulSoup, notebook: Path, out_html: Path, anchors: dict[str, str]) -> None:
    """Point links at the notebooks' sections here, and other relative ones from the page at the files."""
    for tag in soup("a", href=True):
        target, _, fragment = tag["href"].partition("#")
        if ":" in target or target.startswith("/"):
            continue
        anchor = anchors.get(os.path.basename(target) if target else notebook.name)
        if anchor:
            tag["href"] = f"#{anchor}-{_slug(fragment)}" if fragment else f"#{anchor}"
        elif target:
            place = os.path.relpath(notebook.resolve().parent / target, out_html.resolve().parent)
            tag["href"] = Path(place).as_posix() + (f"#{fragment}" if fragment else "")


def _contents_entry(anchor: str, name: str, headings: list[tuple[int, str, str]]) -> str:
    """One notebook's entry in the contents, with its second-level headings."""
    below = "".join(
        f'<li><a href="#{html.escape(place)}">{html.escape(text)}</a></li>'
        for level, place, text in headings
        if level == 3
    )
    inner = f"<ul>{below}</ul>" if below else ""
    return f'<li><a href="#{anchor}">{html.escape(name)}</a>{inner}</li>'


def _anchor(path: Path) -> str:
    """The id of a notebook's section."""
    return f"notebook-{_slug(path.stem)}"


def _slug(text: str) -> str:
    """Letters, digits and hyphens of a text, for an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "part"


def _page(title: str, lead: str, contents: list[str], sections: list[str]) -> str:
    """Put the page together from parts that are clean."""
    name = html.escape(title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{name}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#content">Skip to the content</a>',
            '<div class="page">',
            f'<header class="mathjax_ignore tex2jax_ignore"><h1>{name}</h1>',
            f"{lead}</header>",
            f'<nav aria-label="Contents"><p><b>Contents</b></p><ol>{"".join(contents)}</ol></nav>',
            '<main id="content" class="mathjax_ignore tex2jax_ignore">',
            *sections,
            "</main>",
            "</div>",
            "</body>",
            "</html>",
            "",
        ]
    )
