"""Groups of copies: the bars of recall and precision on planted copies, rules worked by hand, hostile input."""

import importlib
import os
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from small_articles import article, words

from analysis.corpus import Corpus
from analysis.duplicates.copies import Likeness, find_copies, keep_one

ROOT = Path(__file__).resolve().parents[2]
SIGNATURES = "ee9907dce9c65936205807941dda0eed72efedf598680ad597e04c3dbd20cb60"
"""What every machine must compute: groups of copies hang on it."""


@pytest.fixture(scope="module")
def planting():
    """Import benchmarks/planted_copies.py, which plants copies in any texts."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module("planted_copies")
    sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def invented(planting):
    """Return 200 invented articles that share words and word pairs, and no passage."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "texts").glob("*.txt"))]
    return planting.invent_articles(texts, 200, words=300, random_state=5)


@pytest.fixture(scope="module")
def planted(planting, invented):
    """Return planted articles, sorted by id, and their groups of copies."""
    made = sorted(planting.plant_copies(invented, random_state=3), key=lambda one: one.article_id)
    articles = [article(one.article_id, one.text, outlet=one.outlet_id, published=one.published) for one in made]
    return made, articles, find_copies(articles)


def pairs_of(copies):
    return {pair for group in copies.groups for pair in combinations(sorted(group.members), 2)}


def ids_of(articles, copies):
    return [[articles[place].article_id for place in group.members] for group in copies.groups]


def test_planted_copies_are_found_and_what_looks_like_one_is_not(planted):
    made, _, copies = planted
    found = pairs_of(copies)
    every = combinations(range(len(made)), 2)
    same = {(one, two) for one, two in every if made[one].family == made[two].family != ""}
    originals = {pair for pair in same if "original" in {made[place].kind for place in pair}}
    stories = {pair for pair in same if {made[place].kind for place in pair} == {"digested"}}
    assert len(originals) == 240 and len(stories) == 20
    assert len(found & originals) / len(originals) >= 0.95
    assert len(found & (same - stories)) / len(found) >= 0.99
    # what is edited by 30 % alone is a sample of its own
    most = {pair for pair in originals if max(made[place].rate for place in pair) == 0.3}
    assert len(most) == 48
    assert len(found & most) / len(most) >= 0.95


def test_stories_of_a_digest_are_not_joined(planted):
    made, _, copies = planted
    for group in copies.groups:
        assert [made[place].kind for place in group.members].count("digested") < 2


def test_every_kind_of_edit_is_found(planted, planting):
    made, _, copies = planted
    grouped = {place for group in copies.groups for place in group.members}
    for kind in planting.EDITS:
        edited = [place for place, one in enumerate(made) if one.kind == kind]
        assert len(edited) > 20
        assert sum(place in grouped for place in edited) / len(edited) >= 0.95, kind


def test_the_groups_do_not_depend_on_the_order_of_input(planted):
    _, articles, copies = planted
    turned = articles[::-1]
    again = find_copies(turned)
    groups = {frozenset(names) for names in ids_of(articles, copies)}
    assert {frozenset(names) for names in ids_of(turned, again)} == groups
    assert {turned[group.kept].article_id for group in again.groups} == {
        articles[group.kept].article_id for group in copies.groups
    }


def test_the_signatures_are_the_same_in_every_process():
    code = (
        "from analysis.duplicates.shingles import WordHasher, find_candidates, hash_pairs, sign_sets\nimport hashlib\n"
        "hasher = WordHasher()\n"
        "texts = [' '.join(f'w{n * n % (a + 50)}' for n in range(99)) for a in range(30)]\n"
        "sets = [hash_pairs(hasher.hash_words(text)) for text in texts]\n"
        "pairs, jaccard = find_candidates(sets)\nassert len(pairs) > 20\n"
        "print(hashlib.sha256(sign_sets(sets).tobytes() + pairs.tobytes() + jaccard.tobytes()).hexdigest())"
    )
    running = []
    for seed, threads in (("0", "1"), ("1", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads}
        command = [sys.executable, "-c", code]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT))
    outputs = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert outputs[0] == outputs[1] == SIGNATURES + "\n"


def test_what_two_texts_share_by_hand():
    base = words(100)
    other = words(40, start=500)
    one = article("a", " ".join(base))
    two = article("b", " ".join(base[:60] + other))
    (group,) = find_copies([one, two]).groups
    likeness = group.likeness[1]
    # words 0 to 59 are shared; of the 15 around word 61 six are (54 to 59), which is .4 of them, around word 62 five
    assert likeness == Likeness(0.6, 0.62, 0.62)
    assert find_copies([one, article("b", " ".join(base[:55] + other + other[:5]))]).groups == ()


def test_likeness_has_two_rules():
    assert Likeness(0.6, 0.6, 0.4).is_copy and Likeness(0.5, 0.4, 0.6).is_copy
    assert not Likeness(0.5, 0.6, 0.39).is_copy
    assert Likeness(0.3, 0.1, 0.8).is_copy
    assert not Likeness(0.59, 0.59, 0.59).is_copy


def test_a_cut_copy_is_a_copy_whichever_is_longer():
    base = words(400)
    short, long = article("a", " ".join(base[:80])), article("b", " ".join(base))
    for pair in ([short, long], [article("a", long.text), article("b", short.text)]):
        (group,) = find_copies(pair).groups
        # the whole text stands for both
        assert len(pair[group.kept].text) == len(long.text)
        assert group.likeness[1].share_other == 1
        assert group.likeness[1].share == pytest.approx(0.2, abs=0.01)


