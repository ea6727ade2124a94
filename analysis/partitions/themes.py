"""Themes of a study in partitions: fitted on a sample of whole articles, then weighed in every paragraph."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StudyConfig
from analysis.counts import are_words
from analysis.errors import ParameterError
from analysis.measures.contrast_blocks import take_ranges
from analysis.measures.theme_groups import ArticleThemes, weigh_groups
from analysis.measures.theme_model import ThemeParagraphs, by_weight, fit_themes, most_themes, one_thread
from analysis.measures.theme_stability import measure_model_stability
from analysis.measures.themes import describe_model
from analysis.partitions.assembly import PartedCorpus
from analysis.partitions.kernels import solve_weights
from analysis.partitions.storage import load_array, save_arrays, writing
from analysis.schema.results import as_declared

_SWEEPS = 1000


@dataclass(frozen=True)
class ThemeFitting:
    """The theme model of a study in partitions.

    Parameters
    ----------
    described : pandas.DataFrame
        One row per theme.
    paragraphs : ThemeParagraphs
        Of the sample.
    names : list of str
        The articles of the sample, sorted.
    positions : numpy.ndarray
        Their positions in the corpus.
    weights, components : numpy.ndarray
        W of the sample's paragraphs, and H.
    stability : pandas.DataFrame
        The table ``theme_stability``.
    why : str
        Why there are no themes; empty where there are.
    """

    described: pd.DataFrame
    paragraphs: ThemeParagraphs
    names: list[str]
    positions: np.ndarray
    weights: np.ndarray
    components: np.ndarray
    stability: pd.DataFrame
    why: str = ""


def choose_sample(names: Sequence[str], most: int, random_state: int) -> np.ndarray:
    """Choose the articles that themes are fitted on: those whose hash with the seed is smallest.

    Parameters
    ----------
    names : sequence of str
        The article_ids, sorted.
    most : int
        ``[themes] sample``.
    random_state : int
        The study's seed.

    Returns
    -------
    numpy.ndarray
        Their positions, ascending; all of them where there are no more.
    """
    if len(names) <= most:
        return np.arange(len(names))
    hashes = [hashlib.sha256(f"{random_state}:sample:{name}".encode()).digest() for name in names]
    order = sorted(range(len(names)), key=hashes.__getitem__)
    return np.array(sorted(order[:most]), dtype=np.int64)


@one_thread()
def fit_sample(corpus: PartedCorpus, config: StudyConfig) -> ThemeFitting:
    """Fit the themes on a sample of articles, as `analysis.measures.themes.measure_themes` does on all.

    Parameters
    ----------
    corpus : PartedCorpus
        The articles.
    config : StudyConfig
        The settings.

    Returns
    -------
    ThemeFitting
        Without themes where the sample holds too few paragraphs or terms.
    """
    statistics, themes = config.statistics, config.themes
    positions = choose_sample(corpus.ids, themes.sample, statistics.random_state)
    names = [corpus.ids[position] for position in positions]
    paragraphs = _load_paragraphs(corpus, positions, config)
    empty = as_declared(pd.DataFrame(), "theme_stability")
    nothing = np.zeros((0, 0))
    try:
        stability = empty
        stability = measure_model_stability(paragraphs, names, themes=themes, statistics=statistics).table
        k = int(stability.loc[stability["chosen"], "k"].item()) if themes.k == "auto" else themes.k
        most_themes(paragraphs, k)
    except ParameterError as error:
        return ThemeFitting(
            pd.DataFrame(), paragraphs, names, positions, nothing, nothing, stability, str(error)
        )
    fit = by_weight(fit_themes(paragraphs.counts, k))
    sums = np.zeros((len(names), k))
    np.add.at(sums, paragraphs.article, fit.weights)
    settings = replace(themes, k=k), statistics.random_state
    described = describe_model(paragraphs, fit.components, sums, names, settings)
    return ThemeFitting(described, paragraphs, names, positions, fit.weights, fit.components, stability)


def _load_paragraphs(corpus: PartedCorpus, positions: np.ndarray, config: StudyConfig) -> ThemeParagraphs:
    """Gather the sample's paragraphs from all parts, as `count_paragraphs` makes them."""
    from pyarrow.parquet import read_table

    number = np.full(len(corpus), -1, dtype=np.int64)
    number[positions] = np.arange(len(positions))
    pieces, everything = [], 0
    for folder, rank in zip(corpus.folders, corpus.ranks, strict=True):
        sampled = np.where(rank >= 0, number[rank], -1)
        total = read_table(folder / "articles.parquet", columns=["n_paragraphs"])["n_paragraphs"].to_numpy()
        everything += int(total[sampled >= 0].sum())
        own = sampled[load_array(folder, "paragraph_article")]
        chosen = np.flatnonzero(own >= 0)
        offsets = load_array(folder, "paragraph_indptr")
        where = take_ranges(offsets, chosen)
        used, column = np.unique(load_array(folder, "paragraph_terms")[where], return_inverse=True)
        names = read_table(folder / "terms.parquet", columns=["term"])["term"].take(used).to_pylist()
        places = np.stack(
            [own, load_array(folder, "paragraph_start"), load_array(folder, "paragraph_end")], axis=1
        )
        lengths = np.diff(offsets)[chosen]
        counts = load_array(folder, "paragraph_counts")[where].astype(np.int64)
        pieces.append((places[chosen], lengths, np.array(names, dtype=object)[column], counts))
    place = np.concatenate([piece[0] for piece in pieces]).astype(np.int64)
    lengths = np.concatenate([piece[1] for piece in pieces])
    words = np.concatenate([piece[2] for piece in pieces])
    counts = np.concatenate([piece[3] for piece in pieces])
    terms = sorted(set(words.tolist()))
    at = {term: column for column, term in enumerate(terms)}
    columns = np.array([at[word] for word in words], dtype=np.int64)
    matrix = sparse.csr_matrix(
        (counts, columns, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(place), len(terms))
    )
    order = np.lexsort((place[:, 1], place[:, 0]))
    matrix, place = matrix[order].tocsc(), place[order]
    present = np.diff(matrix.indptr)
    themes = config.themes
    kept = (present >= themes.min_paragraphs) & (present <= themes.max_share * max(1, len(place)))
    kept = np.flatnonzero(kept & are_words(terms, config.terms))
    matrix = matrix[:, kept].tocsr()
    matrix.sort_indices()
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    vocabulary = tuple(terms[column] for column in kept)
    return ThemeParagraphs(*place[filled].T, matrix[filled], vocabulary, everything - len(filled))


