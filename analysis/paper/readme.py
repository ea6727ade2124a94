"""Writes what a co-author reads first: what is what, and how it gets into LaTeX and Word."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.paper.latex import tex_text
from analysis.paper.model import PaperTable

_EXAMPLE = r"""% {title}: all figures and tables in one document. Compile it in this folder, for example with
% pdflatex example, bibtex example, pdflatex example, pdflatex example
\documentclass[11pt]{{article}}
\usepackage{{iftex}}
\ifPDFTeX\usepackage[T1]{{fontenc}}\usepackage[utf8]{{inputenc}}\else\usepackage{{fontspec}}\fi
\usepackage[letterpaper,margin=0.75in]{{geometry}}
\usepackage{{array,booktabs,longtable,graphicx}}
\newcommand{{\framingfolder}}{{.}}
\begin{{document}}
\section*{{Methods}}
\input{{\framingfolder/methods}}
\bibliographystyle{{apalike}}
\bibliography{{\framingfolder/references}}
\clearpage
\input{{\framingfolder/tables}}
\clearpage
\input{{\framingfolder/figures}}
\end{{document}}
"""

_README = """{title}: figures and tables for a paper

figures/     every figure as PDF (for LaTeX), PNG (300 dpi, for Word) and SVG (to edit), in a folder for each width
             of a journal's columns: 3.5, 5 and 7 inches. Each was drawn at its width: do not scale it, the type
             would be scaled too. A figure is not given at a width at which its words would be cut or cover each other.
figures.tex, figures.docx   the same with captions and alt texts
tables/      every table as LaTeX (booktabs)
tables.tex, tables.docx     all tables, with notes
captions.txt captions, notes and alt texts as plain text
methods.tex, methods.docx, methods.txt   the methods paragraph of this run
references.bib   the works that it cites
example.tex  a LaTeX document of all of it
paper.json   SHA-256 of every input and of every file here, versions and parameters

LaTeX: put this folder beside your paper, say as framing/, and write
    \\usepackage{{array,booktabs,longtable,graphicx}}
    \\newcommand{{\\framingfolder}}{{framing}}
in the preamble, then \\input{{framing/tables/2_contrasts}} or \\input{{framing/methods}} where it belongs, or copy a
figure from figures.tex. Labels are tab:... and fig:... (\\ref{{fig:contrasts}}).{signs}

Word: open figures.docx or tables.docx and copy what you need, with its caption; numbers of captions count themselves
(select all, F9). Alt texts come with the images and tables. In print size, 100 %.

Numbers have fixed decimals; those that cannot exceed 1 have no zero before the point. A dash stands for what is not
defined or withheld, and the note says why. Every number is in the study's results/tables with more digits.
This folder is replaced as a whole when the command runs again; it refuses if anything here was changed or added.

Figures (widths in inches)
{figures}

Tables
{tables}
"""


def write_readme(
    title: str, figures: Iterable[tuple[str, tuple[float, ...]]], tables: Iterable[PaperTable], signs: str
) -> str:
    """Write README.txt.

    Parameters
    ----------
    title : str
        The study's.
    figures : iterable of (str, tuple of float)
        figure_id and widths in inches.
    tables : iterable of PaperTable
        The tables.
    signs : str
        Signs in names or terms that pdfLaTeX's usual fonts do not hold.

    Returns
    -------
    str
        Plain text.
    """
    wide = "\n".join(f"{name}: {', '.join(f'{width:g}' for width in widths)}" for name, widths in figures)
    long = "\n".join(f"{table.table_id}: {table.title}" for table in tables)
    said = ""
    if signs:
        few = signs[:40] + (" ..." if len(signs) > 40 else "")
        said = (
            f"\nNames or terms hold signs that pdfLaTeX's usual fonts have not, and prints by their codes: {few}\n"
            f"LuaLaTeX or XeLaTeX prints them in a font that has them (\\setmainfont)."
        )
    return _README.format(title=" ".join(title.split()), figures=wide, tables=long, signs=said)


def write_example(title: str) -> str:
    """Write a LaTeX document that holds everything.

    Parameters
    ----------
    title : str
        The study's.

    Returns
    -------
    str
        To be compiled in the folder.
    """
    return _EXAMPLE.format(title=tex_text(title))