def test_who_is_kept():
    base = words(120)
    full, edited = " ".join(base), " ".join([*base[:-3], *words(4, start=900)])
    cut = " ".join(base[:60])

    def kept(*rows):
        articles = [article(name, text, published=day) for name, text, day in rows]
        (group,) = find_copies(articles).groups
        assert len(group.members) == len(rows)
        return articles[group.kept].article_id

    assert kept(("a", full, "2019-05-02"), ("b", edited, "2019-05-01")) == "b"
    assert kept(("a", full, "2019-05-02"), ("b", edited, "2019-05-02")) == "b"  # longer by a word
    assert kept(("a", full, "2019-05-02"), ("b", full, "2019-05-02")) == "a"
    assert kept(("a", full, ""), ("b", full, "2019-05-02")) == "b"
    # a cut copy does not stand for a whole one, however early
    assert kept(("a", cut, "2019-05-01"), ("b", full, "2019-05-02")) == "b"


def test_no_chain_from_one_story_over_a_digest_to_another():
    one, two = words(80), words(80, start=800)
    articles = [article("a", " ".join(one)), article("b", " ".join(one + two)), article("c", " ".join(two))]
    groups = ids_of(articles, find_copies(articles))
    assert len(groups) == 1 and len(groups[0]) == 2 and "b" in groups[0]


def test_the_outlets_boilerplate_is_not_compared():
    frame = " ".join(words(60, start=3000))
    texts = [f"{' '.join(words(40, start=200 * n))}.\n\n{frame}." for n in range(4)]
    one_outlet = [article(f"a{n}", text) for n, text in enumerate(texts)]
    assert find_copies(one_outlet).groups == ()
    assert [len(spans) for spans in find_copies(one_outlet).recurring] == [1, 1, 1, 1]
    # two articles alone cannot tell what is frame: 60 of 100 words are the same text
    assert len(find_copies(one_outlet[:2]).groups) == 1


def test_doubling_a_corpus_puts_every_article_in_a_group(invented):
    texts = ["\n\n".join(paragraphs) for paragraphs in invented[:20]]
    articles = [article(f"a{n:02}{side}", text, outlet=side) for n, text in enumerate(texts) for side in "xy"]
    copies = find_copies(articles)
    assert ids_of(articles, copies) == [[f"a{n:02}x", f"a{n:02}y"] for n in range(20)]
    assert {likeness.similarity for group in copies.groups for likeness in group.likeness} == {1.0}
    assert keep_one(Corpus(tuple(articles)), copies).ids == [f"a{n:02}x" for n in range(20)]


@pytest.mark.parametrize("text", ["", "Yes.", "The of and to.", "\u200b\n\n", "!!! ???"])
def test_texts_without_words_are_only_copies_of_the_same(text):
    articles = [article("a", text), article("b", text), article("c", "No."), article("d", "They met in Geneva.")]
    assert ids_of(articles, find_copies(articles)) == [["a", "b"]]


def test_no_article_and_one():
    assert find_copies([]).groups == ()
    assert find_copies([article("a", "One.")]).groups == ()


def test_short_texts_are_copies_only_if_they_are_identical():
    base = words(15)
    articles = [article("a", " ".join(base)), article("b", " ".join(base[:-1])), article("c", " ".join(base))]
    assert ids_of(articles, find_copies(articles)) == [["a", "c"]]


def test_a_thousand_copies_are_one_group():
    base = words(100)
    identical = [article(f"a{n:04}", " ".join(base)) for n in range(1000)]
    (group,) = find_copies(identical).groups
    assert len(group.members) == 1000 and group.kept == 0
    draw = random.Random(4)
    texts = [[draw.choice(base) if draw.random() < 0.05 else word for word in base] for _ in range(200)]
    edited = [article(f"b{n:03}", " ".join(text), outlet=f"o{n}") for n, text in enumerate(texts)]
    (group,) = find_copies(edited).groups
    assert len(group.members) == 200


def test_one_long_article_among_short_ones():
    long = " ".join(words(200)) + " " + "again and again it rained. " * 100_000
    articles = [article("a", " ".join(words(150))), article("b", long)]
    (group,) = find_copies(articles).groups
    assert articles[group.kept].article_id == "b"


def test_what_is_left_out_says_why():
    base = words(100)
    articles = [
        article("a", " ".join(base), published="2019-05-02"),
        article("b", " ".join(base), outlet="beta", published="2019-05-01"),
        article("c", " ".join(words(100, start=700))),
    ]
    corpus = Corpus(tuple(articles))
    left = keep_one(corpus, find_copies(articles))
    assert left.ids == ["b", "c"]
    assert left.excluded.to_dict("records") == [
        {
            "what": "article a",
            "n": 1,
            "why": "100 % of it stands in b (Beta, 2019-05-01), which is kept of 2 copies (corpus.duplicates = "
            '"one")',
        }
    ]


def test_similarity_falls_with_the_share_edited():
    draw = random.Random(8)
    base = words(400)
    similarity = []
    for rate in (0.0, 0.1, 0.2, 0.3):
        edited = [word if draw.random() >= rate else f"new{draw.randrange(10**9)}" for word in base]
        (group,) = find_copies([article("a", " ".join(base)), article("b", " ".join(edited))]).groups
        assert group.likeness[1].share > 0.98
        similarity.append(group.likeness[1].similarity)
    assert similarity == pytest.approx([1.0, 0.9, 0.8, 0.7], abs=0.05)
