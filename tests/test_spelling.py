"""Promises about spellings of one name, and about typing errors."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spelling import VocabularyWord, correct, same_name, sound_key


def vocabulary(**documents: int) -> list[VocabularyWord]:
    return [VocabularyWord(word, count, 0) for word, count in documents.items()]


@pytest.mark.parametrize(
    "names",
    [
        ("kani", "alkani", "elkani", "qani"),
        ("tarhuna", "tarhouna", "tarhoona"),
        ("mohammed", "mohamed", "muhammad", "mohammad", "mohamad"),
        ("haftar", "hafter", "hiftar"),
        ("gaddafi", "gadafi", "gaddafy"),
        ("kaniyat", "kaniat", "alkaniyat"),
        ("yusuf", "yousef", "youssef"),
        ("zawia", "zauia", "zawiya"),
        ("serraj", "alserraj", "seraj"),
    ],
)
def test_transliterations_of_one_name_sound_the_same(names: tuple[str, ...]) -> None:
    """A name carried over from another script is one name, however it is spelled."""
    assert len({sound_key(name) for name in names}) == 1
    for one, other in itertools.combinations(names, 2):
        assert same_name(one, other) == same_name(other, one)
        assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tripoli", "benghazi"),
        ("haftar", "serraj"),
        ("kani", "kabul"),
        ("russia", "prussia"),
        ("libya", "liberia"),
        ("sudan", "sweden"),
        ("mali", "malta"),
        ("iran", "iraq"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    """Names that only look alike are not taken for one another."""
    assert sound_key(one) != sound_key(other) or not same_name(one, other)


def test_an_article_alone_is_no_difference() -> None:
    """Where nothing else may differ, the article still may."""
    assert same_name("kani", "alkani", exactly=True)
    assert not same_name("tarhuna", "tarhouna", exactly=True)


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), max_size=20))
def test_every_word_has_a_sound(word: str) -> None:
    """A sound key can be made of any word, and is never longer than it."""
    assert len(sound_key(word)) <= len(word)


def test_a_typing_error_is_mended() -> None:
    """Letters that are wrong, missing, doubled or exchanged lead to the word that was meant."""
    known = vocabulary(sanctions=3, militia=2, tripoli=5)
    for typed in ("sanctoins", "santcions", "sanctons", "sancttions"):
        assert correct(typed, known) == "sanctions"
    assert correct("militai", known) == "militia"


def test_two_errors_are_mended_in_long_words_only() -> None:
    """Two errors in a short word make another word."""
    known = vocabulary(militia=1, government=1)
    assert correct("goverment", known) == "government"
    assert correct("govrnmnt", known) is None  # eight letters as typed
    assert correct("governemtn", known) == "government"
    assert correct("mlitai", known) is None


def test_short_words_are_left_alone() -> None:
    """A word of three letters has too many neighbours."""
    assert correct("wra", vocabulary(war=9)) is None


def test_of_equally_near_words_the_commonest_wins() -> None:
    """Then the first in the alphabet, so that the choice is always the same."""
    assert correct("sent", vocabulary(send=1, tent=9, seat=4)) == "seat"
    assert correct("sents", vocabulary(sents=1, tents=9)) == "sents"
    assert correct("barn", vocabulary(bark=2, bard=2)) == "bard"


def _osa(one: str, other: str) -> int:
    """Optimal string alignment distance, by its definition."""
    table = {(-1, j): j + 1 for j in range(-1, len(other))}
    table |= {(i, -1): i + 1 for i in range(-1, len(one))}
    for i, j in itertools.product(range(len(one)), range(len(other))):
        steps = [
            table[i - 1, j] + 1,
            table[i, j - 1] + 1,
            table[i - 1, j - 1] + (one[i] != other[j]),
        ]
        if i and j and one[i] == other[j - 1] and one[i - 1] == other[j]:
            steps.append(table[i - 2, j - 2] + 1)
        table[i, j] = min(steps)
    return table[len(one) - 1, len(other) - 1]


def test_the_nearest_word_is_found_as_by_trying_all() -> None:
    """The mended word is the one that a search through the whole vocabulary finds."""
    rng = random.Random(5)
    words = {"".join(rng.choices("abcd", k=rng.randint(4, 11))) for _ in range(150)}
    known = [VocabularyWord(word, rng.randint(1, 3), 0) for word in sorted(words)]
    mended = 0
    for _ in range(100):
        typed = "".join(rng.choices("abcd", k=rng.randint(4, 9)))
        allowed = 2 if len(typed) >= 9 else 1
        tried = [
            (_osa(typed, e.word) + (0.5 if e.word[0] != typed[0] else 0), -e.documents, e.word)
            for e in known
        ]
        near = min((entry for entry in tried if entry[0] <= allowed), default=None)
        mended += near is not None
        assert correct(typed, known) == (near[2] if near else None)
    assert mended >= 20
