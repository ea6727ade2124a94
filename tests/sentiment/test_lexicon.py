"""`lexicon.v1`: what VADER says of a sentence, names masked."""

import random

import pandas as pd
import pytest
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from analysis.sentiment.lexicon import THRESHOLD, LexiconScorer
from analysis.sentiment.vader import load_analyzer
from analysis.study import load_study


def label(text, *names):
    places = [(text.index(name), text.index(name) + len(name)) for name in names]
    start, end = places[0]
    frame = pd.DataFrame({"text": [text], "start": [start], "end": [end], "names": [places]})
    return LexiconScorer().score(frame).iloc[0].idxmax()


def test_labels_follow_the_published_bounds():
    analyzer = SentimentIntensityAnalyzer()
    for text in [
        "Russia praised the deal.",
        "Russia lied and killed.",
        "Russia met China.",
        "Russia was not bad at all.",
    ]:
        compound = analyzer.polarity_scores(text.replace("Russia", "it").replace("China", "it"))["compound"]
        expected = (
            "positive" if compound >= THRESHOLD else "negative" if compound <= -THRESHOLD else "neutral"
        )
        assert label(text, "Russia") == expected
        assert LexiconScorer().compound(text.replace("Russia", "it")) == pytest.approx(compound)


@pytest.mark.parametrize(
    "name", ["the United States", "United Nations", "Friends of Syria", "Security Council", "Defender Europe"]
)
def test_a_name_does_not_colour_its_own_score(name):
    text = f"The report on {name} is on the table."
    assert label(text, name) == "neutral"
    # unmasked, the lexicon takes a part of the name for praise
    assert (
        SentimentIntensityAnalyzer().polarity_scores("The report on the United States.")["compound"]
        > THRESHOLD
    )


def test_other_names_of_the_sentence_are_masked_too():
    text = "Russia wrote to the United States."
    assert label(text, "Russia", "United States") == "neutral"
    assert label(text, "Russia") == "positive"


def test_the_mention_is_masked_even_where_names_forgets_it():
    text = "The United States sent a letter."
    frame = pd.DataFrame({"text": [text], "start": [4], "end": [17], "names": [[]]})
    assert LexiconScorer().score(frame)["neutral"].tolist() == [1.0]


def test_every_mention_of_a_sentence_gets_its_score():
    text = "Russia praised China."
    frame = pd.DataFrame(
        {"text": [text] * 2, "start": [0, 15], "end": [6, 20], "names": [[(0, 6), (15, 20)]] * 2}
    )
    assert LexiconScorer().score(frame)["positive"].tolist() == [1.0, 1.0]


def test_without_a_word_of_the_lexicon_a_sentence_is_neutral():
    assert LexiconScorer().compound("it met it") == 0.0
    assert LexiconScorer().compound("") == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it",
        "The book was only kind of good, but the end was GREAT!!!",
        "It never was so good; without doubt the least bad of all.",
        "No good, no bad nor nice; he isn't kind of happy.",
        "Yeah right, a kiss of death, to die for, the bomb.",
        "very VERY good?? not \u00e9vil \U0001f601 sad",
    ],
)
def test_the_short_way_is_vaders_score_at_its_hardest_words(text):
    analyzer = load_analyzer()
    assert analyzer.compound(text) == analyzer.polarity_scores(text)["compound"]


def test_the_short_way_is_vaders_score_of_any_words():
    analyzer, generator = load_analyzer(), random.Random(7)
    pool = [*sorted(analyzer.lexicon)[::40], *BOOSTER_DICT, *NEGATE, *SPECIAL_CASES]
    pool += ["no", "or", "least", "at", "but", "kind", "of", "so", "this", "it", "the", ":)", "war!"] * 12
    for _ in range(1500):
        words = generator.choices(pool, k=generator.randint(1, 12))
        text = " ".join(word.upper() if generator.random() < 0.15 else word for word in words)
        assert analyzer.compound(text) == analyzer.polarity_scores(text)["compound"], text


def test_the_short_way_is_vaders_score_of_every_sentence_of_the_seeds(seed_study_dir):
    analyzer = load_analyzer()
    for article in load_study(seed_study_dir).corpus.articles:
        for sentence in article.sentences:
            text = article.text[sentence.start : sentence.end]
            assert analyzer.compound(text) == analyzer.polarity_scores(text)["compound"], text
