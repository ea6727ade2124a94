"""What is planted in the corpora of the calibration: terms and ratios whose true values are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

QUANTITIES = 100
"""Independent planted quantities in each corpus."""

FALSE_POSITIVES, POWER = "false positives", "power"

_DENOMINATOR_SHAPE = 20.0  # of the gamma by which an article's theme weight varies about its length


@dataclass(frozen=True)
class PlantedTerm:
    """A term in two groups of articles; its true value is log2 (rate1 / rate2).

    An article of d tokens holds a Poisson number of the term with mean d times a gamma draw with mean rate
    and variance dispersion times rate^2: counts are negative binomial, with variance m + dispersion m^2.

    Parameters
    ----------
    rates : tuple of float
        Expected occurrences per token in the two groups.
    dispersion : float
        How much the rate varies between articles; 0 would be independent tokens.
    """

    rates: tuple[float, float]
    dispersion: float

    @property
    def truth(self) -> float:
        """The log ratio of the expected rates."""
        return float(np.log2(self.rates[0] / self.rates[1]))


@dataclass(frozen=True)
class PlantedMean(PlantedTerm):
    """A term in two groups of two outlets each; its true value is the log ratio of the means over outlets.

    Two thirds of a group's articles are from an outlet whose rate is half as high again as the group's, the
    others from one whose rate is half of it, so that pooled rates and means over outlets differ.
    """


@dataclass(frozen=True)
class PlantedRatio:
    """A ratio of sums over one group's articles; its true value is the ratio of their expectations.

    Parameters
    ----------
    plant : callable
        Takes a generator and (articles, quantities), returns numerators and denominators of that shape.
    truth : float
        E[numerator] / E[denominator].
    share : bool
        Whether an article's numerator is a part of its denominator: then the interval is that of shares.
    """

    plant: Callable[[np.random.Generator, tuple[int, int]], tuple[np.ndarray, np.ndarray]]
    truth: float
    share: bool = False


def plant_lengths(generator: np.random.Generator, shape) -> np.ndarray:
    """Draw the lengths of news articles: log-normal about 570 tokens, from 200 to 1,200.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of chance.
    shape : int or tuple of int
        How many.

    Returns
    -------
    numpy.ndarray
        Whole numbers, as float64.
    """
    return np.clip(np.exp(generator.normal(6.35, 0.45, shape)), 200, 1200).round()


def plant_outlets(articles: int) -> np.ndarray:
    """Say which of two outlets each article of two groups is from: two thirds of each group from the first.

    Parameters
    ----------
    articles : int
        Of both groups together.

    Returns
    -------
    numpy.ndarray
        Of shape (articles,): 0 or 1.
    """
    size = articles // 2
    return np.tile((3 * np.arange(size) >= 2 * size).astype(int), 2)


def _plant_rate(generator, shape):
    """Mentions of an actor: 3 in 1,000 tokens, as uneven as a rarer term."""
    lengths = plant_lengths(generator, (shape[0], 1))
    return generator.poisson(0.003 * lengths * generator.gamma(1.0, 1.0, shape)).astype(float), lengths


def _plant_balance(generator, shape):
    """Mentions of an actor with scores -1, 0, 1; articles with many mentions are the more negative.

    An article has 1 + negative binomial (mean 4, variance 20) mentions. A share of them that is beta (mean .6)
    is not neutral, and of these a share is positive that is beta with mean .45, or .25 from six mentions on.
    """
    mentions = 1 + generator.negative_binomial(1, 0.2, shape)
    mean = np.where(mentions >= 6, 0.25, 0.45)
    judged = generator.binomial(mentions, generator.beta(3.6, 2.4, shape))
    positive = generator.binomial(judged, generator.beta(4 * mean, 4 * (1 - mean)))
    return (2.0 * positive - judged), mentions.astype(float)


def _balance_truth() -> float:
    """Sum over the distribution of mentions: E[.6 (2 p(M) - 1) M] / E[M], with P(M = 1 + k) = .2 .8^k."""
    mentions = np.arange(1, 500)
    weight = 0.2 * 0.8 ** (mentions - 1) * mentions
    return float((weight * 0.6 * (2 * np.where(mentions >= 6, 0.25, 0.45) - 1)).sum() / weight.sum())


def _plant_share(mean: float, concentration: float):
    """A theme's share of an article's weight: beta; the weight follows the article's length."""

    def plant(generator, shape):
        whole = plant_lengths(generator, shape) * generator.gamma(
            _DENOMINATOR_SHAPE, 1 / _DENOMINATOR_SHAPE, shape
        )
        return whole * generator.beta(mean * concentration, (1 - mean) * concentration, shape), whole

    return plant


PLANTED: dict[str, PlantedTerm | PlantedRatio] = {
    "frequent term, 2 : 1": PlantedTerm((0.010, 0.005), 0.3),
    "rarer term, 1 : 1": PlantedTerm((0.001, 0.001), 1.0),
    "rarer term, 4 : 1": PlantedTerm((0.002, 0.0005), 1.0),
    "rare term, 2 : 1": PlantedTerm((0.0006, 0.0003), 1.0),
    "mean over outlets, 4 : 1": PlantedMean((0.002, 0.0005), 1.0),
    "actor's rate": PlantedRatio(_plant_rate, 0.003),
    "actor's balance": PlantedRatio(_plant_balance, _balance_truth()),
    "theme's share": PlantedRatio(_plant_share(1 / 6, 2.0), 1 / 6, share=True),
    "small theme's share": PlantedRatio(_plant_share(0.08, 3.0), 0.08, share=True),
}
"""What is planted for coverage, by name."""

TESTED: dict[str, tuple[str, PlantedTerm]] = {
    "frequent term, 1 : 1": (FALSE_POSITIVES, PlantedTerm((0.005, 0.005), 0.3)),
    "rarer term, 1 : 1": (FALSE_POSITIVES, PlantedTerm((0.001, 0.001), 1.0)),
    "frequent term, 2 : 1": (POWER, PlantedTerm((0.010, 0.005), 0.3)),
    "rarer term, 4 : 1": (POWER, PlantedTerm((0.002, 0.0005), 1.0)),
}
"""What is planted for the tests, by name: the question, and the term."""


def plant_terms(
    planted: PlantedTerm, size: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Plant one corpus.

    Parameters
    ----------
    planted : PlantedTerm
        What each of its terms is.
    size : int
        Articles a group.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    counts : numpy.ndarray
        Of shape (2 size, `QUANTITIES`), the first group on top.
    lengths : numpy.ndarray
        Of shape (2 size,): tokens.
    """
    lengths = plant_lengths(generator, 2 * size)
    rates = np.repeat(planted.rates, size)[:, None] * lengths[:, None]
    if isinstance(planted, PlantedMean):
        rates = rates * np.array([1.5, 0.5])[plant_outlets(2 * size)][:, None]
    uneven = generator.gamma(1 / planted.dispersion, planted.dispersion, (2 * size, QUANTITIES))
    return generator.poisson(rates * uneven), lengths
