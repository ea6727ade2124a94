"""Computes every published value that the formulas must reproduce; writes docs/conformance.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy import sparse
from scipy.stats import chi2

from analysis.config import TermParameters
from analysis.counts import TermCounts
from analysis.measures.agreement import krippendorff_alpha
from analysis.measures.dispersion import dispersion
from analysis.measures.headlines import G2_FILTER
from analysis.measures.keyness import contrast_statistics, log_ratio, simple_maths
from analysis.measures.keywords import rank_terms
from analysis.paths import project_root
from analysis.registry import load_scorer
from analysis.resampling import articles_needed, attainable_p, false_discovery_q, permutation_p
from analysis.tables import write_bytes

PAGE = "docs/conformance.md"
_HEAD = """# Conformance

Every value that others have published for the formulas of this project, and ours beside it. A value conforms if it
differs by at most half a unit of the last digit printed. Written by `benchmarks/conformance.py`; the tests compute it
again and compare.
"""


@dataclass(frozen=True)
class Value:
    """One published value, and ours.

    Parameters
    ----------
    what : str
        The measure and its input.
    published : str
        As printed.
    ours : float
        What the package computes.
    why : str
        Where the two differ: the reason.
    """

    what: str
    published: str
    ours: float
    why: str = ""

    @property
    def conforms(self) -> bool:
        """Whether the difference is at most half a unit of the last digit printed."""
        printed = Decimal(self.published)
        unit = Decimal(1).scaleb(printed.as_tuple().exponent)
        return abs(Decimal(repr(float(self.ours))) - printed) <= unit / 2


def list_values() -> dict[str, list[Value]]:
    """Compute all values, by the part of the page.

    Returns
    -------
    dict
        Heading, with its source, to values.
    """
    parts = (
        ("G2 (Dunning 1993, table 2; UCREL wizard)", _log_likelihood),
        ("Log ratio and simple maths (Hardie 2014; Kilgarriff 2009)", _sizes),
        (
            "Log-odds with Dirichlet prior (Monroe, Colaresi & Quinn 2008), w = .01 for each of four words",
            _log_odds,
        ),
        ("Attainable p, exact permutation tests and false discovery rate", _tests),
        ("Dispersion (Gries 2008, 2020): parts of 9, 10, 10, 10, 11 tokens", _dispersion),
        ("TF-IDF (scikit-learn user guide)", _tf_idf),
        ("Krippendorff's alpha (Krippendorff 2011)", _alpha),
    )
    return {heading: list(values()) for heading, values in parts}


def list_benchmarks() -> list[tuple[str, str, str, str]]:
    """List published accuracies on NewsMTSC beside our scorers'.

    Returns
    -------
    list of (str, str, str, str)
        System, macro-F1 on rw and on mt as printed or as measured, and whose it is.
    """
    published = "published (Hamborg & Donnay 2021)"
    rows = [
        ("expert agreement", "86.4", "–", published),
        ("GRU-TSC, RoBERTa", "83.1", "82.5", published),
        ("GRU-TSC, BERT", "80.2", "77.3", published),
        ("SPC-BERT", "80.1", "73.7", published),
        ("RoBERTa, blind to the target", "76.8", "–", published),
        ("TF-IDF and logistic regression, context windows", "62.2", "60.0", "measured by others"),
        ("best lexicon", "54", "–", "measured by others"),
        ("VADER on the sentence", "52.9", "51.1", "measured by others"),
    ]
    for name in ("encoder.v1", "encoder-small.v1", "lexicon.v1"):
        card = load_scorer(name).benchmark
        rows.append((f"`{name}`", f"{card['dev_rw']}", f"{card['dev_mt']}", "ours, names masked, dev cut"))
    return rows


def write_page() -> str:
    """Write the page as text.

    Returns
    -------
    str
        Markdown.
    """
    parts = list_values()
    everything = [value for values in parts.values() for value in values]
    same = sum(value.conforms for value in everything)
    lines = [_HEAD, f"{same} of {len(everything)} values conform.", ""]
    for heading, values in parts.items():
        lines += [f"## {heading}", "", "| measure | published | ours | |", "|---|---:|---:|---|"]
        for value in values:
            verdict = "conforms" if value.conforms else f"differs: {value.why}"
            lines.append(f"| {value.what} | {value.published} | {value.ours:.8g} | {verdict} |")
        lines.append("")
    lines += [
        "## Sentiment toward a target (NewsMTSC, macro-F1)",
        "",
        "Accuracies of systems, not values of a formula. The published systems see the target's name and are tested on",
        "the whole test sets; ours see no name and are tested on the authors' dev cut of them: the rows are alike in",
        "kind, not the same test. `lexicon.v1` masks names, which VADER scores, and so differs from VADER on the",
        "sentence as it stands.",
        "",
        "| system | rw | mt | |",
        "|---|---:|---:|---|",
        *("| " + " | ".join(row) + " |" for row in list_benchmarks()),
        "",
        "## Where the formulas differ from other software on purpose",
        "",
        *_deviations(),
    ]
    return "\n".join(lines) + "\n"


def _log_likelihood() -> Iterator[Value]:
    for cells, published in (
        ((110, 2442, 111, 29114), "270.72"),
        ((8, 5, 24, 31740), "95.29"),
        ((10, 0, 3, 31764), "167.23"),
    ):
        both, second, first, neither = cells
        row = contrast_statistics([both], [first], both + second, first + neither).loc[0]
        yield Value(f"four-term, table {both}, {second} / {first}, {neither}", published, row["g2"])
    row = contrast_statistics([10], [5], 100, 200).loc[0]
    yield Value("four-term, 10 of 100 against 5 of 200", "7.329812", row["g2"])
    yield Value("two-term, 10 of 100 against 5 of 200", "6.931472", row["g2_two_term"])
    row = contrast_statistics([7], [2], 1000, 1000).loc[0]
    yield Value("four-term, 7 of 1,000 against 2 of 1,000", "2.954494", row["g2"])
    yield Value("filter of figure 3: chi-squared(1) at .05", "3.84", G2_FILTER)
    for alpha, published in ((0.05, "3.84"), (0.01, "6.63"), (0.001, "10.83"), (0.0001, "15.13")):
        why = "15.1367 rounds to 15.14; the tables that are printed cut it off" if alpha == 0.0001 else ""
        yield Value(f"chi-squared(1) at {alpha:g}", published, float(chi2.isf(alpha, 1)), why)


def _sizes() -> Iterator[Value]:
    row = contrast_statistics([7], [2], 1000, 1000).loc[0]
    yield Value("log ratio, 7 of 1,000 against 2 of 1,000 (0.5 added)", "1.584963", row["log_ratio"])
    yield Value("log ratio at equal rates, 5 of 100 twice", "0", float(log_ratio(5, 5, 100, 100)))
    yield Value(
        "simple maths, k = 1, 7 of 1,000 against 2", "3.498751", float(simple_maths(7, 2, 1000, 1000, k=1))
    )
    sides = 35, 263, 112_289_776, 1_559_716_979
    what = "simple maths, k = 1, 35 of 112,289,776 against 263 of 1,559,716,979"
    yield Value(what, "1.1224", float(simple_maths(*sides, k=1)))


def _log_odds() -> Iterator[Value]:
    first, second = np.array([1, 5, 1, 9]), np.array([100, 510, 100, 199])
    table = contrast_statistics(first, second, first.sum(), second.sum(), prior=0.01)
    printed = {
        "log_odds": ("-.6095321", "-1.0345766", "-.6095321", "1.5201005"),
        "z_four_term": ("-.58984491", "-1.90568407", "-.58984491", "2.98306431"),
        "z": ("-.60950219", "-2.30440513", "-.60950219", "4.46292517"),
    }
    names = {"log_odds": "delta", "z_four_term": "z, four-term variance", "z": "z, two-term variance"}
    for column, values in printed.items():
        for place, published in enumerate(values):
            what = f"{names[column]}, {first[place]} against {second[place]}"
            yield Value(what, published, table[column][place])


def _tests() -> Iterator[Value]:
    sizes = {(1, 4): ".4", (2, 3): ".2", (3, 3): ".10", (4, 4): ".029", (5, 5): ".0079", (8, 8): "1.6e-4"}
    sizes[9, 9] = "4.1e-5"
    for (a, b), published in sizes.items():
        yield Value(f"smallest p of {a} against {b} articles", published, attainable_p(a, b))
        if a + b <= 10:
            # the test itself, where the two groups are as far apart as can be
            apart = permutation_p(np.arange(a, dtype=float)[:, None], 100.0 + np.arange(b)[:, None]).item()
            yield Value(
                f"exact permutation p, {a} against {b} articles that do not overlap", published, apart
            )
    yield Value("articles a group for one of 1,000 terms at q = .05 (p of 5e-5)", "9", articles_needed(5e-5))
    p = ".0001 .0004 .0019 .0095 .0201 .0278 .0298 .0344 .0459 .3240 .4262 .5719 .6528 .7590 1.0".split()
    rejected = int((false_discovery_q(np.array(p, dtype=float)) <= 0.05).sum())
    yield Value("rejected of 15 at .05 (Benjamini & Hochberg 1995)", "4", rejected)


def _dispersion() -> Iterator[Value]:
    sizes = [9, 10, 10, 10, 11]
    row = dispersion([1, 2, 3, 4, 5], sizes).loc[0]
    for column, name, published in (
        ("dp", "DP", ".18"),
        ("dp_norm", "DPnorm", ".2195"),
        ("juilland_d", "Juilland's D", ".785"),
        ("kld", "KLD", ".137"),
    ):
        yield Value(f"{name} of 1, 2, 3, 4, 5 occurrences", published, row[column])
    row = dispersion([1, 0, 0, 0, 0], sizes).loc[0]
    yield Value("DP of one occurrence, in the smallest part", ".82", row["dp"])
    yield Value("DPnorm of one occurrence, in the smallest part", "1", row["dp_norm"])


def _tf_idf() -> Iterator[Value]:
    matrix = sparse.csr_matrix([[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0], [3, 2, 0], [3, 0, 2]])
    names, terms = tuple(f"row {row}" for row in range(1, 7)), ("first", "second", "third")
    words = ("alpha", "beta", "gamma")
    counts = TermCounts(names, words, matrix, np.asarray(matrix.sum(axis=1)).ravel())
    ranking = rank_terms(counts, TermParameters(stop_words="none"))
    for row, printed in (
        ("row 1", (".85151335", "0", ".52433293")),
        ("row 5", (".55422893", ".83236428", "0")),
    ):
        for word, term, published in zip(words, terms, printed, strict=True):
            why = "ours is rounded to six digits, so that ranks agree between machines"
            yield Value(f"{row}, {term} term", published, ranking[row].get(word, (0, 0.0))[1], why)


def _alpha() -> Iterator[Value]:
    two = np.array([[1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]], dtype=float)
    yield Value("nominal, two coders, ten units", ".0952", krippendorff_alpha(two))
    units = "11-1 2232 3333 3333 2222 1234 4444 1121 2222 -555 --11 --3-".split()
    four = np.array([[np.nan if code == "-" else float(code) for code in unit] for unit in units]).T
    for level, published in (("nominal", ".743"), ("ordinal", ".815"), ("interval", ".849")):
        yield Value(f"{level}, four coders, twelve units", published, krippendorff_alpha(four, level))


def _deviations() -> list[str]:
    """Say where we differ from what other software prints, with the numbers."""
    rates = np.array([1, 2, 3, 4, 5]) / np.array([9, 10, 10, 10, 11])
    sample = 1 - rates.std(ddof=1) / rates.mean() / np.sqrt(4)
    row = dispersion([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]).loc[0]
    absent = contrast_statistics([12], [0], 10_000, 10_000).loc[0]
    return [
        "- **Signs.** G2 is printed by others without a sign; ours is negative where the target uses the term less.",
        "- **Four terms or two.** The UCREL wizard prints the two-term G2: `g2_two_term` here; `g2` has four terms.",
        "- **No correction.** G2 is neither Yates- nor Williams-corrected, unlike the default of some packages.",
        "- **A reference without the term.** %DIFF and plain ratios are infinite or of the order 1e17 there; 12 of "
        f"10,000 against 0 has log ratio {absent['log_ratio']:.4f}, because 0.5 is added.",
        "- **Juilland's D** takes the population standard deviation, as in the original: "
        f"{row['juilland_d']:.3f} in the example above; with the sample's it would be {sample:.3f}.",
        "- **DP** is 0 for an even spread (Gries 2008), not 1 - DP, which is Egbert's DA by another formula.",
        "- **Log-odds** takes the corpus's own frequencies as its prior in the study; the flat one serves comparison.",
        "- **Evidence grades** of BIC (0-2, 2-6, 6-10, above 10; Wilson 2013) are for the reader: `bic` is a number.",
    ]


def main() -> None:
    """Write the page."""
    write_bytes(project_root() / PAGE, write_page().encode())


if __name__ == "__main__":
    main()
