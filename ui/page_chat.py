"""What happens when a person asks, reads, judges and comes back? One method per event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Protocol, TypeGuard, get_args

import gradio as gr

from assistant.composing import Composer
from eval.pending import PendingCase, PlaceOfQuote, Said, keep_case
from index import Library
from ui.conversations import Place, now
from ui.page_conversation import Asked, Conversation, Exchange, answer_last
from ui.page_keeping import FORMS, Keeper
from ui.page_offers import next_questions, offers_html
from ui.page_source import empty_source_html, source_html, source_remark_html
from ui.page_starters import starter_questions
from ui.rendering import escape, shown_quotes
from ui.wording import Wording

LONGEST_WORDS = 500
"""Characters that a person can say about what would have been right."""

Update = Any
"""What Gradio takes for a component: a value, or a change of its properties."""


class Answering(Asked, Protocol):
    """The part of the assistant that the page needs."""

    composer: Composer


class ChatHandlers:
    """The chat's answers to what a person does. One instance serves all sessions."""

    def __init__(self, assistant: Answering, library: Library, wording: Wording) -> None:
        self._assistant = assistant
        self._library = library
        self._wording = wording
        self._keeper = Keeper(library, assistant.composer, wording)
        self._starters: tuple[object, list[str]] | None = None

    # Asking

    def show_starters(self) -> Update:
        """Offer questions that the documents answer, worked out once for each set of them."""
        documents = self._library.documents()
        state = tuple((document.info.id, document.info.sha256) for document in documents)
        if self._starters is None or self._starters[0] != state:
            questions = starter_questions(
                documents, self._wording, self._library.find_text, self._assistant.ask
            )
            self._starters = (state, questions)
        return gr.update(examples=[{"text": question} for question in self._starters[1]])

    def ask(
        self,
        typed: str,
        conversation: Conversation,
        unticked: object,
        browser: object,
        event: gr.EventData,
    ) -> Iterator[tuple[Update, ...]]:
        """Show the question, then its answer: the chat, the conversation, the text box, offers."""
        conversation = self._keeper.current(conversation, _place(browser))
        question, everywhere = _question(typed, conversation, event)
        if not question or conversation.is_waiting:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        box = "" if question == typed.strip() else gr.skip()
        asked = conversation.begin(question)
        yield self._messages(asked), asked, box, gr.update(rows="")
        left_out = unticked if isinstance(unticked, list) and not everywhere else []
        answered = answer_last(
            asked, self._assistant, self._library.documents(), left_out, self._wording
        )
        try:
            self._keeper.write_down(answered)
        except OSError as error:
            gr.Warning(escape(self._wording("history.not_kept", reason=error.strerror or error)))
        answered = self._keeper.as_it_stands(answered)
        yield self._messages(answered), answered, gr.skip(), gr.skip()

    def offer(self, conversation: Conversation, browser: object) -> tuple[Update, Update]:
        """Offer what could be asked next: the offers, and the menu of conversations."""
        rows = self._offers(conversation)
        # Read last: to work out the offers takes a while, and a conversation deleted meanwhile
        # must not come back to the menu.
        return gr.update(rows=rows), gr.update(rows=self._keeper.menu_html(_place(browser)))

    def _offers(self, conversation: Conversation) -> str:
        last = conversation.exchanges[-1] if conversation.exchanges else Exchange("")
        if last.answer is None or last.answer.status == "reply":
            return ""
        asked = [one.question for one in conversation.exchanges]
        questions = next_questions(
            last.answer, asked, lambda question: self._assistant.ask(question, (), last.ticked)
        )
        return offers_html(questions, len(conversation.exchanges), self._wording)

    # Coming back

    def open(self, event: gr.EventData) -> tuple[Update, ...]:
        """Show a conversation: chat, conversation, source, offers, menu."""
        place = _place(_data(event))
        conversation = self._keeper.recall(place)
        return (
            self._messages(conversation),
            conversation,
            empty_source_html(self._wording),
            gr.update(rows=""),
            gr.update(
                rows=self._keeper.menu_html(place),
                opened=place.conversation if place else None,
            ),
        )

    def delete(self, event: gr.EventData) -> Update:
        """Forget a conversation: the menu."""
        place = _place(_data(event))
        if place is not None:
            try:
                self._keeper.delete(place)
            except OSError as error:
                gr.Warning(escape(str(error.strerror or error)))
        return gr.update(rows=self._keeper.menu_html(place))

    def save(self, conversation: Conversation, browser: object, event: gr.EventData) -> Update:
        """Hand the conversation to the browser as a file."""
        conversation = self._keeper.current(conversation, _place(browser))
        data = _data(event)
        form = str(data.get("form"))
        if form not in FORMS or not conversation.answers():
            gr.Info(escape(self._wording("history.nothing")))
            return gr.skip()
        return gr.update(saved={**self._keeper.saved(conversation, form), "at": data.get("at")})

    def refresh(self, conversation: Conversation) -> tuple[Update, Update, Update]:
        """Withdraw what documents that went or changed had said: chat, conversation, source."""
        current = self._keeper.as_it_stands(conversation)
        if current is conversation:
            return gr.skip(), gr.skip(), gr.skip()
        source = empty_source_html(self._wording)
        if conversation.is_waiting:  # its answer will bring the others as they stand
            return gr.skip(), gr.skip(), source
        return self._messages(current), current, source

    # Judging

    def judge(
        self, conversation: Conversation, browser: object, event: gr.EventData
    ) -> tuple[Update, Update]:
        """Keep what a person says about an answer: what the browser shows, the conversation."""
        conversation = self._keeper.current(conversation, _place(browser))
        data = _data(event)
        number, said = data.get("answer", 0), data.get("verdict")
        exchange = conversation.exchange(number)
        if exchange is None or not _is_verdict(said):
            return gr.skip(), gr.skip()
        words = " ".join(str(data.get("words") or "").split())[:LONGEST_WORDS]
        noted = self._wording("feedback.noted")
        try:
            keep_case(self._library.folder, self._case(conversation, number, said, words))
        except OSError as error:
            noted = self._wording("feedback.failed", reason=error.strerror or error)
        judged = conversation.judge(number, said)
        shown = {"answer": number, "verdict": said, "words": noted, "at": data.get("at")}
        return gr.update(noted=shown), judged

    def _case(self, conversation: Conversation, number: int, said: Said, words: str) -> PendingCase:
        exchange = conversation.exchanges[number - 1]
        kept_in = conversation.place.conversation if conversation.place else ""
        key = f"{kept_in}\0{number}\0{exchange.question}"
        ids = {one.info.name: one.info.id for one in self._library.documents()}
        return PendingCase(
            id=hashlib.sha256(key.encode()).hexdigest()[:12],
            said=said,
            at=now(),
            question=exchange.question,
            history=conversation.history_of(number),
            documents=exchange.ticked and tuple(ids[one] for one in exchange.ticked if one in ids),
            quotes=tuple(
                PlaceOfQuote(
                    document=quote.document.id,
                    sha256=quote.document.sha256,
                    start=quote.start,
                    end=quote.end,
                    highlight=quote.highlight,
                )
                for quote in (shown_quotes(exchange.answer) if exchange.answer else ())
            ),
            answers=(words,) if words else (),
        )

    # The source

    def open_source(
        self, conversation: Conversation, browser: object, event: gr.EventData
    ) -> Update:
        """Show the document that a citation leads to, at its mark."""
        conversation = self._keeper.current(conversation, _place(browser))
        data = _data(event)
        try:
            citation = conversation.citation(str(data.get("id")))
        except LookupError:
            return source_remark_html(self._wording("source.unknown"))
        stored = self._library.find_text(citation.quote.document.id)
        at = data.get("at")
        opened = int(at) if isinstance(at, int | float) else 0
        return source_html(citation, stored, self._wording, opened=opened)

    def _messages(self, conversation: Conversation) -> list[dict[str, Any]]:
        # Text would pass through Markdown, which changes it; HTML of ours arrives as it is.
        return [
            {"role": role, "content": [gr.HTML(html, js_on_load=None, apply_default_css=False)]}
            for role, html in conversation.messages(self._wording)
        ]


def _data(event: gr.EventData) -> dict[str, Any]:
    data = event._data  # noqa: SLF001 - attributes of EventData raise when they are missing
    return data if isinstance(data, dict) else {}


def _is_verdict(said: object) -> TypeGuard[Said]:
    return said in get_args(Said)


def _place(browser: object) -> Place | None:
    """Read whose conversation a browser shows, and which; ``None`` where it does not say."""
    if not isinstance(browser, dict):
        return None
    try:
        return Place(str(browser.get("person")), str(browser.get("conversation")))
    except ValueError:
        return None


def _question(typed: str, conversation: Conversation, event: gr.EventData) -> tuple[str, bool]:
    """Return the question that an event asks, and whether it asks all documents.

    It was typed, or is one of the first screen's, one of the offers, or an earlier one again.
    """
    data = _data(event)
    if exchange := conversation.exchange(data.get("again")):
        searched = exchange.answer.searched if exchange.answer else exchange.question
        return searched, data.get("all") is True
    if "question" in data:
        return str(data["question"]).strip(), False
    value = data.get("value")
    if isinstance(value, dict) and "text" in value:
        return str(value["text"]).strip(), False
    return typed.strip(), False
