"""Which words of the collection are the same word, written another way?

Two kinds: a name carried over from another script (Tarhuna, Tarhouna; al-Kani, Alkani), found by
comparing its *sound key*, and a typing error in the question, found by edit distance against the
collection's own vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

_ARTICLE = re.compile(r"^(?:al|el|ad|ash|as|at|an)(?=[bcdfghjklmnpqrstvwxyz][a-z]{3,})")
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"kh|gh|q|g|ck|c(?![eih])", "k"),
        (r"ph", "f"),
        (r"ou|oo|w", "u"),
        (r"ee|ie|ei|y|j(?=[aeiou]?$)", "i"),
        (r"sch", "sh"),
        (r"dh|th", "d"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)h(?![aeiou])", ""),
        (r"(?<=.)[aeio]", ""),
        (r"(?<=.)u", ""),
    )
]
_SHORTEST_TYPO = 4
"""Words of three letters or fewer have too many neighbours one letter away."""
_TWO_ERRORS_FROM = 9
"""From this length on, two typing errors are still one word; below, they make another."""

_MOST_LETTERS_APART = 2


@dataclass(frozen=True, slots=True)
class VocabularyWord:
    """A word of the collection."""

    word: str
    """Lower case, without accents."""
    documents: int
    """In how many documents it stands."""
    capitals: int
    """In how many of them with a capital, away from the start of a sentence."""

    @property
    def is_name(self) -> bool:
        """Whether it is mostly written as a name."""
        return self.capitals * 2 > self.documents


def sound_key(word: str) -> str:
    """Reduce a lower-case word to what different transliterations of it share.

    >>> sound_key("tarhuna") == sound_key("tarhouna")
    True
    """
    key = _ARTICLE.sub("", word)
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


def same_name(
    one: str, other: str, *, exactly: bool = False, most: int = _MOST_LETTERS_APART
) -> bool:
    """Whether two lower-case names with equal sound keys are near enough to be one name.

    ``exactly`` allows no difference but the article's, ``most`` so many letters.
    """
    one, other = _ARTICLE.sub("", one), _ARTICLE.sub("", other)
    if exactly:
        return one == other
    # A doubled letter is a matter of taste: Mohamed and Muhammad are two letters apart, not three.
    shorter, longer = sorted((_DOUBLED.sub(r"\1", one), _DOUBLED.sub(r"\1", other)), key=len)
    allowed = min(most, 1 if len(shorter) < 5 else 2)
    return bool(OSA.distance(shorter, longer, score_cutoff=allowed) <= allowed)


def correct(word: str, vocabulary: Iterable[VocabularyWord]) -> str | None:
    """Return the word of ``vocabulary`` that ``word`` was most likely meant to be, if any.

    Nearest first; of equally near words the most frequent, then the first in the alphabet.
    """
    if len(word) < _SHORTEST_TYPO:
        return None
    allowed = 2 if len(word) >= _TWO_ERRORS_FROM else 1
    known = {entry.word: entry.documents for entry in vocabulary}
    near = process.extract(
        word,
        list(known),
        scorer=OSA.distance,
        score_cutoff=allowed,
        limit=None,
    )
    # A wrong first letter is rare in typing and common between different words.
    candidates = [
        (distance + (0.5 if found[0] != word[0] else 0), -known[found], found)
        for found, distance, _ in near
    ]
    candidates = [candidate for candidate in candidates if candidate[0] <= allowed]
    return min(candidates)[2] if candidates else None
