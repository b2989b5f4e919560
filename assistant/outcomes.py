"""What came of a question, and how do several outcomes make one answer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.agreement import Agreement, main_quotes
from assistant.models import Difference, Value
from assistant.questions import Question
from assistant.quoting import Draft


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question."""

    question: Question
    searched: str
    drafts: tuple[Draft, ...]
    """Quotations, best first."""
    agreement: Agreement
    confidence: float
    is_found: bool
    """Whether the confidence suffices for an answer."""


def join(outcomes: Sequence[Outcome], most: int) -> tuple[Outcome, tuple[tuple[int, ...], ...]]:
    """Join what was found for several questions into one outcome.

    Also returns, for each question, where its quotations stand in the joined list; none for a
    question without an answer. Weaker passages are left out: beside several answers they confuse.
    """
    answered = [outcome for outcome in outcomes if outcome.is_found]
    searched = " ".join(outcome.searched for outcome in outcomes)
    if not answered:
        return replace(outcomes[0], searched=searched), ((),) * len(outcomes)
    share = max(1, most // len(answered))
    drafts: list[Draft] = []
    places: list[tuple[int, ...]] = []
    support: list[tuple[int, ...]] = []
    differences: list[Difference] = []
    for outcome in outcomes:
        if not outcome.is_found:
            places.append(())
            continue
        agreement = outcome.agreement
        main = main_quotes(agreement.support[0], agreement.differences)[:share]
        at = {old: _place(outcome.drafts[old], drafts) for old in main}
        places.append(tuple(at.values()))
        support += [()] * (len(drafts) - len(support))
        for old, new in at.items():
            others = {at[other] for other in agreement.support[old] if other in at} - {new}
            support[new] = tuple(sorted({*support[new], *others}))
        differences += _moved(agreement.differences, at)
    agreeing = answered[0].agreement.agreeing
    joined = replace(
        answered[0],
        searched=searched,
        drafts=tuple(drafts),
        agreement=Agreement(tuple(support), tuple(differences), agreeing),
    )
    return joined, tuple(places)


def _place(draft: Draft, drafts: list[Draft]) -> int:
    """Return where a quotation stands in the list, adding it unless its place is quoted already."""
    for at, other in enumerate(drafts):
        if draft.overlaps(other):
            return at
    drafts.append(draft)
    return len(drafts) - 1


def _moved(differences: Sequence[Difference], at: Mapping[int, int]) -> list[Difference]:
    """Renumber differences; one that names a quotation which is not shown is left out."""
    return [
        Difference(
            values=tuple(
                Value(text=value.text, quotes=tuple(at[quote] for quote in value.quotes))
                for value in difference.values
            )
        )
        for difference in differences
        if all(quote in at for value in difference.values for quote in value.quotes)
    ]
