"""What does a question set bring when it is asked?

Asking and scoring are apart: :func:`run_set` keeps a record of each question, and :func:`score`
judges records, also those of an earlier run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from assistant.models import Answer, Turn
from eval.errors import QuestionSetDamaged
from eval.judgements import Judgement, judge
from eval.measures import Measures, measure
from eval.question_sets import EvalQuestion, QuestionSet
from eval.ranking import distinct
from eval.records import Record
from index.models import Hit

# Passages asked for, so that ten different documents are among them.
SEARCH_DEPTH = 50


class Asker(Protocol):
    """What answers: an ``assistant.Assistant``."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Answer:
        """Answer ``question``."""


class Searcher(Protocol):
    """What finds: an ``index.Retriever``."""

    def search(
        self, query: str, k: int = 10, documents: Sequence[str] | None = None
    ) -> Sequence[Hit]:
        """Find the ``k`` best passages, best first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one set has come."""

    set_name: str
    stage: Literal["reading", "embedding", "writing", "asking"]
    """All but the last belong to the building of the library."""
    done: int
    total: int


OnProgress = Callable[[Progress], None]
TextOf = Callable[[str], str]
"""Gives the stored text of the document with this id."""
Complete = Callable[[str, Sequence[Turn]], str]
"""Writes a follow-up out, given the question and the conversation before it."""


@dataclass(frozen=True, slots=True)
class SetResult:
    """A set's figures, as a whole and by kind of question, and what they were taken from."""

    name: str
    measures: Measures
    by_kind: tuple[tuple[str, Measures], ...]
    """In alphabetical order."""
    judgements: tuple[Judgement, ...]
    records: tuple[Record, ...]


def run_set(  # noqa: PLR0913 - the three things that are measured, each a Protocol
    question_set: QuestionSet,
    asker: Asker,
    searcher: Searcher,
    text_of: TextOf,
    *,
    on_progress: OnProgress,
    limit: int | None = None,
) -> SetResult:
    """Ask the questions of a set with documents, and score the answers."""

    def answer(question: EvalQuestion) -> Record:
        return _ask(question, asker, searcher, text_of)

    return _run(question_set, answer, on_progress, limit)


def run_followups(
    question_set: QuestionSet,
    complete: Complete,
    *,
    on_progress: OnProgress,
    limit: int | None = None,
) -> SetResult:
    """Have the questions of a set without documents written out, and score that."""

    def write_out(question: EvalQuestion) -> Record:
        started = perf_counter()
        searched = complete(question.question, question.history)
        return Record(id=question.id, searched=searched, milliseconds=_since(started))

    return _run(question_set, write_out, on_progress, limit)


def score(question_set: QuestionSet, records: Sequence[Record]) -> SetResult:
    """Judge ``records``, which may come from an earlier run and from some questions only."""
    questions = {question.id: question for question in question_set.questions}
    unknown = [record.id for record in records if record.id not in questions]
    if unknown:
        raise QuestionSetDamaged(
            f"The run has the question {unknown[0]!r}, which the set {question_set.name} does "
            f"not. Run the set again."
        )
    judgements = tuple(judge(questions[record.id], record) for record in records)
    kinds = sorted({judgement.question.kind for judgement in judgements})
    return SetResult(
        name=question_set.name,
        measures=measure(judgements),
        by_kind=tuple(
            (kind, measure([j for j in judgements if j.question.kind == kind])) for kind in kinds
        ),
        judgements=judgements,
        records=tuple(records),
    )


def choose(questions: Sequence[EvalQuestion], limit: int | None) -> Sequence[EvalQuestion]:
    """Take ``limit`` questions at equal distances: files are sorted by article or kind."""
    if limit is None or limit >= len(questions):
        return questions
    return [questions[place * len(questions) // limit] for place in range(limit)]


def _run(
    question_set: QuestionSet,
    ask: Callable[[EvalQuestion], Record],
    on_progress: OnProgress,
    limit: int | None,
) -> SetResult:
    questions = choose(question_set.questions, limit)
    records = []
    for done, question in enumerate(questions):
        on_progress(Progress(question_set.name, "asking", done, len(questions)))
        records.append(ask(question))
    on_progress(Progress(question_set.name, "asking", len(questions), len(questions)))
    return score(question_set, records)


def _ask(question: EvalQuestion, asker: Asker, searcher: Searcher, text_of: TextOf) -> Record:
    started = perf_counter()
    answer = asker.ask(question.question, history=question.history)
    milliseconds = _since(started)
    # A follow-up is searched for as it was understood: "when was he born" finds nobody.
    query = (answer.searched if question.history else "") or question.question
    hits = searcher.search(query, k=SEARCH_DEPTH)
    return Record(
        id=question.id,
        searched=answer.searched,
        answer=answer,
        ranking=distinct(hit.document.name for hit in hits),
        exact=tuple(
            text_of(quote.document.id)[quote.start : quote.end] == quote.text
            for quote in answer.quotes + answer.nearest
        ),
        milliseconds=milliseconds,
    )


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
