"""What is each single answer worth?

The values of one question, from one pass; :mod:`eval.measures` only averages them.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Answer
from eval.gold import can_be_judged, right_rank, span_f1
from eval.normal_text import weighty_f1
from eval.question_sets import EvalQuestion
from eval.ranking import ndcg, reciprocal_rank
from eval.records import Record


@dataclass(frozen=True, slots=True)
class Judgement:
    """One question's values. None: the measure says nothing about this question."""

    question: EvalQuestion
    answer: Answer | None
    judged: bool
    """Whether the place of the right quote is known, so that a rank can be judged."""
    right_rank: int | None
    """1 to 3, or None when none of the first three quotes is right."""
    span_f1: float | None
    reciprocal_rank: float | None
    ndcg: float | None
    exact: tuple[bool, ...]
    quote_words: tuple[int, ...]
    """Length in words, by white space, of every quote and nearest passage."""
    followup_f1: float | None
    unresolved_f1: float | None
    """The same for the question as it was typed: what doing nothing would score."""
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Whether the first quote is right; never for an unanswerable question."""
        return self.right_rank == 1

    @property
    def is_answered(self) -> bool:
        """Whether quotations were given: a reply counts as a refusal."""
        return self.answer is not None and self.answer.status == "answered"

    @property
    def is_false_answer(self) -> bool:
        """Whether an unanswerable, not underspecified, question was answered."""
        question = self.question
        return self.is_answered and not question.answerable and not question.is_underspecified

    @property
    def is_false_refusal(self) -> bool:
        """Whether an answerable question was refused."""
        return self.answer is not None and self.question.answerable and not self.is_answered


def judge(question: EvalQuestion, record: Record) -> Judgement:
    """Judge one record against its question."""
    answer = record.answer
    shown = () if answer is None else answer.quotes + answer.nearest
    gold = question.gold_documents if question.answerable and answer is not None else frozenset()
    rewrite = question.rewrite
    return Judgement(
        question=question,
        answer=answer,
        judged=answer is not None and can_be_judged(question),
        right_rank=None if answer is None else right_rank(answer, question),
        span_f1=None if answer is None else span_f1(answer, question),
        reciprocal_rank=reciprocal_rank(record.ranking, gold) if gold else None,
        ndcg=ndcg(record.ranking, gold) if gold else None,
        exact=record.exact,
        quote_words=tuple(len(quote.text.split()) for quote in shown),
        followup_f1=None if rewrite is None else weighty_f1(record.searched, rewrite),
        unresolved_f1=None if rewrite is None else weighty_f1(question.question, rewrite),
        milliseconds=record.milliseconds,
    )
