"""Which documents mention this at all?"""

import pytest

from assistant import Assistant
from assistant.mentions import find_mentions
from index.errors import UnknownDocument

FILES = {
    "a.txt": "The ferry of Emden\n\nThe old ferry was built by Maria Keller. It carries cars. "
    "Nobody knows how long it will run.",
    "b.txt": "A walk by the sea\n\nOn the second day we took the ferry, which was late. It rained "
    "all day, and Keller read a book.",
    "c.txt": "The market\n\nThe market sells fish. Nothing else is sold there on a working day.",
}


@pytest.fixture
def assistant(library, tiny_encoder):
    """An assistant on three documents, of which two mention a ferry."""
    return Assistant.open(library(FILES).folder, encoder=tiny_encoder)


def names(answer):
    return [quote.document.name for quote in answer.quotes]


def test_every_document_once_by_name(assistant):
    """A search for mentions gives one quotation for each document that has the word."""
    answer = assistant.ask("Which documents mention the ferry?")
    assert answer.status == "answered"
    assert answer.rule == "mentions.many"
    assert names(answer) == ["a.txt", "b.txt"]
    assert answer.text == "2 of 3 documents mention “the ferry”."
    assert answer.confidence == 1.0


def test_the_word_is_marked_in_an_exact_quotation(assistant):
    """A mention is quoted with its whole sentence, and the word itself is marked."""
    for quote in assistant.ask("Which documents mention Keller?").quotes:
        text = assistant.text_of(quote.document.id)
        assert text[quote.start : quote.end] == quote.text
        assert text[slice(*quote.highlight)] == "Keller"


def test_all_words_must_stand_in_one_sentence(assistant):
    """A document counts only if one of its sentences holds every word."""
    assert names(assistant.ask("Which documents mention the old ferry?")) == ["a.txt"]
    assert names(assistant.ask("Which documents mention Maria Keller?")) == ["a.txt"]


def test_what_no_document_mentions(assistant):
    """Where nothing mentions it the answer says so, out of how many."""
    answer = assistant.ask("Which documents mention Brandt?")
    assert (answer.status, answer.rule) == ("not_found", "mentions.none")
    assert answer.text == "None of 3 documents mentions “Brandt”."
    assert answer.quotes == answer.nearest == ()


def test_only_the_chosen_documents(assistant):
    """Limited to some documents, a search for mentions looks at and counts only these."""
    answer = assistant.ask("Which documents mention the ferry?", documents=["b.txt", "c.txt"])
    assert names(answer) == ["b.txt"]
    assert answer.text == "1 of 2 documents mentions “the ferry”."


def test_an_unknown_document_is_an_error(assistant):
    """A name that stands for no document is refused, not counted."""
    with pytest.raises(UnknownDocument, match=r"nope\.txt"):
        assistant.ask("Which documents mention the ferry?", documents=["nope.txt"])
    with pytest.raises(UnknownDocument, match=r"nope\.txt"):
        assistant.ask("How many documents are there?", documents=["nope.txt"])


def test_a_topic_of_small_words_is_mentioned_nowhere(assistant):
    """A search for words that every text has finds nothing rather than everything."""
    assert find_mentions(assistant.retriever, "the of and") == []
    assert find_mentions(assistant.retriever, "") == []


def test_more_than_can_be_shown(library, tiny_encoder):
    """With many mentions the first twenty are shown and all are counted."""
    files = {
        f"{n:02}.txt": f"Note {n}\n\nThe ferry number {n} was late on that day." for n in range(23)
    }
    answer = Assistant.open(library(files).folder, encoder=tiny_encoder).ask(
        "Which documents mention the ferry?"
    )
    assert answer.rule == "mentions.shown"
    assert names(answer) == [f"{n:02}.txt" for n in range(20)]
    assert "23 of 23 documents" in answer.text
