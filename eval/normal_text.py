"""When do two pieces of text say the same words?

Normal form and F1 are SQuAD's (Rajpurkar et al. 2016, ``evaluate-v1.1.py``): lower case, no
punctuation, no articles, single spaces. Beyond its ASCII punctuation, every character of a
Unicode punctuation category goes too, so that curly quotation marks do not tell words apart.
"""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

_ARTICLES = frozenset({"a", "an", "the"})
_POSSESSIVES = ("'s", "\u2019s")
# Function and question words: they say nothing about what a follow-up refers to.
_LIGHT_WORDS = frozenset(
    """
    a about all also am an and any are as at be been being but by can could did do does doing
    done for from had has have having he her here hers him his how i if in into is it its just
    may me might more most my no not of on or other our out over shall she should so some such
    than that the their them then there these they this those to too under up us very was we
    were what when where which while who whom whose why will with would you your
    """.split()
)


def normalise(text: str) -> str:
    """Give the normal form of ``text``: ``"The U.S.' budget"`` becomes ``"us budget"``."""
    kept = "".join(character for character in text.lower() if not _is_punctuation(character))
    return " ".join(word for word in kept.split() if word not in _ARTICLES)


def holds(text: str, words: str) -> bool:
    """Tell whether ``words`` stand in ``text`` as whole words, in normal form.

    Words whose normal form is empty stand nowhere.
    """
    wanted = normalise(words)
    return bool(wanted) and f" {wanted} " in f" {normalise(text)} "


def token_f1(prediction: str, gold: str) -> float:
    """Give the F1 of the words of two texts in normal form, repeated words counted (SQuAD).

    Precision p = shared / predicted, recall r = shared / gold, F1 = 2pr / (p + r). Where one
    side has no words, 1 if both have none, else 0.
    """
    return _f1(normalise(prediction).split(), normalise(gold).split())


def best_f1(prediction: str, golds: Sequence[str]) -> float:
    """Give the F1 with the gold answer that fits best, as SQuAD does; 0 without any."""
    return max((token_f1(prediction, gold) for gold in golds), default=0.0)


def weighty_f1(searched: str, rewrite: str) -> float:
    """Give the F1 of the distinct weighty words of a search and of a person's rewrite.

    Weighty is what is no function word and no question word; a possessive *'s* is dropped.
    """
    return _f1(sorted(weighty_words(searched)), sorted(weighty_words(rewrite)))


def weighty_words(text: str) -> frozenset[str]:
    """Give the words of ``text``, in normal form, that say what it is about."""
    bare = [_without_possessive(word.strip(string.punctuation)) for word in text.split()]
    return frozenset(normalise(" ".join(bare)).split()) - _LIGHT_WORDS


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVES) else word


def _f1(prediction: Sequence[str], gold: Sequence[str]) -> float:
    if not prediction or not gold:
        return float(list(prediction) == list(gold))
    shared = (Counter(prediction) & Counter(gold)).total()
    # 2pr / (p + r) with p = shared / |prediction| and r = shared / |gold|, simplified.
    return 2 * shared / (len(prediction) + len(gold))


@lru_cache(maxsize=4096)
def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
