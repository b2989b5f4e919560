"""Is a question understood: what kind it is, and what would answer it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer_types import AnswerType
from assistant.questions import Kind, analyse

UNDERSTOOD = [
    # who
    ("Who closed the harbour?", "who", "person"),
    ("Whom did the council appoint?", "who", "person"),
    ("Whose signature is missing?", "who", "person"),
    ("By whom was the bridge designed?", "who", "person"),
    # when
    ("When was the dam finished?", "when", "date"),
    ("when did the strike end", "when", "date"),
    ("In which year did the mill burn down?", "which", "date"),
    ("What year did the mill burn down?", "what", "date"),
    ("On what date was the vote?", "what", "date"),
    # where
    ("Where did the delegates meet?", "where", "place"),
    ("In what country is the lake?", "what", "place"),
    ("What city did they leave?", "what", "place"),
    ("Which country borders the lake?", "which", "place"),
    # what was done
    ("What was agreed about the embargo?", "what", "any"),
    ("What was said at the meeting?", "what", "any"),
    # how many, much, long
    ("How many bridges cross the river?", "how_many", "number"),
    ("How many members does the board have?", "how_many", "number"),
    ("How tall is the tower?", "how_many", "number"),
    ("How far is the border?", "how_many", "number"),
    ("How often does the board meet?", "how_many", "number"),
    ("How much did the dam cost?", "how_much", "money"),
    ("How much money was paid?", "how_much", "money"),
    ("How much water does the tank hold?", "how_much", "number"),
    ("How long did the siege last?", "how_long", "duration"),
    ("How old is the mayor?", "how_long", "number"),
    # why, how
    ("Why did the bridge close?", "why", "reason"),
    ("What reason did the mayor give?", "why", "reason"),
    ("For what reason was the road moved?", "why", "reason"),
    ("How does the board decide?", "how", "any"),
    ("How did the fire start?", "how", "any"),
    # which and what with a noun
    ("Which minister wrote the letter?", "which", "person"),
    ("Which law do the fines rest on?", "which", "name"),
    ("Which company built the dam?", "which", "name"),
    ("What percentage of members agreed?", "what", "percent"),
    ("What was the price of the ticket?", "what", "money"),
    ("What is the population of the town?", "what", "number"),
    ("What happened in the valley?", "what", "any"),
    ("What does the valley export?", "what", "any"),
    # comparison
    ("What is the difference between a wet dock and a dry dock?", "comparison", "any"),
    ("Compare the north mill and the south mill", "comparison", "any"),
    ("How does the dam differ from the weir?", "comparison", "any"),
    ("Which is older, the mill or the bridge?", "comparison", "any"),
    ("Is the dam taller than the bridge?", "comparison", "any"),
    # definition
    ("Who is Maria Keller?", "definition", "definition"),
    ("Who was the Grey Fox?", "definition", "definition"),
    ("What is a travel ban?", "definition", "definition"),
    ("What is the 5+5 commission?", "definition", "definition"),
    ("What are tidal mills?", "definition", "definition"),
    ("What does RPM stand for?", "definition", "definition"),
    ("What does unanimity mean?", "definition", "definition"),
    ("What is the meaning of quorum?", "definition", "definition"),
    ("Define quorum", "definition", "definition"),
    # quotation
    ("What did the mayor say?", "quotation", "speech"),
    ("What did Keller say about the dam?", "quotation", "speech"),
    ("What has the ministry announced?", "quotation", "speech"),
    ("What was Keller's statement?", "quotation", "speech"),
    ("How did the union respond?", "quotation", "speech"),
    # yes or no
    ("Did the mayor resign?", "yes_no", "any"),
    ("Is the bridge open?", "yes_no", "any"),
    ("Can the ferry carry cars?", "yes_no", "any"),
    ("Hasn't the board agreed?", "yes_no", "any"),
    # list
    ("Which countries border the lake?", "list", "place"),
    ("List the members of the board", "list", "any"),
    ("Name the countries that border the lake", "list", "place"),
    ("What were the names of the ships?", "list", "any"),
    # mentions
    ("Which documents mention the ferry?", "mentions", "any"),
    ("What documents mention the old mill?", "mentions", "any"),
    ("Where is Keller mentioned?", "mentions", "any"),
    # statements
    ("The bridge was closed in November.", "statement", "any"),
    ("Keller closed the bridge", "statement", "any"),
    ("The council backs the ferry", "statement", "any"),
    # keywords
    ("Keller", "keywords", "any"),
    ("harbour tariff", "keywords", "any"),
    ("mass graves valley", "keywords", "any"),
    ("ferry prices 2020", "keywords", "any"),
    ("谁关闭了港口", "keywords", "any"),
    # small talk and the assistant itself
    ("hello", "small_talk", "any"),
    ("Good morning!", "small_talk", "any"),
    ("Thank you very much.", "small_talk", "any"),
    ("Who are you?", "about_assistant", "any"),
    ("what can you do?", "about_assistant", "any"),
    ("help", "about_assistant", "any"),
    ("How many documents are there?", "count_documents", "any"),
    ("how many documents do you have", "count_documents", "any"),
    # nothing
    ("", "empty", "any"),
    ("  \n\t ", "empty", "any"),
    ("???", "empty", "any"),
    ("… — !", "empty", "any"),
]
TOPICS = [
    ("Who is Maria Keller?", "Maria Keller"),
    ("What does RPM stand for?", "RPM"),
    ("What is the meaning of quorum?", "quorum"),
    ("What did the mayor say about the dam?", "the mayor"),
    ("What was Keller's statement?", "Keller"),
    ("Which documents mention the old mill?", "the old mill"),
    ("Where is Keller mentioned?", "Keller"),
]
POLITE = [
    "Please tell me who closed the harbour",
    "Could you tell me when the dam was finished?",
    "Do you know why the bridge closed?",
    "I would like to know how many bridges there are",
    "ok, and where did the delegates meet?",
]
pieces = st.lists(
    st.sampled_from(
        "who what which documents mention is are the a of say did how many much why when list "
        "name define mean tell me please and I it ? . , ' ’ + - \n 5 A aaaa é 谁".split(" ")
    ),
    max_size=30,
).map(" ".join)


@pytest.mark.parametrize(("text", "kind", "answer_type"), UNDERSTOOD)
def test_kind_and_answer_type(text, kind, answer_type):
    """Every way of asking has its kind, and with it the type of thing that would answer."""
    question = analyse(text)
    assert (question.kind.value, question.answer_type.value) == (kind, answer_type)
    assert question.text == text


def test_the_table_covers_every_kind():
    """No kind of question is left untested, and there are at least sixty questions."""
    assert len(UNDERSTOOD) >= 60
    assert {kind for _, kind, _ in UNDERSTOOD} == {kind.value for kind in Kind}


@pytest.mark.parametrize(("text", "topic"), TOPICS)
def test_topic(text, topic):
    """The thing to define, the speaker, or what may be mentioned is the question's topic."""
    assert analyse(text).topic == topic