def save_model(fitting: ThemeFitting, folder: Path) -> None:
    """Write what the paragraphs of all parts are weighed with.

    Parameters
    ----------
    fitting : ThemeFitting
        The model.
    folder : pathlib.Path
        Where to; it is made.
    """
    import pyarrow
    from pyarrow.parquet import write_table
    from sklearn.feature_extraction.text import TfidfTransformer

    if folder.is_dir():
        return
    idf = TfidfTransformer(norm="l2", smooth_idf=True).fit(fitting.paragraphs.counts).idf_
    terms = pyarrow.array(fitting.paragraphs.terms, pyarrow.large_string())
    with writing(folder) as partial:
        write_table(pyarrow.table({"term": terms}), partial / "terms.parquet")
        gram = fitting.components @ fitting.components.T
        save_arrays(partial, idf=idf, components=fitting.components, gram=gram)


def weigh_part(job: tuple[str, str], part: tuple[str, int]) -> str:
    """Weigh the themes in every paragraph of a part: non-negative least squares with H held fixed.

    Parameters
    ----------
    job : (str, str)
        The folder of the model, and the name of the partial results without the part's number.
    part : (str, int)
        The part's folder and number.

    Returns
    -------
    str
        A folder with the arrays ``sums`` (articles of the part, k) and ``paragraphs`` (articles of the part):
        those that carry themes.
    """
    import pyarrow.compute as compute
    from pyarrow.parquet import read_table

    folder, source = Path(f"{job[1]}-{part[1]}"), Path(part[0])
    if folder.is_dir():
        return folder.as_posix()
    model = Path(job[0])
    idf, components = load_array(model, "idf"), load_array(model, "components")
    own = read_table(source / "terms.parquet", columns=["term"])["term"].combine_chunks()
    wanted = read_table(model / "terms.parquet")["term"].combine_chunks()
    columns = compute.index_in(own, value_set=wanted).fill_null(-1).to_numpy(zero_copy_only=False)
    offsets, article = load_array(source, "paragraph_indptr"), load_array(source, "paragraph_article")
    articles = read_table(source / "articles.parquet", columns=["row"]).num_rows
    sums, paragraphs = np.zeros((articles, len(components))), np.zeros(articles, dtype=np.int64)
    gram, mass = load_array(model, "gram"), components.sum(axis=1)
    for start in range(0, len(article), 50_000):
        rows = np.arange(start, min(start + 50_000, len(article)))
        where = slice(int(offsets[rows[0]]), int(offsets[rows[-1] + 1]))
        column = columns[load_array(source, "paragraph_terms")[where]]
        row = np.repeat(rows - start, np.diff(offsets[start : rows[-1] + 2]))
        kept = column >= 0
        row, column = row[kept], column[kept]
        values = load_array(source, "paragraph_counts")[where][kept] * idf[column]
        norm = np.sqrt(np.bincount(row, values**2, minlength=len(rows)))
        cells = (values / norm[row], (row, column))
        matrix = sparse.csr_matrix(cells, shape=(len(rows), components.shape[1]))
        weights = solve_weights(np.ascontiguousarray(matrix @ components.T), np.asarray(gram), _SWEEPS)
        np.add.at(sums, article[rows], (weights * mass).round(6))
        np.add.at(paragraphs, article[rows], (norm > 0).astype(np.int64))
    with writing(folder) as partial:
        save_arrays(partial, sums=sums, paragraphs=paragraphs)
    return folder.as_posix()


