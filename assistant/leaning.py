"""Does a sentence need the one before it to be understood?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.rows import StoredSentence
from index.words import words

_LEANING = re.compile(
    r"^[\"“'(]*(?:it|he|she|they|him|her|his|its|their|theirs|this|these|that|those|such"
    r"|the (?:move|decision|meeting|group|former|latter|report|statement|two|proposal"
    r"|law|act|measure|plan|company|film|book|song|team|city|country|court|agreement|program(?:me)?|project|study"
    r"|system|process|order|result|same))\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:The|Both|Each|Another)\s+(?=[a-z])")
MOST_WORDS = 90
"""A sentence that needs the one before it is shown with it, up to so many words together."""


def leans_on_previous(text: str, previous_terms: Sequence[str] = ()) -> bool:
    """Whether a sentence points back to the one before it: "It …", "The move …".

    "The fort …" points back when the sentence before it speaks of a fort.
    """
    if _LEANING.match(text):
        return True
    article = _ARTICLE.match(text)
    if not article or not previous_terms:
        return False
    noun = next((w for w in words(text[article.end() :]) if not w.is_stop), None)
    return noun is not None and noun.plain.isalpha() and noun.term in previous_terms


def can_lead(before: StoredSentence, sentence: StoredSentence, text: str) -> bool:
    """Whether the sentence before belongs to the same running text, and both are short enough."""
    return (
        before.kind == sentence.kind == "paragraph"
        and not text[before.end : sentence.start].strip()
        and len(text[before.start : sentence.end].split()) <= MOST_WORDS
    )
