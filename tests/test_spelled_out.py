"""Which sentence spells out the acronym that was asked for?"""

import pytest

from assistant.choice import Choice
from assistant.questions import analyse
from assistant.spelled_out import CONFIDENCE, prefer_spelled_out

SENTENCES = [
    "Sweden backs the OOM.",
    "The mill was bought by the Office of Old Mills (OOM), which restored it.",
    "The OOM moved to Ulm.",
]


@pytest.fixture
def choice(make_evidence):
    """What was chosen, the sentence that spells the acronym out in second place."""
    return Choice(tuple(make_evidence(SENTENCES)), (3.0, 2.0, 1.0), 0.2)


@pytest.mark.parametrize("asked", ["What is the OOM?", "What does OOM stand for?", "what is oom"])
def test_the_sentence_that_spells_it_out_comes_first(choice, asked):
    """Whoever asks what an acronym is gets its long form first, and the others after it."""
    ordered = prefer_spelled_out(analyse(asked), choice)
    assert [item.sentence_text for item in ordered.ordered] == [
        SENTENCES[1],
        SENTENCES[0],
        SENTENCES[2],
    ]
    assert ordered.scores == (2.0, 3.0, 1.0)
    assert ordered.confidence == CONFIDENCE


@pytest.mark.parametrize("asked", ["Who backs the OOM?", "What is the GNA?", "What is a mill?"])
def test_other_questions_keep_their_order(choice, asked):
    """A question for something else is not answered with a long form."""
    assert prefer_spelled_out(analyse(asked), choice) == choice
