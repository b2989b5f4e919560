"""What was found for a question, and how do the findings of several questions make one answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.agreement import Agreement
from assistant.models import Difference, Value
from assistant.questions import Question
from assistant.quoting import Draft


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one question."""

    question: Question
    searched: str
    drafts: tuple[Draft, ...]
    """Quotations, best first."""
    agreement: Agreement
    confidence: float
    is_found: bool
    """Whether the confidence suffices for an answer."""


def join(findings: Sequence[Finding], most: int) -> tuple[Finding, tuple[tuple[int, ...], ...]]:
    """Join what was found for several questions into one finding.

    Also returns, for each question, where its quotations stand in the joined list; none for a
    question without an answer. Each answered question gets a place before any gets a second one.
    """
    answered = [finding for finding in findings if finding.is_found]
    searched = " ".join(finding.searched for finding in findings)
    if not answered:
        first = findings[0]
        bare = Finding(
            first.question,
            searched,
            first.drafts,
            first.agreement,
            first.confidence,
            is_found=False,
        )
        return bare, ((),) * len(findings)
    share = max(1, most // len(answered))
    drafts: list[Draft] = []
    places: list[tuple[int, ...]] = []
    support: list[tuple[int, ...]] = []
    differences: list[Difference] = []
    for finding in findings:
        taken = finding.drafts[:share] if finding.is_found else ()
        at = [_place(draft, drafts) for draft in taken]
        places.append(tuple(at))
        for draft, others in zip(at, finding.agreement.support, strict=False):
            while len(support) <= draft:
                support.append(())
            new = {at[other] for other in others if other < len(at)} - {draft}
            support[draft] = tuple(sorted({*support[draft], *new}))
        if finding.is_found:
            differences += _moved(finding.agreement.differences, at)
    agreeing = answered[0].agreement.agreeing
    return (
        Finding(
            question=answered[0].question,
            searched=searched,
            drafts=tuple(drafts),
            agreement=Agreement(tuple(support), tuple(differences), agreeing),
            confidence=answered[0].confidence,
            is_found=True,
        ),
        tuple(places),
    )


def _place(draft: Draft, drafts: list[Draft]) -> int:
    """Return where a quotation stands in the list, adding it unless its place is quoted already."""
    for at, other in enumerate(drafts):
        if draft.overlaps(other):
            return at
    drafts.append(draft)
    return len(drafts) - 1


def _moved(differences: Sequence[Difference], at: Sequence[int]) -> list[Difference]:
    """Renumber differences; one that names a quotation which is not shown is left out."""
    return [
        Difference(
            values=tuple(
                Value(text=value.text, quotes=tuple(at[quote] for quote in value.quotes))
                for value in difference.values
            )
        )
        for difference in differences
        if all(quote < len(at) for value in difference.values for quote in value.quotes)
    ]
