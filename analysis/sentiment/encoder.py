"""`encoder.v1` and `encoder-small.v1`: trained encoders that read a mention's sentence, every actor's name masked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ScorerError
from analysis.sentiment.contract import CLASSES
from analysis.sentiment.encoder_input import (
    Encoded,
    Reader,
    clear_places,
    collate,
    find_batches,
    find_repeats,
)

CHUNK = 1024
"""Mentions that are encoded at a time, so that memory stays flat."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class EncoderScorer:
    """MPNet (Song et al. 2020) trained on NewsMTSC (Hamborg & Donnay 2021), the actor's name masked.

    It scores the mention and not the sentence: two actors of one sentence can get different scores. Which
    actor is meant it cannot know, since a mask stands for the name and for its repetitions, and one neutral
    word for every other actor. What it learned, how well it does and where it fails is told in
    docs/model-card-encoder.md.

    Parameters
    ----------
    model : path, optional
        The model file; by default the one beside this module.
    threads : int
        Threads of the network.
    batch : int
        The most mentions that the network reads at a time; the scores do not depend on it.
    visible : bool
        Leave the actor's own name to be read. For comparison only: what the encoder believes of the name
        then colours the score.

    References
    ----------
    Hamborg, F., & Donnay, K. (2021). NewsMTSC: A dataset for (multi-)target-dependent sentiment
    classification in political news articles. EACL.
    """

    name = "encoder"
    version = "v1"

    def __init__(self, model: Path | None = None, *, threads: int = 1, batch: int = 8, visible: bool = False):
        self.model = model
        self.threads = threads
        self.batch = batch
        self.visible = visible

    @cached_property
    def benchmark(self) -> Mapping[str, Any]:
        """Measured accuracy, and the hash of the measured model, from the card beside this module."""
        return json.loads(Path(__file__).with_name(f"{self.name}_card.json").read_text(encoding="utf-8"))

    @cached_property
    def _network(self):
        """Load the model when it is first used; it is the file that was measured, or an error."""
        import onnxruntime
        from tokenizers import Tokenizer

        model = self.model or Path(__file__).with_name(f"{self.name}.{self.version}.onnx")
        data = _read_model(model, self.benchmark["sha256"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        # errors only: what cannot be used is told by an exception
        options.log_severity_level = 3
        # the weights stay in 4 bits as they were measured, instead of being fused into another kernel
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        tokenizer = session.get_modelmeta().custom_metadata_map["tokenizer"]
        return session, Reader(Tokenizer.from_str(tokenizer))

    def score(self, mentions: pd.DataFrame) -> pd.DataFrame:
        """Score each mention in its sentence.

        Parameters
        ----------
        mentions : pandas.DataFrame
            As in `analysis.sentiment.contract.Scorer`. Without ``same``, the names of the same words as the
            mention are taken for the same actor.

        Returns
        -------
        pandas.DataFrame
            The three classes in thousandths: further digits differ between processors.

        Raises
        ------
        ScorerError
            The model file is missing, or is not the one that was measured.
        """
        scores = np.empty((len(mentions), len(CLASSES)))
        columns = [mentions[name].tolist() for name in ("text", "start", "end", "names")]
        same = mentions["same"].tolist() if "same" in mentions else [None] * len(mentions)
        requests = zip(*columns, same, strict=True)
        for at in range(0, len(mentions), CHUNK):
            part = [mask_actors(*request) for request in islice(requests, CHUNK)]
            scores[at : at + CHUNK] = self._classify(part)
        return pd.DataFrame(_round_shares(scores), columns=list(CLASSES), index=mentions.index)

    def _classify(self, requests: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """Compute probabilities; what reads the same is computed once."""
        session, reader = self._network
        rows: list[Encoded] = []
        position: dict[tuple, int] = {}
        places = []
        for row in reader.read(requests, visible=self.visible):
            key = (row[0].tobytes(), *row[1:])
            if key not in position:
                position[key] = len(rows)
                rows.append(row)
            places.append(position[key])
        found = np.empty((len(rows), len(CLASSES)))
        for batch in find_batches(rows, self.batch):
            ids, target = collate([rows[i] for i in batch], reader.number["pad"])
            found[batch] = session.run(None, {"ids": ids, "target": target})[0]
        return favour_positive(found, self.benchmark.get("bias", 0.0))[places]


class SmallEncoderScorer(EncoderScorer):
    """MiniLM (Wang et al. 2020), its layers made narrower, taught by `encoder.v1` on the sentences of NewsMTSC.

    It reads what `EncoderScorer` reads, about ten times as fast and less well: for corpora on which that one takes
    days. docs/model-card-encoder-small.md tells how well it does and where it fails.
    """

    name = "encoder-small"


def favour_positive(shares: np.ndarray, bias: float) -> np.ndarray:
    """Raise the odds of the positive class.

    The network calls fewer mentions positive than people do; the bias on its card makes the mean balance of the dev
    files the coded one (`benchmarks/calibrate.py`).

    Parameters
    ----------
    shares : numpy.ndarray
        Of shape (n, 3): the three classes.
    bias : float
        Added to the logarithm of the odds.

    Returns
    -------
    numpy.ndarray
        Of shape (n, 3), rows that add up to 1.

    Examples
    --------
    >>> favour_positive(np.array([[0.25, 0.25, 0.5]]), np.log(2)).round(3).tolist()
    [[0.167, 0.167, 0.667]]
    """
    raised = shares * np.array([1.0, 1.0, np.exp(bias)])
    return raised / raised.sum(axis=1, keepdims=True)


def mask_actors(text: str, start: int, end: int, names: Sequence, same: Sequence | None) -> dict[str, Any]:
    """Say which places of a sentence are masked for a mention, and which are other actors.

    Parameters
    ----------
    text : str
        The sentence.
    start, end : int
        The mention.
    names : sequence of (int, int)
        Every actor's mentions in the sentence.
    same : sequence of (int, int) or None
        This actor's further mentions; None where that is not known.

    Returns
    -------
    dict
        A mention as `analysis.sentiment.encoder_input.cut_sentence` takes it. The words of the mention are
        masked wherever they stand, except within another actor's name.

    Examples
    --------
    >>> found = mask_actors("Ford sued Ford Motor and Ford.", 0, 4, [(0, 4), (10, 20)], [])
    >>> found["same"], found["others"]
    ([(25, 29)], [(10, 20)])
    """
    # half a surrogate pair is no character, and the tokenizer would refuse it
    text = _SURROGATE.sub("\ufffd", text)
    start, end = int(start), int(end)
    if same is None:
        words = text[start:end].casefold()
        same = [(a, b) for a, b in names if text[a:b].casefold() == words]
    own = clear_places(same, [(start, end)])
    others = clear_places(names, [(start, end), *own])
    own = sorted([*own, *clear_places(find_repeats(text, start, end), [(start, end), *own, *others])])
    return {"text": text, "start": start, "end": end, "same": own, "others": others}


def _read_model(path: Path, expected: str) -> bytes:
    """Read the model file, and make sure before it is loaded that it is the one that was measured."""
    remedy = "restore it from the repository or install the package again"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScorerError(f"model file {path.name} cannot be read: {error.strerror}; {remedy}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ScorerError(
            f"model file {path.name} is not the one that was measured: found sha256 {found}, expected {expected}; "
            f"{remedy}"
        )
    return data


def _round_shares(scores: np.ndarray) -> np.ndarray:
    """Round to thousandths that add up to 1: what is missing goes to those that lost most."""
    parts = scores * 1000
    whole = np.floor(parts)
    missing = np.round(1000 - whole.sum(axis=1)).astype(int)
    order = np.argsort(-(parts - whole), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return (whole + (rank < missing[:, None])) / 1000
