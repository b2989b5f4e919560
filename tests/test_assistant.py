"""How does a question become an answer?"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import assistant as package
from assistant import Answer, Assistant, Turn
from index import Retriever, Settings
from index.errors import AskdocsError, LibraryMissing, UnknownDocument
from ui.terminal import format_answer

FILES = {
    "bridge.txt": "The bridge of Norden\n\nThe new bridge of Norden was designed by Maria Keller. "
    "It opened on 4 May 1970. Before that a ferry crossed the river, and the journey took an hour.",
    "storm.txt": "The great storm\n\nThe storm of 1962 killed 315 people in Norden. The dyke broke "
    "at night, because nobody had repaired it for years.",
    "market.md": "---\ntitle: The market\ndate: 2020-11-27\n---\n\nThe market of Emden sells fish. "
    "On Wednesday the council moved it to the harbour.",
}
ALWAYS = Settings(threshold=0)
NEVER = Settings(threshold=1)
QUESTIONS = [
    "Who designed the new bridge of Norden?",
    "When did the bridge open?",
    "How many people did the storm kill?",
    "Why did the dyke break?",
    "What does the market of Emden sell?",
    "Did the council move the market?",
    "Which documents mention Norden?",
    "storm",
    "The market was moved.",
    "Who designed the new bridge, and how many people did the storm kill?",
    "What is the difference between the bridge and the market?",
]


@pytest.fixture
def made(library):
    """A library of three documents."""
    return library(FILES)


@pytest.fixture
def assistant(made, tiny_encoder):
    """An assistant that calls everything found an answer."""
    return Assistant.open(made.folder, settings=ALWAYS, encoder=tiny_encoder)


def check(answer, asked):
    """Assert what holds of every answer."""
    assert answer.question == asked
    assert 0 <= answer.confidence <= 1
    assert answer.text
    assert answer.rule.count(".") == 1
    assert not (answer.quotes and answer.nearest)
    assert bool(answer.quotes) == (answer.status == "answered")
    if answer.status != "answered":
        assert answer.differences == answer.inferred == ()
    shown = answer.quotes or answer.nearest
    for at, quote in enumerate(shown):
        assert quote.end - quote.start == len(quote.text) > 0
        assert quote.text == quote.text.strip()
        assert at not in quote.support
        if quote.highlight:
            assert quote.start <= quote.highlight[0] < quote.highlight[1] <= quote.end
        for other in shown[:at]:
            same = other.document.id == quote.document.id
            assert not (same and other.start < quote.end and quote.start < other.end)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_whole(assistant, question):
    """An answer's parts fit together, and its quotations are the stored text at their places."""
    answer = assistant.ask(question)
    check(answer, question)
    assert answer.status == "answered"
    for quote in answer.quotes:
        assert assistant.text_of(quote.document.id)[quote.start : quote.end] == quote.text
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_below_the_threshold_the_documents_do_not_say(made, tiny_encoder):
    """With too little confidence the same quotes are only the nearest passages."""
    sure = Assistant.open(made.folder, settings=ALWAYS, encoder=tiny_encoder)
    unsure = Assistant.open(made.folder, settings=NEVER, encoder=tiny_encoder)
    question = "Who designed the new bridge of Norden?"
    found, not_found = sure.ask(question), unsure.ask(question)
    check(not_found, question)
    assert not_found.status == "not_found"
    assert not_found.rule == "not_found.some"
    assert not_found.quotes == ()
    assert [quote.text for quote in not_found.nearest] == [quote.text for quote in found.quotes]
    assert not_found.confidence == found.confidence


def test_an_empty_library_says_so(library, tiny_encoder):
    """Without documents every question is answered by saying that there are none."""
    empty = Assistant.open(library().folder, settings=ALWAYS, encoder=tiny_encoder)
    for question in ("Who designed the bridge?", "How many documents are there?", "bridge"):
        check(empty.ask(question), question)
    assert empty.ask("Who designed the bridge?").rule == "not_found.empty"
    assert empty.ask("How many documents are there?").text == "The library holds 0 documents."
    assert empty.ask("Which documents mention the bridge?").rule == "mentions.none"


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("", "reply.empty"),
        (" ?! ", "reply.empty"),
        ("hello", "reply.small_talk"),
        ("Who are you?", "reply.about_assistant"),
        ("How many documents are there?", "reply.count_documents"),
        ("who " * 2000, "reply.too_long"),
        ("When was it?", "reply.underspecified"),
        ("Who did that?", "reply.underspecified"),
        ("Why?", "reply.underspecified"),
    ],
)
def test_a_reply_needs_no_quotation(assistant, question, rule):
    """Small talk, counts and questions that cannot be asked are replied to in a sentence."""
    answer = assistant.ask(question)
    check(answer, question)
    assert (answer.status, answer.rule) == ("reply", rule)


