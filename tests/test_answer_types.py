"""Which parts of a sentence could be a date, a number, a name?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer_types import AnswerType, find_names, find_spans

FOUND = {
    AnswerType.DATE: [
        ("The list came on 25 November 2020.", ["25 November 2020"]),
        ("It began on November 13.", ["November 13"]),
        ("On 3rd of March, 2001 he spoke.", ["3rd of March, 2001"]),
        ("It was Friday 20 November.", ["Friday 20 November"]),
        ("In June 2020 the mill closed.", ["June 2020"]),
        ("It is dated 2020-11-21.", ["2020-11-21"]),
        ("Born in 1867, she left in 1891.", ["1867", "1891"]),
        ("He left in March.", ["March"]),
        ("In May he left.", ["May"]),
        ("Since Sept. 5 it is open.", ["Sept. 5"]),
        ("It ended on Wednesday.", ["Wednesday"]),
        ("It ended last month.", ["last month"]),
        ("They met yesterday.", ["yesterday"]),
        ("It dates from the 12th century.", ["the 12th century"]),
        ("He died in 44 BC.", ["44 BC"]),
        ("She may march 12 miles.", []),
        ("The vote was held.", []),
    ],
    AnswerType.NUMBER: [
        ("At least 1,000 people came.", ["1,000"]),
        ("There were twelve boats in four harbours.", ["twelve", "four"]),
        ("about 3.5 million people", ["3.5 million"]),
        ("the 15-member board", ["15"]),
        ("11 to 15 boats", ["11 to 15"]),
        ("hundreds of boats", ["hundreds"]),
        ("a dozen boats", ["a dozen"]),
        ("It rose by 5%.", []),
        ("No boat came.", []),
    ],
    AnswerType.MONEY: [
        ("It cost $5 million.", ["$5 million"]),
        ("They paid 300 euros.", ["300 euros"]),
        ("It is worth £2.5bn.", ["£2.5bn"]),
        ("US$ 3,000 were lost.", ["US$ 3,000"]),
        ("Five dollars a day", ["Five dollars"]),
        ("It cost a lot.", []),
        ("5 boats", []),
    ],
    AnswerType.PERCENT: [
        ("a share of 45%", ["45%"]),
        ("12.5 per cent of it", ["12.5 per cent"]),
        ("fifty percent", ["fifty percent"]),
        ("ten percentage points", ["ten percentage points"]),
        ("45 boats", []),
    ],
    AnswerType.DURATION: [
        ("It lasted three weeks.", ["three weeks"]),
        ("for 10 to 12 days", ["10 to 12 days"]),
        ("It took an hour.", ["an hour"]),
        ("after 25 minutes", ["25 minutes"]),
        ("for several months", ["several months"]),
        ("It took long.", []),
    ],
    AnswerType.NAME: [
        ("The letter came from Maria Keller.", ["Maria Keller"]),
        ("It was Keller's plan.", ["Keller"]),
        ("The leader is Mohammed al-Kani.", ["Mohammed al-Kani"]),
        ("J. R. R. Tolkien wrote it.", ["J. R. R. Tolkien"]),
        ("the Ministry of Public Works (MPW)", ["Ministry of Public Works", "MPW"]),
        ("In Geneva they met.", ["Geneva"]),
        ("Then it ended.", []),
        ("nobody came", []),
    ],
    AnswerType.PERSON: [("Maria Keller left Geneva.", ["Maria Keller"])],
    AnswerType.PLACE: [("Maria Keller lives in Geneva.", ["Geneva"])],
    AnswerType.REASON: [
        ("It closed because the piers were cracked.", ["because the piers were cracked"]),
        ("He left to avoid arrest.", ["to avoid arrest"]),
        ("It closed.", []),
    ],
    AnswerType.SPEECH: [
        ('She said "it is over" today.', ['"it is over"']),
        ("“It is over,” she said.", ["“It is over,”"]),
        ("She said that nothing was lost.", ["that nothing was lost"]),
        ("She left.", []),
    ],
    AnswerType.DEFINITION: [
        ("A truce is a pause in fighting.", ["is a pause in fighting"]),
        ("RPM stands for Rhine Port Museum.", ["stands for Rhine Port Museum"]),
    ],
    AnswerType.ANY: [("Maria Keller left Geneva in 1891.", [])],
}
CASES = [(kind, text, found) for kind, cases in FOUND.items() for text, found in cases]
sentences = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            "Maria Keller of the and al-Kani May 12 1,000 3.5 million % $ € dollars percent three "
            "weeks two-year in In at because due to said \" “ ” ' ’s is are a an stands for "
            "Wednesday last month 2020-11-21 1990s 12th century J. R. é ß 谁 . , ; \n".split(" ")
        ),
        max_size=40,
    ).map(" ".join),
)


@pytest.mark.parametrize(("kind", "text", "found"), CASES)
def test_finds(kind, text, found):
    """The words that could answer are found, all of them and nothing more of the sentence."""
    assert [text[start:end] for start, end in find_spans(text, kind)] == found


def test_the_table_covers_every_type():
    """No type of answer is left untested."""
    assert set(FOUND) == set(AnswerType)


@given(sentences, st.sampled_from(AnswerType))
def test_spans_lie_in_order_inside_the_text(text, kind):
    """Whatever the text, a span holds at least one character of it, and spans do not overlap."""
    end_before = 0
    for start, end in find_spans(text, kind):
        assert end_before <= start < end <= len(text)
        assert text[start:end].strip()
        end_before = end


@given(sentences)
def test_names_start_where_a_word_starts(text):
    """A name begins with its first letter and never with a word that cannot be one."""
    for start, end in find_names(text):
        name = text[start:end]
        assert not name[0].isspace()
        assert name.split()[0] not in {"The", "In", "Then", "What", "Who"}


@pytest.mark.parametrize("kind", AnswerType)
@pytest.mark.parametrize(
    "piece",
    ["a ", "A ", "A", "a", "1,", "1.", "al-", "US$", "1 to ", "May ", "is ", "“", "as the "],
)
def test_a_sentence_of_a_hundred_thousand_characters_ends(kind, piece):
    """No sentence, however it repeats itself, keeps the search for answers busy."""
    text = piece * (100_000 // len(piece))
    assert all(0 <= start < end <= len(text) for start, end in find_spans(text, kind))
