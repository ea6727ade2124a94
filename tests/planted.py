"""Builds a study whose themes, contrasts, sentiment and voices are planted, and known.

Every article is made of short paragraphs on actors (too short to carry a theme) and of long paragraphs on one
theme (which name no actor), so that what was planted can be counted exactly.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
BLOCS = ("Chinese", "Russian", "Western")

TERMS = {"Chinese": "harmony", "Russian": "encirclement", "Western": "accountability"}
"""The term that each bloc, and no other, uses: twice in every article."""

THEMES = {"Chinese": "trade", "Russian": "energy", "Western": "arms"}
"""The theme that has four of a bloc's six theme paragraphs in every article; the others have one each."""

THEME_SENTENCES = {
    "trade": (
        "The tariff on {0} was raised again, and importers of {1} said that they would pay for it.",
        "At the port the merchants counted {0} and {1}, while the customs office waited for the invoices.",
        "The currency fell, so that the loans of the importers were to be paid from the sale of {0}.",
        "No merchant would sign the invoices for {0} before the customs office had put a tariff on {1}.",
    ),
    "energy": (
        "The pipeline carries gas from the northern field, and the operator of it wants {0} as well as {1}.",
        "Engineers at the refinery said that the drilling for {0} had been cheaper than the one for {1}.",
        "The operator of the pipeline opened a valve, and the gas went to the refinery with {0}.",
        "Drilling in the northern field is slow, and the engineers are to bring {0} to the refinery.",
    ),
    "arms": (
        "The missile treaty bans {0}, and the inspectors were to see whether {1} had been moved.",
        "The generals counted each warhead and then, as the treaty asks, {0} and {1} on the airbase.",
        "On the airbase the inspectors were shown a missile, but it was {0} that the generals had in mind.",
        "Under the treaty a warhead is taken from {0} when the inspectors have been on the airbase.",
    ),
}
FILLERS = {
    "trade": ("soybeans", "textiles", "bicycles", "furniture", "timber", "cotton"),
    "energy": ("crude", "diesel", "methane", "kerosene", "propane", "asphalt"),
    "arms": ("torpedoes", "bombers", "radars", "howitzers", "frigates", "silos"),
}

TERM_SENTENCES = (
    "The editors of the paper spoke of {term} in their column.",
    "To the writer of the column it was a question of {term}.",
)
SENTENCES = {
    "positive": (
        "Observers praised {actor} for a generous and honest offer.",
        "{actor} won applause with a wise and friendly step.",
        "Many welcomed the great success that {actor} had.",
        "It was good and kind of {actor} to help.",
    ),
    "negative": (
        "Critics blamed {actor} for a cruel and dangerous mistake.",
        "{actor} threatened the village with terrible violence.",
        "The disaster showed how badly {actor} had failed.",
        "It was wrong and brutal of {actor} to lie.",
    ),
    "neutral": (
        "{actor} published the report on the same day.",
        "A delegate from {actor} came in the morning by train.",
        "{actor} will write a letter about the schedule.",
        "The map of {actor} is on the wall of the room.",
    ),
}
ALIASES = {
    "us": ("the United States", "Washington", "America"),
    "russia": ("Russia", "Moscow", "the Kremlin"),
    "china": ("China", "Beijing"),
}
OWN_VOICE = "NATO gave generous help to the town."
QUOTED_VOICE = '"NATO brought nothing but misery and fear," the minister said.'

# what each bloc says of each actor, in the order of its articles: balance is +, - or about 0
_PRAISE = (
    "positive positive positive neutral",
    "positive positive neutral neutral",
    "positive positive positive positive",
)
_BLAME = tuple(line.replace("positive", "negative") for line in _PRAISE)
_EVEN = (
    "positive negative neutral neutral",
    "positive positive negative neutral",
    "positive negative negative neutral",
)
STANCES = {
    "Chinese": {"us": _EVEN, "russia": _EVEN, "china": _PRAISE},
    "Russian": {"us": _BLAME, "russia": _PRAISE, "china": _EVEN},
    "Western": {"us": _PRAISE, "russia": _BLAME, "china": _EVEN},
}


@dataclass(frozen=True)
class Planted:
    """A study's folder, and what was planted in it: one row per mention (article, bloc, actor, voice, label)."""

    root: Path
    mentions: pd.DataFrame
    themes: pd.DataFrame


