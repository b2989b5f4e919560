"""Is every quotation, letter for letter, what the document says at that place?"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.models import Answer, Quote, Version
from assistant.verification import check_quote, require_exact, verify_answers
from index.errors import AskdocsError, QuoteMismatch
from index.models import DocumentInfo

TEXT = "Der Fluß fließt.\u00a0It costs 5 %. It costs 6 %.\r\n“Yes”, 👩‍👩‍👧 said.\n"
DOCUMENT = DocumentInfo(
    id="d" * 16, name="a.txt", title="A", source=None, published=None, sha256="0" * 64
)


def quote(start: int, end: int, /, **changes) -> Quote:
    """Quote the text between two places, or say something else of it."""
    fields = {
        "text": TEXT[start:end],
        "start": start,
        "end": end,
        "highlight": None,
        "document": DOCUMENT,
        "page": None,
        "section": None,
        "support": (),
        **changes,
    }
    return Quote(**fields)


def answer(quotes=(), nearest=()) -> Answer:
    return Answer(
        question="?",
        status="answered",
        text="",
        rule="answered.one",
        confidence=1,
        quotes=quotes,
        nearest=nearest,
        searched="?",
        differences=(),
        inferred=(),
        version=Version(askdocs="0", library="0", model="0"),
    )


@given(st.data())
def test_what_stands_there_is_exact(data):
    """Every stretch of a text, quoted as it stands, passes."""
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    assert check_quote(quote(start, end), TEXT).is_exact


@given(st.data())
def test_one_place_further_is_noticed(data):
    """A quotation with its offsets shifted by one fails, unless the same words stand there too."""
    start = data.draw(st.integers(0, len(TEXT) - 2))
    end = data.draw(st.integers(start + 1, len(TEXT) - 1))
    assume(TEXT[start:end] != TEXT[start + 1 : end + 1])
    verdict = check_quote(quote(start, end, start=start + 1, end=end + 1), TEXT)
    assert not verdict.is_exact
    assert verdict.reason


@given(st.data())
def test_one_altered_character_is_noticed(data):
    """A quotation that differs from the text in one character fails, whatever the character."""
    start, end = 17, 30
    at = data.draw(st.integers(start, end - 1))
    other = data.draw(st.characters(exclude_characters=TEXT[at], exclude_categories=["Cs"]))
    altered = TEXT[start:at] + other + TEXT[at + 1 : end]
    assert not check_quote(quote(start, end, text=altered), TEXT).is_exact


def test_five_is_not_six():
    """A quotation that reads 6 % where the document reads 5 % fails."""
    start = TEXT.index("It costs 5")
    honest = quote(start, start + 13)
    assert check_quote(honest, TEXT).is_exact
    forged = quote(start, start + 13, text=honest.text.replace("5", "6"))
    assert check_quote(forged, TEXT).reason == "The document reads differently at that place."


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 5), (0, len(TEXT) + 1), (5, 5), (6, 5), (len(TEXT), len(TEXT) + 3), (-5, -1)],
)
def test_places_that_do_not_exist(start, end):
    """Offsets outside the document, empty or reversed, fail even where slicing would not."""
    verdict = check_quote(quote(0, 4, text=TEXT[start:end], start=start, end=end), TEXT)
    assert verdict.reason == "The document has no such place."


@pytest.mark.parametrize("highlight", [(0, 6), (5, 99), (9, 9), (9, 8), (-3, 9)])
def test_a_mark_outside_its_quotation(highlight):
    """A highlight must lie inside the quotation and mark something."""
    assert check_quote(quote(4, 8, highlight=(4, 8)), TEXT).is_exact
    verdict = check_quote(quote(4, 8, highlight=highlight), TEXT)
    assert verdict.reason == "The mark lies outside the quotation."


def test_a_document_that_is_gone():
    """A quotation from a document that the library does not hold fails and names it."""
    verdict = check_quote(quote(0, 4), None)
    assert not verdict.is_exact
    assert "a.txt" in verdict.reason


def test_every_quotation_of_every_answer_is_checked():
    """Quotes and nearest passages are all checked, in order."""
    wrong = quote(0, 4, text="Die ")
    verdicts = verify_answers(
        [answer(quotes=[quote(0, 3), wrong]), answer(nearest=[wrong, quote(4, 8)])],
        {DOCUMENT.id: TEXT}.get,
    )
    assert [verdict.is_exact for verdict in verdicts] == [True, False, False, True]


def test_no_answer_leaves_with_a_wrong_quotation():
    """A mismatch is an error that says what happened and what to do."""
    require_exact([quote(0, 4)], {DOCUMENT.id: TEXT}.get)
    with pytest.raises(QuoteMismatch, match=r"a\.txt, characters 0 to 4") as caught:
        require_exact([quote(0, 4), quote(0, 4, text="Die ")], {DOCUMENT.id: TEXT}.get)
    assert isinstance(caught.value, AskdocsError)
