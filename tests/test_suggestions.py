"""Are the questions that are suggested about the documents, of changing kinds, and answered?"""

import pytest

from assistant import Assistant
from assistant.suggestions import LONGEST_NAME, is_worth_offering, suggest_about
from index import LibraryDocument
from index.models import DocumentInfo
from ui.page_offers import OFFERED, next_questions, offers_html
from ui.page_starters import starter_questions
from ui.wording import page_wording

WORDING = page_wording()
REPORT = (
    "A Council Meets As the Town Waits\n\n"
    "The mayor of the town, Captain Anna Berg, opened the meeting of the Harbour Council. "
    "In the evening Jonas Lind said that the bridge will stay closed. "
    "It is run by the Harbour Council (HBC), and the HBC pays for it. "
    "Later Jonas Lind told the press that Norden will vote in June."
)
LETTER = "We wrote to the office in Norden twice. The answer of the HBC came from Norden in May."


def document(name, title, number=1):
    """A document as a list of documents has it."""
    info = DocumentInfo(
        id=name, name=name, title=title, source=None, published=None, sha256="0" * 64
    )
    return LibraryDocument(
        number=number, info=info, path=f"/x/{name}", base=name, corpus_id=None, passages=1,
        characters=10,
    )  # fmt: skip


@pytest.fixture(scope="module")
def assistant(sample_library):
    """The sample documents, to be asked."""
    return Assistant.open(sample_library.folder)


class TestAboutDocuments:
    def test_questions_are_of_changing_kinds(self):
        """Who spoke, who somebody is, what a thing is, and where a name stands, in turn."""
        assert list(suggest_about([REPORT, LETTER]))[:4] == [
            "What did Jonas Lind say?",
            "Who is Anna Berg?",
            "What is the Harbour Council?",
            "Which documents mention Norden?",
        ]

    def test_a_headline_gives_no_names(self):
        """Words with a capital in a heading, or at the beginning of a sentence, are no names."""
        assert (
            list(suggest_about(["Seven Bridges Over Dark Water\n\nEvening came. Rain fell."])) == []
        )

    @pytest.mark.parametrize("text", ["", "\n\n", "# * $x$ <b>", "a" * 30_000, "A B " * 9000])
    def test_any_text_will_do(self, text):
        """Whatever a text is like, suggesting ends, and no name is longer than a line."""
        for question in suggest_about([text]):
            assert len(question) < LONGEST_NAME + 40


@pytest.mark.model
class TestOnTheSamples:
    def test_what_is_offered_next_is_answered_and_new(self, assistant):
        """What is offered after an answer was not asked, and is answered by another sentence."""
        answer = assistant.ask("Who supports Haftar?")
        offered = next_questions(answer, [answer.question], assistant.ask)
        assert 1 <= len(offered) <= OFFERED
        for question in offered:
            reply = assistant.ask(question)
            assert is_worth_offering(reply)
            assert reply.quotes[0].text != answer.quotes[0].text
        again = next_questions(answer, [offered[0].upper()], assistant.ask)
        assert offered[0] not in again

    def test_own_documents_come_before_the_samples(self, sample_library, assistant):
        """Of four questions three are about what a person added, one is left to the samples."""
        samples = sample_library.documents()
        mine = document("mine.txt", "Shipping news", number=99)
        texts = {"mine.txt": REPORT}

        def text_of(document_id):
            return texts.get(document_id) or sample_library.find_text(document_id)

        def ask(question):
            about_mine = any(name in question for name in ("Lind", "Berg", "HBC", "Shipping"))
            return assistant.ask("Who is Mohammed al-Kani?" if about_mine else question)

        questions = starter_questions([*samples, mine], WORDING, text_of, ask)
        own = ["What did Jonas Lind say?", "Who is Anna Berg?", "What is the HBC?"]
        assert questions[:3] == own
        assert questions[3] in WORDING.table("starters").values()

    def test_four_questions_of_the_samples_are_answered(self, sample_library, assistant):
        """The samples answer at least four of the questions that were written for them."""
        samples = sample_library.documents()
        questions = starter_questions(samples, WORDING, sample_library.find_text, assistant.ask)
        assert len(questions) == 4
        assert {assistant.ask(question).status for question in questions} == {"answered"}

    def test_headlines_give_questions_too(self, data, tmp_path):
        """Of news articles, whose titles are whole sentences, four answered questions are asked."""
        from index import Library

        library = Library.open(tmp_path / "news")
        library.add([data / "seeds"])
        ask = Assistant.open(library.folder).ask
        documents = library.documents()
        questions = starter_questions(documents, WORDING, library.find_text, ask)
        assert len(questions) == 4
        assert all(is_worth_offering(ask(question)) for question in questions)


class TestStarters:
    @pytest.mark.parametrize(
        "title", ["The bridge was closed.", "1) * <script> $x$", "#", "word " * 20, ""]
    )
    def test_a_title_that_is_no_subject_is_not_asked_about(self, title):
        """A whole sentence, markup or a formula makes no question."""
        documents = [document("a.txt", title)]
        assert starter_questions(documents, WORDING, lambda _: "no names", ask=None) == []

    def test_nothing_is_asked_of_nothing(self):
        """Without documents there are no questions."""
        assert starter_questions([], WORDING, lambda _: None, ask=None) == []


def test_offers_are_escaped_and_numbered():
    """An offered question is text, and says after how many questions it was offered."""
    markup = offers_html(["Who is <b>X</b>?"], 3, WORDING)
    assert "Who is &lt;b&gt;X&lt;/b&gt;?" in markup
    assert 'data-after="3"' in markup
    assert offers_html([], 3, WORDING) == ""
