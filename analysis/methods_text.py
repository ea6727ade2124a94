"""Writes the methods paragraph of the run at hand, ready to paste, and the references that it cites."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from analysis.coding_text import coding_paragraph
from analysis.display import Shown, shown_text
from analysis.measures.coding import measure_alphas

PACKAGES = ("numpy", "pandas", "scikit-learn", "scipy")
"""Whose versions the paragraph names."""

_CITED = re.compile(r"\[([a-z]+\d{4}(?:; [a-z]+\d{4})*)\]")
_COUNTING = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def write_methods(study) -> str:
    """Write the methods paragraph of a study: corpus, variants, filters, families, seeds, versions.

    Parameters
    ----------
    study : analysis.study.Study
        The study; results that are not there yet are computed.

    Returns
    -------
    str
        Plain paragraphs with citations by author and year, and a list of the works cited.
    """
    return cite_works(draft_methods(study))


def cite_works(text: str) -> str:
    """Write citations by author and year, and list the works.

    Parameters
    ----------
    text : str
        With citations such as ``[dunning1993; gries2008]``.

    Returns
    -------
    str
        The text and its references; an empty text stays empty.
    """
    if not text:
        return ""
    works = "\n".join(f"- {_work(load_references()[key])}" for key in cited_keys(text))
    return f"{_CITED.sub(_cite, text)}\n\nReferences\n\n{works}\n"


def draft_methods(study) -> str:
    """Write the methods paragraph with the keys of the works that it cites.

    Parameters
    ----------
    study : analysis.study.Study
        The study; results that are not there yet are computed.

    Returns
    -------
    str
        Plain paragraphs with citations such as ``[dunning1993; gries2008]``, which `cited_keys` lists.
    """
    return "\n\n".join(text for text in (part(study) for part in (*_PARTS, _software)) if text)


def show_methods(study) -> Shown:
    """Show the methods paragraph in a notebook.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    analysis.display.Shown
        For the last line of a cell.
    """
    return shown_text(write_methods(study))


def write_bibtex(study) -> str:
    """Write the BibTeX entries of the works that the methods paragraph cites.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    str
        Entries sorted by key.
    """
    keys = cited_keys(draft_methods(study))
    return "\n".join(load_references()[key]["entry"] + "\n" for key in keys)


def cited_keys(text: str) -> list[str]:
    """List the works that a draft cites.

    Parameters
    ----------
    text : str
        With citations such as ``[dunning1993; gries2008]``.

    Returns
    -------
    list of str
        Keys, each once, sorted.
    """
    found = [set(keys.split("; ")) for keys in _CITED.findall(text)]
    # a bloc may be called [somebody2020]
    return sorted(set().union(*(keys for keys in found if keys <= set(load_references()))))


@cache
def load_references() -> dict[str, dict[str, str]]:
    """Read the works that can be cited.

    Returns
    -------
    dict
        Key to its fields in lower case, and ``entry``, the whole BibTeX entry.
    """
    text = (Path(__file__).parent / "references.bib").read_text(encoding="utf-8")
    found = {}
    for entry in re.findall(r"^@\w+\{.*?^\}", text, re.MULTILINE | re.DOTALL):
        key = re.match(r"@\w+\{([^,]+),", entry).group(1)
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", entry, re.MULTILINE))
        found[key] = {name.lower(): value for name, value in fields.items()} | {"entry": entry}
    return found


def _cite(match: re.Match) -> str:
    """Name works by author and year."""
    names, keys = [], match.group(1).split("; ")
    if not set(keys) <= set(load_references()):
        return match.group(0)
    for key in keys:
        work = load_references()[key]
        authors = [_plain(author.partition(",")[0]) for author in work["author"].split(" and ")]
        if len(authors) > 2:
            name = f"{authors[0]} et al."
        else:
            name = " & ".join(authors)
        names.append(f"{name}, {work['year']}")
    return f"({'; '.join(names)})"


def _work(work: dict[str, str]) -> str:
    """Write one work as a list of references does."""
    authors = work["author"].replace(" and ", "; ")
    where = next(
        (work[name] for name in ("journal", "booktitle", "publisher", "howpublished") if name in work), ""
    )
    volume = f" {work['volume']}" if "volume" in work else ""
    number = f"({work['number']})" if "number" in work else ""
    pages = f", {work['pages'].replace('--', '–')}" if "pages" in work else ""
    return _plain(f"{authors} ({work['year']}). {work['title']}. {where}{volume}{number}{pages}.")


def _plain(text: str) -> str:
    """Write TeX's accents as letters and drop its braces."""
    marks = {r"{\'a}": "á", r"{\"a}": "ä", r"{\'o}": "ó", r"{\"o}": "ö", r"{\"u}": "ü", r"{\'e}": "é"}
    for tex, letter in marks.items():
        text = text.replace(tex, letter)
    return text.replace("{", "").replace("}", "")


