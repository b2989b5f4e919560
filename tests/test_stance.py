"""Does a sentence speak for or against what was asked or stated?"""

import pytest

from assistant.stance import judge_stance

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


@pytest.fixture(scope="session")
def evidence(make_evidence):
    """Make a sentence that holds a share of the question's words."""
    return lambda sentence, words: make_evidence([sentence], features={"words": words})[0]


@pytest.mark.parametrize(("asked", "sentence", "stance"), JUDGED)
def test_a_negation_on_one_side_speaks_against(evidence, asked, sentence, stance):
    """With all words there, a negation on one side contradicts, on both or none it supports."""
    assert judge_stance(asked, evidence(sentence, 1.0)) == stance


@pytest.mark.parametrize(("asked", "sentence", "_stance"), JUDGED)
def test_with_a_word_missing_the_person_judges(evidence, asked, sentence, _stance):
    """A sentence that lacks a word of the question is never said to speak for or against it."""
    assert judge_stance(asked, evidence(sentence, 0.9)) == "unclear"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Brandt backs Keller.", "Keller backs Brandt."),
        ("Did Brandt sue Keller?", "Brandt was sued by Keller."),
    ],
)
def test_who_did_what_to_whom_is_not_turned_round(evidence, asked, sentence):
    """The same words with subject and object exchanged support nothing."""
    assert judge_stance(asked, evidence(sentence, 1.0)) == "unclear"