def join_weights(corpus: PartedCorpus, fitting: ThemeFitting, folders: Sequence[str] | None) -> ArticleThemes:
    """Put the articles' weights together.

    Parameters
    ----------
    corpus : PartedCorpus
        The articles.
    fitting : ThemeFitting
        The model.
    folders : sequence of str or None
        The results of `weigh_part`; None where the sample is the whole corpus, whose weights the fit has.

    Returns
    -------
    ArticleThemes
        Of all articles.
    """
    sums = np.zeros((len(corpus), len(fitting.components)))
    sizes = np.zeros(len(corpus), dtype=np.int64)
    if folders is None:
        np.add.at(sums, fitting.positions[fitting.paragraphs.article], fitting.weights)
        np.add.at(sizes, fitting.positions[fitting.paragraphs.article], 1)
    else:
        for folder, rank in zip(folders, corpus.ranks, strict=True):
            kept = rank >= 0
            sums[rank[kept]] = load_array(Path(folder), "sums")[kept]
            sizes[rank[kept]] = load_array(Path(folder), "paragraphs")[kept]
    return ArticleThemes(corpus.ids, sums, sizes)


def themes_table(
    corpus: PartedCorpus, fitting: ThemeFitting, articles: ArticleThemes, config: StudyConfig
) -> pd.DataFrame:
    """Weigh the themes in every outlet and bloc.

    Parameters
    ----------
    corpus : PartedCorpus
        The articles.
    fitting : ThemeFitting
        The model.
    articles : ArticleThemes
        The weights of all articles.
    config : StudyConfig
        The settings.

    Returns
    -------
    pandas.DataFrame
        The table ``themes`` without its rows of single articles.
    """
    if fitting.why:
        return as_declared(pd.DataFrame(), "themes")
    groups = [
        weigh_groups(articles, corpus.grouping(level), config.statistics) for level in ("outlet", "bloc")
    ]
    return as_declared(pd.concat(groups).join(fitting.described, on="theme"), "themes")
