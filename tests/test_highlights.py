"""Where inside a quotation is the answer itself?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer_types import find_spans
from assistant.evidence import Verdict
from assistant.highlights import find_highlight, list_items
from assistant.questions import analyse

BEFORE = "This is the sentence before. "
MARKED = [
    ("When did the bridge open?", "The bridge opened on 4 May 1970.", "4 May 1970"),
    ("When did the bridge open?", "In 1950 nothing was there; the bridge opened in 1970.", "1970"),
    ("How many people died?", "The storm killed 315 people.", "315"),
    ("How much did the bridge cost?", "The bridge cost $5 million.", "$5 million"),
    ("How long did the storm last?", "The storm lasted three days.", "three days"),
    ("What percentage agreed?", "Of the members 45% agreed.", "45%"),
    ("Who designed the bridge?", "The bridge was designed by Maria Keller.", "Maria Keller"),
    ("Where did they meet?", "They met in Geneva.", "Geneva"),
    ("Why did it close?", "It closed because the piers broke.", "because the piers broke"),
    ("What is a truce?", "A truce is a pause in fighting.", "a pause in fighting"),
    (
        "Which countries support Haftar?",
        "Russia, the United Arab Emirates and Egypt support Haftar.",
        "Russia, the United Arab Emirates and Egypt",
    ),
]
UNMARKED = [
    ("Did the bridge open?", "The bridge opened on 4 May 1970."),
    ("The bridge opened in May.", "The bridge opened on 4 May 1970."),
    ("bridge", "The bridge opened on 4 May 1970."),
]
sentences = st.lists(
    st.sampled_from(
        "Maria Keller of the bridge opened and , ( ) ; on 4 May 1970 in Geneva is a was because "
        "said “ ” 315 people é 谁 three days $5 million . –".split(" ")
    ),
    min_size=1,
    max_size=25,
).map(" ".join)


@pytest.fixture(scope="session")
def evidence(make_evidence):
    """Make a sentence as the evidence has it: its spans are those that the question lacks."""

    def make(question, sentence: str):
        asked = question.text.lower()
        spans = [
            (start + len(BEFORE), end + len(BEFORE))
            for start, end in find_spans(sentence, question.answer_type)
            if sentence[start:end].lower() not in asked
        ]
        return make_evidence([BEFORE.strip(), sentence], spans=spans)[1]

    return make


@pytest.mark.parametrize(("asked", "sentence", "words"), MARKED)
def test_the_answer_is_marked(evidence, asked, sentence, words):
    """The words that answer are marked, and no others."""
    question = analyse(asked)
    item = evidence(question, sentence)
    start, end = find_highlight(question, item)
    assert item.text[start:end] == words


@pytest.mark.parametrize(("asked", "sentence"), UNMARKED)
def test_where_the_whole_sentence_answers_nothing_is_marked(evidence, asked, sentence):
    """A statement, a yes-or-no question and mere keywords have no part that is the answer."""
    question = analyse(asked)
    assert find_highlight(question, evidence(question, sentence)) is None


SEEN = [
    ("What does the board advise?", "The board advises caution and rest.", "caution and rest"),
    ("Who designed the bridge?", "Old Keller, an engineer, designed the bridge.", "Keller"),
    ("When did it open?", "It opened in spring, in 1970.", "in spring, in 1970"),
]


@pytest.mark.parametrize(("asked", "sentence", "words"), SEEN)
def test_what_the_judge_sees_is_marked(evidence, asked, sentence, words):
    """Where the judge sees the answer, that is marked."""
    question = analyse(asked)
    item = judged(evidence(question, sentence), words)
    start, end = find_highlight(question, item)
    assert item.text[start:end] == words


def test_a_figure_is_marked_where_a_figure_was_asked_for(evidence):
    """Words without a figure do not pass for the date that was asked for, if there is one."""
    question = analyse("When did the bridge open?")
    item = judged(evidence(question, "The bridge opened at last on 4 May 1970."), "at last")
    start, end = find_highlight(question, item)
    assert item.text[start:end] == "4 May 1970"


def test_a_whole_sentence_is_not_marked(evidence):
    """Where the judge sees all of the sentence, the rules find the part that stands out."""
    question = analyse("Whom does the council back?")
    sentence = "The council backs Maria Keller."
    item = judged(evidence(question, sentence), "The council backs Maria Keller")
    start, end = find_highlight(question, item)
    assert item.text[start:end] == "Maria Keller"


def judged(item, words):
    """Have the judge see the answer in these words."""
    start = item.text.index(words, item.sentence.start)
    return replace(item, verdict=Verdict(1.0, (start, start + len(words))))


@given(st.sampled_from([asked for asked, *_ in MARKED + UNMARKED] + ["What happened?"]), sentences)
def test_a_mark_lies_inside_its_sentence(evidence, asked, sentence):
    """Whatever was asked, a mark holds at least one character and stays in its sentence."""
    question = analyse(asked)
    item = evidence(question, sentence)
    marked = find_highlight(question, item)
    if marked is not None:
        assert item.sentence.start <= marked[0] < marked[1] <= item.sentence.end


def test_a_list_has_items():
    """The names of a marked list are told apart."""
    question = analyse("Which countries support Haftar?")
    assert list_items("Russia, Turkey", question.answer_type) == ["Russia", "Turkey"]


def test_reported_words_are_marked(evidence):
    """Asked what somebody said, the words in quotation marks are the answer, not a noun near by."""
    sentence = "“The mill will stay,” Maria Keller said in a statement."
    item = evidence(analyse("What did Maria Keller say?"), sentence)
    marked = replace(item, verdict=Verdict(2.0, _place(item, "a statement")))
    start, end = find_highlight(analyse("What did Maria Keller say?"), marked)
    assert item.text[start:end] == "“The mill will stay,”"


def test_a_figure_is_no_place(evidence):
    """Asked where, a number that the judge prefers is not marked."""
    question = analyse("Where are the graves?")
    item = evidence(question, "They found 11 graves in Geneva.")
    start, end = find_highlight(question, replace(item, verdict=Verdict(2.0, _place(item, "11"))))
    assert item.text[start:end] == "Geneva"


def test_a_list_that_the_judge_sees_is_marked_whole(evidence):
    """Of two lists in a sentence, the one with the judge's answer is marked to its ends."""
    question = analyse("Which countries proposed a freeze?")
    item = evidence(
        question, "Members of the Grand Council heard that the U.S. and Germany did so."
    )
    marked = replace(item, verdict=Verdict(2.0, _place(item, "Germany")))
    start, end = find_highlight(question, marked)
    assert item.text[start:end] == "U.S. and Germany"


def _place(item, words: str) -> tuple[int, int]:
    start = item.text.index(words)
    return start, start + len(words)
