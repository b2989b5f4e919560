"""Is every question asked as it stands, once, and can it be scored again without asking?"""

import json

import pytest

from assistant.models import Answer, Quote, Version
from eval.errors import QuestionSetDamaged
from eval.question_sets import EvalQuestion, QuestionSet
from eval.records import read_run, write_run
from eval.runner import SEARCH_DEPTH, choose, run_followups, run_set, score
from index.models import DocumentInfo, Hit

TEXTS = {"id-a": "Kani was shot. He died.", "id-b": "Nothing is known."}


def document(name):
    """Make a document."""
    return DocumentInfo(
        id=f"id-{name}", name=name, title=name, source=None, published=None, sha256="0" * 64
    )


class FakeAsker:
    """Quotes document a's first sentence, with ``extra`` added to its text."""

    def __init__(self, extra=""):
        self.extra = extra
        self.asked = []

    def ask(self, question, history=(), documents=None):
        """Answer everything alike, and remember what was asked."""
        self.asked.append((question, tuple(turn.text for turn in history)))
        text = "Kani was shot." + self.extra
        found = Quote(
            text=text, start=0, end=14, highlight=(0, 4), document=document("a"),
            page=None, section=None, support=(),
        )  # fmt: skip
        return Answer(
            question=question, status="answered", text="", rule="", confidence=0.75,
            quotes=(found,), nearest=(), searched=f"{question} searched", differences=(),
            inferred=(), version=Version(askdocs="0", library="0", model="0"),
        )  # fmt: skip


class FakeSearcher:
    """Finds two passages of b and one of a."""

    def __init__(self):
        self.queries = []

    def search(self, query, k=10, documents=None):
        """Find the same for everything, and remember the query."""
        self.queries.append((query, k))
        return [
            Hit(rank=rank, score=1 / rank, text="", start=0, end=0, document=document(name),
                page=None, section=None)
            for rank, name in enumerate("bba", start=1)
        ]  # fmt: skip


def question(number, **others):
    """Make a question that document a answers."""
    evidence = [{"doc_id": "a", "text": "Kani was shot.", "start": 0, "end": 14}]
    return EvalQuestion.model_validate(
        {"id": f"q{number}", "question": f"Who {number}?", "answers": ["Kani"], "answerable": True,
         "evidence": evidence, "kind": "who", **others}
    )  # fmt: skip


def make_set(tmp_path, *questions):
    """Make a set of these questions."""
    return QuestionSet("small", tmp_path, (tmp_path / "corpus.jsonl",), questions)


def run(question_set, asker=None, searcher=None, on_progress=lambda _: None, **others):
    """Run a set against the fakes, or others."""
    return run_set(
        question_set, asker or FakeAsker(), searcher or FakeSearcher(), TEXTS.__getitem__,
        on_progress=on_progress, **others,
    )  # fmt: skip


def test_figures_of_a_set_and_its_kinds(tmp_path):
    """The set as a whole and every kind of question are measured from the same pass."""
    unanswerable = question(2, answerable=False, answers=[], evidence=[], kind="unknown")
    asker = FakeAsker()
    result = run(make_set(tmp_path, question(1), unanswerable), asker)
    assert len(asker.asked) == 2
    assert result.name == "small"
    assert (result.measures.quote_at_1, result.measures.false_answers) == (1, 1)
    assert result.measures.span_f1 == 1
    assert result.measures.document_mrr == 1 / 2
    assert result.measures.exact_quotes == 1
    assert [kind for kind, _ in result.by_kind] == ["unknown", "who"]
    kinds = dict(result.by_kind)
    assert (kinds["who"].questions, kinds["who"].false_answers) == (1, None)
    assert kinds["unknown"].false_answers == 1


def test_a_quote_that_is_not_the_stored_text_is_noticed(tmp_path):
    """Exactness is checked against the stored text, not believed."""
    assert run(make_set(tmp_path, question(1)), FakeAsker(extra="!")).measures.exact_quotes == 0


def test_a_followup_is_asked_with_its_history_and_searched_as_understood(tmp_path):
    """History goes to the assistant; the search gets the follow-up written out."""
    asker, searcher = FakeAsker(), FakeSearcher()
    run(make_set(tmp_path, question(1), question(2, history=["Where?"])), asker, searcher)
    assert asker.asked == [("Who 1?", ()), ("Who 2?", ("Where?",))]
    assert searcher.queries == [("Who 1?", SEARCH_DEPTH), ("Who 2? searched", SEARCH_DEPTH)]


def test_progress_is_reported_from_none_to_all(tmp_path):
    """The first report says 0 of n, the last n of n."""
    seen = []
    run(make_set(tmp_path, question(1), question(2)), on_progress=seen.append)
    assert [(p.set_name, p.stage, p.done, p.total) for p in seen] == [
        ("small", "asking", 0, 2),
        ("small", "asking", 1, 2),
        ("small", "asking", 2, 2),
    ]


def test_a_limit_spreads_over_the_set(tmp_path):
    """A limited run takes questions at equal distances, each once, and is the same every time."""
    questions = [question(number) for number in range(10)]
    assert [q.id for q in choose(questions, 3)] == ["q0", "q3", "q6"]
    assert choose(questions, 10) == choose(questions, None) == choose(questions, 99) == questions
    assert run(make_set(tmp_path, *questions), limit=3).measures.questions == 3


def test_a_run_file_scores_the_same(tmp_path):
    """Written, read and scored again, a run gives the same figures without asking."""
    question_set = make_set(tmp_path, question(1), question(2, kind="unknown"))
    result = run(question_set)
    path = tmp_path / "runs" / "small.run.jsonl"
    write_run(path, result.name, result.records)
    name, records = read_run(path)
    assert name == "small"
    assert score(question_set, records) == result


def test_a_run_of_other_questions_is_refused(tmp_path):
    """A run whose questions the set no longer has cannot be scored."""
    result = run(make_set(tmp_path, question(1)))
    with pytest.raises(QuestionSetDamaged, match="'q1'"):
        score(make_set(tmp_path, question(2)), result.records)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "line 1"),
        ([{"run_format": 99, "set_name": "s"}], "run format 99"),
        ([{"set_name": "s"}, {"id": "q1"}], "line 2"),
    ],
    ids=["empty", "newer", "damaged"],
)
def test_damaged_run_files_are_named(tmp_path, lines, words):
    """A run file that cannot be read is refused with its place."""
    path = tmp_path / "x.run.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    with pytest.raises(QuestionSetDamaged, match=words):
        read_run(path)


def test_followups_without_documents(tmp_path):
    """A set without documents is written out by the given function, and scored on that."""
    followup = question(
        1, question="When did they disband?", history=["Who are the Mothers?"], evidence=[],
        answers=[], rewrite="When did the Mothers disband?",
    )  # fmt: skip
    question_set = QuestionSet("canard", tmp_path, (), (followup,))
    result = run_followups(
        question_set,
        lambda text, history: f"{text} {history[0].text}",
        on_progress=lambda _: None,
    )
    assert result.measures.followup_f1 == 1
    # 'disband' alone: p = 1, r = 1/2
    assert result.measures.unresolved_f1 == pytest.approx(2 / 3)
    assert result.measures.quote_at_1 is None
