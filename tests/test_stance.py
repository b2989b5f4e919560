"""Does a sentence speak for or against what was asked or stated?"""

import numpy as np
import pytest

from assistant.evidence import FEATURES, Evidence
from assistant.stance import judge_stance
from index.models import DocumentInfo
from index.rows import StoredSentence

DOCUMENT = DocumentInfo(
    id="0" * 16, name="a.txt", title="A", source=None, published=None, sha256="0" * 64
)
JUDGED = [
    ("Did the mayor close the bridge?", "The mayor closed the bridge.", "supports"),
    ("Did the mayor close the bridge?", "The mayor did not close the bridge.", "contradicts"),
    ("Did the mayor close the bridge?", "The mayor never closed the bridge.", "contradicts"),
    ("Did the mayor close the bridge?", "The mayor denied closing the bridge.", "contradicts"),
    ("The mayor closed the bridge.", "The mayor refused to close the bridge.", "contradicts"),
    ("The mayor did not close the bridge.", "The mayor closed the bridge.", "contradicts"),
    ("The mayor did not close the bridge.", "The mayor didn't close the bridge.", "supports"),
    ("Isn't the bridge closed?", "The bridge isn’t closed.", "supports"),
]


def evidence(sentence: str, words: float) -> Evidence:
    """Make a sentence that holds this share of the question's words."""
    features = np.zeros(len(FEATURES))
    features[FEATURES.index("words")] = words
    stored = StoredSentence(0, len(sentence), "paragraph", None, None, opens_block=True)
    return Evidence(DOCUMENT, 1, sentence, stored, 0, features, ())


@pytest.mark.parametrize(("asked", "sentence", "stance"), JUDGED)
def test_a_negation_on_one_side_speaks_against(asked, sentence, stance):
    """With all words there, a negation on one side contradicts, on both or none it supports."""
    assert judge_stance(asked, evidence(sentence, 1.0)) == stance


@pytest.mark.parametrize(("asked", "sentence", "_stance"), JUDGED)
def test_with_a_word_missing_the_person_judges(asked, sentence, _stance):
    """A sentence that lacks a word of the question is never said to speak for or against it."""
    assert judge_stance(asked, evidence(sentence, 0.9)) == "unclear"
