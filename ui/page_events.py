"""Which event leads to which handler, and what may run at the same time?

No event is an endpoint for other programs. Questions run side by side; a library has one writer,
so additions and removals wait for each other, but never make a question wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.page_handlers import Handlers

QUESTIONS_AT_ONCE = 16

_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_QUESTION: dict[str, Any] = {
    **_EVENT,
    "concurrency_limit": QUESTIONS_AT_ONCE,
    "concurrency_id": "questions",
}
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
    anew: gr.Button
    source: gr.HTML


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components with their handlers."""
    _wire_chat(parts, handlers)
    _wire_documents(parts, handlers)
    parts.source.cite(handlers.open_source, parts.conversation, parts.source, **_QUESTION)
    parts.page.load(handlers.show_documents, None, parts.documents, **_EVENT)
    parts.page.load(handlers.show_starters, None, parts.chat, **_QUESTION)


def _wire_chat(parts: Parts, handlers: Handlers) -> None:
    shown = [parts.chat, parts.conversation, parts.question]
    asked = [
        parts.question.submit(
            handlers.ask, [parts.question, parts.conversation, parts.documents], shown, **_QUESTION
        ),
        parts.chat.example_select(
            handlers.ask_starter, [parts.conversation, parts.documents], shown, **_QUESTION
        ),
    ]
    for event in asked:
        event.then(None, None, None, js=_SHOW_LAST, **_EVENT)
    begun = parts.anew.click(
        handlers.begin_anew, None, [parts.chat, parts.conversation, parts.source], **_EVENT
    )
    begun.then(handlers.show_starters, None, parts.chat, **_QUESTION)


def _wire_documents(parts: Parts, handlers: Handlers) -> None:
    added = parts.drop.upload(
        handlers.add,
        parts.drop,
        [parts.drop, parts.adding, parts.cancel, parts.documents],
        **_WRITE,
    )
    parts.cancel.click(handlers.cancel, None, None, **_EVENT)
    removed = parts.documents.remove(
        handlers.remove, None, [parts.documents, parts.adding], **_WRITE
    )
    for event in (added, removed):
        event.then(handlers.show_starters, None, parts.chat, **_QUESTION)
