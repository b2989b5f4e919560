"""Does a sentence speak for or against what was asked or stated?"""

from __future__ import annotations

import re
from typing import Literal

from assistant.evidence import FEATURES, Evidence

Stance = Literal["supports", "contradicts", "unclear"]

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|without|cannot|\w+n['’]t|den(?:y|ies|ied)|refus\w+"
    r"|reject\w*|fail(?:s|ed)? to|stopped|block(?:s|ed)?|prevent(?:s|ed)?)\b",
    re.IGNORECASE,
)
_WORDS = FEATURES.index("words")
_WHOLE = 0.99
"""Only a sentence that holds every weighty word can be said to speak for the whole."""


def judge_stance(asked: str, evidence: Evidence) -> Stance:
    """Compare a yes/no question or a statement with a sentence.

    Words alone decide: where all weighty words are there, a negation on one side only speaks
    against, and anything else for. With a word missing the person must judge.
    """
    if evidence.features[_WORDS] < _WHOLE:
        return "unclear"
    is_negated = bool(_NEGATION.search(asked))
    says_negated = bool(_NEGATION.search(evidence.sentence_text))
    return "supports" if is_negated == says_negated else "contradicts"
