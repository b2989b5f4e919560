"""What was said in this browser session? Questions, answers, and what the next one builds on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.models import Answer, Turn
from index.errors import AskdocsError
from index.rows import LibraryDocument
from ui.page_documents import ticked_names
from ui.page_source import Citation
from ui.rendering import answer_html, notice_html, question_html
from ui.wording import Wording


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
    ticked: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one session, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    def begin(self, question: str) -> Conversation:
        """Add a question that waits for its answer."""
        return Conversation((*self.exchanges, Exchange(question)))

    def end(self, exchange: Exchange) -> Conversation:
        """Put what came of the last question in its place."""
        return Conversation((*self.exchanges[:-1], exchange))

    def history(self) -> tuple[Turn, ...]:
        """Return what was said before the last question, for a follow-up to build on."""
        turns: list[Turn] = []
        for exchange in self.exchanges[:-1]:
            if exchange.answer is not None:
                turns += [
                    Turn(role="user", text=exchange.question),
                    Turn(role="assistant", text=exchange.answer.text),
                ]
        return tuple(turns)

    def citation(self, link: str) -> Citation:
        """Find what the link ``cite-2-1`` stands for.

        :raises LookupError: nothing in this conversation.
        """
        _, _, numbers = link.partition("cite-")
        number, _, quote = numbers.partition("-")
        if not (number.isdecimal() and quote.isdecimal() and len(numbers) < len("999999-999")):
            raise LookupError(link)
        if not 1 <= int(number) <= len(self.exchanges):
            raise LookupError(link)
        answer = self.exchanges[int(number) - 1].answer
        if answer is None:
            raise LookupError(link)
        return Citation(answer, int(number), int(quote) - 1)

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
    try:
        answer = assistant.ask(
            waiting.question,
            history=conversation.history(),
            documents=None if len(names) == len(documents) else names,
        )
    except AskdocsError as error:
        return conversation.end(replace(waiting, notice=wording("ask.failed", reason=error)))
    return conversation.end(
        replace(waiting, answer=answer, ticked=len(names), documents=len(documents))
    )


def _reply_html(exchange: Exchange, number: int, wording: Wording) -> str:
    if exchange.answer is not None:
        return answer_html(
            exchange.answer,
            number,
            wording,
            ticked=exchange.ticked,
            documents=exchange.documents,
        )
    if exchange.notice:
        return notice_html(exchange.notice)
    return notice_html(wording("ask.pending"), kind="pending")