def _number(count: int, noun: str) -> str:
    """Write a number with its noun."""
    said = _COUNTING[count] if count < len(_COUNTING) else f"{count:,}"
    return f"{said} {noun}{'' if count == 1 else 's'}"


def _corpus(study) -> str:
    """Describe the corpus."""
    corpus, config = study.corpus, study.config
    blocs = corpus.grouping("bloc")
    sizes = ", ".join(f"{label} {len(rows)}" for label, rows in blocs.members.items())
    dates = sorted(str(article.published)[:10] for article in corpus.articles if article.published)
    span = f"from {dates[0]} to {dates[-1]}" if dates and dates[0] != dates[-1] else "".join(dates[:1])
    span = f", published {span}" if span else ""
    tokens = int(study.counts.sizes.sum())
    outlets = len(corpus.grouping("outlet").labels)
    removed = len(study.result("cleaning").table)
    return (
        f"The corpus holds {_number(len(corpus), 'article')} ({tokens:,} tokens) of "
        f"{_number(outlets, 'outlet')}{span}, "
        f"grouped into blocs ({sizes}). Boilerplate was removed by documented rules ({_number(removed, 'passage')}). "
        f"{_copies(study)}"
        f"Terms are {'lemmas' if config.terms.lemmas else 'tokens in lower case'}"
        f"{f' and n-grams of up to {config.terms.ngrams} tokens' if config.terms.ngrams > 1 else ''}; "
        f"{'an English stop list was' if config.terms.stop_words == 'english' else 'no stop list was'} applied to "
        f"rankings, not to denominators."
    )


def _copies(study) -> str:
    """Describe the copies of one text and what was done with them, if there are any."""
    table = study.result("duplicates").table
    if table.empty:
        return ""
    groups = table["group_id"].nunique()
    done = {
        "one": "one article of each group was kept",
        "weight": "all were kept, each of the m copies of a text with 1 / m of its weight; what is said of articles "
        "holds for texts: copies are resampled, permuted and left out together, and themes were found in one of each "
        "group",
    }.get(study.config.corpus.duplicates, "all were kept")
    return (
        f"{_number(len(table), 'article').capitalize()} of those admitted were copies of {_number(groups, 'text')}, "
        f"exact or edited (MinHash candidates [broder1997], compared by the share of each that is the same text in the "
        f"other); {done}. "
    )


def _terms(study) -> str:
    """Describe the term contrasts."""
    table, config = study.result("contrasts").table, study.config
    if table.empty:
        return ""
    families = sorted(set(table["family"].astype(int)))
    size = f"{families[0]:,}" if len(families) == 1 else f"{families[0]:,} to {families[-1]:,}"
    return (
        f"Every outlet and bloc was set against all others and against each other. Terms with at least "
        f"{config.terms.min_count} occurrences in at least {_number(config.terms.min_articles, 'article')} "
        f"formed the "
        f"family of {size} terms, fixed before anything was tested. We report the log-likelihood ratio in its "
        f"four-term "
        f"form, signed [dunning1993], the log ratio with 0.5 added to all counts [walter1975; hardie2014], the "
        f"log-odds "
        f"with an informative Dirichlet prior of {config.contrasts.prior_tokens:g} tokens, in standard errors "
        f"with the "
        f"two-term variance [monroe2008], and the dispersion DP [gries2008]. The distance between two "
        f"vocabularies is "
        f"their Jensen-Shannon divergence in bits [lin1991; gallagher2021]."
    )


def _themes(study) -> str:
    """Describe the themes."""
    result = study.result("themes")
    if result.table.empty:
        return ""
    k, config = result.table["theme_id"].nunique(), study.config
    return (
        f"Themes are the {_number(k, 'factor')} of a non-negative matrix factorisation of TF-IDF weighted "
        f"paragraphs of at "
        f"least {config.themes.min_tokens} tokens (deterministic start"
        f"{', number chosen by stability over articles' if config.themes.k == 'auto' else ''}); their stability "
        f"is the average Jaccard "
        f"index of "
        f"the top ten terms when the model is fitted again without each article [greene2014]."
    )


