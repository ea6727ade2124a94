"""Makes articles of any text, and words that no other text has."""

from __future__ import annotations

from datetime import date

import numpy as np

from analysis.corpus import Article


def article(name: str, text: str, *, outlet: str = "alpha", published: str = "") -> Article:
    """Make an article; `published` is a day."""
    day = date.fromisoformat(published) if published else None
    return Article(
        article_id=name,
        outlet_id=outlet,
        outlet=outlet.title(),
        bloc="East",
        bloc_alternative="",
        title=name,
        author="",
        published=published,
        published_range=(day, day) if day else None,
        received=text,
        text=text,
        typographic=text,
        offsets=np.arange(len(text)),
    )


def words(n: int, start: int = 0) -> list[str]:
    """Return `n` different words; those from another start are others."""
    letters = "bcdfghjklmnpqrstvwxz"
    return [
        "".join(letters[number // 20**power % 20] + "aeiou"[(number + power) % 5] for power in range(3))
        for number in range(start, start + n)
    ]
