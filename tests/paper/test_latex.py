"""LaTeX of untrusted text: only what is on a list stands there as a command, and every table is well formed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.paper.latex import LONG, tex_figure, tex_methods, tex_table, tex_text, unusual_signs, with_signs
from analysis.paper.model import MISSING, PaperColumn, PaperRow, PaperTable

HOSTILE = (
    r"\input{/etc/passwd} \write18{touch x} $x$ $$y$$ a_b^c ~ # % & {open }close \\ [opt] * ^^5cbye "
    r"<script> | ``x'' -- --- ?` !` ,, \end{tabular} \catcode`\%=12 中文 é \verb|x|"
)
TEXT_COMMANDS = {
    "textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar", "textasciigrave",
    "ldots", "times", "alpha", "kappa", "textdagger", "framingsign",
}  # fmt: skip
TABLE_COMMANDS = TEXT_COMMANDS | {
    "begin", "end", "begingroup", "endgroup", "centering", "footnotesize", "setlength", "tabcolsep", "LTleft",
    "LTright", "caption", "label", "extracolsep", "fill", "linewidth", "raggedright", "arraybackslash", "toprule",
    "midrule", "bottomrule", "addlinespace", "multicolumn", "textit", "shortstack", "makebox", "parbox", "par",
    "smallskip", "noindent", "endfirsthead", "endhead", "endfoot",
}  # fmt: skip


def without_comments(source: str) -> str:
    return re.sub(r"(?<!\\)%.*", "", source)


def commands_of(source: str) -> set[str]:
    """List the commands by name; those of one sign are listed with their backslash."""
    found = re.findall(r"\\([a-zA-Z]+|[^a-zA-Z])", without_comments(source))
    return {name if name.isalpha() else f"\\{name}" for name in found}


def assert_braces_balance(source: str) -> None:
    depth = 0
    for sign in re.sub(r"\\[^a-zA-Z]", "", without_comments(source)):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


def assert_environments_nest(source: str) -> None:
    open_ones = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", without_comments(source)):
        if kind == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []


def make_table(*cells: str, rows: int = 2) -> PaperTable:
    """Make a table with the same cells in every row, and the first as a heading."""
    columns = (
        PaperColumn("Name", text=True),
        *(PaperColumn(f"Number\n{place}") for place in range(1, len(cells))),
    )
    lines = [PaperRow((cells[0],), heading=True), *(PaperRow(cells) for _ in range(rows))]
    return PaperTable("2_terms", cells[0], columns, tuple(lines), f"Note {cells[0]}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("US$5 & 10 %", r"US\$5 \& 10 \%"),
        ("−.25 [−.50, .10]", r"$-$.25 {[}$-$.50, .10{]}"),
        ("a--b ''c'' ?`", r"a-{}-b '{}'c'{}' ?{}\textasciigrave{}"),
        ("“co” – — …", r"``co'' -- --- \ldots{}"),
        ("p < .001", r"p \textless{} .001"),
        ("two\nlines\t here", "two lines here"),
        ("中", r"\framingsign{4E2D}{中}"),
        ("Säily, O'Callaghan", "Säily, O'Callaghan"),
    ],
)
def test_text_is_written_as_it_stands(text, written):
    assert tex_text(text) == written


@given(st.text())
def test_no_text_commands_anything(text):
    source = tex_text(text)
    assert commands_of(source) <= TEXT_COMMANDS | {rf"\{sign}" for sign in "{}$&#%_,"}
    assert_braces_balance(source)
    assert "\n" not in source
    bare = re.sub(r"\\[{}$&#%_]", "", source)
    bare = (
        bare.replace("$-$", "")
        .replace(r"$\times$", "")
        .replace("$^{2}$", "")
        .replace(r"$\alpha$", "")
        .replace(r"$\kappa$", "")
    )
    assert not re.search(r"[$&#%_^]", bare)


@pytest.mark.parametrize("rows", [2, LONG + 1])
def test_a_hostile_table_is_well_formed(rows):
    table = make_table(HOSTILE, "1.00", MISSING, rows=rows)
    source = tex_table(table)
    assert commands_of(source) <= TABLE_COMMANDS | {rf"\{sign}" for sign in "{}$&#%_,\\"}
    assert_braces_balance(source)
    assert_environments_nest(source)
    lines = [line for line in source.splitlines() if line.endswith(r" \\") and "multicolumn" not in line]
    heads = 2 if rows > LONG else 1
    assert len(lines) == rows + heads
    assert all(len(re.findall(r"(?<!\\)&", line)) == 2 for line in lines)
    assert source.count(r"\toprule") == heads
    assert source.count(r"\bottomrule") == 1
    assert r"\label{tab:terms}" in source
    assert ("longtable" in source) == (rows > LONG)


def test_the_first_line_cannot_leave_its_comment():
    first = tex_table(make_table("a\nb\r\\input{x}", "1")).splitlines()[0]
    assert first.startswith("% Table 2. ")
    assert r"\input" in first


def test_a_figure_is_not_scaled():
    source = tex_figure("terms", "figures/7in/3_terms.pdf", ("Terms", "10 % of a_b."), "Dots, [1] & {2}.")
    assert (
        r"\includegraphics[alt={Dots, {[}1{]} \& \{2\}.}]{\framingfolder/figures/7in/3_terms.pdf}" in source
    )
    assert r"\caption[{Terms}]{\textbf{Terms.} 10 \% of a\_b.}\label{fig:terms}" in source
    assert_braces_balance(source)
    assert_environments_nest(source)


def test_citations_become_commands_and_nothing_else_does():
    draft = "One [gries2008; lin1991]. Two [evil2020] of a_b [gries2008] here.\n\nThree."
    assert tex_methods(draft, ["gries2008", "lin1991"]) == (
        "One~\\cite{gries2008,lin1991}. Two {[}evil2020{]} of a\\_b~\\cite{gries2008} here.\n\nThree.\n"
    )


def test_unusual_signs_are_named_once():
    assert unusual_signs("中文 é α − 中") == "中文"
    assert with_signs(tex_text("é")) == "é"
    assert with_signs(tex_text("中")).startswith(r"\ifcsname framingsign")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
def test_hostile_tables_compile(tmp_path):
    tables = [make_table(HOSTILE, "1.00", MISSING), make_table(HOSTILE, "1.00", MISSING, rows=LONG + 1)]
    source = "\n".join(
        [
            r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{array,booktabs,longtable}",
            r"\begin{document}",
            *(with_signs(tex_table(table)) for table in tables),
            r"\end{document}",
        ]
    )
    (tmp_path / "t.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "t.pdf").stat().st_size > 1000
