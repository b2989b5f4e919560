"""Does a sentence speak for or against what was asked or stated?"""

from __future__ import annotations

import re
from typing import Literal

from assistant.evidence import FEATURES, Evidence
from index.words import words

Stance = Literal["supports", "contradicts", "unclear"]

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|without|cannot|\w+n['’]t|den(?:y|ies|ied)|refus\w+"
    r"|reject\w*|fail(?:s|ed)? to|stopped|block(?:s|ed)?|prevent(?:s|ed)?)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being)\s(?:\w+ly\s)?\w+(?:ed|en)\sby\b")
_WORDS = FEATURES.index("words")
_WHOLE = 0.99
"""Only a sentence that holds every weighty word can be said to speak for the whole."""


def judge_stance(asked: str, evidence: Evidence) -> Stance:
    """Compare a yes/no question or a statement with a sentence.

    Words alone decide: where all weighty words are there, a negation on one side only speaks
    against, and anything else for. With a word missing the person must judge.
    """
    if evidence.features[_WORDS] < _WHOLE or not _in_order(asked, evidence.sentence_text):
        return "unclear"
    is_negated = bool(_NEGATION.search(asked))
    says_negated = bool(_NEGATION.search(evidence.sentence_text))
    return "supports" if is_negated == says_negated else "contradicts"


def _in_order(asked: str, said: str) -> bool:
    """Whether the names of both stand in the same order: who backs whom must not be turned round.

    In the passive they may stand in either order, so there nothing is known and it is not the same.
    """
    names = [word.term for word in words(asked) if asked[word.start].isupper() and not word.is_stop]
    if len(set(names)) < 2:
        return True
    places: dict[str, int] = {}
    for at, word in enumerate(words(said)):
        places.setdefault(word.term, at)
    found = [places[name] for name in names if name in places]
    return found == sorted(found) and not _PASSIVE.search(said)
