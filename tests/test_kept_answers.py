"""Does an answer come back from what is kept of it, and only as far as its documents allow?"""

import re
from itertools import pairwise

import pytest

from assistant import Assistant
from assistant.kept_answers import WITHDRAWN, KeptAnswer, Restorer, keep, stands
from index import Library

pytestmark = pytest.mark.model

QUESTIONS = [
    "Who supports Haftar?",
    "How many mass graves were found in Tarhuna?",
    "When did the US blacklist the Kaniyat militia?",
    "What is the population of Libya?",
    "Which documents mention Tarhuna?",
    "Who leads the militia, and when was it sanctioned?",
    "Why did Russia stop the blacklisting of the militia?",
    "What is the difference between the GNA and the LNA?",
    "Hello",
    "When was it?",
]


@pytest.fixture(scope="module")
def assistant(sample_library):
    return Assistant.open(sample_library.folder)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_comes_back_as_it_was(assistant, question):
    """While the library has not changed, what is kept gives the whole answer, byte for byte."""
    answer = assistant.ask(question)
    kept = KeptAnswer.model_validate_json(keep(answer, assistant.composer).model_dump_json())
    assert Restorer(assistant.retriever.store, assistant.composer).restore(kept) == answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_words_of_a_document_are_kept(assistant, question):
    """Neither quotations nor marks, titles, sections or differing values are written down."""
    answer = assistant.ask(question)
    kept = keep(answer, assistant.composer).model_dump_json()
    asked = f"{question} {answer.searched}".lower()
    for quote in (*answer.quotes, *answer.nearest):
        words = re.findall(r"[^\W\d_]{4,}", f"{quote.text} {quote.document.title} {quote.section}")
        for pair in pairwise(words):
            assert " ".join(pair) not in kept or " ".join(pair).lower() in asked
    for difference in answer.differences:
        for value in difference.values:
            assert value.text not in keep(answer, assistant.composer).text or value.text in asked


@pytest.fixture
def twice(library, tiny_encoder):
    """A library in which two documents say when the bridge was closed, and an assistant."""
    made = library(
        {
            "one.txt": "The bridge of Kiel was closed on 3 May 2024 by the harbour office.\n",
            "two.txt": "The bridge of Kiel was closed on 9 June 2024 by the harbour office.\n",
        }
    )
    return made, Assistant.open(made.folder, encoder=tiny_encoder)


def asked(assistant):
    answer = assistant.ask("When was the bridge of Kiel closed?")
    assert {quote.document.name for quote in answer.quotes + answer.nearest} == {
        "one.txt",
        "two.txt",
    }
    return answer, keep(answer, assistant.composer)


def test_a_removed_document_comes_back_no_more(twice):
    """After a document was removed, no word of it is in the restored answer; the rest stays."""
    library, assistant = twice
    answer, kept = asked(assistant)
    library.remove(["one.txt"])
    restored = Restorer(library.store, assistant.composer).restore(kept)
    assert not stands(answer, [one.info for one in library.documents()])
    assert restored.rule == WITHDRAWN
    shown = restored.quotes + restored.nearest
    assert [quote.document.name for quote in shown] == ["two.txt"]
    assert shown[0].support == ()
    assert "3 May" not in restored.model_dump_json()
    assert "removed or changed" in restored.text
    library.remove(["two.txt"])
    gone = Restorer(library.store, assistant.composer).restore(kept)
    assert gone.status == "reply"
    assert "June" not in gone.model_dump_json()


def test_a_changed_document_is_not_quoted_from_its_old_place(twice, write):
    """When a document reads differently now, nothing is cut from where the quotation stood."""
    library, assistant = twice
    _, kept = asked(assistant)
    folder = write({"one.txt": "Another text. " * 20})
    assert {result.status for result in library.add([folder])} == {"updated", "unchanged"}
    store = Library.open(library.folder).store
    restored = Restorer(store, assistant.composer).restore(kept)
    assert restored.rule == WITHDRAWN
    assert "Another" not in restored.model_dump_json()
