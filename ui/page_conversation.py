"""What was said in a conversation? Questions, answers, and what the next one builds on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.kept_answers import stands
from assistant.models import Answer, Turn
from index.errors import AskdocsError
from index.rows import LibraryDocument
from ui.conversations import Place
from ui.page_answer import Searched, answer_html
from ui.page_documents import ticked_names
from ui.page_source import Citation
from ui.rendering import notice_html, question_html
from ui.wording import Wording

_log = logging.getLogger(__name__)


class Asked(Protocol):
    """The part of the assistant that a conversation needs."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer, a sentence of the page's own, or nothing yet."""

    question: str
    answer: Answer | None = None
    notice: str = ""
    ticked: tuple[str, ...] | None = None
    """Names of the documents that were searched; ``None`` for all."""
    documents: int = 0
    """How many there were."""
    verdict: str = ""
    """What the person said about the answer."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one conversation, oldest first."""

    exchanges: tuple[Exchange, ...] = ()
    place: Place | None = None
    """Where it is kept; ``None`` for a browser that keeps nothing."""

    def begin(self, question: str) -> Conversation:
        """Add a question that waits for its answer."""
        return replace(self, exchanges=(*self.exchanges, Exchange(question)))

    def end(self, exchange: Exchange) -> Conversation:
        """Put what came of the last question in its place."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def judge(self, number: int, verdict: str) -> Conversation:
        """Note what the person said about answer ``number``, counted from 1."""
        exchanges = list(self.exchanges)
        exchanges[number - 1] = replace(exchanges[number - 1], verdict=verdict)
        return replace(self, exchanges=tuple(exchanges))

    @property
    def is_waiting(self) -> bool:
        """Whether the last question has no answer yet."""
        last = self.exchanges[-1] if self.exchanges else None
        return last is not None and last.answer is None and not last.notice

    def history(self) -> tuple[Turn, ...]:
        """Return what was said before the last question, for a follow-up to build on."""
        return _turns(self.exchanges[:-1])

    def history_of(self, number: int) -> tuple[Turn, ...]:
        """Return what was said before question ``number``, counted from 1."""
        return _turns(self.exchanges[: number - 1])

    def answers(self) -> tuple[Answer, ...]:
        """Return all answers, oldest first."""
        return tuple(one.answer for one in self.exchanges if one.answer is not None)

    def exchange(self, number: object) -> Exchange | None:
        """Return the exchange ``number``, counted from 1; ``None`` for no number or no such."""
        if isinstance(number, int) and 1 <= number <= len(self.exchanges):
            return self.exchanges[number - 1]
        return None

    def citation(self, link: str) -> Citation:
        """Find what the link ``cite-2-1`` stands for.

        :raises LookupError: nothing in this conversation.
        """
        _, _, numbers = link.partition("cite-")
        number, _, quote = numbers.partition("-")
        if not (number.isdecimal() and quote.isdecimal() and len(numbers) < len("999999-999")):
            raise LookupError(link)
        exchange = self.exchange(int(number))
        if exchange is None or exchange.answer is None:
            raise LookupError(link)
        return Citation(exchange.answer, int(number), int(quote) - 1)

    def as_it_stands(
        self, documents: Sequence[LibraryDocument], anew: Callable[[Answer], Answer]
    ) -> Conversation:
        """Return it with those answers put together ``anew`` whose documents went or changed."""
        infos = [document.info for document in documents]
        exchanges = tuple(
            replace(one, answer=anew(one.answer))
            if one.answer and not stands(one.answer, infos)
            else one
            for one in self.exchanges
        )
        return self if exchanges == self.exchanges else replace(self, exchanges=exchanges)

    def messages(self, wording: Wording) -> list[tuple[str, str]]:
        """Show everything said, as (role, HTML)."""
        shown: list[tuple[str, str]] = []
        for number, exchange in enumerate(self.exchanges, start=1):
            shown += [
                ("user", question_html(exchange.question)),
                ("assistant", _reply_html(exchange, number, wording)),
            ]
        return shown


def answer_last(
    conversation: Conversation,
    assistant: Asked,
    documents: Sequence[LibraryDocument],
    unticked: Sequence[object],
    wording: Wording,
) -> Conversation:
    """Answer the question that waits; what stands in the way is said in its place."""
    waiting = conversation.exchanges[-1]
    names = ticked_names(documents, unticked)
    if not names:
        notice = wording("ask.nothing_ticked" if documents else "ask.no_documents")
        return conversation.end(replace(waiting, notice=notice))
    ticked = None if len(names) == len(documents) else names
    try:
        answer = assistant.ask(waiting.question, history=conversation.history(), documents=ticked)
    except AskdocsError as error:
        return conversation.end(replace(waiting, notice=wording("ask.failed", reason=error)))
    except Exception:  # noqa: BLE001 - a conversation is never left waiting
        _log.exception("A question could not be answered.")
        return conversation.end(replace(waiting, notice=wording("ask.broken")))
    return conversation.end(
        replace(waiting, answer=answer, ticked=ticked, documents=len(documents))
    )


def _turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for exchange in exchanges:
        if exchange.answer is not None:
            turns += [
                Turn(role="user", text=exchange.question),
                Turn(role="assistant", text=exchange.answer.text),
            ]
    return tuple(turns)


def _reply_html(exchange: Exchange, number: int, wording: Wording) -> str:
    if exchange.answer is not None:
        ticked = exchange.documents if exchange.ticked is None else len(exchange.ticked)
        searched = Searched(ticked, exchange.documents)
        return answer_html(exchange.answer, number, wording, searched, verdict=exchange.verdict)
    if exchange.notice:
        return notice_html(exchange.notice)
    return notice_html(wording("ask.pending"), kind="pending")
