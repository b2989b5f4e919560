"""Promises of the normal form of words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import terms, words

SAMPLES = sorted((Path(__file__).parent.parent / "documents").glob("*.md"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tripoli", "tripoli"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Tarhu\u0304na", "Tarhuna"),
        ("Zo\u00eb's", "Zoe"),
        ("Zoe\u0308\u2019s", "Zoe"),
        ("Libya's", "Libya"),
        ("Libya\u2019s", "Libya"),
        ("Libyans'", "Libyan"),
        ("sanctions", "sanctioned"),
        ("co\u00adoperate", "cooperate"),
        ("1,000", "1000"),
        ("2,500,000", "2500000"),
        ("1,000.50", "1000.50"),
        ("two", "2"),
        ("Twenty", "20"),
        ("Nov.", "November"),
        ("sept", "September"),
        ("U.S.", "US"),
        ("U.S.'s", "US"),
        ("US", "USA"),
        ("U.N.", "UN"),
        ("Stra\u00dfe", "Strasse"),
        ("\u0422\u0440\u0438\u043f\u043e\u043b\u0438", "Tripoli"),
    ],
)
def test_spellings_of_one_word_are_one_term(one: str, other: str) -> None:
    """Case, accents, possessives, endings, number words and months do not tell words apart."""
    assert terms(one) == terms(other)
    assert len(terms(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("3.5", "35"), ("1,50", "150"), ("15", "50"), ("Libya", "Libyan"), ("general", "generous")],
)
def test_different_words_are_different_terms(one: str, other: str) -> None:
    """A decimal point or another word makes another term."""
    assert terms(one) != terms(other)


def test_capitals_tell_a_name_from_a_small_word() -> None:
    """US and WHO are names, us and who are small words that are not searched."""
    assert terms("the US and us") == ["us."]
    assert terms("the WHO, who knows") == ["who.", "know"]
    assert terms("U.S. sanctions") == ["us.", "sanction"]


def test_in_a_text_of_capitals_capitals_say_nothing() -> None:
    """A headline in capitals is read like one in small letters."""
    assert terms("WHO TOLD US") == terms("who told us") == ["told"]


def test_words_keep_their_places() -> None:
    """A word knows where it stands, and whether it is a stop word."""
    text = "The U.S. froze 1,000 accounts; Libya's bank\u2019s too."
    found = [(text[w.start : w.end], w.term, w.is_stop) for w in words(text)]
    assert found == [
        ("The", "the", True),
        ("U.S.", "us.", False),
        ("froze", "froze", False),
        ("1,000", "1000", False),
        ("accounts", "account", False),
        ("Libya's", "libya", False),
        ("bank\u2019s", "bank", False),
        ("too", "too", True),
    ]


def test_a_run_of_letters_is_no_word() -> None:
    """Keys and encoded files are not indexed."""
    assert terms("key " + "x" * 65 + " end") == ["key", "end"]


@given(st.text())
def test_every_text_has_words_in_order(text: str) -> None:
    """Words lie inside the text, in order, without overlap, and their terms survive storing."""
    at = 0
    for word in words(text):
        assert at <= word.start < word.end <= len(text)
        assert word.term
        assert word.plain
        at = word.end
    assert " ".join(terms(text)).split() == terms(text)


@given(st.text(st.characters(categories=["L", "M", "N"])))
def test_no_script_loses_its_words(text: str) -> None:
    """Where there is a letter there is a word, in any script."""
    letters = [letter for letter in text if letter.isalpha()]
    if letters and len(text) <= 64:
        assert list(words(text))


def test_threads_get_the_same_terms() -> None:
    """Words may be read by many threads at once."""
    texts = [path.read_text(encoding="utf-8") for path in SAMPLES] * 4
    alone = [terms(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, texts)) == alone