def _actors(study) -> str:
    """Describe mentions and sentiment."""
    mentions, scores = study.result("mentions").table, study.result("scores")
    actors = mentions["actor_id"].nunique()
    found = f"{_number(len(mentions), 'mention').capitalize()} of {_number(actors, 'actor')} were"
    if len(mentions) < 2:
        found = "One mention of an actor was" if len(mentions) else "No mention of an actor was"
    base = (
        f"{found} found by a table "
        f"of names, "
        f"metonyms, demonyms, dated offices and short forms; pronouns were not resolved."
    )
    if mentions.empty:
        return base
    cited = "[hutto2014]" if scores.params["scorer"].startswith("lexicon") else "[hamborg2021]"
    summary = str(scores.provenance["benchmark"]["summary"]).rstrip(".")
    return (
        f"{base} Sentiment toward the actor was scored for every mention in its sentence, names masked, by "
        f"{scores.params['scorer']} ({summary}) {cited}; balance is the mean of positive minus negative."
    )


def _inference(study) -> str:
    """Describe intervals and tests, and what was withheld."""
    table, settings = study.result("contrasts").table, study.config.statistics
    bloc = table[(table["level"] == "bloc")] if len(table) else table
    tested = bool(len(bloc)) and bool(bloc["p"].notna().any())
    texts, noun = study.corpus.texts, "text" if study.corpus.copies else "article"
    sizes = [
        len({texts[row] for row in rows}) for rows in study.corpus.grouping("bloc").members.values()
    ]
    start = "The article is the unit of evidence. "
    if not tested:
        fewest, most = min(sizes, default=0), max(sizes, default=0)
        spread = _number(most, noun) if fewest == most else f"{fewest} to {most} {noun}s"
        reason = f"With {spread} a bloc no permutation test can reach p = {settings.alpha:g}"
        if len(sizes) < 2:
            reason = "A test sets one bloc against another, and there is one only"
        elif bloc.empty:
            reason = "No term is frequent enough to be tested"
        return (
            f"{start}{reason}; p, q and intervals are therefore withheld and all results are "
            f"descriptive "
            f"[lijffijt2016]."
        )
    return (
        f"{start}Intervals are {100 * (1 - settings.alpha):g} % and resample articles within groups "
        f"({settings.bootstrap:,} "
        f"replicates, Poisson weights [hanley2006], levels expanded for small samples and adjusted for skewness "
        f"[hesterberg2015; efron1987], random state {settings.random_state}); they are given from "
        f"{settings.min_articles_interval} articles a group. Tests permute articles (exactly where possible, else "
        f"{settings.permutations:,} permutations) [lijffijt2016]; q controls the false discovery rate within "
        f"the family "
        f"[benjamini1995]. Where the number of articles cannot reach p = {settings.alpha:g}, p and q are withheld."
    )


def _robustness(study) -> str:
    """Describe the multiverse."""
    summary = study.result("multiverse_summary").table
    total = summary[summary["choice"] == ""]
    if total.empty:
        return ""
    low, high = 100 * total["same_sign"].min(), 100 * total["same_sign"].max()
    return (
        f"{_number(len(total), 'headline claim').capitalize()} were repeated under "
        f"{int(total['n_specifications'].sum()):,} "
        f"specifications [steegen2016; simonsohn2020]; {low:.0f} to {high:.0f} % of a claim's specifications "
        f"keep its sign."
    )


def _software(study) -> str:
    """Name program and versions."""
    named = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Computed with the comparative framing study {version('comparative-framing-study')} ({named}); every number "
        f"leads to its sentences, and a second run gives the same bytes."
    )


def _coding(study) -> str:
    """Describe the codings of sentiment, if there are any."""
    coded = study.coded_mentions
    if not coded.coders:
        return ""
    # a study's codings need not be people's: whoever wrote them down says so there
    passes = f"{_number(len(coded.coders), 'coding').capitalize()} (made as seeds/codings/README.md says)"
    return coding_paragraph(
        measure_alphas(coded, study.config.statistics).table,
        study.result("machine_classes").table,
        study.result("machine_balance").table,
        unit="mention",
        coders=passes,
        scorer=study.config.sentiment.scorer,
    )


_PARTS = (_corpus, _terms, _themes, _actors, _coding, _inference, _robustness)
"""The paragraphs, in their order; each writes nothing where it has nothing to say."""
