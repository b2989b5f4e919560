"""Are question sets read as they are written, and refused with the place of the fault?"""

import json

import pytest

from eval.errors import QuestionSetDamaged, UnknownQuestionSet
from eval.question_sets import find_sets, load_question_set
from index.errors import AskdocsError, UsageError

GOOD = {"id": "1", "question": "Who?", "answers": ["Kani"], "answerable": True, "evidence": []}


def write_set(folder, *lines, corpus=True):
    """Write the files of a set; without lines, one good question."""
    folder.mkdir(parents=True)
    rows = [line if isinstance(line, str) else json.dumps(line) for line in lines or (GOOD,)]
    (folder / "questions.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    if corpus:
        (folder / "corpus.jsonl").write_text('{"id": "a", "text": "Kani."}\n', encoding="utf-8")
    return folder


def test_a_question_with_everything(tmp_path):
    """Fields, evidence, history and rewrite are read; fields of the authors' own are ignored."""
    line = GOOD | {
        "evidence": [{"doc_id": "a", "text": "Kani", "start": 0, "end": 4, "note": "x"}],
        "kind": "who",
        "history": ["Where?", {"role": "assistant", "text": "There."}],
        "rewrite": "Who is Kani?",
        "split": "dev",
    }
    (question,) = load_question_set(write_set(tmp_path / "s", line)).questions
    assert question.evidence[0].start == 0
    assert question.gold_documents == {"a"}
    assert [(turn.role, turn.text) for turn in question.history] == [
        ("user", "Where?"),
        ("assistant", "There."),
    ]
    assert question.rewrite == "Who is Kani?"


def test_lines_end_at_line_feeds_only(tmp_path):
    """A line separator inside a question does not cut it, and blank lines are skipped."""
    line = json.dumps(GOOD | {"question": "One\u2028two?"}, ensure_ascii=False)
    (question,) = load_question_set(write_set(tmp_path / "s", "", line, "")).questions
    assert question.question == "One\u2028two?"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "Invalid JSON"),
        ({"id": "2", "question": "?"}, "answerable"),
        (GOOD, "came before"),
        (GOOD | {"id": "2", "evidence": [{"doc_id": "a", "text": "x", "start": 1}]}, "start"),
        (
            GOOD | {"id": "2", "evidence": [{"doc_id": "a", "text": "x", "start": 1, "end": 3}]},
            "does not fit",
        ),
        (
            GOOD | {"id": "2", "evidence": [{"doc_id": "a", "text": "", "start": 1, "end": 1}]},
            "does not fit",
        ),
        (GOOD | {"id": "2", "history": [{"role": "cat", "text": "x"}]}, "history.0.role"),
    ],
    ids=["json", "missing", "repeated", "half", "length", "empty", "history"],
)
def test_damaged_lines_are_named(tmp_path, line, words):
    """A fault is reported with file, line number and what is wrong."""
    folder = write_set(tmp_path / "s", GOOD, line)
    with pytest.raises(QuestionSetDamaged, match=r"questions\.jsonl, line 2: ") as caught:
        load_question_set(folder)
    assert words in str(caught.value)
    assert isinstance(caught.value, AskdocsError)


def test_no_questions(tmp_path):
    """An empty file is refused: its figures would be of nothing."""
    with pytest.raises(QuestionSetDamaged, match="holds no questions"):
        load_question_set(write_set(tmp_path / "s", ""))


def test_corpus_beside_the_questions(tmp_path):
    """A corpus of its own comes before the sample documents."""
    folder = write_set(tmp_path / "s")
    assert load_question_set(folder, tmp_path).corpus == (folder / "corpus.jsonl",)


def test_without_a_corpus(tmp_path):
    """Without a corpus: the sample documents; or none, if all are follow-ups; or refused."""
    folder = write_set(tmp_path / "s", corpus=False)
    assert load_question_set(folder, tmp_path).corpus == (tmp_path,)
    with pytest.raises(QuestionSetDamaged, match=r"has no corpus\.jsonl"):
        load_question_set(folder)
    followups = write_set(tmp_path / "f", GOOD | {"rewrite": "Who?"}, corpus=False)
    assert load_question_set(followups).corpus == ()


class TestFinding:
    @pytest.fixture
    def known(self, tmp_path, monkeypatch):
        """One built-in set without a corpus and one in a data folder."""
        monkeypatch.setattr("eval.question_sets.BUILT_IN", tmp_path / "built_in")
        write_set(tmp_path / "built_in" / "documents", corpus=False)
        write_set(tmp_path / "data" / "bench" / "squad")
        (tmp_path / "data" / "bench" / "empty").mkdir()
        return tmp_path

    def test_all(self, known):
        """Without names: the built-in sets and those of the data folder that hold questions."""
        found = find_sets([], known / "data", known / "samples")
        assert [(s.name, s.corpus) for s in found] == [
            ("documents", (known / "samples",)),
            ("squad", (known / "data" / "bench" / "squad" / "corpus.jsonl",)),
        ]

    def test_without_data(self, known):
        """Without a data folder: the built-in sets."""
        assert [s.name for s in find_sets([], None, known)] == ["documents"]

    def test_by_name_and_by_folder(self, known):
        """A set is named, or its folder is, in the order given."""
        own = write_set(known / "own")
        found = find_sets(["squad", own, str(known / "built_in/documents")], known / "data", known)
        assert [s.name for s in found] == ["squad", "own", "documents"]
        assert found[2].corpus == (known,)

    @pytest.mark.parametrize("name", ["nothing", "data"])
    def test_unknown(self, known, name, monkeypatch):
        """A name that is no set, and a folder without questions, are wrong usage."""
        monkeypatch.chdir(known)
        with pytest.raises(UnknownQuestionSet) as caught:
            find_sets([name], known / "data", known)
        assert name in str(caught.value)
        assert isinstance(caught.value, UsageError)
