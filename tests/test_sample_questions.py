"""Do the questions about the sample documents stand on those documents?"""

from collections import Counter
from pathlib import Path

import pytest

from eval.question_sets import BUILT_IN, find_sets
from index.documents import Refusal
from index.readers import read_file

DOCUMENTS = Path(__file__).parent.parent / "documents"
FRONT_MATTER = "---\n"


@pytest.fixture(scope="module")
def questions():
    """Load the built-in set; loading refuses repeated ids and offsets that do not fit."""
    (question_set,) = find_sets(["documents"], None, DOCUMENTS)
    assert question_set.folder == BUILT_IN / "documents"
    assert question_set.corpus == (DOCUMENTS,)
    return question_set.questions


@pytest.fixture(scope="module")
def stored():
    """Read every sample document as the library does: stored text by name."""
    texts = {}
    for path in sorted(DOCUMENTS.glob("*.md")):
        reading = read_file(path, max_bytes=1_000_000)
        assert not isinstance(reading, Refusal), f"{path}: {reading}"
        (document,) = reading.documents
        texts[path.name] = document.text
    return texts


def test_stored_text_is_the_file_without_its_front_matter(stored):
    """A reader keeps all characters of a Markdown file after its front matter."""
    for name, text in stored.items():
        source = (DOCUMENTS / name).read_text(encoding="utf-8")
        if source.startswith(FRONT_MATTER):
            end = source.index(f"\n{FRONT_MATTER}", len(FRONT_MATTER)) + len(FRONT_MATTER) + 1
            source = source[end:].lstrip("\n")
        assert text == source, name


def test_there_are_enough_of_every_kind(questions):
    """The set has 80 questions, 25 without an answer, 10 follow-ups and the trying kinds."""
    kinds = Counter(question.kind for question in questions)
    assert len(questions) >= 80
    assert sum(not question.answerable for question in questions) >= 25
    assert sum(bool(question.history) for question in questions) >= 10
    assert {"spelling", "typo", "yes_no", "list", "quotation"} <= set(kinds)


def test_every_follow_up_has_a_conversation(questions):
    """A question of a follow-up kind has the turns that it follows."""
    followups = [question for question in questions if "followup" in question.kind]
    assert followups
    assert [question.id for question in followups if not question.history] == []


def test_evidence_equals_the_stored_text_at_its_offsets(questions, stored):
    """Every evidence sentence stands, character for character, where it is said to stand."""
    wrong = [
        (question.id, evidence.doc_id, evidence.text)
        for question in questions
        for evidence in question.evidence
        if evidence.start is None
        or stored.get(evidence.doc_id, "")[evidence.start : evidence.end] != evidence.text
    ]
    assert wrong == []


def test_answerable_questions_have_evidence_and_others_have_none(questions):
    """What can be answered says where, and what cannot has neither answers nor evidence."""
    for question in questions:
        assert bool(question.evidence) is question.answerable, question.id
        assert question.answerable or not question.answers, question.id


def test_answers_occur_in_their_evidence(questions):
    """Every short answer stands word for word in an evidence sentence, yes and no excepted."""
    wrong = [
        (question.id, answer)
        for question in questions
        if question.kind != "yes_no"
        for answer in question.answers
        if not any(answer in evidence.text for evidence in question.evidence)
    ]
    assert wrong == []
