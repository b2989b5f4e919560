"""Is a text of several questions cut into questions that each stand alone?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import MOST_PARTS, asked_part, split_questions

SEVERAL = [
    (
        "Who designed the bridge, and when was it opened?",
        ("Who designed the bridge?", "When was the bridge opened?"),
    ),
    (
        "Who is Maria Keller? When did she die?",
        ("Who is Maria Keller?", "When did Maria Keller die?"),
    ),
    (
        "What is a weir and how does it work?",
        ("What is a weir?", "How does a weir work?"),
    ),
]
TALK = [
    ("How are you? Who designed the bridge?", ("Who designed the bridge?",)),
    ("Who designed the bridge? How are you?", ("Who designed the bridge?",)),
]
ONE = [
    "What did Russia and Egypt say?",
    "Who and under what circumstances can file a complaint?",
    "Which towns lie between the mill and the sea?",
    "The bridge was closed and the ferry stopped.",
    "Is it true? No.",
    "bridge and ferry",
    "",
]
texts = st.lists(
    st.sampled_from(
        "who what when is was the bridge it and , ? . ! Maria Keller how many a\n é".split(" ")
    ),
    max_size=25,
).map(" ".join)


@pytest.mark.parametrize(("text", "parts"), SEVERAL)
def test_several_questions_are_cut(text, parts):
    """Each question comes by itself, and a later one names what it takes from an earlier one."""
    assert split_questions(text) == parts


@pytest.mark.parametrize(("text", "parts"), TALK)
def test_talk_beside_a_question_is_left_out(text, parts):
    """No document is asked how we are."""
    assert split_questions(text) == parts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Keller met Brandt on Monday. Where did the talks take place?",
            "Where did the talks take place?",
        ),
        ("The bridge was closed. When did it open again?",) * 2,
        ("Who closed the bridge?",) * 2,
        ("The U.S. closed it. Why?",) * 2,
        ("The bridge was closed.",) * 2,
        ("",) * 2,
    ],
)
def test_a_preamble_is_not_the_question(text, asked):
    """Statements before a question are left out where the question stands without them."""
    assert asked_part(text) == asked


@pytest.mark.parametrize("text", ONE)
def test_one_question_stays_whole(text):
    """Two names, a list or a statement with "and" is not two questions."""
    assert split_questions(text) == (text,)


@given(texts)
def test_any_text_can_be_cut(text):
    """No text fails, nothing comes back empty, and there are never many parts."""
    parts = split_questions(text)
    assert 1 <= len(parts) <= MOST_PARTS
    assert parts == (text,) or all(part.strip() for part in parts)
    assert asked_part(text) in text