def test_a_question_back_is_for_the_first_question_alone(assistant):
    """What names nothing is understood when the conversation before it does."""
    answer = assistant.ask("When was it?", history=["Who designed the new bridge of Norden?"])
    check(answer, "When was it?")
    assert answer.status == "answered"
    assert "bridge" in answer.searched or "Norden" in answer.searched


def test_each_of_several_questions_is_answered(assistant):
    """Every question has quotations of its own, named by their numbers in the text."""
    asked = "Who designed the new bridge of Norden? How many people did the storm kill?"
    answer = assistant.ask(asked)
    check(answer, asked)
    assert answer.rule == "several.found"
    assert "weaker" not in format_answer(answer)
    first, second = answer.text.split("”: see ")[1:]
    assert "[1]" in first
    other = int(second.partition("]")[0].strip("["))
    assert "Maria Keller" in answer.quotes[0].text
    assert "315" in answer.quotes[other - 1].text


def test_one_of_several_questions_may_have_no_answer(made, tiny_encoder):
    """A part that the documents do not answer is said to be so, beside the part that they do."""
    parts = ["Who designed the new bridge of Norden?", "What colour is the moon?"]
    judging = Assistant.open(made.folder, settings=ALWAYS, encoder=tiny_encoder)
    sure, unsure = (judging.ask(part).confidence for part in parts)
    assert unsure < sure
    between = Settings(threshold=(sure + unsure) / 2)
    answer = Assistant.open(made.folder, settings=between, encoder=tiny_encoder).ask(
        " ".join(parts)
    )
    assert answer.status == "answered"
    assert answer.confidence == sure
    assert f"“{parts[1]}”: your documents do not say." in answer.text
    nothing = Assistant.open(made.folder, settings=NEVER, encoder=tiny_encoder)
    assert nothing.ask(" ".join(parts)).rule == "not_found.some"


def test_a_comparison_shows_both_sides(assistant):
    """The first two quotations speak of the two things that are compared."""
    answer = assistant.ask("What is the difference between the bridge and the market?")
    check(answer, answer.question)
    assert answer.rule.startswith("comparison.")
    assert {"bridge", "market"} <= set(" ".join(q.text for q in answer.quotes[:2]).split())


def test_the_answer_speaks_german(made, tiny_encoder):
    """The templates of another language need no code, and quotations stay as they are."""
    german = Settings(threshold=0, language="de")
    answer = Assistant.open(made.folder, settings=german, encoder=tiny_encoder).ask(QUESTIONS[0])
    english = Assistant.open(made.folder, settings=ALWAYS, encoder=tiny_encoder).ask(QUESTIONS[0])
    assert answer.quotes == english.quotes
    assert answer.rule == english.rule
    assert "Textstelle" in answer.text or "Dokument" in answer.text


def test_only_the_chosen_documents_are_quoted(assistant):
    """Limited to some documents, an answer quotes and counts only these."""
    answer = assistant.ask("What happened in Norden?", documents=["storm.txt"])
    assert {quote.document.name for quote in answer.quotes} == {"storm.txt"}
    assert assistant.ask("How many documents?", documents=["storm.txt"]).text == (
        "The library holds 1 document."
    )
    nothing = assistant.ask("What happened in Norden?", documents=[])
    assert (nothing.quotes, nothing.nearest) == ((), ())


def test_an_unknown_document_is_an_error(assistant):
    """A name that stands for no document is an error that names it."""
    with pytest.raises(UnknownDocument, match=r"nope\.txt"):
        assistant.ask("What happened?", documents=["storm.txt", "nope.txt"])


def test_no_library_is_an_error(tmp_path):
    """Asking where there is no library is an error, and makes none."""
    with pytest.raises(LibraryMissing, match="askdocs add"):
        Assistant.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_follow_up_shows_what_was_searched(assistant):
    """The completed question is in the answer, and history as strings and turns does the same."""
    first = "Who is Maria Keller?"
    strings = assistant.ask("What did she design?", [first])
    turns = assistant.ask("What did she design?", [Turn(role="user", text=first)])
    check(strings, "What did she design?")
    assert "Maria Keller" in strings.searched
    assert strings == turns


def test_at_most_as_many_quotes_as_set(made, tiny_encoder):
    """The setting of the most quotations holds."""
    for most in (1, 2, 20):
        settings = Settings(threshold=0, max_quotes=most)
        opened = Assistant.open(made.folder, settings=settings, encoder=tiny_encoder)
        answer = opened.ask("What happened in Norden?")
        check(answer, "What happened in Norden?")
        assert 1 <= len(answer.quotes) <= most