def build_planted(
    root: Path,
    *,
    blocs: tuple[str, ...] = BLOCS,
    outlets: int = 2,
    articles: int = 6,
    null: bool = False,
    actors: bool = True,
    settings: str = "",
) -> Planted:
    """Write a study with planted truth.

    With `null`, themes, terms and stances are drawn without regard to the bloc; without `actors`, no actor is
    mentioned. `settings` is added to study.toml.
    """
    texts = root / "seeds" / "texts"
    texts.mkdir(parents=True)
    shutil.copy(ROOT / "seeds" / "actors.csv", root / "seeds" / "actors.csv")
    (root / "seeds" / "cleaning.toml").touch()
    names = ", ".join(f'"{bloc}"' for bloc in blocs)
    (root / "study.toml").write_text(
        f'[study]\ntitle = "Planted"\n[groups]\nblocs = [{names}]\n[themes]\nk = 3\n'
        f"k_max = 4\nresamples = 5\n{settings}",
        encoding="utf-8",
    )
    generator = random.Random(7)
    outlet_rows, article_rows, mentions, themes = [], [], [], []
    for place, bloc in enumerate(blocs):
        kind = BLOCS[place % len(BLOCS)]
        for outlet in range(outlets):
            outlet_id = f"{bloc.lower().replace(' ', '-')}-{outlet + 1}"
            name = f"{bloc} Herald {outlet + 1}"
            outlet_rows.append({"outlet_id": outlet_id, "name": name, "label": "", "bloc": bloc})
            for number in range(articles):
                article_id = f"{outlet_id}_{number + 1:02}"
                paragraphs, planned = _theme_paragraphs(generator, None if null else THEMES[kind])
                themes += [{"article_id": article_id, "bloc": bloc, "theme": theme} for theme in planned]
                term = generator.choice(sorted(TERMS.values())) if null else TERMS[kind]
                paragraphs += [sentence.format(term=term) for sentence in TERM_SENTENCES]
                if actors:
                    found = _actor_paragraphs(generator, None if null else STANCES[kind], number + outlet)
                    paragraphs += [text for text, *_ in found]
                    keys = ("actor_id", "voice", "label")
                    mentions += [
                        {"article_id": article_id, "outlet": name, "bloc": bloc}
                        | dict(zip(keys, row, strict=True))
                        for _, *row in found
                    ]
                generator.shuffle(paragraphs)
                (texts / f"{article_id}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
                published = f"2019-{1 + number % 12:02}-{1 + (7 * place + outlet) % 28:02}"
                article_rows.append(
                    {"article_id": article_id, "outlet_id": outlet_id, "published": published}
                )
    _write_tables(root, outlet_rows, article_rows)
    return Planted(root, pd.DataFrame(mentions), pd.DataFrame(themes))


def _theme_paragraphs(generator: random.Random, main: str | None) -> tuple[list[str], list[str]]:
    """Write six paragraphs: four on the main theme, or two on each."""
    share = (
        dict.fromkeys(THEME_SENTENCES, 2) if main is None else dict.fromkeys(THEME_SENTENCES, 1) | {main: 4}
    )
    planned = [theme for theme in sorted(THEME_SENTENCES) for _ in range(share[theme])]
    written = []
    for theme in planned:
        chosen = generator.sample(THEME_SENTENCES[theme], 2)
        written.append(" ".join(line.format(*generator.sample(FILLERS[theme], 2)) for line in chosen))
    return written, planned


def _actor_paragraphs(
    generator: random.Random, stances: dict | None, number: int
) -> list[tuple[str, str, str, str]]:
    """Write four paragraphs on each of three actors, and one on NATO in each voice."""
    found = []
    for actor_id, aliases in ALIASES.items():
        for place in range(4):
            if stances is None:
                label = generator.choice(sorted(SENTENCES))
            else:
                label = stances[actor_id][number % 3].split()[place]
            line = SENTENCES[label][place].format(actor=aliases[(number + place) % len(aliases)])
            found.append((line[0].upper() + line[1:], actor_id, "own", label))
    found.append((OWN_VOICE, "nato", "own", "positive"))
    found.append((QUOTED_VOICE, "nato", "quoted", "negative"))
    return found


def _write_tables(root: Path, outlet_rows: list[dict], article_rows: list[dict]) -> None:
    """Write articles.csv and outlets.csv with the columns of the project's own."""
    for name, rows in (("outlets", outlet_rows), ("articles", article_rows)):
        columns = pd.read_csv(ROOT / "seeds" / f"{name}.csv", nrows=0).columns
        table = pd.DataFrame(rows)
        if name == "articles":
            table = table.assign(
                file="texts/" + table["article_id"] + ".txt",
                title="Report " + table["article_id"],
                language="en",
                published_precision="day",
            )
        table.reindex(columns=columns).to_csv(
            root / "seeds" / f"{name}.csv", index=False, lineterminator="\n"
        )


def make_corpus(
    texts: dict[str, str], blocs: dict[str, str] | None = None, *, alternative: dict[str, str] | None = None
):
    """Make a corpus in memory: one outlet per bloc, or each article in a bloc of its own first letter."""
    from analysis.corpus import Article, Corpus
    from analysis.text import normalise

    articles = []
    for name in sorted(texts):
        bloc = (blocs or {}).get(name, name[0].upper())
        found = normalise(texts[name])
        articles.append(
            Article(
                article_id=name,
                outlet_id=f"{bloc.lower()}-outlet",
                outlet=f"{bloc} outlet",
                bloc=bloc,
                bloc_alternative=(alternative or {}).get(name, ""),
                title="",
                author="",
                published="",
                published_range=None,
                received=texts[name],
                text=found.text,
                typographic=found.typographic,
                offsets=found.offsets,
            )
        )
    return Corpus(tuple(articles))


def make_theme_corpus(
    themes: int, articles: int, *, paragraphs: int = 6, seed: int = 1, one_article: str = ""
):
    """Make a corpus of planted themes: each has 25 terms of its own, and a third of all terms are shared.

    The article `one_article`, if given, has a theme that no other has, in five paragraphs of its own.
    """
    generator = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    shared = [f"shared{first}{second}" for first in letters[:6] for second in letters[:10]]

    def paragraph(theme: str) -> str:
        own = [f"{theme}{letter}" for letter in letters[:25]]
        return " ".join(
            generator.choice(shared)
            if generator.random() < 0.35
            else own[min(24, int(generator.expovariate(1 / 6)))]
            for _ in range(40)
        )

    texts = {}
    for number in range(articles):
        # the first half takes the themes in turn, so that each has its paragraphs
        planned = [
            (number + place) % themes if place < paragraphs // 2 else generator.randrange(themes)
            for place in range(paragraphs)
        ]
        texts[f"a{number:03}"] = "\n\n".join(paragraph(f"theme{letters[theme]}") for theme in planned)
    if one_article:
        texts[one_article] += "\n\n" + "\n\n".join(paragraph("lonely") for _ in range(5))
    return make_corpus(texts, {name: "AB"[int(name[1:]) % 2] for name in texts})