@pytest.mark.parametrize("text", POLITE)
def test_politeness_changes_nothing(text):
    """A question inside a polite phrase is still that question."""
    kinds = {analyse(text).kind for text in POLITE}
    assert analyse(text).kind not in (Kind.STATEMENT, Kind.KEYWORDS, Kind.YES_NO)
    assert kinds == {Kind.WHO, Kind.WHEN, Kind.WHY, Kind.HOW_MANY, Kind.WHERE}


@pytest.mark.parametrize("text", ["Which countries border the lake?", "List the members"])
def test_a_list_wants_several(text):
    """A question for a list says that one answer is not enough."""
    assert analyse(text).wants_several
    assert not analyse("Which country borders the lake?").wants_several


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Whom did the commission brief?", "brief"),
        ("Whom did the council appoint in 1990?", "appoint"),
        ("With whom did Keller meet in Emden?", "meet"),
        ("Who briefed the council?", ""),
        ("By whom was the bridge designed?", "design"),
    ],
)
def test_the_deed_that_whom_is_the_object_of(text, deed):
    """A question with "whom" knows the verb that its answer stands beside."""
    assert analyse(text).deed == deed


def test_case_and_trailing_marks_change_nothing():
    """A question without capitals or with more question marks is understood the same."""
    for text, kind, answer_type in UNDERSTOOD:
        if kind in ("empty", "statement"):
            continue
        for variant in (text.lower(), f"  {text.rstrip('?.!')}??", text.rstrip("?.!")):
            understood = analyse(variant)
            assert (understood.kind, understood.answer_type) == (kind, answer_type), variant


@given(st.one_of(st.text(), pieces))
def test_anything_is_understood_as_something(text):
    """No text makes the analysis fail, and only a text without words is empty."""
    question = analyse(text)
    assert question.kind in Kind
    assert question.answer_type in AnswerType
    if question.kind is Kind.EMPTY:
        assert not any(character.isalnum() for character in text)


@pytest.mark.parametrize(
    "start", ["what is ", "who mentions ", "which documents ", "what did ", ""]
)
@pytest.mark.parametrize("piece", ["a", "a ", "A.", "the ", "is ", "and ", "please ", "1,"])
def test_a_long_question_ends(start, piece):
    """The longest question that is allowed is analysed, however its words repeat."""
    assert analyse(start + (piece * 4000)[:3900] + " (x) y").kind in Kind
