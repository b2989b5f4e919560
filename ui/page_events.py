"""Which event leads to which handler, and what may run at the same time?

No event is an endpoint for other programs. Questions run side by side; a library has one writer,
so additions and removals wait for each other, but never make a question wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.page_chat import ChatHandlers
from ui.page_library import DocumentHandlers

QUESTIONS_AT_ONCE = 16

_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_QUESTION: dict[str, Any] = {
    **_EVENT,
    "concurrency_limit": QUESTIONS_AT_ONCE,
    "concurrency_id": "questions",
}
_LOOK: dict[str, Any] = {**_QUESTION, "trigger_mode": "multiple"}
"""What a person may do again before the last is done: a second citation, another conversation."""
_OFFER: dict[str, Any] = {**_EVENT, "concurrency_limit": 1, "concurrency_id": "offers"}
"""One at a time: what could be asked next never takes time from what is asked now."""
_WRITE: dict[str, Any] = {
    **_EVENT,
    "concurrency_limit": 1,
    "concurrency_id": "writing",
    "trigger_mode": "multiple",
}
_SHOW_LAST = "() => { window.askdocsShowLast?.(); }"


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page that take part in events."""

    page: gr.Blocks
    conversation: gr.State
    documents: gr.HTML
    drop: gr.File
    adding: gr.HTML
    cancel: gr.Button
    chat: gr.Chatbot
    question: gr.Textbox
    offers: gr.HTML
    history: gr.HTML
    source: gr.HTML


def wire(parts: Parts, chat: ChatHandlers, documents: DocumentHandlers) -> None:
    """Connect the components with their handlers."""
    _wire_asking(parts, chat)
    _wire_coming_back(parts, chat)
    _wire_documents(parts, chat, documents)
    parts.source.cite(chat.open_source, [parts.conversation, parts.history], parts.source, **_LOOK)
    parts.offers.judge(
        chat.judge,
        [parts.conversation, parts.history],
        [parts.offers, parts.conversation],
        **_LOOK,
    )


def _wire_asking(parts: Parts, chat: ChatHandlers) -> None:
    given = [parts.question, parts.conversation, parts.documents, parts.history]
    shown = [parts.chat, parts.conversation, parts.question, parts.offers]
    for asks in (parts.question.submit, parts.chat.example_select, parts.offers.ask):
        asked = asks(chat.ask, given, shown, **_QUESTION)
        asked = asked.then(None, None, None, js=_SHOW_LAST, **_EVENT)
        asked.then(
            chat.offer, [parts.conversation, parts.history], [parts.offers, parts.history], **_OFFER
        )


def _wire_coming_back(parts: Parts, chat: ChatHandlers) -> None:
    shown = [parts.chat, parts.conversation, parts.source, parts.offers, parts.history]
    opened = parts.history.open(chat.open, None, shown, **_LOOK)
    opened = opened.then(None, None, None, js=_SHOW_LAST, **_EVENT)
    opened.then(chat.show_starters, None, parts.chat, **_QUESTION)
    parts.history.delete(chat.delete, None, parts.history, **_EVENT)
    parts.history.save(chat.save, [parts.conversation, parts.history], parts.history, **_LOOK)


def _wire_documents(parts: Parts, chat: ChatHandlers, documents: DocumentHandlers) -> None:
    added = parts.drop.upload(
        documents.add,
        parts.drop,
        [parts.drop, parts.adding, parts.cancel, parts.documents],
        **_WRITE,
    )
    parts.cancel.click(documents.cancel, None, None, **_EVENT)
    removed = parts.documents.remove(
        documents.remove, None, [parts.documents, parts.adding], **_WRITE
    )
    for changed in (added, removed):
        changed.then(
            chat.refresh,
            parts.conversation,
            [parts.chat, parts.conversation, parts.source],
            **_QUESTION,
        ).then(chat.show_starters, None, parts.chat, **_QUESTION)
    parts.page.load(documents.show, None, parts.documents, **_EVENT)
