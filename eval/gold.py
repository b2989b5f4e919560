"""Is this quote right?

A quote is right when it stands in a gold document and either holds a gold answer (as whole
words, in normal form) or overlaps a gold evidence sentence of more than 40 characters; where
evidence carries no offsets, one of the two texts must hold the other. Documents are matched by
name. What was refused is judged on ``nearest``: the ranking is measured apart from the refusal.
"""

from __future__ import annotations

from assistant.models import Answer, Quote
from eval.normal_text import best_f1, holds
from eval.question_sets import EvalQuestion, Evidence

# Shorter evidence is a bare answer ("France"): to overlap it by a letter or two proves nothing.
SENTENCE_CHARACTERS = 40
RANKING_DEPTH = 3


def ranked_quotes(answer: Answer) -> tuple[Quote, ...]:
    """Give the quotes, or for a refusal what would have been the quotes, best first."""
    return answer.quotes or answer.nearest


def can_be_judged(question: EvalQuestion) -> bool:
    """Tell whether some quote could be right: SciFact's topical claims name a document only."""
    return question.answerable and (
        bool(question.answers)
        or any(len(evidence.text) > SENTENCE_CHARACTERS for evidence in question.evidence)
    )


def is_right(quote: Quote, question: EvalQuestion) -> bool:
    """Tell whether ``quote`` answers ``question``, by the definition above."""
    if not question.answerable or quote.document.name not in question.gold_documents:
        return False
    if any(holds(quote.text, gold) for gold in question.answers):
        return True
    return any(_meets(quote, evidence) for evidence in question.evidence)


def right_rank(answer: Answer, question: EvalQuestion) -> int | None:
    """Give the rank, from 1, of the first right quote among the first three, if there is one."""
    for rank, quote in enumerate(ranked_quotes(answer)[:RANKING_DEPTH], start=1):
        if is_right(quote, question):
            return rank
    return None


def span_f1(answer: Answer, question: EvalQuestion) -> float | None:
    """Give the F1 of the first quote's highlight with the best gold answer.

    None when there is nothing to compare: no gold answers, or a first quote that is not right.
    A right quote without a highlight scores 0.
    """
    quotes = ranked_quotes(answer)
    if not quotes or not question.answers or not is_right(quotes[0], question):
        return None
    quote = quotes[0]
    if quote.highlight is None:
        return 0.0
    start, end = quote.highlight
    return best_f1(quote.text[start - quote.start : end - quote.start], question.answers)


def _meets(quote: Quote, evidence: Evidence) -> bool:
    if evidence.doc_id != quote.document.name or len(evidence.text) <= SENTENCE_CHARACTERS:
        return False
    if evidence.start is None or evidence.end is None:
        return holds(evidence.text, quote.text) or holds(quote.text, evidence.text)
    return quote.start < evidence.end and evidence.start < quote.end
