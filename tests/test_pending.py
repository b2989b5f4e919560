"""Does what a person says about an answer become a question of a set, and no less than that?"""

import json
import re

import pytest

from eval.accepting import accept
from eval.errors import CaseUnusable, UnknownCase
from eval.pending import FOLDER, PendingCase, PlaceOfQuote, dismiss, find_case, keep_case
from eval.pending import pending_cases as pending
from eval.question_sets import load_question_set
from ui.command_line import main

TEXT = "The bridge of Kiel was closed on 3 May 2024 by the harbour office.\n"
QUESTION = "When was the bridge closed?"


@pytest.fixture
def made(library):
    """A library of two documents."""
    return library({"bridge.txt": TEXT, "other.txt": "Nothing of note happened in Kiel in 2023.\n"})


def case(made, said="helpful", **more):
    """A case about the first document."""
    [info] = [one.info for one in made.documents() if one.info.name == "bridge.txt"]
    place = PlaceOfQuote(
        document=info.id, sha256=info.sha256, start=0, end=len(TEXT) - 1,
        highlight=(TEXT.index("3 May"), TEXT.index(" by the")),
    )  # fmt: skip
    fields = {
        "id": "abc123", "said": said, "at": "2026-01-02T03:04:05+00:00", "question": QUESTION,
        "history": (), "documents": None, "quotes": (place,), "answers": (), **more,
    }  # fmt: skip
    return PendingCase(**fields)


def test_the_last_verdict_counts(made):
    """A second verdict on the same answer replaces the first; nothing else lies in the folder."""
    keep_case(made.folder, case(made))
    keep_case(made.folder, case(made, "missed"))
    assert [one.said for one in pending(made.folder)] == ["missed"]
    assert [path.name for path in (made.folder / FOLDER).iterdir()] == ["abc123.json"]


def test_no_word_of_a_document_is_kept(made):
    """A pending case holds places, so a removed document leaves no trace in it."""
    keep_case(made.folder, case(made))
    [file] = (made.folder / FOLDER).iterdir()
    for word in re.findall(r"\w{4,}", TEXT):
        assert word not in file.read_text() or word.lower() in QUESTION.lower()


def test_what_was_right_becomes_evidence(made, tmp_path):
    """An answer called right gives its first quotation, exactly, with the documents asked."""
    keep_case(made.folder, case(made))
    accept(made.folder, find_case(made.folder, "abc"), made, tmp_path / "mine", None)
    made_set = load_question_set(tmp_path / "mine")
    [question] = made_set.questions
    [evidence] = question.evidence
    assert (evidence.doc_id, evidence.text) == ("bridge.txt", TEXT.strip())
    assert question.answers == ("3 May 2024",)
    lines = (tmp_path / "mine" / "corpus.jsonl").read_text().splitlines()
    corpus = {record["id"]: record["text"] for record in map(json.loads, lines)}
    assert corpus == {one.info.name: made.text(one.info.id) for one in made.documents()}
    assert pending(made.folder) == []


@pytest.mark.parametrize("said", ["should_not_answer", "rightly_refused"])
def test_what_the_documents_do_not_say_is_unanswerable(made, tmp_path, said):
    """Where the documents do not say, the question of the set has no answer."""
    accept(made.folder, case(made, said), made, tmp_path / "mine", None)
    [question] = load_question_set(tmp_path / "mine").questions
    assert not question.answerable
    assert question.evidence == ()


@pytest.mark.parametrize("said", ["wrong_passage", "missed"])
def test_what_was_missed_needs_the_right_words(made, tmp_path, said):
    """The right words come from the person or from --answer, and must stand in a document."""
    with pytest.raises(CaseUnusable, match="--answer"):
        accept(made.folder, case(made, said), made, tmp_path / "mine", None)
    with pytest.raises(CaseUnusable, match="No document holds the words “9 June”"):
        accept(made.folder, case(made, said), made, tmp_path / "mine", "9 June")
    assert not (tmp_path / "mine").exists()
    accept(made.folder, case(made, said, answers=("3 may 2024",)), made, tmp_path / "mine", None)
    [question] = load_question_set(tmp_path / "mine").questions
    assert question.gold_documents == {"bridge.txt"}


def test_only_the_documents_that_were_asked_count(made, tmp_path):
    """The corpus holds what was ticked; words in another document are not the right ones."""
    [other] = [one.info.id for one in made.documents() if one.info.name == "other.txt"]
    asked = case(made, "missed", documents=(other,))
    with pytest.raises(CaseUnusable):
        accept(made.folder, asked, made, tmp_path / "mine", "3 May 2024")
    accept(made.folder, asked, made, tmp_path / "mine", "2023")
    assert "bridge" not in (tmp_path / "mine" / "corpus.jsonl").read_text()


def test_a_changed_document_is_no_evidence(made, tmp_path):
    """A quotation whose document was removed meanwhile proves nothing."""
    said = case(made)
    made.remove(["bridge.txt"])
    with pytest.raises(CaseUnusable, match="removed or changed"):
        accept(made.folder, said, made, tmp_path / "mine", None)


def test_a_second_case_joins_the_set(made, tmp_path):
    """A set grows: no document twice, no question twice."""
    for one in ("a1", "a2", "a1"):
        accept(made.folder, case(made, id=one), made, tmp_path / "mine", None)
    assert [one.id for one in load_question_set(tmp_path / "mine").questions] == ["a1", "a2"]
    assert len((tmp_path / "mine" / "corpus.jsonl").read_text().splitlines()) == 2


def test_a_case_is_found_by_the_beginning_of_its_id(made):
    """Some letters of an id will do, as long as only one case begins so."""
    for one in ("aa1", "aa2"):
        keep_case(made.folder, case(made, id=one))
    assert find_case(made.folder, "aa1").id == "aa1"
    for wrong in ("a", "b"):
        with pytest.raises(UnknownCase, match="--pending"):
            find_case(made.folder, wrong)
    dismiss(made.folder, find_case(made.folder, "aa1"))
    assert [one.id for one in pending(made.folder)] == ["aa2"]


def test_the_command_line_takes_cases_up(made, tmp_path, capsys):
    """A person lists, accepts and dismisses cases in the terminal."""
    library = ["--library", str(made.folder)]
    keep_case(made.folder, case(made))
    keep_case(made.folder, case(made, "missed", id="def456", answers=("3 May 2024",)))
    assert main(["eval", "--pending", *library]) == 0
    listed = capsys.readouterr().out
    assert re.search(rf"^abc123 +Yes +{re.escape(QUESTION)}$", listed, re.MULTILINE)
    assert "→ 3 May 2024" in listed
    assert main(["eval", "--accept", "abc", *library]) == 2
    assert main(["eval", "--accept", "abc", str(tmp_path / "mine"), "--json", *library]) == 0
    assert json.loads(capsys.readouterr().out)["done"] == "accepted"
    assert main(["eval", "--dismiss", "def", *library]) == 0
    capsys.readouterr()
    assert main(["eval", "--pending", *library]) == 0
    assert capsys.readouterr().out == "Nothing is pending.\n"
