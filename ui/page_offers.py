"""What could a person ask next? A few questions that the library does answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from assistant.models import Answer
from assistant.suggestions import is_worth_offering, suggest_next
from index.errors import AskdocsError
from ui.rendering import escape
from ui.wording import Wording

OFFERED = 3
TRIED = 6
"""Questions tried at most: each costs as much as an answer."""


def next_questions(answer: Answer, asked: Sequence[str], ask: Callable[[str], Answer]) -> list[str]:
    """Return questions that follow from an answer, that were not asked, and that ``ask`` answers.

    What quotes first what was just quoted first would tell the person nothing new.
    """
    known = {question.casefold() for question in asked}
    tried = islice((one for one in suggest_next(answer) if one.casefold() not in known), TRIED)
    shown = {(quote.document.id, quote.start) for quote in answer.quotes[:1]}
    offered: list[str] = []
    for question in tried:
        try:
            reply = ask(question)
        except AskdocsError:
            break
        first = reply.quotes[0] if reply.quotes else None
        is_new = first is not None and (first.document.id, first.start) not in shown
        if first is not None and is_new and is_worth_offering(reply):
            offered.append(question)
            shown.add((first.document.id, first.start))
        if len(offered) == OFFERED:
            break
    return offered


def offers_html(questions: Sequence[str], after: int, wording: Wording) -> str:
    """Show what is offered ``after`` so many questions; the browser drops what comes too late."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="offer" dir="auto">{escape(question)}</button></li>'
        for question in questions
    )
    label = escape(wording("offers.label"))
    return (
        f'<section class="offers" data-after="{after}" aria-label="{label}">'
        f'<p class="label">{label}</p><ul>{buttons}</ul></section>'
    )
