"""Is a follow-up completed from the conversation, and everything else left alone?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.followups import complete
from assistant.models import Turn

PRONOUNS = [
    ("Whom did it brief?", ["What is the 5+5 commission?"], "5+5 commission", "it"),
    ("When was he born?", ["Who is Peter Keller?"], "Peter Keller", "he"),
    ("What did she say?", ["Who is Maria Keller?"], "Maria Keller", "she"),
    ("Where is it?", ["What is Tarhuna?"], "Tarhuna", "it"),
    ("What is its capital?", ["What is Libya?"], "Libya's", "its"),
    ("What are their aims?", ["Who are the Grey Wolves?"], "Grey Wolves's", "their"),
    ("Who lives there?", ["Where is Tarhuna?"], "in Tarhuna", "there"),
]
ELLIPSES = [
    ("And Germany?", ["What did France propose?"], ["Germany", "propose"]),
    ("What about Egypt?", ["What did Russia say about Libya?"], ["Egypt", "Russia", "say"]),
    ("In which year?", ["When did the war in Libya start?"], ["which year", "war in Libya"]),
    ("Why?", ["Did Russia block the sanctions?"], ["Why", "Russia block the sanctions"]),
    ("And why?", ["Did Russia block the sanctions?"], ["why", "Russia block the sanctions"]),
    ("Where exactly?", ["When did Keller meet Brandt?"], ["Where exactly", "Keller meet Brandt"]),
    ("Who else?", ["Who supports Haftar?"], ["Who else", "Haftar"]),
]
STANDALONE = [
    "Who supports the GNA?",
    "How many graves were found in Tarhuna?",
    "What does Askdocs send to the internet?",
    "What happened this week in Libya?",
    "Is it true that Turkey backs the GNA?",
    "Which documents mention Turkey?",
]
HISTORY = ["Who is Maria Keller?", "Where was Maria Keller born?"]
texts = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            "who is Maria Keller it he her its there And what about Egypt ? why In which year else "
            "the these documents when was that 5+5 é 谁 \n".split(" ")
        ),
        max_size=10,
    ).map(" ".join),
)
turns = st.one_of(
    texts,
    st.builds(Turn, role=st.sampled_from(["user", "assistant"]), text=texts),
)


@pytest.mark.parametrize(("question", "history", "stands_for", "pronoun"), PRONOUNS)
def test_a_pronoun_gives_way_to_the_topic(question, history, stands_for, pronoun):
    """What the conversation was about takes the place of the pronoun."""
    completed = complete(question, history)
    assert stands_for in completed
    assert pronoun not in completed.split()


@pytest.mark.parametrize(("question", "history", "parts"), ELLIPSES)
def test_an_ellipsis_is_completed(question, history, parts):
    """A question that leaves out what was asked before takes it from there."""
    completed = complete(question, history)
    assert all(part in completed for part in parts), completed


@pytest.mark.parametrize("question", STANDALONE)
def test_a_question_that_stands_alone_is_not_changed(question):
    """A question with a subject of its own is searched as it was typed, whatever came before."""
    assert complete(question, HISTORY) == question


@pytest.mark.parametrize("question", ["thanks", "Hello!", "", "???", " "])
def test_what_is_no_question_is_not_changed(question):
    """Small talk and nothing at all take nothing from the conversation."""
    assert complete(question, HISTORY) == question


@pytest.mark.parametrize(
    "question", [*(case[0] for case in PRONOUNS + ELLIPSES), *STANDALONE, "thanks"]
)
def test_without_a_conversation_nothing_changes(question):
    """The first question of a conversation is searched as it was typed."""
    assert complete(question, []) == question
    assert complete(question, [Turn(role="assistant", text="")]) == question


@pytest.mark.parametrize(("question", "history", "stands_for", "pronoun"), PRONOUNS)
def test_turns_and_strings_say_the_same(question, history, stands_for, pronoun):
    """History as strings, as turns and as turns of both sides gives the same completion."""
    as_strings = complete(question, history)
    as_turns = [Turn(role="user", text=text) for text in history]
    both = [
        turn for user in as_turns for turn in (user, Turn(role="assistant", text="See the words."))
    ]
    assert complete(question, as_turns) == as_strings
    assert complete(question, both) == as_strings


def test_a_chain_of_follow_ups():
    """A follow-up of a follow-up still knows whom the conversation is about."""
    completed = complete("When did he leave?", ["Who is Peter Keller?", "Where did he travel?"])
    assert "Peter Keller" in completed


def test_the_latest_subject_wins():
    """After a change of subject a pronoun stands for the new one."""
    history = ["What is Tarhuna?", "Who is Maria Keller?"]
    assert "Maria Keller" in complete("Where was she born?", history)


@given(texts, st.lists(turns, max_size=4))
def test_anything_can_be_completed(question, history):
    """No question and no history makes the completion fail or lose the question."""
    completed = complete(question, history)
    assert isinstance(completed, str)
    assert bool(completed.strip()) or not question.strip()


@pytest.mark.parametrize("piece", ["a ", "and ", "A", "please ", "what is "])
def test_a_long_history_ends(piece):
    """The longest earlier questions do not keep the completion busy."""
    history = [piece * (20_000 // len(piece))] * 2
    for question in ("And Germany?", "Why?", "Where was she born?"):
        assert complete(question, history)


TOLD = [
    ("When was she born?", "Raised in Leeds, Maria Keller wrote songs.", "Maria Keller"),
    ("Did he like it?", "In Berlin, Peter Brandt met the press. Brandt was tired.", "Brandt"),
]


@pytest.mark.parametrize(("question", "told", "person"), TOLD)
def test_a_person_may_be_named_in_an_answer_alone(question, told, person):
    """A pronoun stands for whom the answer spoke of, not for a word or a place beside the name."""
    history = [Turn(role="user", text="What happened?"), Turn(role="assistant", text=told)]
    completed = complete(question, history)
    assert person in completed
    assert "Raised" not in completed
    assert "Berlin" not in completed.split("(")[0]


@pytest.mark.parametrize(
    "question",
    [
        "What did Brandt do in his youth?",
        "How did the bridge fail, and when was it built?",
        "I saw the mill. Is it still open?",
    ],
)
def test_a_pronoun_with_its_own_antecedent_is_left_alone(question):
    """What the question itself names is what its pronoun stands for."""
    assert complete(question, ["Who is Maria Keller?"]) == question


def test_somebody_else_in_the_same_clause_is_no_antecedent():
    """The subject of a clause is not whom its object pronoun stands for."""
    assert "Maria Keller" in complete("What did Brandt say about her?", ["Who is Maria Keller?"])


def test_a_pronoun_before_a_noun_is_kept_and_the_topic_added():
    """A demonstrative ("this mill") keeps its noun, and the topic is named behind it."""
    completed = complete("How old is this mill?", ["What is the Grey Mill?"])
    assert completed.startswith("How old is this mill")
    assert "Grey Mill" in completed


def test_a_contraction_is_written_out():
    """ "It's" becomes the topic and its verb, never a possessive."""
    assert "Tarhuna is" in complete("I hear it's old", ["What is Tarhuna?"])


def test_there_that_names_no_place():
    """ "What kinds are there?" asks for no place."""
    assert " in Tarhuna" not in complete("What kinds of mills are there?", ["What is Tarhuna?"])
