"""Promises of the exact BM25 score."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from index.bm25 import Bm25, WeighedGroup, inverse_frequency
from index.word_ranking import TermGroup


def group(*terms: str, phrases: tuple[tuple[str, ...], ...] = ()) -> TermGroup:
    return TermGroup(terms, phrases)


SPELLINGS = (
    WeighedGroup(group("a", "b"), 1.5),
    WeighedGroup(group("c", phrases=(("d", "e"), ("a", "e"))), 0.7),
    WeighedGroup(group("b", "f"), 2.25),
)
"""Words that share terms and have long forms."""


def test_a_score_is_the_one_worked_out_by_hand() -> None:
    """Ten texts, mean length 5; "a" in two of them, "b" in nine; the text is "a b a c".

    Rarity of a: ln(1 + 8.5 / 2.5) = ln 4.4 = 1.481605; of b: ln(1 + 1.5 / 9.5) = 0.146603.
    Damping: 0.9 · (0.6 + 0.4 · 4 / 5) = 0.828.
    a: 1.481605 · 2 / 2.828 = 1.047811; b: 0.146603 · 1 / 1.828 = 0.080199.
    """
    rarity_a, rarity_b = inverse_frequency(10, 2), inverse_frequency(10, 9)
    assert rarity_a == pytest.approx(1.481605, abs=1e-6)
    assert rarity_b == pytest.approx(0.146603, abs=1e-6)
    one = Bm25((WeighedGroup(group("a"), rarity_a),), 5.0)
    both = Bm25((*one.groups, WeighedGroup(group("b"), rarity_b)), 5.0)
    assert one.score(["a", "b", "a", "c"]) == pytest.approx(1.047811, abs=1e-6)
    assert both.score(["a", "b", "a", "c"]) == pytest.approx(1.128010, abs=2e-6)


def test_no_word_no_score() -> None:
    """A text without the words, or without any, scores nothing."""
    scorer = Bm25((WeighedGroup(group("a"), 1.0),), 5.0)
    assert scorer.score(["b"]) == scorer.score([]) == Bm25((), 5.0).score(["a"]) == 0.0


def test_a_word_everywhere_still_counts() -> None:
    """Rarity never turns negative: ln(1 + 0.5 / 10.5) for a word in all ten texts."""
    assert inverse_frequency(10, 10) == pytest.approx(0.046520, abs=1e-6)
    assert inverse_frequency(10, 0) > inverse_frequency(10, 1) > inverse_frequency(10, 10) > 0


def test_other_spellings_count_as_the_word() -> None:
    """Spellings add up, and a long form counts as often as all of it is there."""
    spelled = group("kani", "alkani", phrases=(("kani", "brother"),))
    assert spelled.count_in(["kani", "x", "alkani"]) == 2
    assert (
        group("gna", phrases=(("govern", "accord"),)).count_in("govern govern accord".split()) == 1
    )
    assert group("gna", phrases=(("govern", "accord"),)).count_in("gna accord".split()) == 1


def test_scores_are_those_of_an_independent_count() -> None:
    """On random texts every score equals the formula written down a second time."""
    rng = random.Random(1)
    texts = [rng.choices("abcdefgh", k=rng.randint(1, 12)) for _ in range(60)]
    mean = sum(map(len, texts)) / len(texts)
    query = "abc"
    holding = {term: sum(term in text for text in texts) for term in query}
    scorer = Bm25(
        tuple(WeighedGroup(group(t), inverse_frequency(len(texts), holding[t])) for t in query),
        mean,
    )
    for text in texts:
        counts = Counter(text)
        expected = 0.0
        for term in query:
            n, tf = holding[term], counts[term]
            idf = math.log((len(texts) + 1) / (n + 0.5))
            expected += idf * tf / (tf + 0.54 + 0.36 * len(text) / mean)
        assert scorer.score(text) == pytest.approx(expected, rel=1e-12)


def test_only_telling_terms_matter() -> None:
    """With spellings, shared terms and long forms, scores are those of counting every word."""
    rng = random.Random(2)
    scorer = Bm25(SPELLINGS, 6.0)
    for _ in range(300):
        text = rng.choices("abcdefxyz", k=rng.randint(1, 12))
        expected = 0.0
        for weighed in SPELLINGS:
            tf = weighed.group.count_in(text)
            expected += weighed.rarity * tf / (tf + 0.54 + 0.36 * len(text) / 6.0)
        assert scorer.score(text) == pytest.approx(expected, rel=1e-12)
        assert scorer.score_telling(scorer.telling(text), len(text)) == scorer.score(text)


def test_what_is_covered_is_the_rarity_of_every_word_that_stands_there() -> None:
    """A word counts once, in whatever spelling and however often; a long form counts whole."""
    rng = random.Random(3)
    scorer = Bm25(SPELLINGS, 6.0)
    for _ in range(300):
        text = rng.choices("abcdefxyz", k=rng.randint(1, 12))
        expected = sum(w.rarity for w in SPELLINGS if w.group.count_in(text))
        assert scorer.rarity_of(scorer.telling(text)) == pytest.approx(expected, rel=1e-12)
