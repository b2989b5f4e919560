"""Where does a sentence say who or what something is?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.descriptions import find_descriptions

DESCRIBED = [
    ("“Enough,” Justice Minister Maria Keller said.", "Maria Keller", "Justice Minister"),
    ("In the hall, 7+7 QRX member Maria Keller spoke.", "Maria Keller", "7+7 QRX member"),
    (
        "They met with Danish Foreign Minister Jan Krog there.",
        "Jan Krog",
        "Danish Foreign Minister",
    ),
    (
        "On Monday, Speaker of the upper House (UH), Jan Krog, left.",
        "Jan Krog",
        "Speaker of the upper House (UH)",
    ),
    ("Jan Krog, the mayor of Ulm, came late.", "Jan Krog", "the mayor of Ulm"),
    ("The Owls, which Jan Krog leads, met.", "the Owls", "which Jan Krog leads"),
    ("A truce is a pause in fighting.", "a truce", "a pause in fighting"),
    ("the Office of Old Mills (OOM) wrote", "the OOM", "Office of Old Mills"),
    ("It ended. President Jan Krog said so.", "Jan Krog", "President"),
]
NOT_DESCRIBED = [
    ("Sweden backs the OOM.", "the OOM"),
    ("Ulm was recaptured in June.", "Ulm"),
    ("The minister met Jan Krog.", "Jan Krog"),
    ("Nothing of it stands here.", "Jan Krog"),
    ("Anything", ""),
]


@pytest.mark.parametrize(("sentence", "topic", "words"), DESCRIBED)
def test_a_description_is_found(sentence, topic, words):
    """A title, an apposition, a definition and a long form describe what they name."""
    start, end = find_descriptions(sentence, topic)[0]
    assert sentence[start:end] == words


@pytest.mark.parametrize(("sentence", "topic"), NOT_DESCRIBED)
def test_a_mere_mention_describes_nothing(sentence, topic):
    """A sentence about something else that names the topic says nothing of what it is."""
    assert find_descriptions(sentence, topic) == []


@given(
    st.lists(
        st.sampled_from(
            "Maria Keller , the mayor of Ulm ( UH ) is a who which Secretary . met “ ” é".split()
        ),
        max_size=20,
    ).map(" ".join),
    st.sampled_from(["Maria Keller", "the UH", "(", "é"]),
)
def test_a_description_lies_in_the_text(text, topic):
    """Whatever the text, a description is a stretch of it with words in it."""
    for start, end in find_descriptions(text, topic):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]


@pytest.mark.parametrize("piece", ["A ", "a, ", "(A) ", "Minister ", "is a "])
def test_a_long_sentence_ends(piece):
    """The longest sentence does not keep the search busy."""
    assert isinstance(find_descriptions(piece * 20_000 + "Maria Keller", "Maria Keller"), list)