def test_an_inference_is_beside_its_quote(assistant):
    """ "On Wednesday" is worked out from the document's date and is not part of the quotation."""
    answer = assistant.ask("When did the council move the market to the harbour?")
    inference = next(item for item in answer.inferred if item.text == "On Wednesday")
    quote = answer.quotes[inference.quote]
    assert inference.means == "2020-11-25"
    assert inference.text in quote.text
    assert inference.means not in quote.text


@pytest.mark.parametrize(
    "question",
    [
        "\x00",
        "who\x00 is Maria?",
        "who is \ud800 Maria",
        "\udcff",
        "谁设计了桥？",
        "كم عدد القتلى؟",
        "🌉",
        "a" * 3999,
        "(" * 3000,
        "who \u202e\u200b\ufeff is",
        "' OR 1=1 --",
        'NEAR( * AND "',
        "{topic} {0} %s",
        "Which documents mention {topic}?",
        "Which documents mention '\" \\ (?",
    ],
    ids=lambda question: ascii(question[:16]),
)
def test_any_text_can_be_asked(assistant, question):
    """Whatever is typed gets an answer that can be written as JSON."""
    answer = assistant.ask(question)
    check(answer, question.encode(errors="replace").decode())
    assert json.loads(answer.model_dump_json().encode("utf-8"))


def test_any_history_can_be_followed(assistant):
    """Earlier questions of any size and kind do not keep a question from being answered."""
    for earlier in ("", "\ud800", "\x00", "a" * 100_000, "What is " + "a" * 5000 + " (b) c?"):
        check(assistant.ask("And Keller?", [earlier]), "And Keller?")


def test_the_same_question_gives_the_same_answer(made, tiny_encoder, assistant):
    """Asked twice, or through another assistant, a question has one answer."""
    other = Assistant.open(made.folder, settings=ALWAYS, encoder=tiny_encoder)
    for question in QUESTIONS:
        first = assistant.ask(question).model_dump_json()
        assert first == assistant.ask(question).model_dump_json()
        assert first == other.ask(question).model_dump_json()


def test_threads_share_an_assistant(assistant):
    """Many threads that ask at once get the answers that one alone gets."""
    alone = {question: assistant.ask(question) for question in QUESTIONS}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(assistant.ask, QUESTIONS * 6))
    assert together == [alone[question] for question in QUESTIONS * 6]


def test_new_documents_are_quoted_at_once(made, write, assistant):
    """An assistant that was opened before a document was added quotes it."""
    before = assistant.ask("Which documents mention the lighthouse?")
    made.add([write({"new.txt": "The lighthouse\n\nThe lighthouse of Emden was built in 1888."})])
    after = assistant.ask("Which documents mention the lighthouse?")
    assert (before.status, after.status) == ("not_found", "answered")
    assert before.version.library != after.version.library
    assert "1888" in assistant.ask("When was the lighthouse built?").quotes[0].text


def test_asking_while_a_document_changes(made, write, assistant):
    """While a document is updated again and again, every answer quotes one of its whole states."""
    question = "How many people did the storm kill?"
    stop = threading.Event()
    failures: list[BaseException] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                check(assistant.ask(question), question)
            except BaseException as error:  # noqa: BLE001 - reported by the test
                failures.append(error)
                return

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for number in range(6):
            path = write({"storm.txt": FILES["storm.txt"].replace("315", f"{number} hundred")})
            made.add([path / "storm.txt"])
    finally:
        stop.set()
        thread.join()
    assert failures == []
    assert "5 hundred" in assistant.ask(question).quotes[0].text


def test_the_contract_in_python():
    """What the contract names is there, and its errors have one base."""
    assert set(package.__all__) == {"Answer", "Assistant", "Quote", "Turn"}
    assert all(getattr(package, name) for name in package.__all__)
    assert issubclass(UnknownDocument, AskdocsError)
    assert Retriever.open
    with pytest.raises(AttributeError):
        package.Nothing  # noqa: B018 - the access is the test


def test_importing_is_free(run_python):
    """Importing the packages loads no model, touches no disk and opens no socket."""
    code = """
import builtins, io, os, socket, sys
seen = []
def refuse(*arguments, **named):
    seen.append(arguments)
    raise AssertionError(arguments)
socket.socket.__init__ = refuse
written = []
sys.addaudithook(lambda name, given: written.append(given) if name == "open"
    and (set(str(given[1])) & set("wax+")) else None)
import assistant, index, ui
heavy = {"torch", "faiss", "tantivy", "onnxruntime", "gradio", "sentence_transformers", "apsw"}
print(sorted(heavy & set(sys.modules)), [w for w in written if "__pycache__" not in str(w)])
"""
    assert run_python(code) == "[] []"
